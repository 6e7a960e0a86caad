// SPDX-License-Identifier: Apache-2.0
import Base

/// What somebody assumes to have happened, some of it perhaps still to come, and the day from which it is looked at.
package struct Scenario: Sendable, Hashable {
  /// The most facts that are assumed at once.
  package static let most = 200

  /// `nil`: today, or the last day that the facts speak of where that is later.
  package let asOf: CivilDate?
  package let facts: [FactContent]

  package init(asOf: CivilDate?, facts: [FactContent]) {
    self.asOf = asOf
    self.facts = facts
  }

  /// `{"asOf": "2025-02-12", "facts": [{"kind": "payment", "on": "2025-02-12", "payment": "second", "amount": "866000.00"}]}`
  package static let shape: Shape<Scenario> = .object(
    "scenario", about: Text(zh: "假定的事实与观察日；什么都不记录。", en: "Assumed facts and the day to look from; nothing is recorded."),
    Field(optional: "asOf", .date), Field("facts", .array(of: FactContent.shape, min: 1, max: most))
  ) { Scenario(asOf: $0, facts: $1) }

  /// The day from which it is looked at.
  package func day(today: CivilDate) -> CivilDate { asOf ?? facts.map(\.on).reduce(today, max) }

  /// The assumptions as facts, recorded after all that is on record.
  ///
  /// - Parameter now: the moment they are assumed.
  package func assumed(at now: Instant) -> [Fact] {
    facts.enumerated().map { index, content in
      Fact(id: UUIDv7(at: now, random: UInt64(index)), recordedAt: now, content: content)
    }
  }
}

extension Scenario {
  /// Everything that speaks against the assumptions: what would speak against recording them, save that they may lie ahead.
  ///
  /// - Parameters:
  ///   - recorded: what is on record; what can stand there but once is not assumed a second time.
  ///   - now: the moment they are assumed.
  /// - Returns: faults with pointers into the scenario's JSON.
  /// - Throws: when the contract has no schedule.
  package func faults(
    under contract: Contract, packs: RulePacks, recorded: [Fact], at now: Instant
  ) throws(ScheduleError) -> [Fault] {
    let beyond = days(beyond: contract)
    guard beyond.isEmpty else { return beyond }
    let day = day(today: now.date)
    let check = try FactCheck(contract, packs: packs, life: ServiceLife(recorded + assumed(at: now), asOf: day))
    var standing = Set(recorded.compactMap(\.body.unique))
    var faults: [Fault] = []
    for (index, content) in facts.enumerated() {
      let pointer = "/facts/\(index)"
      faults += check.faults(in: content).map { $0.within(pointer) }
      if content.on > day {
        faults.append(
          .range(pointer + "/on", zh: "晚于 asOf（\(day)），不会计入。", en: "This is after asOf (\(day)) and would not count."))
      }
      if let unique = content.body.unique, !standing.insert(unique).inserted {
        faults.append(
          Fault(
            pointer: pointer, code: "already-recorded",
            detail: Text(zh: "同一事项已有记录，或已在前面假定。", en: "This is on record already, or assumed further up.")))
      }
    }
    return faults
  }

  /// Days so far beyond the contract that nothing could be said of them, and counting to them would take long.
  private func days(beyond contract: Contract) -> [Fault] {
    let far = Int(contract.term.last.day) + 7305
    var faults: [Fault] = []
    if let asOf, Int(asOf.day) > far {
      faults.append(.range("/asOf", zh: "晚于服务期满二十年以上。", en: "This is more than twenty years after the term."))
    }
    for (index, content) in facts.enumerated() where Int(content.on.day) > far {
      faults.append(.range("/facts/\(index)/on", zh: "晚于服务期满二十年以上。", en: "This is more than twenty years after the term."))
    }
    return faults
  }
}

extension FactBody {
  /// What can stand on record but once, as a key.
  fileprivate var unique: String? {
    uniqueMembers.map { members in
      var writer = JSONWriter(capacity: 128)
      writer.value(.object(members))
      return kind + String(decoding: writer.bytes, as: UTF8.self)
    }
  }

  /// What it says, in short: `付款 second 866,000.00`.
  package var words: Text { words(by: nil) }

  /// The same with what a paper calls the kind of an incident or an event of its own, and whom an incident is about.
  package func words(by appraisal: ContractDocument.Appraisal?) -> Text {
    switch self {
    case .incident(let incident):
      let kind = appraisal?.incidents.first { $0.id == incident.kind }?.citation.says.phrase
      let name =
        kind.map { Text(zh: "情形“\($0.zh)”", en: "incident “\($0.en)”") } ?? Text(zh: "情形 \(incident.kind)", en: "incident \(incident.kind)")
      // An order is told by its number, where it is known.
      let person = kind == nil ? nil : incident.subject.flatMap { UUIDv7($0) == nil ? $0 : nil }
      let subject = person.map { Text(zh: "（\($0)）", en: " (\($0))") } ?? Words.none
      let by = incident.by.map { Text(zh: "（\($0.name.zh)）", en: " (\($0.name.en))") } ?? Words.none
      let amount = incident.amount.map { Words.both(" \($0.grouped)") } ?? Words.none
      return name + subject + by + amount
        + (incident.quantity == 1 ? Words.none : Words.both(" × \(incident.quantity)"))
    case .grade(let series, let period, let grade):
      return Text(zh: "等次 \(series) \(period) \(grade)", en: "grade \(series) \(period) \(grade)")
    case .score(let series, let period, let subject, let value):
      let whose = [series, period, subject].compactMap { $0 }.joined(separator: " ")
      return Text(zh: "评分 ", en: "score ") + Words.both("\(whose) \(Words.number(value))")
    case .event(let event):
      var words: Text
      if case .known(let known) = event.name {
        words = known.name
      } else if let name = appraisal?.events.first(where: { $0.id == event.name.code })?.citation.says.phrase {
        words = Text(zh: "事件“\(name.zh)”", en: "event “\(name.en)”")
      } else {
        words = Text(zh: "事件 ", en: "event ") + Words.both(event.name.code)
      }
      if let payment = event.payment { words = words + Words.both(" \(payment)") }
      if let agreed = event.agreed { words = words + Text(zh: "，约定 \(agreed)", en: ", agreed on \(agreed)") }
      if let until = event.until { words = words + Text(zh: "，至 \(until)", en: ", until \(until)") }
      return words
    case .invoice(let payment, let amount): return Text(zh: "发票 ", en: "invoice ") + Words.both("\(payment) \(amount.grouped)")
    case .payment(let payment, let amount): return Text(zh: "付款 ", en: "payment ") + Words.both("\(payment) \(amount.grouped)")
    case .audited(let amount): return Text(zh: "审定金额 ", en: "audited amount ") + Words.both(amount.grouped)
    case .waiver(let obligation): return Text(zh: "免除义务 ", en: "waiver of ") + Words.both(obligation)
    }
  }
}

extension Text {
  /// A sentence without its full stop, to stand within another.
  package var phrase: Text {
    func bare(_ sentence: String) -> String { sentence.last.map { "。.".contains($0) } ?? false ? String(sentence.dropLast()) : sentence }
    return Text(zh: bare(zh), en: bare(en))
  }
}
