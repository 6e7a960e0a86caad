// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Who is what in an office, and since when; the statements run in the office's context.
package enum MembershipStore {
  /// A role given to a user, now, before or later.
  package struct Grant: Sendable, Equatable {
    package let id: UUIDv7
    package let user: UUIDv7
    package let login: String
    package let displayName: String
    package let organisation: String
    package let role: String
    package let department: String?
    package let from: Instant
    /// The first instant at which it no longer holds.
    package let to: Instant?
    package let version: Int32
  }

  /// A grant with what decides whether it counts.
  private struct Held {
    let role: String
    let side: Side
    let permissions: PermissionSet
    let department: String?
    let from: Instant
    let to: Instant?
    /// For a vendor's role: the contracts that let its people in today, and the first day on which others do, where one is known.
    let contracts: [String]
    let changes: CivilDate?
  }

  /// An office's role counts for the people of offices, a vendor's for those of vendors, and only while a contract lets them in.
  private static let held: SQL = """
    SELECT m.role, r.side, r.permissions, m.department, m.valid_from, m.valid_to, c.open, c.changes
    FROM membership m
    JOIN role r ON r.tenant_id = m.tenant_id AND r.code = m.role
    JOIN app_user u ON u.user_id = m.user_id AND u.disabled_at IS NULL
    JOIN organisation o ON o.code = u.organisation AND o.kind = r.side
    JOIN tenant t ON t.tenant_id = m.tenant_id AND t.state = 'active'
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(contract_id::text ORDER BY contract_id) FILTER (WHERE vendor_from <= $4), '{}') AS open,
        min(CASE WHEN vendor_from > $4 THEN vendor_from ELSE vendor_until + 1 END) AS changes FROM contract
      WHERE tenant_id = m.tenant_id AND vendor = u.organisation AND state <> 'draft' AND (vendor_until IS NULL OR vendor_until >= $4)) c
    WHERE m.tenant_id = $1 AND m.user_id = $2 AND (m.valid_to IS NULL OR m.valid_to > $3)
    ORDER BY m.valid_from, m.role
    """

  /// What a user is in an office at an instant: all that `current(from:…)` needs.
  package static func current(of user: UUIDv7, in tenant: TenantID, at now: Instant) -> Statement {
    Statement(held, [.int4(tenant.number), .uuid(user), .instant(now), .civilDate(now.date)])
  }

  /// Puts together the roles that hold at an instant; nil when there is none.
  ///
  /// It says until when the answer may be remembered: the first instant at which a role ends or another begins.
  package static func current(
    from rows: Rows, of user: UUIDv7, in tenant: TenantID, at now: Instant
  ) throws(DecodingFailure) -> Membership? {
    var roles: [String] = []
    var permissions = PermissionSet()
    var side: Side?
    var department: String?
    var contracts: [String]?
    var ends: Instant?
    func end(at instant: Instant) { ends = min(ends ?? instant, instant) }
    for row in rows {
      let grant = try held(row)
      guard grant.side == .office || !grant.contracts.isEmpty else { continue }
      guard grant.from <= now else {
        end(at: grant.from)
        continue
      }
      if let to = grant.to { end(at: to) }
      if grant.side == .vendor {
        contracts = grant.contracts
        if let day = grant.changes { end(at: Instant(day)) }
      }
      roles.append(grant.role)
      permissions.formUnion(grant.permissions)
      side = grant.side
      department = department ?? grant.department
    }
    guard let side else { return nil }
    return Membership(
      tenant: tenant, user: user, side: side, roles: roles, permissions: permissions, department: department, contracts: contracts,
      ends: ends)
  }

  private static func held(_ row: Row) throws(DecodingFailure) -> Held {
    Held(
      role: try row.text(0), side: try row.word(1, Side.self),
      permissions: PermissionSet(try row.texts(2).compactMap(Permission.init)), department: try row.optional(3, row.text),
      from: try row.instant(4), to: try row.optional(5, row.instant), contracts: try row.texts(6),
      changes: try row.optional(7, row.civilDate))
  }

  /// Gives a user a role; both statements belong into one transaction.
  ///
  /// - Parameter grantor: nil for the files or the command line.
  package static func grant(
    _ id: UUIDv7, user: UUIDv7, role: String, department: String?, from: Instant, to: Instant?, by grantor: UUIDv7?, at now: Instant,
    in tenant: TenantID
  ) -> [Statement] {
    [
      Statement(
        """
        INSERT INTO membership (tenant_id, id, user_id, role, department, valid_from, valid_to, granted_by, granted_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        [
          .int4(tenant.number), .uuid(id), .uuid(user), .text(role), .optional(department, .text) { .text($0) }, .instant(from),
          .optional(to, .timestamptz) { .instant($0) }, .optional(grantor, .uuid) { .uuid($0) }, .instant(now),
        ]),
      Statement(
        "INSERT INTO user_tenant (user_id, tenant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", [.uuid(user), .int4(tenant.number)]),
    ]
  }

  /// Ends a grant of a known version; fails with `SQLState.changed` when it is not that any more, or has ended already.
  package static func end(_ id: UUIDv7, version: Int32, at instant: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      WITH ended AS (
        UPDATE membership SET valid_to = greatest($4, valid_from + interval '1 microsecond'), version = version + 1
        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND (valid_to IS NULL OR valid_to > $4) RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM ended), 'JS001')
      """, [.int4(tenant.number), .uuid(id), .int4(version), .instant(instant)])
  }

  /// Ends a role of a user, whoever gave it, wherever it holds now or later; every role when none is named.
  package static func end(_ role: String?, of user: UUIDv7, at instant: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      UPDATE membership SET valid_to = greatest($4, valid_from + interval '1 microsecond'), version = version + 1 \
      WHERE tenant_id = $1 AND user_id = $2 AND ($3 IS NULL OR role = $3) AND (valid_to IS NULL OR valid_to > $4)
      """, [.int4(tenant.number), .uuid(user), .optional(role, .text) { .text($0) }, .instant(instant)])
  }

  /// The units and the roles that somebody was ever given, each marked by which of the two it is.
  package static func everGiven(in tenant: TenantID) -> Query<(isRole: Bool, code: String)> {
    Query(
      """
      SELECT true, role FROM membership WHERE tenant_id = $1 \
      UNION SELECT false, department FROM membership WHERE tenant_id = $1 AND department IS NOT NULL
      """, [.int4(tenant.number)]
    ) { row throws(DecodingFailure) in (try row.bool(0), try row.text(1)) }
  }

  private static let columns: SQL = """
    m.id, m.user_id, u.login, u.display_name, u.organisation, m.role, m.department, m.valid_from, m.valid_to, m.version
    """
  private static let one: SQL =
    "SELECT \(columns) FROM membership m JOIN app_user u USING (user_id) WHERE m.tenant_id = $1 AND m.id = $2"
  private static let page: SQL = """
    SELECT \(columns) FROM membership m JOIN app_user u USING (user_id)
    WHERE m.tenant_id = $1 AND m.id < $2 AND (m.valid_to IS NULL OR m.valid_to > $3) ORDER BY m.id DESC LIMIT $4
    """

  package static func one(_ id: UUIDv7, in tenant: TenantID) -> Query<Grant> {
    Query(one, [.int4(tenant.number), .uuid(id)], decode: grant)
  }

  /// The grants that have not ended, the newest first, those behind `after` only.
  package static func page(after: UUIDv7?, limit: Int32, at now: Instant, in tenant: TenantID) -> Query<Grant> {
    Query(page, [.int4(tenant.number), .descending(after), .instant(now), .int4(limit)], decode: grant)
  }

  private static let grant: @Sendable (Row) throws(DecodingFailure) -> Grant = { row throws(DecodingFailure) in
    Grant(
      id: try row.identifier(0), user: try row.identifier(1), login: try row.text(2), displayName: try row.text(3),
      organisation: try row.text(4), role: try row.text(5), department: try row.optional(6, row.text), from: try row.instant(7),
      to: try row.optional(8, row.instant), version: try row.int32(9))
  }
}
