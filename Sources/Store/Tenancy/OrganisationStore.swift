// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The offices, vendors and the platform's own organisation that people belong to.
package enum OrganisationStore {
  /// The constraint that a code taken twice violates.
  package static let codeConstraint = "organisation_pkey"

  package struct Organisation: Sendable, Equatable {
    package let code: String
    package let kind: Side
    package let name: Text
    package let version: Int32
  }

  private static let columns: SQL = "code, kind, name_zh, name_en, version"

  package static func one(_ code: String) -> Query<Organisation> {
    Query("SELECT \(columns) FROM organisation WHERE code = $1", [.text(code)], decode: organisation)
  }

  /// Organisations by code, those behind `after` only.
  package static func page(after: String?, limit: Int32) -> Query<Organisation> {
    Query(
      "SELECT \(columns) FROM organisation WHERE code > $1 ORDER BY code LIMIT $2", [.text(after ?? ""), .int4(limit)],
      decode: organisation)
  }

  /// Those of the given codes that are known.
  package static func list(_ codes: [String]) -> Query<Organisation> {
    Query("SELECT \(columns) FROM organisation WHERE code = ANY ($1) ORDER BY code", [.textArray(codes)], decode: organisation)
  }

  package static func add(_ code: String, kind: Side, name: Text, at now: Instant) -> Statement {
    Statement(
      "INSERT INTO organisation (code, kind, name_zh, name_en, created_at) VALUES ($1, $2, $3, $4, $5)",
      [.text(code), .text(kind.rawValue), .text(name.zh), .text(name.en), .instant(now)])
  }

  /// Makes an organisation of this code known, or renames it; touches no row when it is so already.
  ///
  /// What kind it is never changes: an office does not become a vendor, so one of another kind is not touched either. Look first.
  package static func put(_ code: String, kind: Side, name: Text, at now: Instant) -> Statement {
    Statement(
      """
      INSERT INTO organisation AS old (code, kind, name_zh, name_en, created_at) VALUES ($1, $2, $3, $4, $5) \
      ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, version = old.version + 1 \
      WHERE old.kind = excluded.kind AND (old.name_zh, old.name_en) IS DISTINCT FROM (excluded.name_zh, excluded.name_en)
      """, [.text(code), .text(kind.rawValue), .text(name.zh), .text(name.en), .instant(now)])
  }

  /// The code of the organisation of those who run the platform.
  package static let platform = "platform"

  /// Makes the platform's own organisation known; touches no row when it is so already.
  package static func putPlatform(at now: Instant) -> Statement {
    put(platform, kind: .platform, name: Text(zh: "平台", en: "Platform"), at: now)
  }

  /// Renames an organisation of a known version; gives no row when it is not that any more.
  package static func rename(_ code: String, version: Int32, name: Text) -> Query<Organisation> {
    Query(
      """
      UPDATE organisation SET name_zh = $3, name_en = $4, version = version + 1 WHERE code = $1 AND version = $2 RETURNING \(columns)
      """, [.text(code), .int4(version), .text(name.zh), .text(name.en)], decode: organisation)
  }

  private static let organisation: @Sendable (Row) throws(DecodingFailure) -> Organisation = { row throws(DecodingFailure) in
    Organisation(
      code: try row.text(0), kind: try row.word(1, Side.self), name: Text(zh: try row.text(2), en: try row.text(3)),
      version: try row.int32(4))
  }
}
