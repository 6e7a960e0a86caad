// SPDX-License-Identifier: Apache-2.0
import Base

extension OfficeState {
  /// What an office's files want stored.
  ///
  /// - Parameters:
  ///   - files: the office's directory.
  ///   - templates: the roles every office starts with; one of the office's own with the same code stands in its place.
  ///   - digest: SHA-256 of a document's canonical form.
  /// - Returns: the state, or what is wrong between the files and the templates.
  package static func wanted(
    _ files: TenantFiles, templates: [RoleTemplate], digest: (JSON) throws -> [UInt8]
  ) rethrows -> Result<OfficeState, FileFaults> {
    var reader = WantedReader(files: files)
    let roles = reader.roles(templates)
    let description = reader.describe()
    let agreements = reader.agreements()
    let grants = reader.grants(roles)
    guard reader.faults.isEmpty, let description else { return .failure(FileFaults(list: reader.faults)) }
    var state = OfficeState(description: description)
    state.organisations = files.office.organisations
    state.departments = files.departments.map { Unit(code: $0.code, parent: $0.parent, kind: $0.kind.rawValue, name: $0.name) }
    state.roles = roles
    state.agreements = agreements
    state.posts = reader.posts()
    state.people = files.staff.people
    state.assignments = files.staff.assignments
    state.grants = grants
    var filed: [String: Filed] = [:]
    for file in files.files { filed[file.path] = Filed(path: file.path, json: file.json, digest: try digest(file.json)) }
    state.files = files.files.compactMap { filed[$0.path] }
    state.rules = files.rules.compactMap { rule in
      filed[rule.file.path].map { Rules(purpose: rule.table.purpose.rawValue, document: $0) }
    }
    if let roster = files.roster, let document = filed[roster.file.path] {
      state.roster = [Roster(effectiveFrom: roster.rules.effectiveFrom, document: document)]
    }
    for contract in files.contracts {
      for (document, file) in zip(contract.contract.revisions, contract.files) {
        guard let filed = filed[file.path] else { continue }
        state.papers.append(
          Paper(
            contract: contract.contract.id, kind: document.revision.kind, effectiveFrom: document.revision.effectiveFrom, document: filed))
      }
    }
    return .success(state)
  }
}

/// Derives from the files what they do not say themselves, and collects what cannot be.
private struct WantedReader {
  let files: TenantFiles
  var faults: [FileFault] = []

  mutating func fail(_ path: String, _ pointer: String, _ code: String, zh: String, en: String) {
    faults.append(FileFault(file: path, fault: Fault(pointer: pointer, code: code, detail: Text(zh: zh, en: en))))
  }

  /// The office is the first of its organisations that is one.
  mutating func describe() -> OfficeState.Description? {
    let office = files.office
    guard let itself = office.organisations.first(where: { $0.kind == .office }) else {
      fail("office.json", "/organisations", "missing-member", zh: "须有一个单位为 office。", en: "One of the organisations must be an office.")
      return nil
    }
    let json = files.files.first { $0.path == "office.json" }?.json ?? [:]
    var settings: JSONObject = [:]
    for name in ["district", "dutyHours", "settings"] { settings[name] = json[name] }
    return OfficeState.Description(
      code: office.code, kind: office.kind.rawValue, name: office.name, organisation: itself.code, settings: .object(settings))
  }

  mutating func roles(_ templates: [RoleTemplate]) -> [RoleTemplate] {
    for (index, role) in files.roles.enumerated() where role.side == .platform {
      fail(
        "roles.json", "/roles/\(index)/side", "wrong-side", zh: "单位不能设置平台角色。", en: "An office has no roles on the platform's side.")
    }
    let own = Set(files.roles.map(\.code))
    let kept = templates.filter { $0.side != .platform && !own.contains($0.code) }
    return (kept + files.roles).sorted { $0.code < $1.code }
  }

  /// The vendor sees the office from the first day of service or of effect, and for a while after the last.
  mutating func agreements() -> [OfficeState.Agreement] {
    let windDown = files.office.settings.vendorWindDown
    guard !windDown.isOfMoments, windDown.unit != .workingDays else {
      fail(
        "office.json", "/settings/vendorWindDown", "bad-combination", zh: "须以日、月或年计。", en: "It must be in days, months or years.")
      return []
    }
    return files.contracts.compactMap { contract in
      guard let agreement = OfficeState.Agreement(contract.contract, windDown: windDown) else {
        fail("office.json", "/settings/vendorWindDown", "out-of-range", zh: "超出可表示的日期。", en: "It leads beyond the calendar.")
        return nil
      }
      return agreement
    }
  }

  func posts() -> [OfficeState.Post] { files.contracts.flatMap { OfficeState.Post.all(of: $0.contract) } }

  /// The roles of `office.json`, each for the people of its own side; a department's role is limited to the holder's unit.
  mutating func grants(_ roles: [RoleTemplate]) -> [OfficeState.Grant] {
    var grants: [OfficeState.Grant] = []
    for (index, grant) in files.office.grants.enumerated() {
      guard let person = files.staff.people.first(where: { $0.code == grant.person }) else { continue }
      let kind = files.office.organisations.first { $0.code == person.organisation }?.kind
      for (place, code) in grant.roles.enumerated() {
        let pointer = "/grants/\(index)/roles/\(place)"
        guard let role = roles.first(where: { $0.code == code }) else {
          fail("office.json", pointer, "unknown-reference", zh: "没有角色“\(code)”。", en: "There is no role “\(code)”.")
          continue
        }
        if role.side.rawValue != kind?.rawValue {
          fail(
            "office.json", pointer, "wrong-side", zh: "角色“\(code)”不属于该人员所在一方。",
            en: "The role “\(code)” is not one of this person's side.")
        }
        if role.isOfDepartment, person.department == nil {
          fail(
            "office.json", pointer, "missing-member", zh: "角色“\(code)”的持有人须有部门。", en: "Who holds “\(code)” must have a department.")
        }
        grants.append(OfficeState.Grant(person: grant.person, role: code, department: role.isOfDepartment ? person.department : nil))
      }
    }
    return grants
  }
}

extension TenantFiles {
  /// The roles that an `office.json` gives, person by person.
  package static func grants(in office: JSON) -> [(person: String, role: String)] {
    (office["grants"]?.array ?? []).flatMap { grant in
      guard let person = grant["person"]?.string else { return [(String, String)]() }
      return (grant["roles"]?.array ?? []).compactMap { $0.string.map { (person, $0) } }
    }
  }
}

extension RoleTemplate {
  /// Whether its holders act for their own unit only: the roles called `department.…`.
  package var isOfDepartment: Bool { code.hasPrefix("department.") }
}
