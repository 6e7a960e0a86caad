// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// What the last `tenant apply` stored of a tenant's directory, file by file; the statements run in the office's context.
package enum TenantFileStore {
  package struct File: Sendable, Equatable {
    /// Within the tenant's directory.
    package let path: String
    package let document: JSON
    /// SHA-256 of the document's canonical form.
    package let checksum: [UInt8]
    package let applied: Instant
  }

  package static func list(in tenant: TenantID) -> Query<File> {
    Query("SELECT path, document, sha256, applied_at FROM tenant_file WHERE tenant_id = $1 ORDER BY path", [.int4(tenant.number)]) {
      row throws(DecodingFailure) in
      File(path: try row.text(0), document: try row.json(1), checksum: try row.bytea(2), applied: try row.instant(3))
    }
  }

  /// Stores a file's document; touches no row when it is stored already.
  package static func put(
    _ path: String, _ document: JSON, checksum: [UInt8], by user: UUIDv7?, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO tenant_file AS old (tenant_id, path, document, sha256, applied_at, applied_by) VALUES ($1, $2, $3, $4, $5, $6) \
      ON CONFLICT (tenant_id, path) DO UPDATE SET document = excluded.document, sha256 = excluded.sha256, \
      applied_at = excluded.applied_at, applied_by = excluded.applied_by WHERE old.sha256 <> excluded.sha256
      """,
      [
        .int4(tenant.number), .text(path), .json(document), .bytea(checksum), .instant(now),
        .optional(user, .uuid) { .uuid($0) },
      ])
  }

  package static func remove(_ path: String, in tenant: TenantID) -> Statement {
    Statement("DELETE FROM tenant_file WHERE tenant_id = $1 AND path = $2", [.int4(tenant.number), .text(path)])
  }
}
