// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// What is sealed beside the orders, for a new key to be put in the place of one; the statements run in the office's context.
package enum SealedRowStore {
  private static let complainants: SQL =
    "SELECT id, sealed, data_key FROM key_complainant WHERE tenant_id = $1 AND data_key <> $2 ORDER BY data_key, id LIMIT $3"
  private static let records: SQL =
    "SELECT id, sealed, data_key FROM complainant_record WHERE tenant_id = $1 AND data_key <> $2 ORDER BY data_key, id LIMIT $3"

  /// What is still sealed with another key than one, a batch at a time.
  package static func sealedOtherwise(
    than key: Int32, in table: KeyRing.Table, limit: Int32, of tenant: TenantID
  ) -> Query<(id: UUIDv7, sealed: [UInt8], key: Int32)> {
    let text: SQL =
      switch table {
      case .complainant: complainants
      case .record: records
      }
    return Query(text, [.int4(tenant.number), .int4(key), .int4(limit)]) { row throws(DecodingFailure) in
      (try row.identifier(0), try row.bytea(1), try row.int32(2))
    }
  }

  private static let complainant: SQL = """
    UPDATE key_complainant c SET sealed = n.sealed, data_key = $5
    FROM unnest($2::uuid[], $3::bytea[], $4::int[]) AS n (id, sealed, before) WHERE c.tenant_id = $1 AND c.id = n.id AND c.data_key = n.before
    """
  private static let record: SQL = """
    UPDATE complainant_record c SET sealed = n.sealed, data_key = $5
    FROM unnest($2::uuid[], $3::bytea[], $4::int[]) AS n (id, sealed, before) WHERE c.tenant_id = $1 AND c.id = n.id AND c.data_key = n.before
    """

  /// Puts newly sealed data in the place of the same, each where the key that it was sealed with is still its key.
  package static func reseal(
    _ rows: [(id: UUIDv7, sealed: [UInt8], before: Int32)], key: Int32, in table: KeyRing.Table, of tenant: TenantID
  ) -> Statement {
    let text: SQL =
      switch table {
      case .complainant: complainant
      case .record: record
      }
    return Statement(
      text,
      [
        .int4(tenant.number), .uuidArray(rows.map { ($0.id.high, $0.id.low) }), .byteaArray(rows.map(\.sealed)),
        .int4Array(rows.map(\.before)), .int4(key),
      ])
  }
}
