// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Statements on the files that hang on work orders; the caller runs them in the office's context.
package enum AttachmentStore {
  /// The constraint that an office violates which wants to keep more than it may.
  package static let quota = "storage_within_quota"

  /// What an office may keep unless somebody says otherwise, in octets; as the table's defaults.
  package static let standardQuota: Int64 = 100 << 30
  /// How large one file may be unless somebody says otherwise, in octets.
  package static let standardGreatestFile: Int64 = 512 << 20

  /// What an office may still store.
  package struct Room: Sendable, Equatable {
    /// The largest file, in octets.
    package let greatestFile: Int64
    /// What is left of the quota, in octets.
    package let left: Int64
  }

  /// A file that hangs on an order.
  package struct Attachment: Sendable {
    package let id: UUIDv7
    package let kind: OrderMove.Media.Kind
    package let format: AttachmentFormat
    package let name: AttachmentName
    package let octets: Int64
    package let sha256: [UInt8]
    /// How long it is, where whoever attached it said so.
    package let seconds: Int32?
    package let attachedBy: UUIDv7
    package let side: String
    package let attachedAt: Instant
    /// The identity of the file that holds it.
    package let file: UUIDv7

    package init(_ addition: Addition, by user: UUIDv7, side: String, at now: Instant) {
      self.init(
        id: addition.id, kind: addition.format.kind, format: addition.format, name: addition.name, octets: addition.octets,
        sha256: addition.sha256, seconds: addition.seconds, attachedBy: user, side: side, attachedAt: now, file: addition.file)
    }

    fileprivate init(
      id: UUIDv7, kind: OrderMove.Media.Kind, format: AttachmentFormat, name: AttachmentName, octets: Int64, sha256: [UInt8],
      seconds: Int32?, attachedBy: UUIDv7, side: String, attachedAt: Instant, file: UUIDv7
    ) {
      self.seconds = seconds
      self.id = id
      self.kind = kind
      self.format = format
      self.name = name
      self.octets = octets
      self.sha256 = sha256
      self.attachedBy = attachedBy
      self.side = side
      self.attachedAt = attachedAt
      self.file = file
    }
  }

  /// What is to be attached.
  package struct Addition: Sendable {
    package let id: UUIDv7
    package let order: UUIDv7
    package let format: AttachmentFormat
    package let name: AttachmentName
    package let octets: Int64
    package let sha256: [UInt8]
    package let seconds: Int32?
    package let file: UUIDv7

    package init(
      id: UUIDv7, order: UUIDv7, format: AttachmentFormat, name: AttachmentName, octets: Int64, sha256: [UInt8], seconds: Int32?,
      file: UUIDv7
    ) {
      self.seconds = seconds
      self.id = id
      self.order = order
      self.format = format
      self.name = name
      self.octets = octets
      self.sha256 = sha256
      self.file = file
    }
  }

  // An order counts as there when it is in the department $3 or below; NULL for every department.
  private static let order: SQL = """
    o.tenant_id = $1 AND o.id = $2 AND ($3::text IS NULL OR o.department IN (
      WITH RECURSIVE below AS (
        SELECT d.code FROM department d WHERE d.tenant_id = $1 AND d.code = $3
        UNION SELECT d.code FROM department d JOIN below ON d.parent = below.code WHERE d.tenant_id = $1)
      SELECT code FROM below))
    """

  private static let room: SQL = """
    SELECT a.greatest_file, a.quota - a.used
    FROM work_order o LEFT JOIN storage_account a ON a.tenant_id = o.tenant_id WHERE \(order)
    """

  /// What may be attached to an order; no row where there is no such order for the caller.
  ///
  /// - Parameter department: the caller's; nil where every department's orders are seen.
  package static func room(for order: UUIDv7, department: String?, in tenant: TenantID) -> Query<Room> {
    Query(room, [.int4(tenant.number), .uuid(order), .optional(department, .text) { .text($0) }]) { row throws(DecodingFailure) in
      Room(
        greatestFile: try row.optional(0, row.int64) ?? standardGreatestFile, left: try row.optional(1, row.int64) ?? standardQuota)
    }
  }

  private static let add: SQL = """
    WITH file AS (
      INSERT INTO stored_file (tenant_id, sha256, file, octets, touched_at) VALUES ($1, $3, $4, $5, $6)
      ON CONFLICT (tenant_id, sha256) DO UPDATE SET touched_at = excluded.touched_at RETURNING octets, xmax = 0 AS is_new
    ), counted AS (
      INSERT INTO storage_account AS a (tenant_id, used) SELECT $1, octets FROM file WHERE is_new
      ON CONFLICT (tenant_id) DO UPDATE SET used = a.used + excluded.used
    )
    INSERT INTO attachment (tenant_id, id, order_id, sha256, kind, media_type, name, attached_by, side, attached_at, seconds)
    VALUES ($1, $7, $2, $3, $8, $9, $10, $11, $12, $6, $13)
    """

  /// Hangs a file on an order; it is counted once, however often the office has the same content.
  package static func add(
    _ addition: Addition, by user: UUIDv7, side: String, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      add,
      [
        .int4(tenant.number), .uuid(addition.order), .bytea(addition.sha256), .uuid(addition.file), .int8(addition.octets), .instant(now),
        .uuid(addition.id), .text(addition.format.kind.rawValue), .text(addition.format.rawValue), .text(addition.name.text), .uuid(user),
        .text(side), .optional(addition.seconds, .int4) { .int4($0) },
      ])
  }

  /// Those of some attachments that an order has, and what they are.
  package static func kinds(
    of attachments: [UUIDv7], on order: UUIDv7, in tenant: TenantID
  ) -> Query<(id: UUIDv7, kind: OrderMove.Media.Kind)> {
    Query(
      "SELECT id, kind FROM attachment WHERE tenant_id = $1 AND order_id = $2 AND id = ANY ($3)",
      [.int4(tenant.number), .uuid(order), .uuidArray(attachments.map { ($0.high, $0.low) })]
    ) { row throws(DecodingFailure) in (try row.identifier(0), try row.word(1)) }
  }

  /// The identity of the file that holds a content; no row where none does.
  package static func file(holding sha256: [UInt8], in tenant: TenantID) -> Query<UUIDv7> {
    Query("SELECT file FROM stored_file WHERE tenant_id = $1 AND sha256 = $2", [.int4(tenant.number), .bytea(sha256)]) {
      row throws(DecodingFailure) in try row.identifier(0)
    }
  }

  private static let columns: SQL =
    "t.id, t.media_type, t.name, f.octets, t.sha256, t.attached_by, t.side, t.attached_at, f.file, t.seconds"
  private static let joined: SQL = """
    FROM work_order o JOIN attachment t ON t.tenant_id = o.tenant_id AND t.order_id = o.id
    JOIN stored_file f ON f.tenant_id = t.tenant_id AND f.sha256 = t.sha256
    """
  private static let page: SQL = "SELECT \(columns) \(joined) WHERE \(order) AND t.id < $4 ORDER BY t.id DESC LIMIT $5"
  private static let one: SQL = "SELECT \(columns) \(joined) WHERE \(order) AND t.id = $4"

  /// The newest attachments of an order, those behind `after` only.
  package static func page(
    of order: UUIDv7, department: String?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Attachment> {
    Query(
      page,
      [.int4(tenant.number), .uuid(order), .optional(department, .text) { .text($0) }, .descending(after), .int4(limit)], decode: decode)
  }

  package static func one(_ id: UUIDv7, of order: UUIDv7, department: String?, in tenant: TenantID) -> Query<Attachment> {
    Query(
      one, [.int4(tenant.number), .uuid(order), .optional(department, .text) { .text($0) }, .uuid(id)], decode: decode)
  }

  @Sendable private static func decode(_ row: Row) throws(DecodingFailure) -> Attachment {
    let format: AttachmentFormat = try row.word(1)
    guard let name = AttachmentName(try row.text(2)) else { throw .value(column: 2) }
    return Attachment(
      id: try row.identifier(0), kind: format.kind, format: format, name: name, octets: try row.int64(3), sha256: try row.bytea(4),
      seconds: try row.optional(9, row.int32), attachedBy: try row.identifier(5), side: try row.text(6), attachedAt: try row.instant(7),
      file: try row.identifier(8))
  }

  private static let remove: SQL = """
    WITH removed AS (
      DELETE FROM attachment t WHERE t.tenant_id = $1 AND t.order_id = $2 AND t.id = $3 AND NOT EXISTS (
        SELECT FROM work_order_event e WHERE e.tenant_id = $1 AND e.order_id = $2
          AND (e.data ->> 'recording' = $4::text
            OR jsonb_path_exists(e.data, '$.media[*].reference ? (@ == $id)', jsonb_build_object('id', $4::text))))
      RETURNING t.id),
    forgotten AS (DELETE FROM recording r USING removed WHERE r.tenant_id = $1 AND r.order_id = $2 AND r.reference = $4::text)
    SELECT demand(EXISTS (SELECT FROM removed), 'JS001')
    """

  /// Takes a file off its order; fails with `SQLState.changed` where a step of the order's history refers to it.
  package static func remove(_ id: UUIDv7, of order: UUIDv7, in tenant: TenantID) -> Statement {
    Statement(remove, [.int4(tenant.number), .uuid(order), .uuid(id), .text("\(id)")])
  }

  // MARK: What nobody refers to

  private static let sweep: SQL = """
    WITH swept AS (
      DELETE FROM stored_file f WHERE f.tenant_id = $1 AND f.touched_at < $2
        AND NOT EXISTS (SELECT FROM attachment t WHERE t.tenant_id = $1 AND t.sha256 = f.sha256)
      RETURNING f.sha256, f.file, f.octets
    ), counted AS (
      UPDATE storage_account SET used = used - (SELECT sum(octets) FROM swept)
      WHERE tenant_id = $1 AND EXISTS (SELECT FROM swept)
    )
    SELECT sha256, file FROM swept
    """

  /// Gives up the contents that nothing refers to and nobody has stored since an instant; gives the files, which are nobody's from then on.
  package static func sweep(untouchedSince instant: Instant, in tenant: TenantID) -> Query<(sha256: [UInt8], file: UUIDv7)> {
    Query(sweep, [.int4(tenant.number), .instant(instant)]) { row throws(DecodingFailure) in
      (sha256: try row.bytea(0), file: try row.identifier(1))
    }
  }

  /// Those of some files that hold a content of the office.
  package static func known(_ files: [(sha256: [UInt8], file: UUIDv7)], in tenant: TenantID) -> Query<UUIDv7> {
    Query(
      "SELECT file FROM stored_file WHERE tenant_id = $1 AND sha256 = ANY ($2)",
      [.int4(tenant.number), .byteaArray(files.map { Optional($0.sha256) })]
    ) { row throws(DecodingFailure) in try row.identifier(0) }
  }

  // MARK: The account

  /// What an office keeps and how much it may.
  package struct Account: Sendable {
    package let used: Int64
    package let quota: Int64
    package let greatestFile: Int64
    package let version: Int32
  }

  /// The account of an office; no row before it has stored anything or been given bounds.
  package static func account(of tenant: TenantID) -> Query<Account> {
    Query("SELECT used, quota, greatest_file, version FROM storage_account WHERE tenant_id = $1", [.int4(tenant.number)]) {
      row throws(DecodingFailure) in
      Account(used: try row.int64(0), quota: try row.int64(1), greatestFile: try row.int64(2), version: try row.int32(3))
    }
  }

  /// Says how much an office may keep, in octets.
  package static func bound(quota: Int64, greatestFile: Int64, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO storage_account AS a (tenant_id, quota, greatest_file) VALUES ($1, $2, $3)
      ON CONFLICT (tenant_id) DO UPDATE SET quota = excluded.quota, greatest_file = excluded.greatest_file, version = a.version + 1
      """, [.int4(tenant.number), .int8(quota), .int8(greatestFile)])
  }
}
