// SPDX-License-Identifier: Apache-2.0
import Base

/// The facts known on a day, sorted and at hand by what they say.
struct Ledger: Sendable {
  struct SeriesKey: Hashable {
    let series: String
    let period: String
  }

  struct Recorded<Body: Sendable>: Sendable {
    let fact: Fact
    let body: Body
  }

  private(set) var incidents: [Recorded<FactBody.Incident>] = []
  private(set) var events: [String: [Recorded<FactBody.Event>]] = [:]
  private(set) var grades: [SeriesKey: Recorded<String>] = [:]
  /// By subject; a team has the empty one.
  private(set) var scores: [SeriesKey: [String: Recorded<Rational>]] = [:]
  private(set) var invoices: [String: [Recorded<Fen>]] = [:]
  private(set) var payments: [String: [Recorded<Fen>]] = [:]
  private(set) var audited: Recorded<Fen>?
  /// What waives an obligation, by its name.
  private(set) var waivers: [String: Fact] = [:]

  /// - Parameters:
  ///   - facts: in any order, without those that were voided.
  ///   - asOf: what is dated later is not known yet.
  init(_ facts: some Sequence<Fact>, asOf: CivilDate) {
    for fact in facts.filter({ $0.on <= asOf }).sorted() {
      switch fact.body {
      case .incident(let body): incidents.append(Recorded(fact: fact, body: body))
      case .event(let body): events[body.name.code, default: []].append(Recorded(fact: fact, body: body))
      case .grade(let series, let period, let grade): grades[SeriesKey(series: series, period: period)] = Recorded(fact: fact, body: grade)
      case .score(let series, let period, let subject, let value):
        scores[SeriesKey(series: series, period: period), default: [:]][subject ?? ""] = Recorded(fact: fact, body: value)
      case .invoice(let payment, let amount): invoices[payment, default: []].append(Recorded(fact: fact, body: amount))
      case .payment(let payment, let amount): payments[payment, default: []].append(Recorded(fact: fact, body: amount))
      case .audited(let amount): audited = Recorded(fact: fact, body: amount)
      case .waiver(let obligation): waivers[obligation] = fact
      }
    }
  }

  /// What the facts say about the length of the service; see `ServiceLife.init(_:asOf:)`.
  ///
  /// - Parameter asOf: a service that still goes on after its end is followed to the end of that day's month.
  func life(asOf: CivilDate) -> ServiceLife {
    let heldOver = (events[KnownEvent.heldOver.rawValue] ?? []).compactMap { DateRange($0.fact.on, through: $0.body.until ?? asOf) }
    return ServiceLife(terminated: events[KnownEvent.terminated.rawValue]?.last?.fact.on, heldOver: heldOver)
  }
}

extension Ledger {
  /// Whether a service after expiry goes on with no end on record.
  var isHeldOverStill: Bool { (events[KnownEvent.heldOver.rawValue] ?? []).contains { $0.body.until == nil } }
}

extension ServiceLife {
  /// What facts say about the length of a service.
  ///
  /// - Parameters:
  ///   - facts: in any order, without those that were voided.
  ///   - asOf: what is dated later is not known yet.
  package init(_ facts: some Sequence<Fact>, asOf: CivilDate) { self = Ledger(facts, asOf: asOf).life(asOf: asOf) }
}
