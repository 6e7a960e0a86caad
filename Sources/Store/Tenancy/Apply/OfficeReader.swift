// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Reads what is stored of an office as far as its files speak of it, in a transaction in the office's context.
struct OfficeReader {
  let transaction: Transaction
  let tenant: TenantStore.Tenant

  /// The organisations of these codes that the platform knows; a table of the platform, whatever the context.
  static func organisations(_ codes: [String], in transaction: Transaction) async throws(PostgresError) -> [KnownOrganisation] {
    try await transaction.query(OrganisationStore.list(codes)).map { KnownOrganisation(code: $0.code, side: $0.kind, name: $0.name) }
  }

  func read() async throws(PostgresError) -> Stored {
    let id = tenant.id
    var state = OfficeState(
      description: OfficeState.Description(
        code: tenant.code, kind: tenant.kind, name: tenant.name, organisation: tenant.organisation, settings: tenant.settings))
    state.departments = try await transaction.query(DepartmentStore.list(in: id)).map {
      OfficeState.Unit(code: $0.code, parent: $0.parent, kind: $0.kind, name: $0.name)
    }
    state.roles = try await transaction.query(RoleStore.list(in: id))
    state.agreements = try await transaction.query(ContractStore.list(in: id)).compactMap(Self.agreement)
    state.posts = try await transaction.query(StaffStore.posts(in: id)).map {
      OfficeState.Post(contract: $0.contract, code: $0.code, title: $0.title, places: Int($0.places))
    }
    let people = try await transaction.query(StaffStore.people(in: id))
    state.people = people.map {
      StaffList.Person(code: $0.code, name: $0.displayName, organisation: $0.organisation, department: $0.department)
    }
    state.assignments = try await transaction.query(StaffStore.filedAssignments(in: id)).map {
      StaffList.Assignment(person: $0.person, contract: $0.contract, post: $0.post, from: $0.from, to: $0.to)
    }
    state.files = try await transaction.query(TenantFileStore.list(in: id)).map {
      OfficeState.Filed(path: $0.path, json: $0.document, digest: $0.checksum)
    }
    state.papers = try await transaction.query(RevisionStore.list(in: id)).map {
      OfficeState.Paper(
        contract: $0.contract, kind: $0.kind, effectiveFrom: $0.effectiveFrom,
        document: OfficeState.Filed(path: "", json: $0.document, digest: $0.checksum))
    }
    state.rules = try await transaction.query(RuleTableStore.latest(in: id)).map {
      OfficeState.Rules(purpose: $0.purpose, document: OfficeState.Filed(path: "", json: $0.document, digest: $0.checksum))
    }
    state.roster = try await transaction.query(RosterRulesStore.revisions(in: id)).suffix(1).map {
      OfficeState.Roster(
        effectiveFrom: $0.effectiveFrom, document: OfficeState.Filed(path: "", json: $0.document, digest: $0.checksum))
    }
    state.grants = Self.grants(state)
    var office = StoredOffice(state: state)
    for given in try await transaction.query(MembershipStore.everGiven(in: id)) {
      if given.isRole { office.rolesInUse.insert(given.code) } else { office.departmentsInUse.insert(given.code) }
    }
    return Stored(
      office: office, users: Dictionary(people.compactMap { person in person.user.map { (person.code, $0) } }) { first, _ in first })
  }

  struct Stored {
    let office: StoredOffice
    /// Who signs in as which person.
    let users: [String: UUIDv7]
  }

  private static func agreement(_ stored: ContractStore.Row) -> OfficeState.Agreement? {
    // An end that is not set is one that the files will set.
    DateRange(stored.vendorFrom, through: stored.vendorUntil ?? .last).map {
      OfficeState.Agreement(id: stored.id, vendor: stored.vendor, title: stored.title, access: $0)
    }
  }

  /// The roles that `office.json` gave when it was applied last; what was given otherwise is none of the files' business.
  private static func grants(_ state: OfficeState) -> [OfficeState.Grant] {
    guard let file = state.files.first(where: { $0.path == "office.json" }) else { return [] }
    return TenantFiles.grants(in: file.json).map { grant in
      let isOfDepartment = state.roles.first { $0.code == grant.role }?.isOfDepartment ?? false
      let department = state.people.first { $0.code == grant.person }?.department
      return OfficeState.Grant(person: grant.person, role: grant.role, department: isOfDepartment ? department : nil)
    }
  }
}
