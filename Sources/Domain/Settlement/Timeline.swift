// SPDX-License-Identifier: Apache-2.0
import Base

/// A day on which an event happened, or counts as having happened.
struct EventDay: Sendable {
  let day: CivilDate
  let at: Instant?
  let agreed: CivilDate?
  let until: CivilDate?
  let payment: String?
  let subject: String?
  let facts: [UUIDv7]
  /// The duty that deems it, where nobody recorded it.
  let deemedBy: String?

  init(_ day: CivilDate, facts: [UUIDv7] = [], payment: String? = nil, deemedBy: String? = nil) {
    (self.day, self.facts, self.payment, self.deemedBy) = (day, facts, payment, deemedBy)
    (at, agreed, until, subject) = (nil, nil, nil, nil)
  }

  init(_ recorded: Ledger.Recorded<FactBody.Event>) {
    day = recorded.fact.on
    at = recorded.fact.content.at
    agreed = recorded.body.agreed
    until = recorded.body.until
    payment = recorded.body.payment
    subject = recorded.body.subject
    facts = [recorded.fact.id]
    deemedBy = nil
  }
}

/// A deadline as far as it is known.
enum DueState: Sendable {
  case day(DueDate)
  /// From that day on, without a limit.
  case open(from: CivilDate, Text, facts: [UUIDv7])
  case waiting([ContractEvent])
  case unknown(CalendarError)
}

/// The events and deadlines of a contract, from its papers and the facts.
struct Timeline: Sendable {
  let contract: Contract
  let schedule: Schedule
  let ledger: Ledger
  let calendar: WorkingCalendar
  let asOf: CivilDate
  /// What duties deem, by event.
  private(set) var deemed: [String: [EventDay]] = [:]
  /// What was recorded after its time had passed and something else was deemed: it comes too late.
  private var overtaken: Set<UUIDv7> = []

  init(_ contract: Contract, _ schedule: Schedule, _ ledger: Ledger, _ calendar: WorkingCalendar, asOf: CivilDate) {
    self.contract = contract
    self.schedule = schedule
    self.ledger = ledger
    self.calendar = calendar
    self.asOf = asOf
    var deemed: [String: [EventDay]] = [:]
    var overtaken: Set<UUIDv7> = []
    for index in contract.revisions.indices {
      for duty in contract.revisions[index].service.duties {
        guard let event = duty.deems else { continue }
        for run in runs(of: duty, revision: index).found where run.due.lastDay < asOf && run.isMissed(asOf: asOf) {
          deemed[event.code, default: []].append(EventDay(run.due.lastDay, facts: run.due.facts, deemedBy: duty.id))
          overtaken.formUnion(run.done?.facts ?? [])
        }
      }
    }
    self.deemed = deemed
    self.overtaken = overtaken
  }

  // MARK: events

  /// The days of an event in order; those of one payment where it happens once for each.
  func days(of event: ContractEvent, for payment: ScheduledPayment?) -> [EventDay] {
    guard case .known(let known) = event else { return recorded(event.code) }
    switch known {
    case .signed: return [EventDay(contract.original.terms.signing.last)]
    case .effective: return [EventDay(contract.original.terms.signing.effective)]
    case .serviceStart: return [EventDay(contract.term.first)]
    case .serviceEnd:
      // An end that is still to come is a day too: what lies before it is counted back from it.
      return ends(for: payment)
    case .periodEnd: return payment?.period.map { [EventDay($0.last)] } ?? []
    case .invoice: return payment.map { moneyDays(ledger.invoices[$0.id]) } ?? []
    case .paid: return payment.map { moneyDays(ledger.payments[$0.id]) } ?? []
    case .paymentDue:
      guard let payment, case .day(let due) = due(of: payment) else { return [] }
      return [EventDay(due.lastDay, facts: due.facts)]
    case .appraisalConfirmed: return recorded(known.rawValue).filter { $0.payment == payment?.id }
    case .deliverablesSubmitted, .accepted, .rejected, .cured, .terminated, .heldOver: return recorded(known.rawValue)
    }
  }

  /// The end of the stretch that a payment belongs to, or the ends of all.
  private func ends(for payment: ScheduledPayment?) -> [EventDay] {
    let early = ledger.events[KnownEvent.terminated.rawValue]?.last?.fact
    return (payment.map { [schedule.end(of: $0, in: contract)] } ?? schedule.ends).map { day in
      EventDay(day, facts: early.map { $0.on == day ? [$0.id] : [] } ?? [])
    }
  }

  private func recorded(_ name: String) -> [EventDay] {
    let days = (ledger.events[name] ?? []).filter { !overtaken.contains($0.fact.id) }.map(EventDay.init)
    guard let deemed = deemed[name] else { return days }
    return (days + deemed).sorted { $0.day < $1.day }
  }

  private func moneyDays(_ recorded: [Ledger.Recorded<Fen>]?) -> [EventDay] {
    (recorded ?? []).map { EventDay($0.fact.on, facts: [$0.fact.id]) }
  }

  func name(of event: ContractEvent) -> Text {
    switch event {
    case .known(let known): known.name
    case .declared(let id):
      contract.revisions.lazy.compactMap { $0.appraisal.events.first { $0.id == id } }.last?.citation.says ?? Words.both(id)
    }
  }

  // MARK: deadlines

  /// When a payment is due.
  func due(of payment: ScheduledPayment) -> DueState? {
    switch payment.source {
    case .instalment(let terms, _), .period(let terms, _): terms.due.map { state(of: $0, for: payment, start: nil) }
    case .release(let retention): state(of: retention.release, for: payment, start: nil)
    case .holdOver: nil
    }
  }

  /// - Parameters:
  ///   - payment: whose invoice, period and due date are meant.
  ///   - start: the occurrence that the rule's first event stands for, where it happens again and again.
  func state(of rule: DeadlineRule, for payment: ScheduledPayment?, start: EventDay?) -> DueState {
    do throws(CalendarError) {
      switch rule {
      case .on(let day, let rolls): return .day(due(try calendar.deadline(by: day, rolls: rolls), opening: nil, facts: []))
      case .after(let events, let span): return try after(events, span, payment, start)
      case .before(let event, let span):
        guard let day = start ?? days(of: event, for: payment).last else { return .waiting([event]) }
        return .day(
          due(try calendar.deadline(span, before: day.day), opening: Self.opening([(name(of: event), day.day)]), facts: day.facts))
      case .agreed(let event):
        guard let day = start ?? days(of: event, for: payment).last, let agreed = day.agreed else { return .waiting([event]) }
        return .day(due(try calendar.deadline(by: agreed), opening: Self.opening([(name(of: event), day.day)]), facts: day.facts))
      case .earliest(let rules): return combine(rules.map { state(of: $0, for: payment, start: start) }, earliest: true)
      case .latest(let rules): return combine(rules.map { state(of: $0, for: payment, start: start) }, earliest: false)
      }
    } catch {
      return .unknown(error)
    }
  }

  private func after(_ events: [ContractEvent], _ span: Span?, _ payment: ScheduledPayment?, _ start: EventDay?) throws(CalendarError)
    -> DueState
  {
    var parts: [(name: Text, day: EventDay)] = []
    var waiting: [ContractEvent] = []
    for (index, event) in events.enumerated() {
      if let day = index == 0 ? start ?? days(of: event, for: payment).last : days(of: event, for: payment).last {
        parts.append((name(of: event), day))
      } else {
        waiting.append(event)
      }
    }
    guard waiting.isEmpty, let latest = parts.max(by: { $0.day.day < $1.day.day }) else { return .waiting(waiting) }
    let facts = parts.flatMap(\.day.facts)
    let opening = Self.opening(parts.map { ($0.name, $0.day.day) })
    guard let span else { return .open(from: latest.day.day, opening, facts: facts) }
    if span.isOfMoments, let moment = latest.day.at {
      return .day(due(try calendar.deadline(span, after: moment), opening: opening, facts: facts))
    }
    return .day(due(try calendar.deadline(span, after: latest.day.day), opening: opening, facts: facts))
  }

  /// `合同生效 2022-07-21、收到发票 2022-07-25，以较晚者起算。`
  private static func opening(_ parts: [(Text, CivilDate)]) -> Text {
    let list = Words.list(parts.map { $0.0 + Words.both(" \($0.1)") })
    if parts.count == 1 { return Text(zh: "", en: "Counted with ") + list + Text(zh: "。", en: ". ") }
    return Text(zh: "", en: "Counted from the later of: ") + list + Text(zh: "，以较晚者起算。", en: ". ")
  }

  private func due(_ deadline: Deadline, opening: Text?, facts: [UUIDv7]) -> DueDate {
    DueDate(deadline, explanation: (opening ?? Words.none) + deadline.explanation.text, steps: [deadline.explanation], facts: facts)
  }

  private func combine(_ states: [DueState], earliest: Bool) -> DueState {
    var dates: [DueDate] = []
    var waiting: [ContractEvent] = []
    for state in states {
      switch state {
      case .day(let date): dates.append(date)
      case .waiting(let events): waiting += events
      case .open(_, _, _): if !earliest { return state }
      case .unknown: return state
      }
    }
    // The later of several is only known when all are; the earlier binds with those that are known.
    guard let binding = earliest ? dates.min(by: { $0.outside < $1.outside }) : dates.max(by: { $0.outside < $1.outside }),
      earliest || waiting.isEmpty
    else { return .waiting(waiting) }
    if dates.count == 1 { return .day(binding) }
    let choice =
      earliest
      ? Text(zh: "以最早者 \(binding.lastDay) 为准。", en: " The earliest, \(binding.lastDay), binds.")
      : Text(zh: "以最晚者 \(binding.lastDay) 为准。", en: " The latest, \(binding.lastDay), binds.")
    return .day(
      DueDate(
        binding, explanation: Words.list(dates.map(\.explanation), zh: "", en: " ") + choice, steps: dates.flatMap(\.steps),
        facts: dates.flatMap(\.facts)))
  }
}
