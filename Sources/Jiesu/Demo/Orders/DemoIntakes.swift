// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

/// Draws the orders that come in over a demonstration's year, one after the other in the order of their time.
struct DemoIntakes: Sendable {
  /// One order before anybody has decided on it.
  struct Draft: Sendable {
    let id: UUIDv7
    let at: Instant
    let intake: OrderIntake
    /// What people call the place it is about.
    let place: String
    /// The last order of the same caller on the same matter, and how many there were.
    let repeats: UUIDv7?
    let repeatCount: Int64
    /// What is left of its chance, for its life.
    let chance: DemoChance
  }

  /// The number by which the source of a demonstration's order knows it.
  static func number(of place: Int) -> String {
    let digits = "\(place + 1)"
    return "YS-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
  }

  /// The digits of such a number.
  static func shortNumber(_ number: String) -> Substring { number.dropFirst(3) }

  /// In how many of a thousand orders somebody calls who calls more often.
  private static let regulars = 170
  /// Those who call most often are key complainants 重点诉求人.
  private static let keyComplainants = 3

  let office: DemoOffice
  let year: DemoYear
  let count: Int
  /// What those who call more often have called about: the orders, with their categories.
  private var calls: [Int: [(id: UUIDv7, category: String?)]] = [:]

  init(_ office: DemoOffice, _ year: DemoYear, count: Int) {
    (self.office, self.year, self.count) = (office, year, count)
  }

  /// Draws the next one.
  ///
  /// - Parameter known: the order that stands under the number already, where it was taken in before.
  mutating func draw(_ place: Int, known: UUIDv7?) -> Draft {
    var chance = DemoChance(seed: office.seed, place: place)
    let at = year.arrival(of: place, among: count, &chance)
    let made = UUIDv7(at: at, random: chance.next())
    let id = known ?? made
    let source = chance.weighed(office.orders.sources, by: \.weight)?.source ?? .city
    let many = max(6, count / 50)
    // The first of them call most often.
    let caller = source.hasCitizen && chance.happens(Self.regulars) ? min(chance.below(many), chance.below(many)) : many + place
    let earlier = calls[caller] ?? []
    let subject = subject(earlier.last?.category, in: at.date.components.month, &chance)
    let spot = chance.pick(office.orders.places)
    let name = chance.pick(spot.names)
    var facts = facts(place, at, source, subject, spot, at: name, isKey: caller < Self.keyComplainants, &chance)
    let citizen = source.hasCitizen ? citizen(caller, at: name) : Citizen(address: address(at: name, &chance))
    var content = office.texts.fill(subject.template.content, at: name, &chance)
    if let phone = citizen.phone, chance.happens(60) { content += "联系电话\(phone)。" }
    if let person = citizen.name, chance.happens(30) { content = "\(person)来电。" + content }
    if office.classifies, chance.happens(300) { facts.category = nil }
    let same = earlier.filter { $0.category == nil || facts.category == nil || $0.category == facts.category }
    if caller < many { calls[caller, default: []].append((id, facts.category)) }
    return Draft(
      id: id, at: at, intake: OrderIntake(facts: facts, content: content, citizen: citizen), place: name, repeats: same.last?.id,
      repeatCount: Int64(same.count), chance: chance)
  }

  /// What an order is about.
  private struct Subject {
    let category: DemoTexts.Category
    let template: DemoTexts.Template
  }

  private func subject(_ before: String?, in month: Int, _ chance: inout DemoChance) -> Subject {
    let possible = office.texts.categories.filter { $0.months.isEmpty || $0.months.contains(month) }
    let again = possible.first { $0.name == before && chance.happens(700) }
    let category = again ?? chance.weighed(possible, by: \.weight) ?? possible[0]
    return Subject(category: category, template: chance.pick(category.texts))
  }

  private func facts(
    _ place: Int, _ at: Instant, _ source: OrderSource, _ subject: Subject, _ spot: DemoFile.Orders.Place, at name: String, isKey: Bool,
    _ chance: inout DemoChance
  ) -> OrderFacts {
    let template = subject.template
    let known = subject.category.grades.filter { office.clocks.packs.gradeLimit($0.grade, on: at.date) != nil }
    let grade = chance.weighed(known, by: \.weight)?.grade ?? subject.category.grades[0].grade
    var tags = template.tags
    if chance.happens(12) { tags.append("不合理诉求") }
    if chance.happens(8) { tags.append("特殊案件") }
    var attributes = JSONObject()
    attributes["kind"] = .string(template.kind ?? chance.pick(["投诉", "投诉", "求助", "求助", "建议"]))
    if template.isMass { attributes["massIncident"] = true }
    if isKey { attributes["keyComplainant"] = true }
    // The city and the districts say when they sent it and when they want the answer.
    let sent = source.hasCitizen ? Instant(microseconds: at.microseconds - Int64(chance.low(20...600)) * 1_000_000) : nil
    let limit = office.clocks.packs.gradeLimit(grade, on: at.date)?.limit.within.microseconds
    return OrderFacts(
      source: source, externalNumber: Self.number(of: place), contract: nil, grade: grade, category: subject.category.name,
      area: spot.area, community: spot.community, title: office.texts.fill(template.title, at: name, &chance),
      tags: Array(Set(tags)).sorted(), attributes: attributes, isSpecial: false, reportedAt: sent,
      reportedDue: sent.flatMap { sent in limit.flatMap { Instant(microseconds: sent.microseconds + $0) } })
  }

  // MARK: Who asks

  /// An invented caller, the same for the same number. No network gives out numbers that begin with 160.
  private func citizen(_ caller: Int, at name: String) -> Citizen {
    var chance = DemoChance(seed: ~office.seed, place: caller)
    let surname = chance.pick(office.texts.surnames)
    let given = chance.pick(office.texts.givenNames)
    // A factor without common divisors makes another number of each caller.
    let digits = (UInt64(caller) &* 61_803_399 &+ office.seed % 100_000_000) % 100_000_000
    let text = String(digits)
    return Citizen(
      name: surname + given, phone: "160" + String(repeating: "0", count: 8 - text.count) + text, address: address(at: name, &chance))
  }

  private func address(at name: String, _ chance: inout DemoChance) -> String {
    "\(name)\(chance.within(1...28))号楼\(chance.within(1...6))单元\(chance.within(1...18))0\(chance.within(1...4))室"
  }
}
