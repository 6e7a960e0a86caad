// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// A step as it is judged by what stands on record, and what it writes.
struct SettlementStep {
  private let step: SettlementLife.Step
  private let saying: SettlementStepRoutes.Saying
  private let tag: EntityTag
  private let call: Call
  private let services: Services
  private let name: SettlementStore.Name

  init(
    _ step: SettlementLife.Step, _ saying: SettlementStepRoutes.Saying, _ tag: EntityTag, _ call: Call, _ services: Services
  ) throws {
    (self.step, self.saying, self.tag, self.call, self.services) = (step, saying, tag, call, services)
    name = SettlementStore.Name(tenant: try call.office.tenant, contract: try call.variable(1), payment: try call.variable(2))
  }

  func deed() async throws -> Deed {
    let found = try await services.lanes.first(SettlementStore.life(of: name), in: .tenant(name.tenant.number))
    if found == nil { try await expectPayment() }
    let life = found ?? .draft
    guard tag.version == Int64(life.version) else { throw Problem.changedSince }
    let state: SettlementLife.State
    do throws(SettlementLife.Refusal) {
      state = try life.state(after: step, by: try user, of: try side)
    } catch {
      throw Problem(error)
    }
    var proposal = life.proposal
    var before: [Statement] = []
    var after: [Statement] = []
    switch step {
    case .propose: proposal = try await propose()
    case .withdraw: proposal = nil
    case .confirm: (proposal, before, after) = try await confirm(life, isSecond: state == .confirmed)
    case .acknowledge, .dispute, .answer: try await expectIntact()
    case .close:
      try await expectIntact()
      try await expectPaid()
    }
    let next = SettlementLife(state: state, proposal: proposal, version: life.version + 1)
    let taking = SettlementStore.Taking(step, from: life.version, to: next, by: try user, note: saying.note, at: call.now)
    let note = try call.note(
      "settlement.\(step.rawValue)", "settlement", "\(name.contract)/\(name.payment)", ["state": .string(state.rawValue)],
      id: services.identities.next(at: call.now))
    return Deed(statements: before + SettlementStore.take(taking, of: name) + after + [note], answer: receipt(next))
  }

  private var user: UUIDv7 { get throws(SettlementLife.Refusal) { try identity().user } }
  private var side: Side { get throws(SettlementLife.Refusal) { try identity().side } }

  /// Who takes the step; the route has let nobody in without a session.
  private func identity() throws(SettlementLife.Refusal) -> (user: UUIDv7, side: Side) {
    guard let user = try? call.principal.user, let side = try? call.office.membership.side else { throw .notYourSide(step) }
    return (user, side)
  }

  // MARK: Steps

  private func propose() async throws -> SettlementLife.Proposal {
    let dossier = try await services.dossier(of: name.contract, for: call)
    guard !dossier.confirmed.contains(where: { $0.payment == name.payment }) else { throw Problem.changedSince }
    let day = saying.asOf ?? call.now.date
    if day > call.now.date { throw Self.badDay(Text(zh: "不得晚于今日。", en: "This must not be after today.")) }
    if let last = dossier.confirmed.map(\.asOf).max(), day < last {
      throw Self.badDay(Text(zh: "不得早于上一份已确认结算单的 \(last)。", en: "This must not be before \(last), the day of a confirmed statement."))
    }
    let settlement = try dossier.settlement(asOf: day)
    let (snapshot, statement) = try dossier.snapshot(of: name.payment, asOf: day)
    let open = settlement.openBefore(name.payment)
    guard open.isEmpty else {
      let list = open.joined(separator: ", ")
      throw Problem.conflict(
        "earlier-open", Text(zh: "须先确认此前各期：\(list)。", en: "The statements before it must be confirmed first: \(list)."))
    }
    if let running = statement.pending.first(where: { $0.code == "period-running" }) {
      throw Problem.conflict("period-running", running.text)
    }
    return SettlementLife.Proposal(
      by: try user, asOf: day, digest: try SHA256.digest(of: snapshot.statementBytes), firstConfirmation: nil)
  }

  private static func badDay(_ detail: Text) -> Problem {
    Problem(Faults([Fault(pointer: "/asOf", code: "out-of-range", detail: detail)]))
  }

  /// Confirms what was proposed and nothing else; the second confirmation freezes it, with whoever records anything held up meanwhile.
  private func confirm(
    _ life: SettlementLife, isSecond: Bool
  ) async throws -> (SettlementLife.Proposal?, before: [Statement], after: [Statement]) {
    guard let proposal = life.proposal else { throw Problem(.notNow(.confirm, life.state)) }
    let dossier = try await services.dossier(of: name.contract, for: call)
    // Somebody else's confirmation may have come between the two readings.
    guard !dossier.confirmed.contains(where: { $0.payment == name.payment }) else { throw Problem.changedSince }
    let (snapshot, statement) = try dossier.snapshot(of: name.payment, asOf: proposal.asOf)
    guard try SHA256.digest(of: snapshot.statementBytes) == proposal.digest else {
      throw Problem.conflict(
        "statement-changed",
        Text(
          zh: "提出之后记录有变，结算单已不是所提出的：请撤回后重新提出。",
          en: "What is on record has changed since: this is not the statement that was proposed. Withdraw it and propose it anew."))
    }
    let confirmed = SettlementLife.Proposal(
      by: proposal.by, asOf: proposal.asOf, digest: proposal.digest, firstConfirmation: try proposal.firstConfirmation ?? user)
    guard isSecond else { return (confirmed, [], []) }
    return (
      confirmed,
      [SnapshotStore.lock(name.contract, in: name.tenant), SnapshotStore.demandUnmoved(dossier, in: name.tenant)],
      [try SnapshotStore.add(snapshot, try ConfirmedStatement(statement), at: call.now, as: name)]
    )
  }

  // MARK: Conditions

  /// Refuses what the contract foresees no payment by.
  private func expectPayment() async throws {
    let settlement = try await services.dossier(of: name.contract, for: call).settlement(asOf: call.now.date)
    guard settlement.schedule[name.payment] != nil else {
      throw Problem(SettlementError.unknownPayment(name.payment, known: settlement.schedule.payments.map(\.id)))
    }
  }

  private func expectIntact() async throws {
    let stored = try await services.lanes.first(SnapshotStore.one(name), in: .tenant(name.tenant.number))
    guard let stored, stored.isIntact else { throw Problem.snapshotDamaged(name) }
  }

  /// Refuses to close what is not paid, or what the audit has not decided on where the contract leaves the price to it.
  private func expectPaid() async throws {
    let dossier = try await services.dossier(of: name.contract, for: call)
    guard let statement = dossier.confirmed.first(where: { $0.payment == name.payment }) else { throw Problem.changedSince }
    guard PaymentProgress(payable: statement.payable, of: name.payment, dossier.facts) == .paid else {
      throw Problem.conflict("not-paid", Text(zh: "尚未付清。", en: "It is not paid in full."))
    }
    let settlement = try dossier.settlement(asOf: call.now.date)
    let isAudited = dossier.facts.contains { if case .audited = $0.body { true } else { false } }
    if let payment = settlement.schedule[name.payment], payment.isLast,
      dossier.contract.revisions[payment.revision].terms.audit != nil, !isAudited
    {
      throw Problem.conflict(
        "audit-missing",
        Text(zh: "合同以审计定价，审定金额尚未记录。", en: "The contract leaves the price to the audit, and the audited amount is not recorded."))
    }
  }

  private func receipt(_ life: SettlementLife) -> Response {
    var writer = JSONWriter(capacity: 160)
    writer.beginObject()
    writer.key("payment")
    writer.string(name.payment)
    writer.key("state")
    writer.string(life.state.rawValue)
    writer.key("version")
    writer.integer(life.version)
    writer.key("confirmations")
    writer.integer(life.confirmations)
    writer.endObject()
    return .json(writer.bytes, version: Int64(life.version))
  }
}

extension SettlementLife {
  /// How many people have confirmed.
  var confirmations: Int { isConfirmed ? 2 : proposal?.firstConfirmation == nil ? 0 : 1 }
}

extension Problem {
  /// What speaks against a step, to whoever wants to take it.
  init(_ refusal: SettlementLife.Refusal) {
    switch refusal {
    case .notNow: self = .conflict(refusal.code, refusal.text)
    case .notYourSide, .ownProposal, .confirmedByYou:
      self.init(status: 403, code: refusal.code, title: Text(zh: "不得自行决定", en: "Not yours to decide"), detail: refusal.text)
    }
  }

  /// 409: what was confirmed is stored with other bytes than it was confirmed with.
  static func snapshotDamaged(_ name: SettlementStore.Name) -> Problem {
    conflict(
      "snapshot-damaged",
      Text(
        zh: "合同 \(name.contract) 的结算单 \(name.payment) 的快照已损坏，与确认时的摘要不符；请运维人员执行 jiesu doctor 与 jiesu contract replay，并从备份恢复。",
        en: """
          The snapshot of \(name.contract), \(name.payment), is damaged: it is not what its digest says. Whoever runs the deployment finds out more \
          with jiesu doctor and jiesu contract replay, and restores it from a backup.
          """))
  }
}
