// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Domain
import Postgres
import Store

/// Takes a demonstration's year of orders in for one office: some hundred at a time, each time in one transaction.
///
/// An order's number says which of the year it is, so what was taken in before is left as it is: a load that was cut off goes on.
struct DemoOrders: Sendable {
  /// How many go into one transaction.
  private static let batch = 500
  /// How often it says how far it has come, in microseconds.
  private static let pace: Int64 = 2_000_000

  let session: CommandSession
  let office: DemoOffice
  let year: DemoYear
  let count: Int
  let ring: KeyRing
  let language: Language

  /// Some orders, ready to be written.
  private struct Batch: Sendable {
    var statements: [Statement] = []
    var count = 0
  }

  /// - Returns: how many were taken in.
  func load() async throws -> Int {
    var intakes = DemoIntakes(office, year, count: count)
    var (added, told) = (0, Clock.wall())
    let begin = told
    var start = 0
    var next = try await prepare(0..<min(Self.batch, count), &intakes)
    while start < count {
      let current = next
      start += Self.batch
      async let writing: Void = write(current)
      if start < count { next = try await prepare(start..<min(start + Self.batch, count), &intakes) }
      try await writing
      added += current.count
      let now = Clock.wall()
      if now.microseconds(since: told) >= Self.pace || start >= count {
        told = now
        say(min(start, count), added, after: now.microseconds(since: begin))
      }
    }
    if added > 0 {
      let total = added
      try await session.write(in: .tenant(office.tenant.number)) { transaction in
        var notes = CommandNotes(session)
        _ = try await transaction.rows(
          notes.office("demo.load", "work-order", "\(year.days)", ["orders": .integer(Int64(total))], in: office.tenant))
      }
    }
    return added
  }

  private func say(_ done: Int, _ added: Int, after microseconds: Int64) {
    let rate = Int64(added) * 1_000_000 / max(1, microseconds)
    Output.error(
      Text(
        zh: "\(office.code)：\(done)/\(count) 张，新增 \(added) 张，每秒 \(rate) 张",
        en: "\(office.code): \(done)/\(count) orders, \(added) taken in, \(rate) a second")[language])
  }

  private func write(_ batch: Batch) async throws {
    guard batch.count > 0 else { return }
    try await session.write(in: .tenant(office.tenant.number)) { transaction in
      // What the rates noted of them is folded at once.
      _ = try await transaction.rows(batch.statements + [RateStore.fold(atMost: 50_000, in: office.tenant).statement])
    }
  }

  // MARK: Making them

  /// An order that was taken in and has not lived yet.
  private struct Taken: Sendable {
    let draft: DemoIntakes.Draft
    let order: WorkOrder
    let entry: OrderEntry
    let content: OrderIntakeStore.Content
  }

  private func prepare(_ places: Range<Int>, _ intakes: inout DemoIntakes) async throws -> Batch {
    let numbers = places.map { DemoIntakes.number(of: $0) }
    var known: [Int: UUIDv7] = [:]
    for one in try await ask(OrderPastStore.known(numbers, in: office.tenant)) { known[places.lowerBound + one.place] = one.order }
    var drafts: [DemoIntakes.Draft] = []
    for place in places {
      let draft = intakes.draw(place, known: known[place])
      if known[place] == nil { drafts.append(draft) }
    }
    guard !drafts.isEmpty else { return Batch() }
    let taken = try await take(drafts)
    let dispatches = try await decisions(
      [.dispatch],
      on: taken.map { taken in
        var verified = taken.order
        verified.stage = .verified
        return verified.document(content: taken.content.content, repeatCount: 0)
      })
    let lives = try zip(taken, dispatches).map { taken, dispatch in
      var life = DemoLife(taken.order, taken.entry, of: taken.draft, dispatch: dispatch, in: office, until: session.now)
      try life.run()
      return life
    }
    let told = try await self.clocks(of: lives)
    // Entries' identifiers only have to differ, also from those of a load that was cut off.
    var chance = DemoChance(seed: office.seed ^ UInt64(bitPattern: session.now.microseconds), place: places.lowerBound)
    let identity = { (moment: Instant) in UUIDv7(at: moment, random: chance.next()) }
    let past = zip(taken, lives).map { taken, life in
      OrderPastStore.Past(order: life.order, entries: life.steps.map(\.entry), content: taken.content)
    }
    var statements = OrderPastStore.add(past, in: office.tenant, identity: identity)
    statements += ClockPastStore.add(
      zip(lives, told).map { ClockPastStore.Past(order: $0.order, clocks: $1) }, in: office.tenant, identity: identity)
    let proposals = zip(lives, told).flatMap { self.proposals(of: $0, $1, identity) }
    if !proposals.isEmpty { statements.append(IncidentStore.propose(proposals, at: session.now, in: office.tenant)) }
    return Batch(statements: statements, count: lives.count)
  }

  private func ask<Value: Sendable>(_ query: Query<Value>) async throws -> [Value] {
    try await session.read(in: .tenant(office.tenant.number)) { try await $0.query(query) }
  }

  /// Takes them in as a source's intake would: masked, sealed, decided by the tables in force now.
  private func take(_ drafts: [DemoIntakes.Draft]) async throws -> [Taken] {
    let prepared = try drafts.map { draft in
      let desk = OrderIntakeDesk(ring: ring, tenant: office.tenant, communities: .none, now: draft.at)
      return (desk: desk, prepared: try desk.prepare(draft.intake))
    }
    let decided = try await decisions(
      OrderIntakeDesk.purposes,
      on: zip(drafts, prepared).map { draft, prepared in
        var document = prepared.prepared.facts.document(content: prepared.prepared.content).object ?? [:]
        document["repeatCount"] = .integer(draft.repeatCount)
        return .object(document)
      })
    return try zip(drafts, zip(prepared, decided)).map { draft, rest in
      let prospect = OrderIntakeStore.Prospect(
        known: nil, contract: office.contract(on: draft.at.date), isGradeKnown: true, repeats: draft.repeats, decisions: rest.1)
      let receiver = DemoLife.receiver(office, of: draft)
      let taken = try rest.0.desk.take(rest.0.prepared, prospect, id: draft.id, by: receiver)
      return Taken(draft: draft, order: taken.order, entry: taken.entry, content: taken.content)
    }
  }

  private func decisions(_ purposes: [RuleTable.Purpose], on documents: [JSON]) async throws -> [RuleDecisions] {
    let octets = documents.map { document in
      var writer = JSONWriter(capacity: 1024)
      writer.value(document)
      return writer.bytes
    }
    return try await ask(DecisionStore.decisions(purposes, on: octets, day: session.now.date, in: office.tenant))
  }

  // MARK: Their clocks

  /// The clocks of each order as its steps and the time since have left them, told in time.
  private func clocks(of lives: [DemoLife]) async throws -> [[ToldClock]] {
    var questions: [(facts: [UInt8], rule: ClockRule)] = []
    for life in lives { for step in life.steps { questions += predicated(step) } }
    let held = questions.isEmpty ? [] : try await ask(ClockPastStore.holds(questions))
    var answered = 0
    var all: [[ToldClock]] = []
    for life in lives {
      var clocks = OrderClocks()
      for step in life.steps {
        let rules = predicated(step).map(\.rule)
        let answers = held[answered..<answered + rules.count]
        answered += rules.count
        try clocks.take(
          ClockKeeper.Step(step.entry, from: step.before, to: step.after).step, book(step), office.clocks.reckoner
        ) { rule in
          zip(rules, answers).first { $0.0 == rule }?.1 ?? !rule.isPredicated
        }
      }
      try clocks.settle(at: session.now, office.clocks.reckoner)
      all.append(try clocks.clocks.map { try ToldClock($0, at: session.now, office.clocks.reckoner) })
    }
    return all
  }

  private func book(_ step: DemoLife.Step) -> ClockBook { office.clocks.book(of: step.after.contract, on: step.entry.at.date) }

  /// The rules with predicates that a step may start clocks by.
  private func predicated(_ step: DemoLife.Step) -> [(facts: [UInt8], rule: ClockRule)] {
    let book = book(step)
    guard book.rules.contains(where: \.isPredicated) else { return [] }
    var rules = step.entry.move.step.event.map { book.starting(with: $0, grade: step.after.grade, on: step.entry.at.date) } ?? []
    for state in step.after.waits.subtracting(step.before?.waits ?? []) { rules += book.starting(in: state) }
    rules = rules.filter(\.isPredicated)
    let facts = rules.isEmpty ? [] : step.after.predicateDocument
    return rules.map { (facts, $0) }
  }

  /// What the platform would have proposed because of misses and of a zero-score order, and nothing has made void since.
  private func proposals(
    of life: DemoLife, _ clocks: [ToldClock], _ identity: (Instant) -> UUIDv7
  ) -> [IncidentStore.SystemProposal] {
    let order = life.order
    guard order.exclusion != .granted else { return [] }
    var proposals = clocks.compactMap { told in
      told.missed.flatMap { missed in
        office.clocks.proposal(ofMissed: told.clock, of: order.id, seat: order.seat, id: identity(missed), at: missed)
      }
    }
    if order.isZeroScore, let contract = order.contract, let callback = life.steps.last(where: { $0.entry.move.step == .calledBack }) {
      proposals += office.clocks.proposals(ofZeroScore: order, by: callback.entry, under: contract, identity: identity)
    }
    return proposals
  }
}
