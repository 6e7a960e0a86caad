// SPDX-License-Identifier: Apache-2.0
import Base

/// A rule by which an order's clocks run: a level of a contract's paper, or the city's limit of the order's grade.
package struct ClockRule: Sendable, Hashable {
  /// The paper that the rule stands in.
  package struct Source: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable { case contract, rulePack }

    package let kind: Kind
    package let code: String
    /// The number of the contract's revision; 0 for a rule pack, which its date tells apart.
    package let revision: Int32

    package init(_ kind: Kind, _ code: String, revision: Int32) {
      self.kind = kind
      self.code = code
      self.revision = revision
    }
  }

  /// What it runs from.
  package enum Start: Sendable, Hashable {
    /// A step; where it is so said, from the time that the source system reports.
    case event(OrderEvent, asReported: Bool)
    /// The order's coming into a state.
    case state(OrderState)
  }

  /// How long it runs.
  package enum Course: Sendable, Hashable {
    /// Limits from one start, each a stage.
    case limits([ClockLimit])
    /// The limit that the order's grade sets, its span left open here.
    case own(ClockLimit)
    /// Once in each span from the start.
    case every(ClockLimit)
  }

  package let source: Source
  package let id: String
  package let citation: Citation
  package let owner: ServiceLevel.Owner
  /// Orders it holds for, and those it does not, as predicates in SQL/JSON path.
  package let when: String?
  package let unless: String?
  package let start: Start
  package let to: OrderEvent
  package let mootBy: [OrderEvent]
  package let pausedWhile: [OrderState]
  package let course: Course
  /// The incident that a miss by the vendor proposes.
  package let miss: String?

  /// Whether it is done again and again.
  package var recurs: Bool {
    if case .every = course { true } else { false }
  }

  /// Its limit over a span, as a clock of it has.
  package func limit(over span: Span) -> ClockLimit {
    switch course {
    case .limits(let limits): (limits.first ?? ClockLimit(span)).of(span)
    case .own(let limit), .every(let limit): limit.of(span)
    }
  }

  /// Whether it ends where the order leaves a state.
  package func holds(in waits: Set<OrderState>) -> Bool {
    if case .state(let state) = start { waits.contains(state) } else { true }
  }
}

extension ClockRule {
  /// The rule of a level; nil for a level that is no clock.
  package init?(_ level: ServiceLevel, of source: Source) {
    let (id, citation, owner) = (level.id, level.citation, level.owner)
    switch level.standard {
    case .clock(let clock):
      func limit(_ span: Span) -> ClockLimit { ClockLimit(span, time: clock.time, rolls: clock.rolls, warning: clock.warning) }
      let course: Course =
        switch clock.limit {
        case .within(let span): .limits([limit(span)])
        case .stages(let spans): .limits(spans.map(limit))
        case .own: .own(limit(.minutes(1)))
        }
      self.init(
        source: source, id: id, citation: citation, owner: owner, when: level.when, unless: level.unless,
        start: .event(clock.from, asReported: clock.asReported), to: clock.to, mootBy: clock.mootBy, pausedWhile: clock.pausedWhile,
        course: course, miss: level.miss)
    case .recurring(let recurrence):
      self.init(
        source: source, id: id, citation: citation, owner: owner, when: level.when, unless: level.unless,
        start: recurrence.state.map { .state($0) } ?? .event(.received, asReported: false), to: recurrence.to, mootBy: [],
        pausedWhile: [], course: .every(ClockLimit(recurrence.every, rolls: recurrence.rolls, warning: recurrence.warning)),
        miss: level.miss)
    case .cover, .check: return nil
    }
  }

  /// The city's limit of a grade: the reply comes within it.
  package init(_ limit: RulePack.GradeLimit, of pack: RulePack) {
    self.init(
      source: Source(.rulePack, pack.id, revision: 0), id: "grade", citation: Citation(clause: limit.grade, says: limit.says, reading: nil),
      owner: .department, when: nil, unless: nil, start: .event(.received, asReported: false), to: .replied, mootBy: [],
      pausedWhile: [], course: .limits([ClockLimit(limit.within)]), miss: nil)
  }

  /// The city's limit as it was when a clock started, by its length.
  package init(_ span: Span, of pack: RulePack) {
    let known = pack.gradeLimits.first { $0.within == span }
    self.init(RulePack.GradeLimit(grade: known?.grade ?? pack.id, within: span, says: known?.says ?? pack.says), of: pack)
  }
}
