// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres

/// What was confirmed, frozen; there is no statement that changes any of it.
package enum SnapshotStore {
  /// The constraint that a second snapshot in one place violates.
  package static let placeConstraint = "settlement_snapshot_place"

  /// A snapshot as it is stored.
  package struct Stored: Sendable {
    package let payment: String
    package let place: Int32
    package let bytes: [UInt8]
    package let checksum: [UInt8]
    package let confirmed: Instant
    package let figures: JSON

    /// Whether the bytes are those that were confirmed.
    package var isIntact: Bool { (try? SHA256.digest(of: bytes)) == checksum }

    /// Whether what later statements build on is what the snapshot says.
    package var figuresAgree: Bool {
      guard let statement = snapshot.flatMap({ ConfirmedStatement(statement: $0.statement) }) else { return false }
      return (try? ConfirmedStatement.shape.decode(figures).get()) == statement
    }

    /// The snapshot; nil where its bytes are damaged or are of a form that this version does not know.
    package var snapshot: StatementSnapshot? {
      isIntact ? try? StatementSnapshot.shape.decode(bytes: bytes).get() : nil
    }
  }

  private static let columns: SQL = "payment, place, bytes, sha256, confirmed_at, figures"
  private static let one: SQL =
    "SELECT \(columns) FROM settlement_snapshot WHERE tenant_id = $1 AND contract_id = $2 AND payment = $3"

  private static let stored: @Sendable (Row) throws(DecodingFailure) -> Stored = { row throws(DecodingFailure) in
    Stored(
      payment: try row.text(0), place: try row.int32(1), bytes: try row.bytea(2), checksum: try row.bytea(3),
      confirmed: try row.instant(4), figures: try row.json(5))
  }

  package static func one(_ name: SettlementStore.Name) -> Query<Stored> {
    Query(one, [.int4(name.tenant.number), .text(name.contract), .text(name.payment)], decode: stored)
  }

  /// What is confirmed of all contracts of an office: contract and payment, in the order of confirmation.
  package static func names(in tenant: TenantID) -> Query<SettlementStore.Name> {
    Query(
      "SELECT contract_id, payment FROM settlement_snapshot WHERE tenant_id = $1 ORDER BY contract_id, place", [.int4(tenant.number)]
    ) { row throws(DecodingFailure) in
      SettlementStore.Name(tenant: tenant, contract: try row.text(0), payment: try row.text(1))
    }
  }

  /// What a contract's confirmed statements leave to later ones, in the order of confirmation.
  package static func confirmed(of contract: String, in tenant: TenantID) -> Query<Figures> {
    Query(
      "SELECT payment, figures FROM settlement_snapshot WHERE tenant_id = $1 AND contract_id = $2 ORDER BY place",
      [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in
      let name = SettlementStore.Name(tenant: tenant, contract: contract, payment: try row.text(0))
      return Figures(name: name, statement: try? ConfirmedStatement.shape.decode(try row.json(1)).get())
    }
  }

  /// What one statement leaves to later ones, as it is stored beside the snapshot.
  package struct Figures: Sendable {
    package let name: SettlementStore.Name
    /// Nil where it cannot be read.
    let statement: ConfirmedStatement?

    /// What it leaves; where that cannot be read it is found in the snapshot.
    ///
    /// - Throws: `StoredDocumentError` when that is damaged too.
    func resolved(_ stored: () async throws -> Stored?) async throws -> ConfirmedStatement {
      if let statement { return statement }
      guard let snapshot = try await stored()?.snapshot, let statement = ConfirmedStatement(statement: snapshot.statement) else {
        throw StoredDocumentError.snapshot(name.contract, name.payment)
      }
      return statement
    }
  }

  /// Holds up whoever records anything under a contract until the transaction ends, and waits for those who have begun.
  package static func lock(_ contract: String, in tenant: TenantID) -> Statement {
    // Every row that refers to the contract takes a share of its key.
    Statement(
      "SELECT 1 FROM contract WHERE tenant_id = $1 AND contract_id = $2 FOR UPDATE", [.int4(tenant.number), .text(contract)])
  }

  /// Fails with `SQLState.recordMoved` unless the contract's facts, papers and confirmed statements are those of a dossier.
  package static func demandUnmoved(_ dossier: Dossier, in tenant: TenantID) -> Statement {
    Statement(
      """
      SELECT demand(
        (SELECT count(*) FROM contract_revision WHERE tenant_id = $1 AND contract_id = $2) = $3
        AND (SELECT count(*) FROM settlement_snapshot WHERE tenant_id = $1 AND contract_id = $2) = $4
        AND NOT EXISTS (
          SELECT FROM (
            SELECT id FROM fact f WHERE tenant_id = $1 AND contract_id = $2 AND voids IS NULL
              AND NOT EXISTS (SELECT FROM fact v WHERE v.tenant_id = $1 AND v.voids = f.id)) standing
          FULL JOIN unnest($5::uuid[]) AS seen (id) ON seen.id = standing.id
          WHERE seen.id IS NULL OR standing.id IS NULL), 'JS003')
      """,
      [
        .int4(tenant.number), .text(dossier.contract.id), .int8(Int64(dossier.sources.papers.count)), .int8(Int64(dossier.confirmed.count)),
        .uuidArray(dossier.facts.map { ($0.id.high, $0.id.low) }),
      ])
  }

  /// Waits for whoever confirms a statement of the contract, and fails with `SQLState.periodConfirmed` when that of a payment is confirmed.
  ///
  /// - Parameter isCorrection: whether what is recorded may correct a confirmed statement.
  static func demandUnconfirmed(
    _ payment: String, of contract: String, unless isCorrection: Bool, in tenant: TenantID
  ) -> [Statement] {
    let wait = Statement(
      "SELECT 1 FROM contract WHERE tenant_id = $1 AND contract_id = $2 FOR KEY SHARE", [.int4(tenant.number), .text(contract)])
    if isCorrection { return [wait] }
    return [
      wait,
      Statement(
        """
        SELECT demand(NOT EXISTS (
          SELECT FROM settlement_snapshot WHERE tenant_id = $1 AND contract_id = $2 AND payment = $3), 'JS005')
        """, [.int4(tenant.number), .text(contract), .text(payment)]),
    ]
  }

  /// Freezes a snapshot in the place behind those that are there.
  package static func add(
    _ snapshot: StatementSnapshot, _ figures: ConfirmedStatement, at now: Instant, as name: SettlementStore.Name
  ) throws -> Statement {
    let bytes = snapshot.bytes
    var writer = JSONWriter()
    figures.write(to: &writer)
    return Statement(
      """
      INSERT INTO settlement_snapshot (tenant_id, contract_id, payment, place, bytes, sha256, confirmed_at, figures) \
      SELECT $1, $2, $3, count(*) + 1, $4, $5, $6, $7 FROM settlement_snapshot WHERE tenant_id = $1 AND contract_id = $2
      """,
      [
        .int4(name.tenant.number), .text(name.contract), .text(name.payment), .bytea(bytes), .bytea(try SHA256.digest(of: bytes)),
        .instant(now), .jsonb(writer.bytes),
      ])
  }
}

extension SQLState {
  /// The error that undoes a transaction when a contract's record has moved on since it was read.
  package static let recordMoved: SQLState = "JS003"
  /// The error that undoes what would count in a period whose statement is confirmed.
  package static let periodConfirmed: SQLState = "JS005"
}
