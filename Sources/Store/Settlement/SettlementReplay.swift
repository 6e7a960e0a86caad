// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres

/// A confirmed statement settled again from the facts, papers and rules on record that it names, and compared with what was confirmed.
package struct SettlementReplay: Sendable {
  /// Something that is not as it was.
  package enum Finding: Sendable, Hashable {
    /// The stored bytes are not those that the digest was made of.
    case damaged
    /// The stored bytes have no form that this version knows.
    case unreadable
    /// A fact that it names is not on record.
    case missingFact(UUIDv7)
    /// A paper or a rule pack that it names is not on record as it was.
    case missingDocument(String, Int)
    case cannotSettle(Text)
    /// Settled again, it is another statement, or rests on other facts.
    case differs
  }

  package let payment: String
  /// SHA-256 of what was confirmed, and of what was made now; nil where nothing could be made.
  package let stored: [UInt8]
  package let recomputed: [UInt8]?
  package let findings: [Finding]
  /// The statement that was made now.
  package let statement: SettlementStatement?

  package var isEqual: Bool { findings.isEmpty && recomputed == stored }

  /// Settles a stored snapshot again, in a transaction in the office's context.
  package static func run(
    _ stored: SnapshotStore.Stored, as name: SettlementStore.Name, by transaction: Transaction
  ) async throws -> SettlementReplay {
    var findings: [Finding] = stored.isIntact ? [] : [.damaged]
    guard case .success(let snapshot) = StatementSnapshot.shape.decode(bytes: stored.bytes) else {
      return SettlementReplay(
        payment: stored.payment, stored: stored.checksum, recomputed: nil, findings: findings.isEmpty ? [.unreadable] : findings,
        statement: nil)
    }
    let wanted = snapshot.inputs.facts.map(\.id)
    let facts = try await transaction.query(FactStore.facts(wanted, of: name.contract, in: name.tenant))
    let found = Set(facts.map(\.id))
    findings += wanted.filter { !found.contains($0) }.map { .missingFact($0) }
    let papers = try await transaction.query(RevisionStore.list(of: name.contract, in: name.tenant)).filter { paper in
      snapshot.inputs.papers.contains(.init(paper))
    }
    let packs = try await transaction.query(RulePackStore.list()).filter { snapshot.inputs.packs.contains(.init($0)) }
    let known = papers.map { StatementSnapshot.Document($0) } + packs.map { StatementSnapshot.Document($0) }
    for document in snapshot.inputs.papers + snapshot.inputs.packs where !known.contains(document) {
      findings.append(.missingDocument(document.name, document.revision))
    }
    do {
      let again = try snapshot.replayed(
        try RevisionStore.contract(papers), packs: try RulePackStore.packs(packs), facts: facts)
      let digest = try SHA256.digest(of: again.snapshot.bytes)
      if digest != stored.checksum { findings.append(.differs) }
      return SettlementReplay(
        payment: stored.payment, stored: stored.checksum, recomputed: digest, findings: findings, statement: again.statement)
    } catch {
      findings.append(.cannotSettle(Self.reason(error)))
      return SettlementReplay(payment: stored.payment, stored: stored.checksum, recomputed: nil, findings: findings, statement: nil)
    }
  }

  private static func reason(_ error: any Error) -> Text {
    switch error {
    case let error as SettlementError: error.text
    case let error as CalendarError: error.text
    default: Text(zh: "合同文件无法读取。", en: "The contract's papers cannot be read.")
    }
  }
}

extension SettlementReplay.Finding {
  /// Stable, in kebab-case.
  package var code: String {
    switch self {
    case .damaged: "snapshot-damaged"
    case .unreadable: "snapshot-unreadable"
    case .missingFact: "fact-missing"
    case .missingDocument: "document-missing"
    case .cannotSettle: "cannot-settle"
    case .differs: "differs"
    }
  }

  package var text: Text {
    switch self {
    case .damaged: Text(zh: "快照的内容与确认时的摘要不符，已损坏。", en: "The snapshot's bytes are not what its digest says: they are damaged.")
    case .unreadable: Text(zh: "本版本不认识快照的格式。", en: "The snapshot has a form that this version does not know.")
    case .missingFact(let id): Text(zh: "所依据的事实 \(id) 已不在。", en: "The fact \(id) that it rests on is not on record.")
    case .missingDocument(let name, let revision):
      Text(zh: "所依据的文件 \(name)/\(revision) 已不是当时的内容。", en: "The document \(name)/\(revision) that it rests on is not on record as it was.")
    case .cannotSettle(let reason): Text(zh: "无法重算：", en: "It cannot be settled again: ") + reason
    case .differs: Text(zh: "重算结果与确认的快照不同。", en: "Settled again, it is not what was confirmed.")
    }
  }
}
