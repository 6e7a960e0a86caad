// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What the city decides for everybody, as it is loaded; the same for every tenant.
package enum RulePackStore {
  package struct Loaded: Sendable {
    package let code: String
    package let number: Int32
    package let effectiveFrom: CivilDate
    package let document: JSON
    /// SHA-256 of the document's canonical form.
    package let checksum: [UInt8]
    package let applied: Instant
  }

  private static let loaded: @Sendable (Row) throws(DecodingFailure) -> Loaded = { row throws(DecodingFailure) in
    Loaded(
      code: try row.text(0), number: try row.int32(1), effectiveFrom: try row.civilDate(2), document: try row.json(3),
      checksum: try row.bytea(4), applied: try row.instant(5))
  }

  /// Every revision of every pack.
  package static func list() -> Query<Loaded> {
    Query(
      "SELECT code, revision, effective_from, document, sha256, applied_at FROM rule_pack ORDER BY code, revision", decode: loaded)
  }

  /// The latest revision of every pack.
  package static func latest() -> Query<Loaded> {
    Query(
      """
      SELECT DISTINCT ON (code) code, revision, effective_from, document, sha256, applied_at FROM rule_pack ORDER BY code, revision DESC
      """, decode: loaded)
  }

  /// Adds a revision of a pack under the next number, unless the latest one says the same.
  package static func put(_ pack: RulePack, document: JSON, checksum: [UInt8], at now: Instant) -> Statement {
    Statement(
      """
      INSERT INTO rule_pack (code, revision, effective_from, document, sha256, applied_at) \
      SELECT $1, coalesce(max(revision), 0) + 1, $2, $3, $4, $5 FROM rule_pack WHERE code = $1 \
      HAVING coalesce((array_agg(sha256 ORDER BY revision DESC))[1] <> $4, true)
      """, [.text(pack.id), .civilDate(pack.from), .json(document), .bytea(checksum), .instant(now)])
  }

  /// Puts the packs together that settlements and clocks go by.
  ///
  /// - Throws: `StoredDocumentError` for what this version cannot read.
  package static func packs(_ loaded: [Loaded]) throws(StoredDocumentError) -> RulePacks {
    var packs: [RulePack] = []
    for one in loaded {
      switch RulePack.shape.decode(one.document) {
      case .success(let pack): packs.append(pack)
      case .failure(let faults): throw .rulePack(one.code, faults)
      }
    }
    return RulePacks(packs)
  }
}
