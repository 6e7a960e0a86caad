// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres

/// Makes an office what its files say, in one transaction, or says what there would be to do.
///
/// Several that apply one office at once go one after the other; the later ones find what the first has done.
package struct TenantApply: Sendable {
  /// Who applies, for the audit logs.
  package struct Author: Sendable {
    /// Nil for the command line.
    package let user: UUIDv7?
    package let request: String?
    /// What the command line says of itself.
    package let data: JSONObject

    package init(user: UUIDv7?, request: String?, data: JSONObject = [:]) {
      self.user = user
      self.request = request
      self.data = data
    }
  }

  /// Why an office is not applied; nothing was changed.
  package enum Refusal: Error, Sendable {
    /// What the files say together with the role templates cannot be.
    case invalid(FileFaults)
    /// It cannot be done as things stand.
    case refused(FileFaults)
    /// Somebody else has been applying the office for a long time.
    case busy
  }

  private let heavy: HeavyLane
  private let files: TenantFiles
  private let wanted: OfficeState

  /// - Parameters:
  ///   - templates: the roles every office starts with (`deploy/roles.json`).
  /// - Throws: `Refusal.invalid`.
  package init(_ files: TenantFiles, templates: [RoleTemplate], heavy: HeavyLane) throws {
    self.heavy = heavy
    self.files = files
    switch try OfficeState.wanted(files, templates: templates, digest: { try SHA256.digest(of: $0.canonical) }) {
    case .success(let wanted): self.wanted = wanted
    case .failure(let faults): throw Refusal.invalid(faults)
    }
  }

  /// What there is to do; changes nothing.
  package func plan(at now: Instant) async throws -> TenantPlan {
    let id = try await number()
    return try await unwrapped {
      try await heavy.transaction(in: id.map { .tenant($0.number) } ?? .platform, .snapshot) { transaction in
        let tenant = id == nil ? nil : try await transaction.first(TenantStore.one(wanted.description.code))
        let stored: OfficeReader.Stored? =
          if let tenant { try await OfficeReader(transaction: transaction, tenant: tenant).read() } else { nil }
        return try await plan(from: stored, of: tenant?.id, in: transaction, at: now)
      }
    }
  }

  /// Makes it so.
  ///
  /// - Parameter noting: what is written beside it in its transaction, whatever there was to do.
  /// - Returns: what was done; empty when there was nothing to do, and then nothing of the office was written.
  /// - Throws: `Refusal`, and what the database throws.
  package func apply(
    by author: Author, at now: Instant, noting: @Sendable (TenantPlan) throws -> [Statement] = { _ in [] }
  ) async throws -> TenantPlan {
    let known = try await number()
    return try await unwrapped {
      try await heavy.transaction(in: known.map { .tenant($0.number) } ?? .platform) { transaction in
        do throws(PostgresError) {
          _ = try await transaction.rows(TenantStore.lock(wanted.description.code))
        } catch {
          if error.state == .lockNotAvailable { throw Refusal.busy }
          throw error
        }
        let plan = try await apply(in: transaction, entered: known, by: author, at: now)
        _ = try await transaction.rows(noting(plan))
        return plan
      }
    }
  }

  private func apply(
    in transaction: Transaction, entered: TenantID?, by author: Author, at now: Instant
  ) async throws -> TenantPlan {
    let tenant = try await transaction.first(TenantStore.one(wanted.description.code))
    var stored: OfficeReader.Stored?
    if let tenant {
      // Made by another while this one waited for the lock.
      if entered == nil { try await transaction.enter(tenant.id.number) }
      stored = try await OfficeReader(transaction: transaction, tenant: tenant).read()
    }
    let plan = try await plan(from: stored, of: tenant?.id, in: transaction, at: now)
    guard plan.refusals.isEmpty else { throw Refusal.refused(FileFaults(list: plan.refusals)) }
    guard !plan.isEmpty else { return plan }
    try await read(predicates: plan, in: transaction)
    var writer = OfficeWriter(plan: plan, users: stored?.users ?? [:], author: author, now: now)
    let organisations = writer.organisations()
    if !organisations.isEmpty { _ = try await transaction.rows(organisations) }
    let id: TenantID
    if let tenant {
      id = tenant.id
    } else {
      guard let new = try await transaction.first(writer.tenant(wanted.description)) else { throw PostgresError.rolledBack }
      id = new
      try await transaction.enter(id.number)
    }
    do throws(PostgresError) {
      _ = try await transaction.rows(writer.statements(for: id))
    } catch {
      if error.state == .foreignKeyViolation { throw Refusal.refused(Self.stillReferred(plan)) }
      throw error
    }
    return plan
  }

  private func plan(
    from stored: OfficeReader.Stored?, of tenant: TenantID?, in transaction: Transaction, at now: Instant
  ) async throws -> TenantPlan {
    let known = try await OfficeReader.organisations(wanted.organisations.map(\.code), in: transaction)
    var plan = TenantPlan(from: stored?.office, known: known, to: wanted, today: now.date)
    plan.lint = try await lint(in: tenant, by: transaction)
    let faults = errors(in: plan)
    guard faults.isEmpty else { throw Refusal.invalid(FileFaults(list: faults)) }
    return plan
  }

  /// Looks over every contract of the files.
  ///
  /// - Parameter tenant: nil for an office that is not stored yet, which has said nothing of any finding.
  private func lint(in tenant: TenantID?, by transaction: Transaction) async throws -> [LintReport] {
    var reports: [LintReport] = []
    for contract in files.contracts.map(\.contract) {
      if let tenant {
        let reading = LintReading(of: contract.id, in: tenant)
        reports.append(try reading.report(on: contract, await transaction.rows(reading.statements), staff: files.staff.assignments))
      } else {
        let packs = try RulePackStore.packs(await transaction.query(RulePackStore.latest()))
        let lint = Lint(contract, packs: packs, assignments: files.staff.assignments, text: nil)
        reports.append(LintReport(contract: contract.id, textVersion: nil, findings: Finding.review(lint.findings(), [])))
      }
    }
    return reports
  }

  /// Errors in papers that would be added; one that is in force already is not held up by what a later version finds in it.
  private func errors(in plan: TenantPlan) -> [FileFault] {
    plan.papers.added.flatMap { paper in
      let errors = plan.lint.first { $0.contract == paper.contract }?.errors ?? []
      return errors.filter { $0.effectiveFrom == paper.effectiveFrom }.map { FileFault(file: paper.document.path, fault: $0.fault) }
    }
  }

  /// The number the office has, when it is stored.
  private func number() async throws -> TenantID? {
    try await unwrapped {
      try await heavy.transaction(in: .platform, .snapshot) { try await $0.first(TenantStore.one(wanted.description.code))?.id }
    }
  }

  /// Has the server read every new predicate: it is the one that will evaluate them.
  private func read(predicates plan: TenantPlan, in transaction: Transaction) async throws {
    var predicates: [(file: String, pointer: String, text: String)] = []
    for rules in plan.rules.written {
      guard let table = files.rules.first(where: { $0.file.path == rules.document.path })?.table else { continue }
      predicates += table.rows.enumerated().map { (rules.document.path, "/rows/\($0.offset)/when", $0.element.when) }
    }
    for paper in plan.papers.added {
      let chain = files.contracts.first { $0.contract.id == paper.contract }?.contract
      guard let document = chain?.revisions.first(where: { $0.revision.effectiveFrom == paper.effectiveFrom }) else { continue }
      for (index, level) in document.service.levels.enumerated() {
        for (member, text) in [("when", level.when), ("unless", level.unless)] {
          if let text { predicates.append((paper.document.path, "/levels/\(index)/\(member)", text)) }
        }
      }
    }
    let faults = try await transaction.query(RuleTableStore.faults(in: predicates.map(\.text)))
    guard faults.isEmpty else {
      throw Refusal.invalid(
        FileFaults(
          list: faults.map { fault in
            FileFault(file: predicates[fault.index].file, fault: Fault(fault, at: predicates[fault.index].pointer))
          }))
    }
  }

  /// Only departments and roles are ever removed that something may refer to.
  private static func stillReferred(_ plan: TenantPlan) -> FileFaults {
    let names = plan.departments.removed.map(\.code) + plan.roles.removed.map(\.code)
    let list = names.joined(separator: ", ")
    let fault = Fault(
      pointer: plan.departments.removed.isEmpty ? "/roles" : "/departments", code: "still-referenced",
      detail: Text(zh: "仍有记录引用所删除的项：\(list)。", en: "Something still refers to what is removed: \(list)."))
    return FileFaults(list: [FileFault(file: plan.departments.removed.isEmpty ? "roles.json" : "departments.json", fault: fault)])
  }

  /// Runs a transaction; what its closure threw counts as thrown here.
  private func unwrapped<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as TransactionError {
      switch error {
      case .body(let cause), .rollback(_, let cause): throw cause
      case .begin(let cause), .commit(let cause): throw cause
      }
    }
  }
}
