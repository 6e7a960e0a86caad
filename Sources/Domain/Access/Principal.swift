// SPDX-License-Identifier: Apache-2.0
import Base

/// Who a request comes from, as the session that it presented says.
package struct Principal: Sendable, Equatable {
  /// How the session is presented: a browser's cookie or a machine's bearer token.
  package enum Presentation: String, Sendable, CaseIterable {
    case cookie
    case bearer
  }

  package let user: UUIDv7
  package let login: String
  package let displayName: String
  /// The code of the organisation that the user belongs to.
  package let organisation: String
  package let side: Side
  /// What the user's platform roles allow.
  package let platformPermissions: PermissionSet
  package let presentation: Presentation
  /// What a token is limited to; nil where it is not limited.
  package let scopes: PermissionSet?
  package let expires: Instant

  package init(
    user: UUIDv7, login: String, displayName: String, organisation: String, side: Side, platformPermissions: PermissionSet,
    presentation: Presentation, scopes: PermissionSet?, expires: Instant
  ) {
    self.user = user
    self.login = login
    self.displayName = displayName
    self.organisation = organisation
    self.side = side
    self.platformPermissions = platformPermissions
    self.presentation = presentation
    self.scopes = scopes
    self.expires = expires
  }

  /// Whether a platform role allows it, within the token's scopes.
  package func mayOnPlatform(_ permission: Permission) -> Bool {
    permission.isPlatform && platformPermissions.contains(permission) && scopes?.contains(permission) ?? true
  }
}

/// What a user is in one office.
package struct Membership: Sendable, Equatable {
  package let tenant: TenantID
  package let user: UUIDv7
  package let side: Side
  /// The codes of the roles held today.
  package let roles: [String]
  /// What those roles allow together.
  package let permissions: PermissionSet
  /// The department whose orders the user handles, for a department's role.
  package let department: String?
  /// The contracts of the office that it lets see: for a vendor's person those of the vendor that let its people in; nil for all there are.
  package let contracts: [String]?
  /// The first instant at which it is no longer all this; nil while no end is set.
  package let ends: Instant?

  package init(
    tenant: TenantID, user: UUIDv7, side: Side, roles: [String], permissions: PermissionSet, department: String?,
    contracts: [String]? = nil, ends: Instant?
  ) {
    self.tenant = tenant
    self.user = user
    self.side = side
    self.roles = roles
    self.permissions = permissions
    self.department = department
    self.contracts = contracts
    self.ends = ends
  }

  /// Whether a contract, and what hangs on it, is there for the user at all.
  package func sees(contract: String) -> Bool { contracts?.contains(contract) ?? true }

  /// Whether a role allows it at that instant, within the token's scopes; a platform's permission never counts in an office.
  package func may(_ permission: Permission, scopes: PermissionSet?, at instant: Instant) -> Bool {
    !permission.isPlatform && permissions.contains(permission) && scopes?.contains(permission) ?? true && ends.map { instant < $0 } ?? true
  }
}
