// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres

/// The texts of work orders and their citizens; the statements run in the office's context.
package enum OrderContentStore {
  package struct Content: Sendable {
    package let content: String
    package let sealed: (bytes: [UInt8], key: Int32)?
    package let masked: MaskedCitizen
    package let version: Int32
  }

  private static let one: SQL = """
    SELECT content, sealed, data_key, name_masked, phone_masked, address_masked, version FROM work_order_content
    WHERE tenant_id = $1 AND order_id = $2
    """

  package static func one(_ order: UUIDv7, in tenant: TenantID) -> Query<Content> {
    Query(one, [.int4(tenant.number), .uuid(order)]) { row throws(DecodingFailure) in
      Content(
        content: try row.text(0), sealed: row.isNull(1) ? nil : (try row.bytea(1), try row.int32(2)),
        masked: MaskedCitizen(
          name: try row.optional(3, row.text), phone: try row.optional(4, row.text), address: try row.optional(5, row.text)),
        version: try row.int32(6))
    }
  }

  /// Puts a text and a citizen in the place of those of a known version; fails with `SQLState.changed` when it is not that any more.
  package static func put(
    _ order: UUIDv7, version: Int32, content: String, citizen: Citizen, ring: KeyRing, in tenant: TenantID
  ) throws(CryptoError) -> Statement {
    let masked = MaskedCitizen(citizen)
    func word(_ word: String?) -> Bind { .optional(word, .text) { .text($0) } }
    return Statement(
      """
      WITH put AS (
        UPDATE work_order_content SET content = $4, sealed = $5, data_key = $6, name_masked = $7, phone_masked = $8, address_masked = $9,
          phone_code = $10, version = version + 1
        WHERE tenant_id = $1 AND order_id = $2 AND version = $3 RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM put), 'JS001')
      """,
      [
        .int4(tenant.number), .uuid(order), .int4(version), .text(content),
        citizen.isEmpty ? .null(.bytea) : .bytea(try ring.seal(citizen, of: order)), citizen.isEmpty ? .null(.int4) : .int4(ring.current),
        word(masked.name), word(masked.phone), word(masked.address),
        .optional(try ring.phoneCode(of: citizen), .bytea) { .bytea($0) },
      ])
  }

  /// What is still sealed with another key than one, a batch at a time.
  package static func sealedOtherwise(than key: Int32, limit: Int32, in tenant: TenantID) -> Query<
    (order: UUIDv7, sealed: [UInt8], key: Int32, version: Int32)
  > {
    Query(
      """
      SELECT order_id, sealed, data_key, version FROM work_order_content \
      WHERE tenant_id = $1 AND data_key IS NOT NULL AND data_key <> $2 ORDER BY data_key, order_id LIMIT $3
      """, [.int4(tenant.number), .int4(key), .int4(limit)]
    ) { row throws(DecodingFailure) in (try row.identifier(0), try row.bytea(1), try row.int32(2), try row.int32(3)) }
  }

  /// Puts newly sealed data in the place of the same, each where it is still of the version read; touches nothing else.
  package static func reseal(
    _ rows: [(order: UUIDv7, sealed: [UInt8], version: Int32)], key: Int32, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      UPDATE work_order_content c SET sealed = n.sealed, data_key = $5
      FROM unnest($2::uuid[], $3::bytea[], $4::int[]) AS n (order_id, sealed, version)
      WHERE c.tenant_id = $1 AND c.order_id = n.order_id AND c.version = n.version
      """,
      [
        .int4(tenant.number), .uuidArray(rows.map { ($0.order.high, $0.order.low) }), .byteaArray(rows.map(\.sealed)),
        .int4Array(rows.map(\.version)), .int4(key),
      ])
  }
}
