// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres

/// A key of an office as it is stored, sealed.
package struct DataKey: Sendable, Equatable {
  package enum Purpose: String, Sendable, CaseIterable { case citizen, phone }

  package let number: Int32
  package let purpose: Purpose
  /// Which master key it is sealed with.
  package let master: Int32
  package let sealed: [UInt8]
  package let isRetired: Bool
}

/// Statements on an office's keys; the caller runs them in its context.
package enum DataKeyStore {
  /// The constraints that two servers meet which make a key at once.
  package static let constraints = ["data_key_pkey", "data_key_in_use"]

  package static func all(in tenant: TenantID) -> Query<DataKey> {
    Query(
      "SELECT number, purpose, master, sealed, retired_at IS NOT NULL FROM data_key WHERE tenant_id = $1 ORDER BY number",
      [.int4(tenant.number)]
    ) { row throws(DecodingFailure) in
      DataKey(
        number: try row.int32(0), purpose: try row.word(1), master: try row.int32(2), sealed: try row.bytea(3), isRetired: try row.bool(4))
    }
  }

  package static func add(
    _ key: SymmetricKey, number: Int32, purpose: DataKey.Purpose, sealedBy masters: MasterKeys, at now: Instant, in tenant: TenantID
  ) throws(CryptoError) -> Statement {
    let (master, sealed) = try masters.seal(key, number: number, purpose: purpose, of: tenant.number)
    return Statement(
      "INSERT INTO data_key (tenant_id, number, purpose, master, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
      [.int4(tenant.number), .int4(number), .text(purpose.rawValue), .int4(master), .bytea(sealed), .instant(now)])
  }

  /// Lets a key seal nothing new.
  package static func retire(_ number: Int32, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      "UPDATE data_key SET retired_at = $3 WHERE tenant_id = $1 AND number = $2 AND retired_at IS NULL",
      [.int4(tenant.number), .int4(number), .instant(now)])
  }

  /// Seals a key with the master key that seals now; touches no row where that is so already.
  package static func reseal(_ key: DataKey, with masters: MasterKeys, in tenant: TenantID) throws(CryptoError) -> Statement {
    let (master, sealed) = try masters.seal(
      try masters.open(key, of: tenant.number), number: key.number, purpose: key.purpose, of: tenant.number)
    return Statement(
      "UPDATE data_key SET master = $3, sealed = $4 WHERE tenant_id = $1 AND number = $2 AND master <> $3",
      [.int4(tenant.number), .int4(key.number), .int4(master), .bytea(sealed)])
  }

  /// Removes keys that were retired before an instant and that nothing is sealed with any more.
  package static func forgetUnused(retiredBefore instant: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      DELETE FROM data_key k WHERE tenant_id = $1 AND retired_at < $2 \
      AND NOT EXISTS (SELECT FROM work_order_content c WHERE c.tenant_id = k.tenant_id AND c.data_key = k.number) \
      AND NOT EXISTS (SELECT FROM key_complainant c WHERE c.tenant_id = k.tenant_id AND c.data_key = k.number) \
      AND NOT EXISTS (SELECT FROM complainant_record c WHERE c.tenant_id = k.tenant_id AND c.data_key = k.number)
      """, [.int4(tenant.number), .instant(instant)])
  }
}
