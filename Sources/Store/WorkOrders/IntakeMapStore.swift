// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What the headings of an office's files mean, by name, each version written once; the statements run in the office's context.
package enum IntakeMapStore {
  /// A version of a map.
  package struct Version: Sendable {
    package let name: String
    package let number: Int32
    /// Nil for the version with which it was taken away.
    package let document: JSON?
    package let written: Instant

    package init(name: String, number: Int32, document: JSON?, written: Instant) {
      (self.name, self.number, self.document, self.written) = (name, number, document, written)
    }

    /// The map itself.
    ///
    /// - Returns: nil where it was taken away.
    /// - Throws: `StoredDocumentError` for what this version of the program cannot read.
    package func map() throws(StoredDocumentError) -> IntakeMap? {
      guard let document else { return nil }
      switch IntakeMap.shape.decode(document) {
      case .success(let map): return map
      case .failure(let faults): throw .intakeMap(name, faults)
      }
    }
  }

  private static let columns: SQL = "name, version, document, written_at"
  private static let page: SQL = """
    SELECT \(columns) FROM (
      SELECT DISTINCT ON (name) \(columns) FROM intake_map WHERE tenant_id = $1 AND name > $2 ORDER BY name, version DESC) m
    WHERE document IS NOT NULL ORDER BY name LIMIT $3
    """
  private static let latest: SQL =
    "SELECT \(columns) FROM intake_map WHERE tenant_id = $1 AND name = $2 ORDER BY version DESC LIMIT 1"
  private static let one: SQL = "SELECT \(columns) FROM intake_map WHERE tenant_id = $1 AND name = $2 AND version = $3"

  /// The latest version of every map that was not taken away, by name, those behind `after` only.
  package static func page(after: String?, limit: Int32, in tenant: TenantID) -> Query<Version> {
    Query(page, [.int4(tenant.number), .text(after ?? ""), .int4(limit)], decode: version)
  }

  /// The latest version of a map, also the one with which it was taken away.
  package static func latest(_ name: String, in tenant: TenantID) -> Query<Version> {
    Query(latest, [.int4(tenant.number), .text(name)], decode: version)
  }

  package static func one(_ name: String, _ number: Int32, in tenant: TenantID) -> Query<Version> {
    Query(one, [.int4(tenant.number), .text(name), .int4(number)], decode: version)
  }

  /// The constraint that a version written twice violates.
  package static let constraint = "intake_map_pkey"

  /// Writes the version behind a known one; fails with `SQLState.changed` when that is not the latest any more, or with the violation of
  /// ``constraint`` when another is written at the same time.
  ///
  /// - Parameters:
  ///   - document: nil takes the map away.
  ///   - known: the latest version, 0 where there is none.
  package static func put(
    _ document: JSON?, as name: String, behind known: Int32, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> [Statement] {
    [
      Statement(
        "SELECT demand((SELECT coalesce(max(version), 0) FROM intake_map WHERE tenant_id = $1 AND name = $2) = $3, 'JS001')",
        [.int4(tenant.number), .text(name), .int4(known)]),
      Statement(
        "INSERT INTO intake_map (tenant_id, name, version, document, written_by, written_at) VALUES ($1, $2, $3, $4, $5, $6)",
        [
          .int4(tenant.number), .text(name), .int4(known + 1), .optional(document, .jsonb) { .json($0) }, .uuid(user), .instant(now),
        ]),
    ]
  }

  @Sendable private static func version(_ row: Row) throws(DecodingFailure) -> Version {
    Version(name: try row.text(0), number: try row.int32(1), document: try row.optional(2, row.json), written: try row.instant(3))
  }
}
