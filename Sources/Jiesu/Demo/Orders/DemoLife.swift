// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

/// The life of one order of a demonstration, step by step as people take them, up to the present.
///
/// Every step is judged as the server judges it: a history that could not have come about is a fault of the program.
struct DemoLife: Sendable {
  /// A step with the order before and after it.
  struct Step: Sendable {
    let before: WorkOrder?
    let after: WorkOrder
    let entry: OrderEntry
  }

  /// The present is reached.
  private struct Reached: Error {}

  /// A step that the order refuses.
  struct Refused: Error {
    let step: OrderStep
    let refusal: OrderRefusal
  }

  /// When people are at work.
  enum Hours {
    /// The office's duty hours.
    case duty
    /// By day, as units are.
    case day
  }

  let office: DemoOffice
  let present: Instant
  private let rules: OrderRules
  /// What people call the place it is about.
  private let place: String
  /// What the office's table decided on where it goes.
  private let dispatch: RuleDecisions
  private(set) var order: WorkOrder
  private(set) var steps: [Step]
  private var chance: DemoChance
  private var now: Instant
  private let seat: OrderActor

  /// - Parameters:
  ///   - received: the order as it was taken in, with its first entry.
  ///   - dispatch: the decision of the office's table.
  init(
    _ received: WorkOrder, _ entry: OrderEntry, of draft: DemoIntakes.Draft, dispatch: RuleDecisions, in office: DemoOffice,
    until present: Instant
  ) {
    (self.office, self.present, self.dispatch, place) = (office, present, dispatch, draft.place)
    rules = office.rules(under: received.contract, on: draft.at.date)
    order = received
    steps = [Step(before: nil, after: received, entry: entry)]
    now = draft.at
    var chance = draft.chance
    seat = Self.seat(office, at: draft.at, &chance)
    self.chance = chance
  }

  /// Who sits there at a time: shifts of eight hours, two seats each.
  static func seat(_ office: DemoOffice, at moment: Instant, _ chance: inout DemoChance) -> OrderActor {
    let seats = office.cast.seats
    guard !seats.isEmpty else { return DemoCast.nobody }
    let shift = Int(moment.date.day) * 3 + moment.time.hour / 8
    return seats[(shift * 2 + chance.below(2)) % seats.count].actor
  }

  /// Who takes an order in.
  static func receiver(_ office: DemoOffice, of draft: DemoIntakes.Draft) -> OrderActor {
    var chance = draft.chance
    return seat(office, at: draft.at, &chance)
  }

  // MARK: The course

  /// Lives it.
  ///
  /// - Throws: ``Refused``.
  mutating func run() throws {
    do {
      try take(.signed, after: chance.happens(35) ? chance.within(21...75) : chance.low(1...17), .duty, seat)
      if chance.happens(12) { return try take(.returned(reason: words(.returned)), after: chance.low(2...15), .duty, seat) }
      try take(verification, after: chance.happens(45) ? chance.within(11...40) : chance.low(2...9), .duty, seat)
      if order.isSpecial { try approve() }
      var round = 0
      repeat {
        try handle(round)
        round += 1
      } while round < 3 && order.stage == .verified
    } catch is Reached {
      return
    }
  }

  private var verification: OrderMove {
    mutating get {
      .verified(
        OrderMove.Verification(
          community: order.community ?? place, category: nil, area: nil, tags: nil,
          remark: chance.happens(300) ? words(.verified) : nil))
    }
  }

  private mutating func approve() throws {
    let leader = actor(office.cast.approvers)
    try take(.approvalAsked(reason: words(.approvalAsked)), after: chance.low(2...12), .duty, seat)
    if chance.happens(60) {
      try take(.approvalRefused(reason: words(.approvalRefused)), after: chance.low(20...200), .duty, leader)
      try take(.approvalAsked(reason: words(.approvalAsked)), after: chance.low(30...240), .duty, seat)
    }
    try take(.approved(remark: chance.happens(500) ? words(.approved) : nil), after: chance.low(8...150), .duty, leader)
  }

  /// From the dispatch to the end, or to where it begins anew.
  private mutating func handle(_ round: Int) throws {
    let start = round == 0 ? order.times.received : now
    try take(dispatched, after: chance.happens(40) ? chance.within(62...160) : chance.low(3...35), .duty, seat)
    let handler = handler()
    if round == 0, chance.happens(18) {
      try take(.outsideRemit(reason: words(.outsideRemit)), after: chance.low(30...400), .day, handler)
      return try take(.returned(reason: words(.returned)), after: chance.happens(80) ? 150 : chance.low(5...100), .duty, seat)
    }
    let length = limit
    let isUrgent = length < 3 * Instant.hour
    if chance.happens(700) {
      try take(.handlingBegun, after: isUrgent ? chance.low(3...15) : chance.low(15...300), isUrgent ? nil : .day, handler)
    }
    if !isUrgent, chance.happens(25) {
      try take(.citizenAwaited(reason: words(.citizenAwaited)), after: chance.low(30...300), .day, handler)
      try take(.citizenAnswered(remark: words(.citizenAnswered)), after: chance.low(300...4000), .day, handler)
    }
    if length > Instant.day, chance.happens(25) { try hang(handler) }
    try reply(start, length, isUrgent, handler)
    try audit(handler)
    if order.source.hasCitizen { try callBack() }
    if round < 2, order.stage == .calledBack, order.satisfaction == .dissatisfied, chance.happens(70) {
      return try take(.reopened(reason: words(.reopened)), after: chance.low(600...6000), .duty, seat)
    }
    try close()
  }

  private var dispatched: OrderMove {
    mutating get {
      if let department = dispatch.text(.dispatch), !chance.happens(50) {
        return .dispatched(OrderMove.Dispatch(department: department, decisions: dispatch))
      }
      return .dispatched(OrderMove.Dispatch(department: chance.pick(office.departments).code))
    }
  }

  /// How long the order's grade gives, in microseconds.
  private var limit: Int64 {
    office.clocks.packs.gradeLimit(order.grade, on: order.times.received.date)?.limit.within.microseconds ?? 7 * Instant.day
  }

  private mutating func hang(_ handler: OrderActor) throws {
    let hanger = actor(office.cast.hangers)
    try take(.hung(reason: words(.hung)), after: chance.low(600...4000), .duty, hanger)
    for _ in 0..<chance.low(1...7) {
      let days = chance.happens(80) ? chance.within(33...45) : chance.within(18...29)
      try take(
        .progressReported(OrderMove.Progress(progress: words(.progressReported), media: [])), after: days * 1440, .day, handler)
    }
    try take(.resumed(reason: words(.resumed)), after: chance.low(1000...20_000), .duty, hanger)
  }

  private mutating func reply(_ start: Instant, _ length: Int64, _ isUrgent: Bool, _ handler: OrderActor) throws {
    // In parts of a thousand of what the grade gives.
    let share = chance.happens(45) ? chance.low(1010...1500) : 100 + chance.low(20...820)
    let target =
      order.times.hung == nil ? start.microseconds + length / 1000 * Int64(share) : now.microseconds + length / 3000 * Int64(share)
    let minutes = max(isUrgent ? 6 : 20, Int((target - now.microseconds) / Instant.minute))
    if chance.happens(share > 1000 ? 900 : 220) {
      let urging = minutes * chance.within(55...90) / 100
      try take(.urged(remark: words(.urged)), after: urging, .duty, seat)
      let left = max(isUrgent ? 2 : 15, Int((target - now.microseconds) / Instant.minute))
      try take(answer, after: left, isUrgent ? nil : .day, handler)
    } else {
      try take(answer, after: minutes, isUrgent ? nil : .day, handler)
    }
  }

  private var answer: OrderMove {
    mutating get {
      let number = "\(DemoIntakes.shortNumber(order.externalNumber))-\(steps.count)"
      let photo = OrderMove.Media(kind: .photo, reference: "photo-\(number)")
      let media = chance.happens(300) ? [photo, OrderMove.Media(kind: .recording, reference: "call-\(number)")] : [photo]
      return .replied(OrderMove.Reply(handling: words("handling"), result: words("result"), media: media))
    }
  }

  private mutating func audit(_ handler: OrderActor) throws {
    let auditor = actor(office.cast.auditors)
    while order.stage != .audited {
      if chance.happens(50) {
        try take(.replyRejected(reason: words(.replyRejected)), after: chance.low(10...200), .duty, auditor)
        try take(answer, after: chance.low(60...1500), .day, handler)
      } else {
        try take(.audited(remark: chance.happens(200) ? words(.audited) : nil), after: chance.low(10...240), .duty, auditor)
      }
    }
  }

  private mutating func callBack() throws {
    let caller = Self.seat(office, at: now, &chance)
    let missed = chance.happens(15) ? Int(rules.callbackAttempts) : chance.happens(110) ? chance.within(1...2) : 0
    for _ in 0..<missed { try take(.callbackFailed(remark: words(.callbackFailed)), after: chance.low(30...700), .duty, caller) }
    guard missed < Int(rules.callbackAttempts) else { return }
    try take(.calledBack(outcome), after: chance.low(20...900), .duty, caller)
    try plead()
  }

  /// What the citizen says; some units are better at it than others.
  private var outcome: OrderMove.Callback {
    mutating get {
      let skill = (order.department ?? "").utf8.reduce(7) { ($0 * 31 + Int($1)) % 101 } % 5 * 25
      func callback(_ contacted: Bool, _ resolution: OrderResolution, _ satisfaction: OrderSatisfaction, _ words: String)
        -> OrderMove.Callback
      {
        OrderMove.Callback(
          isContacted: contacted, resolution: resolution, satisfaction: satisfaction, remark: words,
          recording: "call-\(DemoIntakes.shortNumber(order.externalNumber))-\(steps.count)")
      }
      if chance.happens(14) { return callback(false, .unsolved, .dissatisfied, words("dissatisfied")) }
      let contacted = !chance.happens(25)
      switch chance.below(1000) {
      case ..<(700 + skill): return callback(contacted, .solved, chance.happens(880) ? .satisfied : .basically, words("satisfied"))
      case ..<(850 + skill / 2): return callback(contacted, .partly, chance.happens(300) ? .satisfied : .basically, words("basically"))
      default: return callback(true, .unsolved, chance.happens(250) ? .basically : .dissatisfied, words("dissatisfied"))
      }
    }
  }

  /// Has what should not count left out, and appeals what was judged too hard.
  private mutating func plead() throws {
    let pleader = seat
    let decider = actor(office.cast.deciders)
    let isUnfair = order.tags.contains("不合理诉求") || order.tags.contains("涉诉") || order.attributes["kind"] == "咨询"
    if isUnfair, order.exclusion == .none, chance.happens(800) {
      let plea = OrderMove.Plea(reason: words(.exclusionAsked), media: [], due: nil)
      try take(.exclusionAsked(plea), after: chance.low(10...200), .duty, pleader)
      let verdict = OrderMove.Verdict(isGranted: chance.happens(750), remark: words(.exclusionDecided))
      try take(.exclusionDecided(verdict), after: chance.low(300...4000), .duty, decider)
    } else if order.appeal == .none, order.satisfaction == .dissatisfied, chance.happens(120) {
      let due = try? now.date.adding(days: 5)
      try take(.appealed(OrderMove.Plea(reason: words(.appealed), media: [], due: due)), after: chance.low(30...900), .duty, pleader)
      let verdict = OrderMove.Verdict(isGranted: chance.happens(350), remark: words(.appealDecided))
      try take(.appealDecided(verdict), after: chance.low(1000...6000), .duty, decider)
    }
  }

  private mutating func close() throws {
    try take(.closed(OrderMove.Checklist(checked: checked(.closed))), after: chance.low(5...120), .duty, seat)
    if chance.happens(650) {
      try take(.archived(OrderMove.Checklist(checked: checked(.archived))), after: chance.low(900...9000), .duty, seat)
    }
  }

  private func checked(_ step: OrderStep) -> [String] { (rules.checks[step] ?? []).map(\.key) }

  // MARK: One step

  /// Takes a step some minutes later, in the hours in which whoever takes it works.
  private mutating func take(_ move: OrderMove, after minutes: Int, _ hours: Hours?, _ actor: OrderActor) throws {
    let moment = moment(after: Int64(minutes) * Instant.minute + Int64(chance.below(60_000)) * 1000, hours)
    guard moment <= present else { throw Reached() }
    if let refusal = order.refusal(of: move, by: actor, under: rules) { throw Refused(step: move.step, refusal: refusal) }
    let before = order
    let entry = OrderEntry(seq: order.version + 1, at: moment, actor: actor.user, side: actor.side, move: move)
    order.take(entry)
    steps.append(Step(before: before, after: order, entry: entry))
    now = moment
  }

  private mutating func moment(after microseconds: Int64, _ hours: Hours?) -> Instant {
    let plain = Instant(microseconds: now.microseconds + microseconds) ?? present
    switch hours {
    case nil: return plain
    case .duty:
      // A long wait passes by the wall clock, and ends when somebody is on duty again.
      let isLong = microseconds > 6 * Instant.hour
      return (try? office.clocks.reckoner.duty.moment(after: isLong ? Instant.minute : microseconds, from: isLong ? plain : now)) ?? plain
    case .day:
      let time = plain.time
      if time.hour < 8 { return Instant(plain.date, CivilTime(hour: 8, minute: chance.within(5...59)) ?? time) }
      guard time.hour >= 19, let next = try? plain.date.adding(days: 1) else { return plain }
      return Instant(next, CivilTime(hour: 8, minute: chance.within(5...59)) ?? time)
    }
  }

  // MARK: People and words

  private mutating func actor(_ members: [DemoCast.Member]) -> OrderActor {
    members.isEmpty ? DemoCast.nobody : chance.pick(members).actor
  }

  /// Somebody of the unit to which it was dispatched; where none signs in, the seat enters what the unit tells it.
  private mutating func handler() -> OrderActor {
    let department = order.department
    let members = office.cast.handlers.filter { office.sees($0, department) }
    return members.isEmpty ? seat : chance.pick(members).actor
  }

  private mutating func words(_ step: OrderStep) -> String { words(step.rawValue) }
  private mutating func words(_ name: String) -> String { office.texts.words(name, at: place, &chance) }
}
