// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// A look at the obligations of one contract of an office, at the contract that waits longest for one.
///
/// What it decides rests on the contract and the facts as they are within its transaction, never on what was worked out before; the book only
/// says what has been told. So facts that were recorded or voided meanwhile, a paper, a calendar's new year change what is told.
package struct ObligationLook: Sendable {
  /// How many tellings one transaction holds.
  private static let batch = 200

  package struct Outcome: Sendable {
    package let contract: String
    /// How many entries changed.
    package let changed: Int
    package let told: Int
    /// Why the contract's obligations cannot be worked out; it is looked at again when something is recorded, and the next day.
    package let failure: (any Error)?
  }

  let tenant: TenantID
  let now: Instant
  let identity: @Sendable (Instant) -> UUIDv7

  package init(in tenant: TenantID, at now: Instant, identity: @escaping @Sendable (Instant) -> UUIDv7) {
    (self.tenant, self.now, self.identity) = (tenant, now, identity)
  }

  /// Looks, in a transaction in the office's context.
  ///
  /// - Returns: nil when no contract waits that another server has not taken up.
  /// - Throws: what the database throws.
  package func perform(by transaction: Transaction) async throws -> Outcome? {
    let claim = ObligationStore.claim(at: now, in: tenant)
    let results = try await transaction.rows([ObligationStore.openBooks(in: tenant), claim.statement])
    guard let claimed = try results[1].decoded(by: claim).first else { return nil }
    let contract = claimed.contract
    let entries = ObligationStore.entries(of: contract, in: tenant)
    let known = try await transaction.rows([ObligationStore.takeChanges(of: contract, in: tenant), entries.statement])
    let book = ObligationBook(try known[1].decoded(by: entries), isNew: claimed.isNew)
    let review: ObligationBook.Review
    do {
      guard let dossier = try await Dossier.read(of: contract, in: tenant, by: transaction) else {
        return try await close(contract, failure: nil, by: transaction)
      }
      review = book.review(try dossier.settlement(asOf: now.date).obligations(at: now), at: now, limit: Self.batch)
    } catch let error as PostgresError {
      throw error
    } catch {
      return try await close(contract, failure: error, by: transaction)
    }
    _ = try await transaction.rows(statements(of: review, contract))
    return Outcome(contract: contract, changed: review.entries.count, told: review.tellings.count, failure: nil)
  }

  private func statements(of review: ObligationBook.Review, _ contract: String) -> [Statement] {
    var statements = [ObligationStore.close(contract, until: review.next, in: tenant)]
    if !review.entries.isEmpty { statements.append(ObligationStore.put(review.entries, of: contract, in: tenant)) }
    if !review.tellings.isEmpty {
      let notices = review.tellings.map {
        NoticeStore.New(id: identity(now), kind: $0.kind.rawValue, subject: $0.obligation, data: $0.data)
      }
      statements.append(NoticeStore.add(notices, about: "obligation", of: contract, to: .both, needing: .contractRead, at: now, in: tenant))
    }
    return statements
  }

  private func close(_ contract: String, failure: (any Error)?, by transaction: Transaction) async throws -> Outcome {
    let tomorrow = try now.adding(microseconds: Instant.day)
    _ = try await transaction.rows(ObligationStore.close(contract, until: tomorrow, in: tenant))
    return Outcome(contract: contract, changed: 0, told: 0, failure: failure)
  }
}
