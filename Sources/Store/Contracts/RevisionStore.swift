// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The papers of an office's contracts as they were applied, each written once; the statements run in the office's context.
package enum RevisionStore {
  package struct Revision: Sendable {
    package let contract: String
    /// In the order in which the papers were applied, from 1; which one governs is a matter of `effectiveFrom`.
    package let number: Int32
    package let kind: ContractDocument.Revision.Kind
    package let effectiveFrom: CivilDate
    package let document: JSON
    /// SHA-256 of the document's canonical form.
    package let checksum: [UInt8]
    package let applied: Instant
    /// Nil for the command line.
    package let appliedBy: UUIDv7?
  }

  private static let columns: SQL = "contract_id, revision, kind, effective_from, document, sha256, applied_at, applied_by"
  private static let all: SQL =
    "SELECT \(columns) FROM contract_revision WHERE tenant_id = $1 ORDER BY contract_id, effective_from, revision"
  private static let ofContract: SQL =
    "SELECT \(columns) FROM contract_revision WHERE tenant_id = $1 AND contract_id = $2 ORDER BY effective_from, revision"
  private static let one: SQL =
    "SELECT \(columns) FROM contract_revision WHERE tenant_id = $1 AND contract_id = $2 AND revision = $3"

  /// Every paper of every contract, in the order of effect.
  package static func list(in tenant: TenantID) -> Query<Revision> { Query(all, [.int4(tenant.number)], decode: revision) }

  /// A contract's papers in the order of effect.
  package static func list(of contract: String, in tenant: TenantID) -> Query<Revision> {
    Query(ofContract, [.int4(tenant.number), .text(contract)], decode: revision)
  }

  package static func one(_ number: Int32, of contract: String, in tenant: TenantID) -> Query<Revision> {
    Query(one, [.int4(tenant.number), .text(contract), .int4(number)], decode: revision)
  }

  /// Adds a paper under the next number; there is no statement that changes one.
  ///
  /// - Parameter user: nil for the command line.
  package static func add(_ paper: OfficeState.Paper, by user: UUIDv7?, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO contract_revision (tenant_id, contract_id, revision, kind, effective_from, document, sha256, applied_at, applied_by) \
      SELECT $1, $2, coalesce(max(revision), 0) + 1, $3, $4, $5, $6, $7, $8 FROM contract_revision \
      WHERE tenant_id = $1 AND contract_id = $2
      """,
      [
        .int4(tenant.number), .text(paper.contract), .text(paper.kind.rawValue), .civilDate(paper.effectiveFrom),
        .json(paper.document.json), .bytea(paper.document.digest), .instant(now), .optional(user, .uuid) { .uuid($0) },
      ])
  }

  /// The constraint that two papers under one number violate.
  package static let numberConstraint = "contract_revision_pkey"

  /// Adds a paper behind those that its author knew of; fails with `SQLState.changed` when there are more by now.
  ///
  /// - Parameter known: how many papers the contract has.
  package static func add(
    _ paper: OfficeState.Paper, behind known: Int32, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH last AS (SELECT max(revision) AS number FROM contract_revision WHERE tenant_id = $1 AND contract_id = $2),
        held AS MATERIALIZED (SELECT demand(number = $9, 'JS001') FROM last)
      INSERT INTO contract_revision (tenant_id, contract_id, revision, kind, effective_from, document, sha256, applied_at, applied_by) \
      SELECT $1, $2, $9 + 1, $3, $4, $5, $6, $7, $8 FROM held
      """,
      [
        .int4(tenant.number), .text(paper.contract), .text(paper.kind.rawValue), .civilDate(paper.effectiveFrom),
        .json(paper.document.json), .bytea(paper.document.digest), .instant(now), .uuid(user), .int4(known),
      ])
  }

  /// Puts a contract together from its papers.
  ///
  /// - Parameter revisions: all of one contract, in any order.
  /// - Throws: `StoredDocumentError` for what this version cannot read.
  package static func contract(_ revisions: [Revision]) throws(StoredDocumentError) -> Contract {
    var documents: [ContractDocument] = []
    for revision in revisions {
      switch ContractDocument.shape.decode(revision.document) {
      case .success(let document): documents.append(document)
      case .failure(let faults): throw .contract(revision.contract, revision.number, faults)
      }
    }
    do throws(Contract.ChainError) {
      return try Contract(documents)
    } catch {
      throw .chain(revisions.first?.contract ?? "", error)
    }
  }

  private static let revision: @Sendable (Row) throws(DecodingFailure) -> Revision = { row throws(DecodingFailure) in
    Revision(
      contract: try row.text(0), number: try row.int32(1), kind: try row.word(2), effectiveFrom: try row.civilDate(3),
      document: try row.json(4), checksum: try row.bytea(5), applied: try row.instant(6), appliedBy: try row.optional(7, row.identifier))
  }
}

/// A document that is stored and that this version of the program cannot read.
package enum StoredDocumentError: Error, Sendable, Equatable {
  case contract(String, Int32, Faults)
  case chain(String, Contract.ChainError)
  case rulePack(String, Faults)
  case ruleTable(String, Faults)
  case rosterRules(Int32, Faults)
  case intakeMap(String, Faults)
  /// What was confirmed of a contract's payment.
  case snapshot(String, String)
}
