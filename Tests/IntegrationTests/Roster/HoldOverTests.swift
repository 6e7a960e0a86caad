// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Support
import Testing

/// Vacancies in a service that goes on after its term, 2024-12-25, on a server whose clock the tests move.
@Suite("Vacancies while a service is held over", .deployment(at: "2024-12-27T09:00:00+08:00"), .serialized)
struct HoldOverTests {
  /// Moves the clock to just after the midnight with which a day begins, and waits until the timer has looked at the contract's posts.
  private func begin(_ day: String) throws {
    let now = try #require(Instant("\(day)T00:00:01+08:00"))
    try Deployment.current.setClock(to: now)
    try Deployment.current.database.wait(until: "next_at > '\(now)' FROM staff_book WHERE contract_id = 'service-2024'")
  }

  private func vacancies(_ desk: Desk) throws -> [JSON] {
    try desk.who("supervisor").get("\(desk.path)/staff-demands").json["items"]?.array?.filter { $0["kind"] == "vacancy" } ?? []
  }

  /// Puts somebody on a seat from the first day, and takes them off on the last.
  private func serve(_ person: String, _ first: String, _ last: String, _ desk: Desk) throws {
    let manager = try desk.who("vendor-manager")
    let added = try manager.post("\(desk.office)/staff", ["code": .string(person), "name": "余清扬"])
    try #require(added.status == 201, "\(added.text)")
    try manager.make(
      "\(desk.path)/conditions",
      ["person": .string(person), "condition": "pledged", "on": .string(first), "document": "承诺书"])
    let posted = try manager.post("\(desk.path)/assignments", ["person": .string(person), "post": "seat", "from": .string(first)])
    try #require(posted.status == 201, "\(posted.text)")
    try Deployment.current.setClock(to: try #require(Instant("\(last)T18:00:00+08:00")))
    let again = try desk.who("vendor-manager")
    try again.make(
      "\(desk.path)/clearances",
      ["person": .string(person), "materialsReturned": .string(last), "dataDestroyed": .string(last), "document": "交接单"])
    let ended = try again.post(
      "\(desk.path)/assignments/seat/\(person)/\(first)/end", ["on": .string(last), "reason": "离职"], ["If-Match": "\"1\""])
    try #require(ended.status == 200, "\(ended.text)")
  }

  @Test("who leaves while it is held over leaves a vacancy with its fifteen days; without a record of that and after it, nobody does")
  func vacancy() throws {
    let desk = try Desk("anding", "service-2024")
    try begin("2024-12-27")
    try serve("stand-in-1", "2024-12-27", "2024-12-28", desk)
    try begin("2024-12-29")
    #expect(try vacancies(desk) == [])
    // It went on from the start, as is put on record late.
    try desk.event("heldOver", "2024-12-26", ["until": "2025-01-05"])
    try serve("stand-in-2", "2024-12-29", "2024-12-31", desk)
    try begin("2025-01-01")
    let found = try vacancies(desk)
    #expect(found.compactMap { $0["person"]?.string }.sorted() == ["stand-in-1", "stand-in-2"])
    let second = try #require(found.first { $0["person"] == "stand-in-2" })
    #expect(second["on"] == "2024-12-31" && second["raisedSide"] == "system" && second["state"] == "open")
    // Fifteen days from the last of December.
    #expect(second.value(at: "/obligations/0/item") == "fill-vacancy" && second.value(at: "/obligations/0/due/date") == "2025-01-15")
    let told = try desk.who("vendor-manager").notices("\(desk.office)/notices").filter { $0.kind == "vacancy.opened" }
    #expect(told.count == 2)
    // Once only.
    try begin("2025-01-02")
    #expect(try vacancies(desk).count == 2)
    // The last day is the last for the posts too.
    try serve("stand-in-3", "2025-01-02", "2025-01-05", desk)
    try begin("2025-01-06")
    #expect(try vacancies(desk).count == 2)
  }
}
