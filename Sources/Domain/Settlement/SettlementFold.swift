// SPDX-License-Identifier: Apache-2.0
import Base

/// Settles payment after payment, and carries from one to the next what the vendor still owes, what is withheld, and what caps have left.
struct SettlementFold {
  private let settlement: Settlement
  private var finder: CaseFinder
  private var limits = Limits()
  private var firing: [String: FiringState] = [:]
  /// What the vendor still owes: of all confirmed statements, wherever in the plan they stand, and of the open ones so far.
  private var carried = Fen.zero
  private var corrections: Corrections
  private(set) var standing: [Settlement.Standing] = []
  /// The payment whose statement takes in what has changed of the confirmed ones: the first behind all of them.
  private let corrector: String?
  private var retained = Fen.zero
  /// The fees of the plan's payments so far, for the audit's comparison.
  private var feesSoFar = Fen.zero

  init(_ settlement: Settlement) throws(ArithmeticError) {
    self.settlement = settlement
    finder = CaseFinder(settlement.timeline)
    corrections = Corrections(settlement.confirmed, known: settlement.known)
    let behind = settlement.schedule.payments.lastIndex { settlement.isConfirmed($0.id) }.map { $0 + 1 } ?? 0
    corrector = settlement.confirmed.isEmpty ? nil : settlement.schedule.payments.dropFirst(behind).first?.id
    for statement in settlement.confirmed { carried = try carried + statement.leftOwing }
  }

  /// The parts of the statement that is being made.
  private struct Draft {
    var lines: [Line] = []
    var claims: [Line] = []
    var rights: [ArisenRight] = []
    var pending: [Pending] = []
  }

  private var contract: Contract { settlement.contract }
  private var ledger: Ledger { settlement.timeline.ledger }

  /// The statement of a payment; nil where one stands that was confirmed, of which only the difference is noted.
  mutating func settle(_ payment: ScheduledPayment) throws(ArithmeticError) -> SettlementStatement? {
    let confirmed = settlement.confirmed.first { $0.payment == payment.id }
    limits.beginPayment()
    for id in firing.keys { firing[id]?.beginPayment() }
    var draft = Draft()
    let fee = try addFee(of: payment, to: &draft)
    var context = try context(payment, fee)
    try addCharges(of: payment, to: &draft, &context, where: { $0 != .claim })
    try addCap(to: &draft.lines, context, payment)
    try withhold(&draft, payment)
    try release(payment, &draft)
    let change: (lines: [Line], claims: [Line]) =
      payment.id == corrector ? try corrections.lines(revision: payment.revision, day: settlement.asOf) : ([], [])
    draft.lines += change.lines
    let payable = if let confirmed { confirmed.payable } else { try carry(payment, &draft) }
    let due = due(of: payment, payable, &draft)
    try addInterest(of: payment, payable, due, to: &draft, &context)
    try addCharges(of: payment, to: &draft, &context, where: { $0 == .claim })
    try addCap(to: &draft.claims, context, payment)
    draft.pending += try settlement.unpriced(limitsOf: draft.lines + draft.claims, context)
    draft.claims += change.claims
    try addRemainder(of: payment, to: &draft, context)
    let paid = try Fen.sum((ledger.payments[payment.id] ?? []).map(\.body))
    if confirmed != nil {
      try corrections.note(payment, draft.lines, draft.claims)
      standing.append(Settlement.Standing(payment: payment, payable: payable, due: due, paid: paid))
      _ = finder.takePending()
      return nil
    }
    draft.pending += finder.takePending()
    let document = contract.revisions[payment.revision]
    return SettlementStatement(
      contract: contract.id, title: document.title, office: document.terms.office.name, vendor: document.terms.vendor.name,
      payment: payment,
      asOf: settlement.asOf, lines: draft.lines, payable: payable, due: due, claims: draft.claims, retained: retained, carriedOut: carried,
      paid: paid, rights: draft.rights, pending: draft.pending.unique, revisions: contract.revisions.map(\.revision))
  }

  // MARK: what amounts are taken of

  private func context(_ payment: ScheduledPayment, _ fee: Fen) throws(ArithmeticError) -> PriceContext {
    let paid = try Fen.sum(ledger.payments.values.joined().map(\.body))
    return PriceContext(revision: payment.revision, periodFee: ExactAmount(fee), paid: paid, unserved: try unserved(paid))
  }

  /// What was paid beyond the part of the term that was served, where the service ended early.
  private func unserved(_ paid: Fen) throws(ArithmeticError) -> ExactAmount? {
    let term = contract.term
    guard settlement.schedule.serviceEnd < term.last else { return nil }
    let served = DateRange(term.first, through: settlement.schedule.serviceEnd)
    return max(.zero, try ExactAmount(paid) - contract.earned(in: served))
  }

  // MARK: the fee

  private mutating func addFee(of payment: ScheduledPayment, to draft: inout Draft) throws(ArithmeticError) -> Fen {
    let lines = try FeeLines(settlement, payment).lines
    draft.lines += lines
    let fee = try Fen.sum(lines.map(\.amount))
    if let last = payment.period?.last, last == settlement.asOf, last > contract.term.last, ledger.isHeldOverStill {
      draft.pending.append(
        Pending("period-running", zh: "到期后的服务仍在继续，按 \(last) 计算。", en: "Service after expiry goes on; counted to \(last)."))
    }
    guard payment.payment != nil else { return fee }
    feesSoFar = try feesSoFar + fee
    if payment.id == settlement.schedule.lastOfPlan { try addAudit(of: payment, fee, to: &draft) }
    if let last = payment.period?.last ?? payment.window?.last, payment.period != nil, last > settlement.asOf {
      draft.pending.append(Pending("period-running", zh: "本期至 \(last) 才届满。", en: "The period runs until \(last)."))
    }
    if case .instalment = payment.source, settlement.schedule.isCut(payment, in: contract) {
      draft.pending.append(
        Pending(
          "early-end", zh: "服务于 \(settlement.schedule.serviceEnd) 提前结束，合同未规定分期款如何折算。",
          en: "The service ended early on \(settlement.schedule.serviceEnd); the contract does not say how instalments are apportioned."))
    }
    return fee
  }

  /// On the last payment of the plan the price becomes what the audit found.
  private mutating func addAudit(of payment: ScheduledPayment, _ fee: Fen, to draft: inout Draft) throws(ArithmeticError) {
    guard let audit = contract.revisions[payment.revision].terms.audit else { return }
    guard let audited = ledger.audited else {
      draft.pending.append(Pending("audit-missing", rule: audit.id, zh: "审计审定金额尚未记录。", en: "The audited final amount is not recorded."))
      return
    }
    let difference = try audited.body - feesSoFar
    let formula =
      Text(zh: "审定金额 ", en: "audited ") + Words.money(audited.body) + Words.both(" − ") + Text(zh: "各期服务费合计 ", en: "the fees in all ")
      + Words.money(feesSoFar) + Words.both(" = ") + Words.money(difference)
    draft.lines.append(
      try Line(
        .audit, rule: audit.id, audit.citation, formula: formula, amount: ExactAmount(difference), facts: [audited.fact.id],
        revision: payment.revision, day: audited.fact.on))
    feesSoFar = audited.body
  }

  // MARK: consequences

  /// The cases of this payment for which a rule fires.
  private mutating func fired(_ rule: Consequence, _ revision: Int, _ payment: ScheduledPayment) throws(ArithmeticError) -> [Case] {
    let whole = rule.charge?.destination == .lastPayment
    if whole, !payment.isLast { return [] }
    // Deductions kept to the end take up the days of every payment of the same term.
    let cases = try finder.cases(
      of: rule, revision: revision, in: whole ? settlement.schedule.payments(besides: payment, of: contract) : [payment])
    return firing[rule.id, default: FiringState()].fire(cases, where: rule.test, rule.firing)
  }

  private mutating func addCharges(
    of payment: ScheduledPayment, to draft: inout Draft, _ context: inout PriceContext, where goesThere: (Charge.Destination) -> Bool
  ) throws(ArithmeticError) {
    for revision in contract.revisions.indices {
      context.revision = revision
      for rule in contract.revisions[revision].appraisal.consequences {
        switch rule.effect {
        case .pays(let charge):
          guard goesThere(charge.destination), rule.measure != .daysLate(.payment) else { continue }
          try add(charge, rule, try fired(rule, revision, payment), to: &draft, context)
        case .gives(let right):
          // Rights are found in the pass for claims; one that stands without a cause is not news.
          guard goesThere(.claim), !rule.measure.isUnconditional, rule.measure != .daysLate(.payment) else { continue }
          let events = try fired(rule, revision, payment)
          draft.rights += events.flatMap { ArisenRight.from($0, rule, right, revision) }
        }
      }
    }
    context.revision = payment.revision
  }

  private mutating func add(
    _ charge: Charge, _ rule: Consequence, _ cases: [Case], to draft: inout Draft, _ context: PriceContext
  ) throws(ArithmeticError) {
    guard !cases.isEmpty else { return }
    var pricing = Pricing(settlement.fees, rule, charge, context, settlement.wording)
    var lines = try pricing.lines(for: cases)
    draft.pending += pricing.pending
    lines += try limits.bound(lines, of: rule, charge, settlement.fees, context)
    if charge.destination == .claim { draft.claims += lines } else { draft.lines += lines }
  }

  private mutating func addInterest(
    of payment: ScheduledPayment, _ payable: Fen, _ due: SettlementStatement.Due, to draft: inout Draft, _ context: inout PriceContext
  ) throws(ArithmeticError) {
    guard case .by(let date) = due else { return }
    let isDemandable = (payment.payment?.needs ?? []).allSatisfy { !settlement.timeline.days(of: $0, for: payment).isEmpty }
    for revision in contract.revisions.indices {
      context.revision = revision
      for rule in contract.revisions[revision].appraisal.consequences where rule.measure == .daysLate(.payment) {
        let late = try finder.latePayments(of: payment, payable: payable, due: date, isDemandable: isDemandable, rule, revision: revision)
        let cases = firing[rule.id, default: FiringState()].fire(late, where: rule.test, rule.firing)
        switch rule.effect {
        case .pays(let charge): try add(charge, rule, cases, to: &draft, context)
        case .gives(let right): draft.rights += cases.flatMap { ArisenRight.from($0, rule, right, revision) }
        }
      }
    }
    context.revision = payment.revision
  }

  private mutating func addCap(to lines: inout [Line], _ context: PriceContext, _ payment: ScheduledPayment) throws(ArithmeticError) {
    let caps = contract.revisions[payment.revision].appraisal.caps
    guard !caps.isEmpty, !lines.isEmpty else { return }
    lines += try limits.cap(lines, caps, settlement.fees, context, day: lines.map(\.day).max() ?? settlement.asOf)
  }

  // MARK: retention

  /// Keeps count of what this payment's lines withhold.
  private mutating func withhold(_ draft: inout Draft, _ payment: ScheduledPayment) throws(ArithmeticError) {
    for line in draft.lines where contract.revisions[line.revision].withholds(line.rule) { retained = try retained - line.amount }
  }

  private mutating func release(_ payment: ScheduledPayment, _ draft: inout Draft) throws(ArithmeticError) {
    guard case .release(let retention) = payment.source else { return }
    draft.lines.append(
      try Line(
        .retention, rule: retention.id, retention.citation, formula: Text(zh: "累计暂扣 ", en: "withheld in all ") + Words.money(retained),
        amount: ExactAmount(retained), revision: payment.revision, day: settlement.asOf))
    retained = .zero
  }

  // MARK: confirmed statements

  /// What no statement takes in, because all are confirmed.
  func remainingCorrections() throws(ArithmeticError) -> [Line] {
    guard corrector == nil, !settlement.confirmed.isEmpty else { return [] }
    return try corrections.remaining(revision: contract.revisions.count - 1, day: settlement.asOf)
  }

  // MARK: carry-over

  private func carryCitation(_ revision: Int) -> Citation {
    contract.revisions[revision].terms.carryOver?.citation
      ?? Citation(
        clause: "—", says: Text(zh: "付款不足以抵扣的，乙方继续负担。", en: "What a payment cannot cover the vendor still owes."), reading: nil)
  }

  private func carryRule(_ revision: Int) -> String { contract.revisions[revision].terms.carryOver?.id ?? "carry-over" }

  /// Puts what is carried in before the other lines, and what cannot be covered behind them; the rest is payable.
  private mutating func carry(_ payment: ScheduledPayment, _ draft: inout Draft) throws(ArithmeticError) -> Fen {
    let day = payment.period?.first ?? settlement.asOf
    if carried != .zero {
      let line = try Line(
        .carryIn, rule: carryRule(payment.revision), carryCitation(payment.revision),
        formula: Text(zh: "上期结转 ", en: "carried from the payment before: ") + Words.money(carried),
        amount: -ExactAmount(carried), revision: payment.revision, day: day)
      draft.lines.insert(line, at: 0)
      carried = .zero
    }
    let sum = try Fen.sum(draft.lines.map(\.amount))
    guard sum.isNegative else { return sum }
    carried = try sum.negated()
    draft.lines.append(
      try Line(
        .carryOut, rule: carryRule(payment.revision), carryCitation(payment.revision),
        formula: Text(zh: "本期不足抵扣，乙方尚欠 ", en: "this payment cannot cover it, the vendor still owes ") + Words.money(carried),
        amount: ExactAmount(carried), revision: payment.revision, day: day))
    return .zero
  }

  /// What is still carried after the last payment is demanded.
  private mutating func addRemainder(of payment: ScheduledPayment, to draft: inout Draft, _ context: PriceContext) throws(ArithmeticError) {
    guard carried > .zero, payment.id == settlement.schedule.payments.last?.id else { return }
    draft.claims.append(
      try Line(
        .remainder, rule: carryRule(payment.revision), carryCitation(payment.revision),
        formula: Text(zh: "末期后仍欠 ", en: "still owed after the last payment: ") + Words.money(carried), amount: -ExactAmount(carried),
        revision: payment.revision, day: settlement.asOf))
  }

  // MARK: due

  private func due(of payment: ScheduledPayment, _ payable: Fen, _ draft: inout Draft) -> SettlementStatement.Due {
    for event in payment.payment?.needs ?? [] where settlement.timeline.days(of: event, for: payment).isEmpty {
      let name = settlement.timeline.name(of: event)
      draft.pending.append(
        Pending("event-missing", rule: payment.payment?.id, zh: "尚无“\(name.zh)”的记录。", en: "Nothing is recorded yet of \(name.en)."))
    }
    switch settlement.timeline.due(of: payment) {
    case .day(let due): return .by(due)
    case .open(let day, let opening, _):
      return .from(day, opening + Text(zh: "合同未规定付款期限。", en: "The contract sets no limit for the payment."))
    case .waiting(let events): return .waiting(events.map(settlement.timeline.name))
    case .unknown(let error):
      draft.pending.append(Pending(error.code, zh: error.text.zh, en: error.text.en))
      return .unknown(error.text)
    case nil:
      let day = payment.period?.last ?? settlement.asOf
      return .from(day, Text(zh: "合同未规定付款期限。", en: "The contract sets no limit for the payment."))
    }
  }
}

extension Measure {
  /// Whether it needs no cause.
  fileprivate var isUnconditional: Bool { if case .always = self { true } else { false } }
}

extension ArisenRight {
  fileprivate static func from(_ event: Case, _ rule: Consequence, _ right: Right, _ revision: Int) -> [ArisenRight] {
    let holders: [Party]
    switch right.holder {
    case .office: holders = [.office]
    case .vendor: holders = [.vendor]
    case .either: holders = Party.allCases
    case .counterparty: holders = event.by.map { [$0.counterparty] } ?? []
    }
    var since = event.day
    if case .above(let bar)? = rule.test, !event.lateDays.isEmpty {
      let place = Int(clamping: bar.floor)
      if event.lateDays.indices.contains(place) { since = event.lateDays[place] }
    }
    return [
      ArisenRight(
        rule: rule.id, citation: rule.citation, holders: holders, act: right.act, notice: right.notice, since: since,
        explanation: event.note ?? rule.citation.says, facts: event.facts, revision: revision)
    ]
  }
}

extension Sequence where Element: Hashable {
  /// Each element where it first stands.
  fileprivate var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
