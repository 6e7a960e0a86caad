// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
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
    let incidents: [Statement]
    do {
      guard let dossier = try await Dossier.read(of: contract, in: tenant, by: transaction) else {
        return try await close(contract, failure: nil, by: transaction)
      }
      let settlement = try dossier.settlement(asOf: now.date)
      review = book.review(try settlement.obligations(at: now), at: now, limit: Self.batch)
      incidents = try self.incidents(of: review, settlement, contract)
    } catch let error as PostgresError {
      throw error
    } catch {
      return try await close(contract, failure: error, by: transaction)
    }
    _ = try await transaction.rows(statements(of: review, contract) + incidents)
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

  // MARK: Incidents

  /// What is proposed of what was missed and of what was sent back, and what is withdrawn since it does not hold any more.
  private func incidents(of review: ObligationBook.Review, _ settlement: Settlement, _ contract: String) throws -> [Statement] {
    var statements: [Statement] = []
    if !review.restored.isEmpty {
      let numbers = try review.restored.map { try number(of: $0, contract) }
      statements.append(
        IncidentStore.withdraw(
          .obligation, numbered: numbers, because: "义务未逾期 / The duty is not missed any more.", at: now, in: tenant))
    }
    let returned = settlement.findingsOfReturned
    if settlement.contract.sendsBack {
      statements.append(
        IncidentStore.withdraw(
          .returned, of: contract, besides: try returned.map { try number(of: $0, contract) },
          because: "退回记录已作废 / The record that sent it back is voided.", at: now, in: tenant))
    }
    let proposals = try (review.missed.compactMap(settlement.finding(ofMissed:)) + returned).map { try proposal($0, contract) }
    if !proposals.isEmpty { statements.append(IncidentStore.propose(proposals, at: now, in: tenant)) }
    return statements
  }

  private func proposal(_ finding: ObligationFinding, _ contract: String) throws -> IncidentStore.SystemProposal {
    var evidence: [JSON] = [["kind": "obligation", "reference": .string(finding.obligation), "note": .string(finding.clause)]]
    var source = IncidentStore.SystemProposal.Source.obligation
    if case .returned(let fact) = finding.cause {
      evidence.append(["kind": "fact", "reference": .string("\(fact)")])
      source = .returned
    }
    // A place that nobody had held is told by the demand's identifier.
    let person = finding.subject.flatMap { UUIDv7($0) == nil ? $0 : nil }
    return IncidentStore.SystemProposal(
      id: identity(now), contract: contract, kind: finding.kind, occurred: finding.occurred, about: .duty(person: person),
      description: finding.text.zh + "\n" + finding.text.en, evidence: evidence, source: source, number: try number(of: finding, contract))
  }

  private func number(of finding: ObligationFinding, _ contract: String) throws -> String {
    switch finding.cause {
    case .missed: try number(of: finding.obligation, contract)
    case .returned(let fact): "\(fact)"
    }
  }

  /// A missed obligation's number among the proposals: its name may be longer than a number is.
  private func number(of obligation: String, _ contract: String) throws -> String {
    Hex.encode(try SHA256.digest(of: Array("\(contract)/\(obligation)".utf8)))
  }

  private func close(_ contract: String, failure: (any Error)?, by transaction: Transaction) async throws -> Outcome {
    let tomorrow = try now.adding(microseconds: Instant.day)
    _ = try await transaction.rows(ObligationStore.close(contract, until: tomorrow, in: tenant))
    return Outcome(contract: contract, changed: 0, told: 0, failure: failure)
  }
}
