// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What the sides of an office, or some of their people, were told that happened or waits for them; written once.
package enum NoticeStore {
  /// Who is told.
  package enum Audience: String, Sendable, CaseIterable { case office, vendor, both }

  /// Whom of an audience something is told; everybody unless told.
  package struct Among: Sendable {
    let vendor: String?
    let user: UUIDv7?
    let besides: UUIDv7?

    /// - Parameters:
    ///   - vendor: of the vendors' people, this one's only.
    ///   - user: this one only.
    ///   - besides: all but this one, whose own doing it is.
    package init(vendor: String? = nil, user: UUIDv7? = nil, besides: UUIDv7? = nil) {
      (self.vendor, self.user, self.besides) = (vendor, user, besides)
    }
  }

  /// Something to tell.
  package struct New: Sendable {
    let id: UUIDv7
    let kind: String
    let subject: String
    let data: JSON

    package init(id: UUIDv7, kind: String, subject: String, data: JSON) {
      (self.id, self.kind, self.subject, self.data) = (id, kind, subject, data)
    }
  }

  /// Who reads.
  package struct Reader: Sendable {
    let side: Party
    let user: UUIDv7
    /// Of what is told to one vendor's people, what is told to these; nil for all of it.
    let vendor: String?
    /// Of what hangs on a contract, what hangs on these; nil for all there are.
    let contracts: [String]?
    /// Of what hangs on an order, what is this department's or one's below it; nil for all.
    let department: String?
    let permissions: [Permission]

    package init(
      side: Party, user: UUIDv7, vendor: String?, contracts: [String]?, department: String?, permissions: [Permission]
    ) {
      self.side = side
      self.user = user
      self.vendor = vendor
      self.contracts = contracts
      self.department = department
      self.permissions = permissions
    }
  }

  private static let page: SQL = """
    WITH RECURSIVE below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $6
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1)
    SELECT id, at, side, kind, contract_id, subject_kind, subject, data FROM notice
    WHERE tenant_id = $1 AND id < $2 AND side IN ('both', $4)
      AND ($5::text[] IS NULL OR contract_id IS NULL OR contract_id = ANY ($5))
      AND ($6::text IS NULL OR subject_kind <> 'work-order' OR department IN (SELECT code FROM below))
      AND (needs IS NULL OR needs = ANY ($7))
      AND (user_id IS NULL OR user_id = $8) AND (besides IS NULL OR besides <> $8)
      AND ($9::text IS NULL OR vendor IS NULL OR vendor = $9) ORDER BY id DESC LIMIT $3
    """

  /// Tells several things of one kind of subject; runs in the transaction of what is told.
  package static func add(
    _ notices: [New], about kind: String, of contract: String?, to audience: Audience, _ among: Among = Among(),
    needing permission: Permission, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO notice (tenant_id, at, side, contract_id, subject_kind, needs, vendor, user_id, besides, id, kind, subject, data) \
      SELECT $1, $2, $3, $4, $5, $10, $11, $12, $13, r.* FROM unnest($6::uuid[], $7::text[], $8::text[], $9::jsonb[]) r
      """,
      [
        .int4(tenant.number), .instant(now), .text(audience.rawValue), .optional(contract, .text) { .text($0) }, .text(kind),
        .uuidArray(notices.map { ($0.id.high, $0.id.low) }), .textArray(notices.map(\.kind)), .textArray(notices.map(\.subject)),
        .jsonbArray(
          notices.map { notice in
            var writer = JSONWriter()
            writer.value(notice.data)
            return writer.bytes
          }), .text(permission.rawValue), .optional(among.vendor, .text) { .text($0) }, .optional(among.user, .uuid) { .uuid($0) },
        .optional(among.besides, .uuid) { .uuid($0) },
      ])
  }

  /// The newest notices to somebody, those behind `after` only.
  package static func page(to reader: Reader, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(
      page,
      [
        .int4(tenant.number), .descending(after), .int4(limit), .text(reader.side.rawValue),
        .optional(reader.contracts, .textArray) { .textArray($0) }, .optional(reader.department, .text) { .text($0) },
        .textArray(reader.permissions.map(\.rawValue)), .uuid(reader.user), .optional(reader.vendor, .text) { .text($0) },
      ])
  }

  // MARK: Of orders

  /// Something to tell about an order.
  package struct OfOrder: Sendable {
    let id: UUIDv7
    let kind: String
    let order: UUIDv7
    let audience: Audience
    let contract: String?
    let department: String?
    let data: [UInt8]
  }

  private static let addOfOrders: SQL = """
    INSERT INTO notice (tenant_id, at, subject_kind, needs, id, kind, subject, side, contract_id, department, data)
    SELECT $1, $2, 'work-order', $3, r.id, r.kind, r.order_id::text, r.side, r.contract_id, r.department, r.data
    FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::jsonb[])
      AS r (id, kind, order_id, side, contract_id, department, data)
    """

  /// Tells several things about orders; runs in the transaction of what is told.
  static func add(_ notices: [OfOrder], at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      addOfOrders,
      [
        .int4(tenant.number), .instant(now), .text(Permission.orderRead.rawValue), .uuidArray(notices.map { ($0.id.high, $0.id.low) }),
        .textArray(notices.map(\.kind)), .uuidArray(notices.map { ($0.order.high, $0.order.low) }),
        .textArray(notices.map(\.audience.rawValue)), .textArray(notices.map(\.contract)), .textArray(notices.map(\.department)),
        .jsonbArray(notices.map(\.data)),
      ])
  }

  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row, 0)
    writer.key("at")
    try writer.instant(row, 1)
    writer.key("side")
    try writer.text(row, 2)
    writer.key("kind")
    try writer.text(row, 3)
    writer.key("contract")
    try writer.text(row, 4)
    writer.key("subjectKind")
    try writer.text(row, 5)
    writer.key("subject")
    try writer.text(row, 6)
    writer.key("data")
    writer.raw(try row.jsonBytes(7))
    writer.endObject()
  }
}
