// SPDX-License-Identifier: Apache-2.0
import Base

/// Everything that describes an office, read from the files of its directory (`docs/vocabulary.md`, "The directory of an office").
package struct TenantFiles: Sendable {
  /// One file as it was read.
  package struct File: Sendable {
    /// Relative to the directory, with `/`.
    package let path: String
    package let json: JSON
  }

  /// A contract with the files its revisions stand in, in the order of the chain.
  package struct ContractFiles: Sendable {
    package let contract: Contract
    package let files: [File]
  }

  package struct RuleFile: Sendable {
    package let table: RuleTable
    package let file: File
  }

  /// The roster rules with the file they stand in.
  package struct RosterFile: Sendable {
    package let rules: RosterRules
    package let file: File
  }

  package let office: Office
  package let departments: [Department]
  package let staff: StaffList
  /// Nil where the office keeps no roster here.
  package let roster: RosterFile?
  /// The office's own changes to the role templates.
  package let roles: [RoleTemplate]
  package let contracts: [ContractFiles]
  package let rules: [RuleFile]
  /// Every file, sorted by path.
  package let files: [File]
}

/// A fault and the file it stands in.
package struct FileFault: Error, Sendable, Hashable {
  package let file: String
  package let fault: Fault

  package init(file: String, fault: Fault) {
    self.file = file
    self.fault = fault
  }
}

/// All the faults of a directory; never empty.
package struct FileFaults: Error, Sendable, Hashable {
  package let list: [FileFault]

  package init(list: [FileFault]) { self.list = list }
}

extension TenantFiles {
  /// Reads a directory.
  ///
  /// - Parameter contents: the bytes of every file by its path relative to the directory, with `/`.
  /// - Returns: the office, or every fault of every file.
  package static func decode(_ contents: [String: [UInt8]]) -> Result<TenantFiles, FileFaults> {
    var reader = TenantReader()
    for path in contents.keys.sorted() { reader.read(path, contents[path] ?? []) }
    return reader.finish()
  }
}

/// Collects what the files say, and everything that is wrong with them.
private struct TenantReader {
  var office: Office?
  var departments: [Department]?
  var staff: StaffList?
  var roster: TenantFiles.RosterFile?
  var roles: [RoleTemplate] = []
  var documents: [String: [(ContractDocument, TenantFiles.File)]] = [:]
  /// The contracts that have a directory, read or not.
  var contracts: Set<String> = []
  var rules: [TenantFiles.RuleFile] = []
  var files: [TenantFiles.File] = []
  var faults: [FileFault] = []

  mutating func fail(_ path: String, _ fault: Fault) { faults.append(FileFault(file: path, fault: fault)) }

  mutating func fail(_ path: String, _ pointer: String, _ code: String, zh: String, en: String) {
    fail(path, Fault(pointer: pointer, code: code, detail: Text(zh: zh, en: en)))
  }

  mutating func decode<Value>(_ shape: Shape<Value>, _ path: String, _ bytes: [UInt8]) -> (Value, TenantFiles.File)? {
    let json: JSON
    do throws(JSONError) {
      json = try JSON.parse(bytes)
    } catch {
      fail(path, "", "bad-json", zh: error.text.zh, en: error.text.en)
      return nil
    }
    switch shape.decode(json) {
    case .success(let value):
      let file = TenantFiles.File(path: path, json: json)
      files.append(file)
      return (value, file)
    case .failure(let found):
      for fault in found.list { fail(path, fault) }
      return nil
    }
  }

  mutating func read(_ path: String, _ bytes: [UInt8]) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    switch (parts.first, parts.count) {
    case ("office.json", 1): office = decode(Office.shape, path, bytes)?.0
    case ("departments.json", 1): departments = decode(Department.fileShape, path, bytes)?.0
    case ("staff.json", 1): staff = decode(StaffList.fileShape, path, bytes)?.0
    case ("roster.json", 1):
      roster = decode(RosterRules.fileShape, path, bytes).map { TenantFiles.RosterFile(rules: $0, file: $1) }
    case ("roles.json", 1): roles = decode(RoleTemplate.fileShape, path, bytes)?.0 ?? []
    case ("contracts", 3) where path.hasSuffix(".json"):
      contracts.insert(String(parts[1]))
      guard let (document, file) = decode(ContractDocument.shape, path, bytes) else { return }
      if document.id != parts[1] {
        fail(path, "/id", "wrong-place", zh: "标识须与目录名“\(parts[1])”一致。", en: "The name must be that of its directory, “\(parts[1])”.")
      }
      documents[String(parts[1]), default: []].append((document, file))
    case ("rules", 2) where path.hasSuffix(".json"):
      guard let (table, file) = decode(RuleTable.fileShape, path, bytes) else { return }
      if parts[1] != table.purpose.rawValue + ".json" {
        fail(
          path, "/purpose", "wrong-place", zh: "文件名须为“\(table.purpose.rawValue).json”。",
          en: "The file must be called “\(table.purpose.rawValue).json”.")
      }
      rules.append(TenantFiles.RuleFile(table: table, file: file))
    default:
      fail(
        path, "", "unknown-file",
        zh:
          "此处没有这样的文件；可用：office.json、departments.json、staff.json、roster.json、roles.json、contracts/<合同>/<文件>.json、rules/<用途>.json。",
        en:
          "No such file belongs here; known: office.json, departments.json, staff.json, roster.json, roles.json, contracts/<contract>/<file>.json, rules/<purpose>.json."
      )
    }
  }

  mutating func finish() -> Result<TenantFiles, FileFaults> {
    let broken = Set(faults.map(\.file))
    for (path, isThere) in [("office.json", office != nil), ("departments.json", departments != nil), ("staff.json", staff != nil)]
    where !isThere && !broken.contains(path) {
      fail(path, "", "missing-file", zh: "缺少文件“\(path)”。", en: "The file “\(path)” is missing.")
    }
    var contracts: [TenantFiles.ContractFiles] = []
    for id in documents.keys.sorted() {
      let chain = documents[id] ?? []
      do throws(Contract.ChainError) {
        let contract = try Contract(chain.map(\.0))
        let files = contract.revisions.compactMap { revision in chain.first { $0.0.revision == revision.revision }?.1 }
        contracts.append(TenantFiles.ContractFiles(contract: contract, files: files))
        for found in contract.paperFaults() where files.indices.contains(found.revision) { fail(files[found.revision].path, found.fault) }
      } catch {
        // A file of the chain that could not be read is the fault to mend first.
        if !broken.contains(where: { $0.hasPrefix("contracts/\(id)/") }) {
          fail("contracts/\(id)", "", error.code, zh: error.text.zh, en: error.text.en)
        }
      }
    }
    if let office, let departments, let staff {
      checkOffice(office, staff)
      checkStaff(staff, office, departments, contracts)
      checkContracts(contracts, office)
      checkRules(departments)
      if let roster { checkRoster(roster, staff, contracts) }
      if faults.isEmpty {
        return .success(
          TenantFiles(
            office: office, departments: departments, staff: staff, roster: roster, roles: roles, contracts: contracts, rules: rules,
            files: files))
      }
    }
    return .failure(FileFaults(list: faults))
  }

  // MARK: between files

  mutating func require(_ name: String, in names: Set<String>, _ path: String, _ pointer: String, _ kind: Text) {
    if names.contains(name) { return }
    fail(path, pointer, "unknown-reference", zh: "没有\(kind.zh)“\(name)”。", en: "There is no \(kind.en) “\(name)”.")
  }

  mutating func checkOffice(_ office: Office, _ staff: StaffList) {
    let people = Set(staff.people.map(\.code))
    for (index, grant) in office.grants.enumerated() {
      require(grant.person, in: people, "office.json", "/grants/\(index)/person", Text(zh: "人员", en: "person"))
    }
  }

  mutating func checkStaff(_ staff: StaffList, _ office: Office, _ departments: [Department], _ contracts: [TenantFiles.ContractFiles]) {
    let organisations = Set(office.organisations.map(\.code))
    let units = Set(departments.map(\.code))
    let people = Set(staff.people.map(\.code))
    for (index, person) in staff.people.enumerated() {
      require(person.organisation, in: organisations, "staff.json", "/people/\(index)/organisation", Text(zh: "单位", en: "organisation"))
      if let unit = person.department {
        require(unit, in: units, "staff.json", "/people/\(index)/department", Text(zh: "部门", en: "department"))
      }
    }
    for (index, assignment) in staff.assignments.enumerated() {
      let pointer = "/assignments/\(index)"
      require(assignment.person, in: people, "staff.json", pointer + "/person", Text(zh: "人员", en: "person"))
      guard let contract = contracts.first(where: { $0.contract.id == assignment.contract })?.contract else {
        // One whose file could not be read is named there.
        require(assignment.contract, in: self.contracts, "staff.json", pointer + "/contract", Text(zh: "合同", en: "contract"))
        continue
      }
      let posts = Set(contract.inForce(on: assignment.from).service.staffing?.posts.map(\.id) ?? [])
      require(assignment.post, in: posts, "staff.json", pointer + "/post", Text(zh: "岗位", en: "post"))
    }
  }

  mutating func checkContracts(_ contracts: [TenantFiles.ContractFiles], _ office: Office) {
    for contract in contracts {
      for (document, file) in zip(contract.contract.revisions, contract.files) {
        for (party, member, kind) in [
          (document.terms.office, "office", Organisation.Kind.office), (document.terms.vendor, "vendor", Organisation.Kind.vendor),
        ] where !office.organisations.contains(where: { $0.code == party.organisation && $0.kind == kind }) {
          require(
            party.organisation, in: [], file.path, "/parties/\(member)/organisation",
            kind == .office
              ? Text(zh: "甲方单位", en: "office among the organisations called") : Text(zh: "供应商", en: "vendor among the organisations called")
          )
        }
      }
    }
  }

  /// A column called `department` names departments.
  mutating func checkRules(_ departments: [Department]) {
    let units = Set(departments.map(\.code))
    for rule in rules {
      for named in rule.table.departments {
        require(named.code, in: units, rule.file.path, named.pointer, Text(zh: "部门", en: "department"))
      }
    }
  }

  /// A pattern is one of a post of a contract, its crews are people of the list, and what attendance proposes is an incident of a contract.
  mutating func checkRoster(_ roster: TenantFiles.RosterFile, _ staff: StaffList, _ contracts: [TenantFiles.ContractFiles]) {
    let path = roster.file.path
    let people = Set(staff.people.map(\.code))
    for (index, pattern) in roster.rules.patterns.enumerated() {
      let pointer = "/patterns/\(index)"
      for (crew, names) in pattern.crews.enumerated() {
        for (place, name) in names.enumerated() {
          require(name, in: people, path, "\(pointer)/crews/\(crew)/\(place)", Text(zh: "人员", en: "person"))
        }
      }
      guard let contract = contracts.first(where: { $0.contract.id == pattern.contract })?.contract else {
        require(pattern.contract, in: self.contracts, path, pointer + "/contract", Text(zh: "合同", en: "contract"))
        continue
      }
      let posts = contract.revisions.flatMap { $0.service.staffing?.posts ?? [] }.filter { $0.id == pattern.post }
      require(pattern.post, in: Set(posts.map(\.id)), path, pointer + "/post", Text(zh: "岗位", en: "post"))
      if let crews = posts.last?.crews, let days = pattern.cycle?.days.count, days != crews {
        fail(
          path, pointer + "/cycle/days", "bad-combination", zh: "合同为\(crews)班轮值，周期却有\(days)天。",
          en: "The contract has \(crews) crews, and the cycle \(days) days.")
      }
    }
    guard let attendance = roster.rules.attendance, self.contracts.count == contracts.count else { return }
    let incidents = Set(contracts.flatMap { $0.contract.revisions.flatMap { $0.appraisal.incidents.map(\.id) } })
    for (member, rule) in [
      ("late", attendance.late), ("early", attendance.early), ("offPost", attendance.offPost), ("absent", attendance.absent),
    ] {
      guard let incident = rule?.incident else { continue }
      require(incident, in: incidents, path, "/attendance/\(member)/incident", Text(zh: "违约事项", en: "kind of incident"))
    }
  }
}
