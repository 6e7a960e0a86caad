// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Support
import Testing

/// Demands about staff and vacancies on a server whose clock the tests move.
@Suite("Demands about staff", .deployment(at: "2022-09-01T09:00:00+08:00"), .serialized)
struct StaffDemandTests {
  private func setClock(_ instant: String) throws { try Deployment.current.setClock(to: try #require(Instant(instant))) }

  /// Waits until the database says so.
  private func wait(_ condition: String) throws {
    try Deployment.current.database.wait(until: condition)
  }

  private func person(_ code: String, _ condition: String, _ on: String, _ desk: Desk) throws {
    let manager = try desk.who("vendor-manager")
    let added = try manager.post("\(desk.office)/staff", ["code": .string(code), "name": "余清扬"])
    try #require(added.status == 201, "\(added.text)")
    try manager.make(
      "\(desk.path)/conditions",
      ["person": .string(code), "condition": .string(condition), "on": .string(on), "document": "记录 1"])
  }

  private func demand(_ kind: String, _ person: String, _ post: String, _ from: String, _ desk: Desk) throws -> Caller.Answer {
    try desk.who("supervisor").post(
      "\(desk.path)/staff-demands",
      ["kind": .string(kind), "person": .string(person), "post": .string(post), "from": .string(from), "reason": "不能胜任"])
  }

  private func leave(_ person: String, _ post: String, _ from: String, on: String, _ desk: Desk) throws -> Caller.Answer {
    let manager = try desk.who("vendor-manager")
    let cleared = try manager.post(
      "\(desk.path)/clearances",
      ["person": .string(person), "materialsReturned": .string(on), "dataDestroyed": .string(on), "document": "交接单"])
    try #require(cleared.status == 201, "\(cleared.text)")
    return try manager.post(
      "\(desk.path)/assignments/\(post)/\(person)/\(from)/end", ["on": .string(on), "reason": "退回"], ["If-Match": "\"1\""])
  }

  private func assign(_ person: String, _ post: String, _ from: String, _ desk: Desk, _ more: JSONObject = [:]) throws -> Caller.Answer {
    var body: JSONObject = ["person": .string(person), "post": .string(post), "from": .string(from)]
    for member in more.members { body[member.name] = member.value }
    return try desk.who("vendor-manager").post("\(desk.path)/assignments", .object(body))
  }

  /// Demanded on 2022-09-01: ten days, that day not counted, end with 2022-09-11, a Sunday, and 12 September is the Mid-Autumn holiday,
  /// so the last day is 2022-09-13. 4.4: 34,949.20 for one that is missed.
  @Test("a replacement in time costs nothing; one that is not made is told to both sides once and costs 34,949.20")
  func replacement() async throws {
    let desk = try Desk("fangshan", "service-2022")
    try setClock("2022-09-01T10:00:00+08:00")
    #expect(try desk.who("vendor-manager").post("\(desk.path)/staff-demands", [:]).status == 403)
    #expect(try demand("removal", "watch-seat-1", "watch-seat", "2022-07-27", desk).string("/code") == "not-in-contract")
    #expect(try demand("replacement", "watch-seat-1", "watch-seat", "2022-07-28", desk).faults == ["/person not-posted"])
    let first = try demand("replacement", "watch-seat-1", "watch-seat", "2022-07-27", desk)
    #expect(first.status == 201, "\(first.text)")
    #expect(try demand("replacement", "watch-seat-1", "watch-seat", "2022-07-27", desk).string("/code") == "already-demanded")
    let second = try demand("replacement", "watch-seat-2", "watch-seat", "2022-07-27", desk)
    let (met, missed) = (try #require(first.string("/id")), try #require(second.string("/id")))
    let open = try desk.who("vendor-manager").get("\(desk.path)/staff-demands/\(met)")
    #expect(open.string("/obligations/0/item") == "replace-staff" && open.string("/obligations/0/due/date") == "2022-09-13", "\(open.text)")
    #expect(open.string("/obligations/0/state") == "pending" && open.string("/obligations/0/consequences/0/rule") == "late-replacement")

    // The one is off on the 8th, the other comes on the 13th, and the timer sees that.
    try person("watch-seat-9", "trained", "2022-09-01", desk)
    try setClock("2022-09-08T18:00:00+08:00")
    #expect(try leave("watch-seat-1", "watch-seat", "2022-07-27", on: "2022-09-08", desk).status == 200)
    let assigned = try assign("watch-seat-9", "watch-seat", "2022-09-13", desk, ["demand": .string(met)])
    #expect(assigned.status == 201, "\(assigned.text)")
    #expect(try desk.who("supervisor").get("\(desk.path)/staff-demands/\(met)").string("/state") == "open")
    try setClock("2022-09-13T00:00:01+08:00")
    try wait("state = 'met' FROM staff_demand WHERE id = '\(met)'")
    let done = try desk.who("supervisor").get("\(desk.path)/staff-demands/\(met)")
    #expect(done.string("/metOn") == "2022-09-13" && done.string("/obligations/0/state") == "met", "\(done.text)")

    try setClock("2022-09-14T00:00:01+08:00")
    let fact = try desk.deployment.database.sql("SELECT opened_fact FROM staff_demand WHERE id = '\(missed)'")
    try wait("count(*) = 1 FROM obligation WHERE id = 'replace-staff@\(fact)' AND state = 'missed' AND fired_at IS NOT NULL")
    for role in ["supervisor", "vendor-manager"] {
      let told = try desk.who(role).notices("\(desk.office)/notices").filter { $0.subject == "replace-staff@\(fact)" }
      #expect(told.map(\.kind) == ["obligation.missed"])
    }
    let statement = try desk.statement("last", asOf: "2022-09-14")
    #expect(statement.line("late-replacement")?.value(at: "/amount/yuan")?.string == "-34949.20", "\(statement.answer.text)")

    // Taken back with its event, it costs nothing more.
    let office = try desk.who("supervisor")
    let withdraw = "\(desk.path)/staff-demands/\(missed)/withdraw"
    #expect(try office.post("\(desk.path)/staff-demands/\(met)/withdraw", ["reason": "?"], ["If-Match": "\"4\""]).status == 409)
    #expect(try office.post(withdraw, ["reason": "误提"], ["If-Match": "\"1\""]).status == 200)
    #expect(try desk.statement("last", asOf: "2022-09-14").line("late-replacement") == nil)
  }

  @Test("who leaves, leaves a vacancy that is found and told once, with fifteen days to fill it; an assignment fills it")
  func vacancy() async throws {
    let desk = try Desk("anding", "service-2024")
    try setClock("2024-05-06T09:00:00+08:00")
    try wait("NOT is_new FROM staff_book WHERE contract_id = 'service-2024'")
    try person("stand-in", "pledged", "2024-05-06", desk)
    #expect(try leave("seat-1", "seat", "2023-12-26", on: "2024-05-06", desk).status == 200)
    try setClock("2024-05-07T00:00:01+08:00")
    try wait("count(*) = 1 FROM staff_demand WHERE contract_id = 'service-2024' AND kind = 'vacancy'")
    let page = try desk.who("vendor-manager").get("\(desk.path)/staff-demands?state=open")
    let found = try #require(page.json["items"]?.array?.first)
    #expect(found["person"]?.string == "seat-1" && found["on"]?.string == "2024-05-06" && found["raisedSide"]?.string == "system")
    // Fifteen days from the 6th.
    #expect(
      found.value(at: "/obligations/0/due/date")?.string == "2024-05-21" && found.value(at: "/obligations/0/item")?.string == "fill-vacancy"
    )
    let id = try #require(found["id"]?.string)
    let told = try desk.who("supervisor").notices("\(desk.office)/notices").filter { $0.subject == id }
    #expect(told.map(\.kind) == ["vacancy.opened"])
    #expect(
      try desk.who("supervisor").post("\(desk.path)/staff-demands/\(id)/withdraw", ["reason": "?"], ["If-Match": "\"1\""]).string("/code")
        == "not-withdrawable")
    // What the vendor says late counts from the day it says it.
    try setClock("2024-05-10T09:00:00+08:00")
    let filled = try assign("stand-in", "seat", "2024-05-08", desk)
    #expect(filled.status == 201, "\(filled.text)")
    let done = try desk.who("supervisor").get("\(desk.path)/staff-demands/\(id)")
    #expect(done.string("/state") == "met" && done.string("/metOn") == "2024-05-10" && done.string("/successor/person") == "stand-in")
    #expect(done.string("/obligations/0/state") == "met")

    // Removal after a grave fault: three days to go, fifteen to be replaced, each met or missed by itself.
    let removal = try demand("removal", "seat-2", "seat", "2023-12-26", desk)
    let fault = try #require(removal.string("/id"), "\(removal.text)")
    let clocks = try desk.who("supervisor").get("\(desk.path)/staff-demands/\(fault)").json["obligations"]?.array ?? []
    #expect(
      clocks.map { "\($0["item"]?.string ?? "") \($0.value(at: "/due/date")?.string ?? "")" } == [
        "remove-staff 2024-05-13", "refill 2024-05-27",
      ])
    try setClock("2024-05-13T20:00:00+08:00")
    #expect(try leave("seat-2", "seat", "2023-12-26", on: "2024-05-13", desk).status == 200)
    try setClock("2024-05-28T00:00:01+08:00")
    let after = try desk.who("supervisor").get("\(desk.path)/staff-demands/\(fault)").json["obligations"]?.array ?? []
    #expect(after.map { $0["state"]?.string } == ["met", "missed"])
    // Its place is not vacant a second time.
    #expect(
      try desk.deployment.database.sql("SELECT count(*) FROM staff_demand WHERE kind = 'vacancy' AND contract_id = 'service-2024'") == "1")
  }
}
