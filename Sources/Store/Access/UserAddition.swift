// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// A person who is to sign in, with what they are on the platform and in an office, added in one transaction.
package struct UserAddition: Sendable {
  /// What the person is to be in an office.
  package enum Place: Sendable {
    /// One of the staff list: the roles are those that the office's files give.
    case person(String)
    /// Somebody with a role, perhaps within a unit.
    case role(String, department: String?)
  }

  package let login: String
  /// Nil for the name on the staff list.
  package let displayName: String?
  /// Nil for that of the person on the staff list.
  package let organisation: String?
  /// What `PasswordHash.encoded` gives.
  package let passwordHash: String
  package let platformRoles: [String]
  package let tenant: TenantID?
  package let place: Place?

  package init(
    login: String, displayName: String?, organisation: String?, passwordHash: String, platformRoles: [String] = [],
    tenant: TenantID? = nil, place: Place? = nil
  ) {
    self.login = login
    self.displayName = displayName
    self.organisation = organisation
    self.passwordHash = passwordHash
    self.platformRoles = platformRoles
    self.tenant = tenant
    self.place = place
  }

  /// What was added.
  package struct Added: Sendable, Equatable {
    package let user: UUIDv7
    package let login: String
    package let displayName: String
    package let organisation: String
    /// In the office.
    package let roles: [String]
  }

  /// Adds the person; runs in the office's context, or in none where there is no office.
  ///
  /// - Parameter identities: gives each row its identifier.
  /// - Throws: `Faults` for what does not exist or does not fit, with pointers named after the properties; a problem (409) for a
  ///   login that is taken.
  package func perform(
    in transaction: Transaction, at now: Instant, identities: inout UUIDv7Generator
  ) async throws -> Added {
    guard Self.isLogin(login) else {
      throw fault("/login", "bad-format", zh: "登录名只能有小写字母、数字和 . _ @ -", en: "A login has lower-case letters, digits and . _ @ - only.")
    }
    if try await transaction.first(UserStore.one(login: login)) != nil {
      throw Problem(
        status: 409, code: "login-taken", title: Text(zh: "登录名已被使用", en: "Login taken"),
        detail: Text(zh: "登录名“\(login)”已被使用。", en: "The login “\(login)” is taken."))
    }
    try await requirePlatformRoles(transaction)
    let member = try await member(transaction)
    guard let displayName = displayName ?? member?.name else {
      throw fault("/displayName", "missing-member", zh: "须给出姓名。", en: "A name is needed.")
    }
    guard let code = organisation ?? member?.organisation else {
      throw fault("/organisation", "missing-member", zh: "须给出所属组织。", en: "An organisation is needed.")
    }
    guard let organisation = try await transaction.first(OrganisationStore.one(code)) else {
      throw fault("/organisation", "unknown-reference", zh: "没有组织“\(code)”。", en: "There is no organisation “\(code)”.")
    }
    let grants = try await grants(member, organisation, transaction)
    var random = SystemRandomNumberGenerator()
    let user = identities.next(at: now, using: &random)
    var statements = [
      UserStore.add(
        user, login: login, displayName: displayName, organisation: code, passwordHash: passwordHash, platformRoles: platformRoles, at: now)
    ]
    if let tenant {
      for grant in grants {
        statements += MembershipStore.grant(
          identities.next(at: now, using: &random), user: user, role: grant.role, department: grant.department, from: now, to: nil,
          by: nil, at: now, in: tenant)
      }
      if case .person(let person)? = place { statements.append(StaffStore.link(person, to: user, in: tenant)) }
    }
    _ = try await transaction.rows(statements)
    return Added(user: user, login: login, displayName: displayName, organisation: code, roles: grants.map(\.role))
  }

  // MARK: Checks

  private struct Member {
    let name: String
    let organisation: String
    let department: String?
    let roles: [String]
  }

  private func requirePlatformRoles(_ transaction: Transaction) async throws {
    if platformRoles.isEmpty { return }
    let known = try await transaction.query(RoleStore.listPlatform())
    for role in platformRoles where !known.contains(where: { $0.code == role }) {
      let list = known.map(\.code).joined(separator: ", ")
      throw fault(
        "/platformRoles", "unknown-reference", zh: "平台没有角色“\(role)”，可用：\(list)。",
        en: "The platform has no role “\(role)”; there are: \(list).")
    }
  }

  /// The person of the staff list that it is, with the roles that `office.json` gave.
  private func member(_ transaction: Transaction) async throws -> Member? {
    guard case .person(let code)? = place, let tenant else { return nil }
    guard let person = try await transaction.first(StaffStore.person(code, in: tenant)) else {
      throw fault("/person", "unknown-reference", zh: "人员名单中没有“\(code)”。", en: "There is no “\(code)” on the staff list.")
    }
    if person.user != nil {
      throw Problem(
        status: 409, code: "person-taken", title: Text(zh: "人员已有账号", en: "Person has a user"),
        detail: Text(zh: "人员“\(code)”已有账号。", en: "Somebody signs in as “\(code)” already."))
    }
    let office = try await transaction.query(TenantFileStore.list(in: tenant)).first { $0.path == "office.json" }
    let roles = TenantFiles.grants(in: office?.document ?? [:]).filter { $0.person == code }.map(\.role)
    return Member(name: person.displayName, organisation: person.organisation, department: person.department, roles: roles)
  }

  private func grants(
    _ member: Member?, _ organisation: OrganisationStore.Organisation, _ transaction: Transaction
  ) async throws -> [(role: String, department: String?)] {
    guard let tenant, let place else { return [] }
    let roles = try await transaction.query(RoleStore.list(in: tenant))
    var grants: [(role: String, department: String?)] = []
    let wanted: [(String, String?)] =
      switch place {
      case .role(let role, let department): [(role, department)]
      case .person: (member?.roles ?? []).map { ($0, member?.department) }
      }
    for (code, department) in wanted {
      guard let role = roles.first(where: { $0.code == code }) else {
        throw fault("/role", "unknown-reference", zh: "此单位没有角色“\(code)”。", en: "The office has no role “\(code)”.")
      }
      guard role.side == organisation.kind else {
        throw fault(
          "/role", "wrong-side", zh: "角色“\(code)”不属于组织“\(organisation.code)”所在一方。",
          en: "The role “\(code)” is not one for the people of “\(organisation.code)”.")
      }
      if case .role = place, let department {
        let units = try await transaction.query(DepartmentStore.list(in: tenant))
        guard units.contains(where: { $0.code == department }) else {
          throw fault("/department", "unknown-reference", zh: "没有部门“\(department)”。", en: "There is no department “\(department)”.")
        }
      }
      // On the staff list everybody may have a unit; it limits the roles of departments only.
      let isLimited = if case .role = place { true } else { role.isOfDepartment }
      grants.append((code, isLimited ? department : nil))
    }
    return grants
  }

  private static func isLogin(_ text: String) -> Bool {
    let isFirst = { (byte: UInt8) in byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 }
    return (1...64).contains(text.utf8.count) && text.utf8.first.map(isFirst) ?? false
      && text.utf8.allSatisfy { isFirst($0) || "._@-".utf8.contains($0) }
  }

  private func fault(_ pointer: String, _ code: String, zh: String, en: String) -> Faults {
    Faults([Fault(pointer: pointer, code: code, detail: Text(zh: zh, en: en))])
  }
}
