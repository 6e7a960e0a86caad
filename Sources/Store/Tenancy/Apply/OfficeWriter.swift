// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Turns a plan into the statements that carry it out, in an order in which each finds what it refers to.
struct OfficeWriter {
  let plan: TenantPlan
  /// Who signs in as which person.
  let users: [String: UUIDv7]
  let author: TenantApply.Author
  let now: Instant
  private var identities = UUIDv7Generator()
  private var random = SystemRandomNumberGenerator()

  init(plan: TenantPlan, users: [String: UUIDv7], author: TenantApply.Author, now: Instant) {
    self.plan = plan
    self.users = users
    self.author = author
    self.now = now
  }

  private mutating func identity() -> UUIDv7 { identities.next(at: now, using: &random) }

  /// The organisations, which belong to the platform and come before the office.
  func organisations() -> [Statement] {
    plan.organisations.written.map { organisation in
      OrganisationStore.put(organisation.code, kind: organisation.kind == .office ? .office : .vendor, name: organisation.name, at: now)
    }
  }

  func tenant(_ description: OfficeState.Description) -> Query<TenantID> {
    TenantStore.add(description.code, Self.stored(description), at: now)
  }

  /// Everything else, the notes in the audit logs among it.
  mutating func statements(for tenant: TenantID) -> [Statement] {
    var statements = plan.description.changed.map { TenantStore.describe(tenant, Self.stored($0.to)) }
    statements += Self.parentsFirst(plan.departments.written).map { unit in
      DepartmentStore.put(
        DepartmentStore.Department(code: unit.code, parent: unit.parent, kind: unit.kind, name: unit.name), in: tenant)
    }
    statements += plan.roles.written.map { RoleStore.put($0, in: tenant) }
    statements += plan.agreements.written.map { ContractStore.put($0, at: now, in: tenant) }
    let papers = plan.papers.added.sorted { $0.effectiveFrom < $1.effectiveFrom }
    statements += papers.map { RevisionStore.add($0, by: author.user, at: now, in: tenant) }
    statements += plan.posts.written.map { post in
      StaffStore.put(
        StaffStore.Post(contract: post.contract, code: post.code, title: post.title, places: Int32(clamping: post.places)), in: tenant)
    }
    statements += plan.people.written.map { StaffStore.put($0, in: tenant) }
    statements += plan.assignments.written.map { StaffStore.put(Self.stored($0), in: tenant) }
    statements += plan.assignments.removed.map { ended($0, in: tenant) }
    statements += grants(in: tenant)
    statements += leavers(in: tenant)
    statements += plan.rules.written.map { RuleTableStore.add($0, by: author.user, at: now, in: tenant) }
    for roster in plan.roster.written {
      statements.append(RosterRulesStore.add(roster, by: author.user, at: now, in: tenant))
      statements.append(AttendanceStore.look(from: roster.effectiveFrom ?? now.date, in: tenant))
    }
    statements += Self.parentsFirst(plan.departments.removed).reversed().map { DepartmentStore.remove($0.code, in: tenant) }
    statements += plan.roles.removed.map { RoleStore.remove($0.code, in: tenant) }
    statements += plan.files.written.map { file in
      TenantFileStore.put(file.path, file.json, checksum: file.digest, by: author.user, at: now, in: tenant)
    }
    statements += plan.files.removed.map { TenantFileStore.remove($0.path, in: tenant) }
    return statements + notes(in: tenant)
  }

  private func ended(_ assignment: StaffList.Assignment, in tenant: TenantID) -> Statement {
    if assignment.from > now.date { return StaffStore.remove(Self.stored(assignment), in: tenant) }
    return StaffStore.put(
      StaffStore.Assignment(
        person: assignment.person, contract: assignment.contract, post: assignment.post, from: assignment.from, to: now.date), in: tenant)
  }

  /// Roles reach those who sign in as the person; for the others they wait until somebody does.
  private mutating func grants(in tenant: TenantID) -> [Statement] {
    var statements: [Statement] = []
    for grant in plan.grants.removed + plan.grants.changed.map(\.from) {
      if let user = users[grant.person] { statements.append(MembershipStore.end(grant.role, of: user, at: now, in: tenant)) }
    }
    for grant in plan.grants.written {
      guard let user = users[grant.person] else { continue }
      statements += MembershipStore.grant(
        identity(), user: user, role: grant.role, department: grant.department, from: now, to: nil, by: author.user, at: now, in: tenant)
    }
    return statements
  }

  private func leavers(in tenant: TenantID) -> [Statement] {
    plan.people.removed.flatMap { person in
      (users[person.code].map { [MembershipStore.end(nil, of: $0, at: now, in: tenant)] } ?? [])
        + [StaffStore.leave(person.code, on: now.date, in: tenant)]
    }
  }

  /// One note for the office, one for the platform; the lists are bounded, the counts are whole.
  private mutating func notes(in tenant: TenantID) -> [Statement] {
    let entries = plan.entries
    var data = author.data
    data["changes"] = .integer(entries.count)
    var brief = data
    brief["new"] = .bool(plan.isNew)
    data["items"] = .array(
      entries.prefix(200).map { ["kind": .string($0.kind.rawValue), "name": .string($0.name), "action": .string($0.action.rawValue)] })
    return [
      AuditStore.add(
        id: identity(), at: now, actor: author.user, side: author.user == nil ? "system" : Side.platform.rawValue, action: "tenant.apply",
        subjectKind: "tenant", subject: plan.code, request: author.request, data: .object(data), in: tenant),
      PlatformAuditStore.add(
        id: identity(), at: now, actor: author.user, action: "tenant.apply", subjectKind: "tenant", subject: plan.code,
        request: author.request, data: .object(brief)),
    ]
  }

  private static func stored(_ description: OfficeState.Description) -> TenantStore.Description {
    TenantStore.Description(
      kind: description.kind, name: description.name, organisation: description.organisation, settings: description.settings)
  }

  private static func stored(_ assignment: StaffList.Assignment) -> StaffStore.Assignment {
    StaffStore.Assignment(
      person: assignment.person, contract: assignment.contract, post: assignment.post, from: assignment.from, to: assignment.to)
  }

  /// Every unit behind the one above it; those whose parent is not among them may stand anywhere.
  private static func parentsFirst(_ units: [OfficeState.Unit]) -> [OfficeState.Unit] {
    let codes = Set(units.map(\.code))
    var placed: Set<String> = []
    var ordered: [OfficeState.Unit] = []
    var rest = units
    while !rest.isEmpty {
      let ready = rest.filter { unit in unit.parent.map { !codes.contains($0) || placed.contains($0) } ?? true }
      // The files were checked: no unit is its own ancestor. Should one be, the server refuses it.
      if ready.isEmpty { return ordered + rest }
      ordered += ready
      placed.formUnion(ready.map(\.code))
      rest.removeAll { placed.contains($0.code) }
    }
    return ordered
  }
}
