// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("The plan of visits to a key complainant")
struct VisitPlanTests {
  private let calendar: WorkingCalendar

  init() throws { calendar = try RepositoryFiles.calendar() }

  private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
  private func instant(_ text: String) throws -> Instant { try #require(Instant(text)) }

  private func plan(_ every: Span, from day: String, _ rule: ComplainantRule = .usual) throws -> VisitPlan {
    try VisitPlan(every: every, from: date(day), under: rule, calendar, at: Instant(date(day)))
  }

  @Test(
    "the next visit is due on the corresponding day, or the next working day where the office says so",
    arguments: [
      (Span.months(1), "2024-01-15", true, "2024-02-18"), (.months(1), "2024-01-15", false, "2024-02-15"),
      (.days(7), "2024-03-01", true, "2024-03-08"), (.workingDays(5), "2024-09-27", true, "2024-10-10"),
      (.months(1), "2024-01-31", false, "2024-02-29"),
    ])
  func due(_ every: Span, _ from: String, _ rolls: Bool, _ due: String) throws {
    let rule = ComplainantRule(orders: 3, within: .days(90), visitEvery: .months(1), remindBefore: .days(3), rolls: rolls)
    #expect(try plan(every, from: from, rule).due == date(due))
  }

  @Test("both sides are reminded once from three days before, and told once that the day has passed")
  func telling() throws {
    var plan = try plan(.days(10), from: "2024-03-01", .usual)
    #expect(try plan.due == date("2024-03-11") && plan.next == instant("2024-03-08T00:00:00+08:00"))
    var told: [String] = []
    for hours in 0..<(20 * 24) {
      let now = try instant("2024-03-01T00:00:00+08:00").adding(microseconds: Int64(hours) * Instant.hour)
      guard let next = plan.next, next <= now else { continue }
      let (after, notice) = try plan.tick(at: now, under: .usual, calendar)
      plan = after
      if let notice { told.append("\(notice.rawValue) \(now)") }
    }
    #expect(told == ["complainant.visit-due 2024-03-08T00:00:00+08:00", "complainant.visit-missed 2024-03-12T00:00:00+08:00"])
    #expect(plan.next == nil && plan.told == .missed)
  }

  @Test("who looks only after the day has passed tells that, and does not remind")
  func late() throws {
    let (after, notice) = try plan(.days(10), from: "2024-03-01").tick(at: instant("2024-04-01T09:00:00+08:00"), under: .usual, calendar)
    #expect(notice == .missed && after.told == .missed && after.next == nil)
    #expect(try after.tick(at: instant("2024-05-01T09:00:00+08:00"), under: .usual, calendar).notice == nil)
  }

  @Test("where no calendar is known for the day, there is none, and it is asked for again a day later")
  func unknownYear() throws {
    let plan = try plan(.years(40), from: "2024-03-01")
    #expect(plan.due == nil && plan.told == .nothing)
    #expect(try plan.next == instant("2024-03-02T00:00:00+08:00"))
    let later = try plan.tick(at: instant("2024-03-02T00:00:00+08:00"), under: .usual, calendar)
    #expect(try later.notice == nil && later.plan.due == nil && later.plan.next == instant("2024-03-03T00:00:00+08:00"))
  }

  @Test("a line of the ledger has a form that fits its kind, and only a visit may have reached nobody")
  func records() throws {
    func code(_ json: JSON) -> String? {
      switch ComplainantRecord.shape.decode(json) {
      case .success: nil
      case .failure(let faults): faults.list.first.map { "\($0.pointer) \($0.code)" }
      }
    }
    #expect(code(["kind": "meeting", "form": "interview", "on": "2024-03-01", "notes": "约谈"]) == nil)
    #expect(code(["kind": "visit", "form": "telephone", "on": "2024-03-01", "notes": "未接", "reached": false]) == nil)
    #expect(code(["kind": "meeting", "form": "telephone", "on": "2024-03-01", "notes": "约谈"]) == "/form bad-combination")
    #expect(
      code(["kind": "counselling", "form": "inPerson", "on": "2024-03-01", "notes": "疏导", "reached": false]) == "/reached bad-combination")
  }

  @Test("texts are as like as the pairs of characters that they share")
  func likeness() {
    func likeness(_ a: String, _ b: String) -> Int { OrderText.likeness(OrderText.grams(a), OrderText.grams(b)) }
    #expect(likeness("小区垃圾无人清运", "小区垃圾无人清运") == 100)
    #expect(likeness("小区垃圾无人清运", "路灯不亮") == 0)
    #expect(likeness("", "路灯不亮") == 0)
    let near = likeness("东里小区三号楼前垃圾三天无人清运", "东里小区三号楼前垃圾五天没人清运")
    #expect((40...90).contains(near))
  }
}
