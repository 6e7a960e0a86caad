// SPDX-License-Identifier: Apache-2.0
import Base
import FoundationEssentials
import Glibc
import Support
import Testing

/// Calendar feeds as a calendar program sees them, on a server whose clock the tests move.
@Suite("Calendar feeds", .deployment(at: "2022-07-28T10:00:00+08:00"), .serialized)
struct CalendarFeedTests {
  private func desk() throws -> Desk { try Desk("fangshan", "service-2022") }

  private func setClock(_ instant: String) throws { try Deployment.current.setClock(to: try #require(Instant(instant))) }

  /// Opens a feed and gives its address and its name.
  private func open(_ desk: Desk, as role: String, _ body: JSON) throws -> (address: String, id: String) {
    let opened = try desk.who(role).post("\(desk.office)/calendar-feeds", body)
    try #require(opened.status == 201, "\(opened.text)")
    return (try #require(opened.string("/address")), try #require(opened.string("/id")))
  }

  /// What the package icalendar reads in a calendar.
  private func read(_ text: String) throws -> JSON {
    let file = "\(try Deployment.current.state)/feed.ics"
    try Data(text.utf8).write(to: URL(filePath: file))
    let python = ProcessInfo.processInfo.environment["JIESU_TEST_PYTHON"] ?? "python3"
    let command = try Command.run([python, "-B", "\(Cluster.checkout)/Tests/Oracle/calendar_feed.py", file])
    try #require(command.status == 0, "install Tests/Oracle/requirements.txt?")
    return try JSON.parse(Array(command.output.utf8))
  }

  @Test("another implementation reads it without a fault, and its events are the obligations, each with its day, clause and what follows")
  func equal() throws {
    let desk = try desk()
    try setClock("2022-07-28T10:00:00+08:00")
    // Texts with everything that has to be escaped, folded or left out.
    try desk.invoice("first", "2022-07-27", "2098750.00")
    for (role, side, language) in [("leader", nil, "zh"), ("vendor-manager", "vendor", "en"), ("finance", "office", "zh")]
      as [(String, String?, String)]
    {
      var body: JSONObject = ["language": .string(language), "reminder": 2]
      if let side { body["side"] = .string(side) }
      let feed = try open(desk, as: role, .object(body))
      let fetched = try desk.deployment.stranger.get(feed.address)
      #expect(fetched.status == 200 && fetched.fields["content-type"] == "text/calendar; charset=utf-8", "\(fetched.text)")
      let calendar = try read(fetched.text)
      #expect(calendar["faults"]?.array == [], "\(calendar["faults"] ?? .null)")
      let events = try #require(calendar["events"]?.array)

      var expected: [String: JSON] = [:]
      var after = ""
      repeat {
        let page = try desk.who("leader").get("\(desk.path)/obligations?limit=500\(side.map { "&side=\($0)" } ?? "")\(after)")
        for item in page.json["items"]?.array ?? [] where item["due"]?["kind"]?.string == "by" {
          expected[item["id"]?.string ?? ""] = item
        }
        after = page.string("/next").map { "&after=\($0)" } ?? ""
      } while !after.isEmpty
      // The whole term lies within the calendar's reach.
      #expect(events.count == expected.count && events.count > (side == "office" ? 0 : 100), "\(events.count) of \(expected.count)")
      for event in events {
        let item = try #require(expected[event["obligation"]?.string ?? ""], "\(event)")
        let day = try #require(item["due"]?["date"]?.string.flatMap { CivilDate($0) })
        #expect(event["start"]?.string == "\(day)")
        #expect(try event["end"]?.string == "\(day.adding(days: 1))")
        #expect(event["state"]?.string == item["state"]?.string && event["bearer"]?.string == item["bearer"]?.string)
        let says = item["says"]?[language]?.string ?? "?"
        #expect(event["summary"]?.string?.hasSuffix(says) == true, "\(event["summary"] ?? .null)")
        let description = event["description"]?.string ?? ""
        #expect(
          description.contains(item["clause"]?.string ?? "?") && description.contains(item["due"]?["explanation"]?[language]?.string ?? "?")
        )
        for consequence in item["consequences"]?.array ?? [] {
          #expect(description.contains(consequence["says"]?[language]?.string ?? "?"), "\(description)")
        }
        // Nine o'clock two days before is thirty-nine hours before the last day begins.
        #expect(event["alarms"]?.array == (item["state"]?.string == "pending" ? [.integer(-39 * 3600)] : []))
        #expect(event["stamp"]?.string?.hasPrefix("2022-07-28T02:") == true, "\(event["stamp"] ?? .null)")
      }
      // The same again: nothing new is sent, and names stay.
      let tag = try #require(fetched.fields["etag"])
      #expect(try desk.deployment.stranger.get(feed.address, ["If-None-Match": tag]).status == 304)
      let again = try read(desk.deployment.stranger.get(feed.address).text)
      #expect(again["events"]?.array?.map { $0["uid"] } == events.map { $0["uid"] })
    }
  }

  @Test("the secret is told once and kept as a hash; a feed is its user's own, ends when it is revoked, and its keys are bounded")
  func secrets() throws {
    let desk = try desk()
    try setClock("2022-07-28T10:00:00+08:00")
    let supervisor = try desk.who("supervisor")
    let path = "\(desk.office)/calendar-feeds"
    let opened = try supervisor.post(path, ["label": "手机"], key: "feed-1")
    let address = try #require(opened.string("/address"))
    let secret = try #require(address.split(separator: "/").dropLast().last.map(String.init))
    #expect(opened.status == 201 && secret.utf8.count == 43 && opened.fields["cache-control"] == "no-store")
    // A repeated request gets the feed, without the secret: that is stored nowhere.
    let again = try supervisor.post(path, ["label": "手机"], key: "feed-1")
    #expect(again.status == 201 && again.string("/id") == opened.string("/id") && again.string("/address") == nil)
    let tables = try desk.deployment.database.sql(
      """
      SELECT count(*) FROM (SELECT t::text AS row FROM calendar_feed t UNION ALL SELECT convert_from(body, 'UTF8') FROM idempotency \
      WHERE body IS NOT NULL UNION ALL SELECT data::text FROM audit_event) x WHERE row LIKE '%\(secret)%'
      """)
    #expect(tables == "0")
    let log = try Command.run(["grep", "-c", secret, "\(desk.deployment.state)/log"])
    #expect(log.output == "0\n")

    let listed = try supervisor.get(path)
    let mine = try #require(listed.json["items"]?.array?.first)
    #expect(mine["label"]?.string == "手机" && mine["address"] == nil && mine["fetchedAt"] == .null)
    #expect(try desk.deployment.stranger.get(address).status == 200)
    #expect(try supervisor.get(path).json.value(at: "/items/0/fetchedAt")?.string?.hasPrefix("2022-07-28T10:0") == true)
    let id = try #require(opened.string("/id"))
    #expect(try desk.who("leader").get(path).json["items"]?.array?.contains { $0["id"]?.string == id } == false)
    #expect(try desk.who("leader").delete("\(path)/\(id)").status == 404)
    #expect(try desk.deployment.caller("anding.leader").delete("/v1/tenants/anding/calendar-feeds/\(id)").status == 404)
    // The address is of this office only.
    #expect(try desk.deployment.stranger.get(address.replacing("/fangshan/", with: "/anding/")).status == 404)
    #expect(try desk.deployment.stranger.get("/v1/calendar-feeds/fangshan/\(String(secret.reversed()))/obligations.ics").status == 404)
    #expect(try desk.who("handler").post(path, [:]).status == 403)
    #expect(try supervisor.post(path, ["side": "platform", "reminder": 31]).faults == ["/side not-in-list", "/reminder out-of-range"])

    #expect(try supervisor.delete("\(path)/\(id)").status == 204)
    #expect(try desk.deployment.stranger.get(address).status == 404)
    #expect(try supervisor.delete("\(path)/\(id)").status == 404)
    #expect(try supervisor.get(path).json["items"]?.array?.isEmpty == true)
    for _ in 1...10 { _ = try open(desk, as: "supervisor", [:]) }
    #expect(try supervisor.post(path, [:]).string("/code") == "too-many-feeds")
    let notes = try desk.deployment.database.sql(
      "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_event WHERE subject_kind = 'calendar-feed' AND subject = '\(id)'")
    #expect(notes == "calendar-feed.open calendar-feed.revoke")
  }

  @Test("a feed shows what its user may see at each fetch: it ends with the role, with the user, and with a vendor's wind-down")
  func rights() throws {
    let desk = try desk()
    let database = desk.deployment.database
    try setClock("2022-07-28T10:00:00+08:00")
    let address = try open(desk, as: "vendor-manager", [:]).address
    let stranger = desk.deployment.stranger
    let until = try database.sql("SELECT vendor_until FROM contract WHERE contract_id = '\(desk.contract)'")
    let last = try #require(CivilDate(until))
    try setClock("\(last)T23:50:00+08:00")
    #expect(try stranger.get(address).status == 200)
    try setClock("\(try last.adding(days: 1))T00:00:30+08:00")
    #expect(try stranger.get(address).status == 404)

    try setClock("2022-07-29T10:00:00+08:00")
    #expect(try stranger.get(address).status == 200)
    let user = try database.sql("SELECT user_id FROM app_user WHERE login = 'fangshan.vendor-manager'")
    try database.sql("UPDATE role SET permissions = array_remove(permissions, 'contract.read') WHERE code = 'vendor.manager'")
    try wait { try stranger.get(address).status == 404 }
    try database.sql("UPDATE role SET permissions = permissions || '{contract.read}' WHERE code = 'vendor.manager'")
    try wait { try stranger.get(address).status == 200 }
    try database.sql("UPDATE app_user SET disabled_at = now() WHERE user_id = '\(user)'")
    try wait { try stranger.get(address).status == 404 }
    try database.sql("UPDATE app_user SET disabled_at = NULL WHERE user_id = '\(user)'")
    try wait { try stranger.get(address).status == 200 }
  }

  /// Waits for what a notice of the database brings about.
  private func wait(_ holds: () throws -> Bool) throws {
    // Fetches are bounded: ask seldom.
    for _ in 1...8 where try !holds() { usleep(100_000) }
    #expect(try holds())
  }

  @Test("a program that fetches without pause is told to wait, and may go on after ten minutes")
  func pace() throws {
    let desk = try desk()
    try setClock("2022-08-01T10:00:00+08:00")
    let address = try open(desk, as: "finance", [:]).address
    let answers = try (1...31).map { _ in try desk.deployment.stranger.get(address).status }
    #expect(answers == Array(repeating: 200, count: 30) + [429])
    try setClock("2022-08-01T10:11:00+08:00")
    #expect(try desk.deployment.stranger.get(address).status == 200)
  }

  @Test("the office's calendar lists what is late and not done apart from what is to come, and what follows")
  func late() throws {
    let desk = try desk()
    try setClock("2022-07-30T10:00:00+08:00")
    let calendar = try desk.who("leader").get("\(desk.office)/obligations?weeks=1&side=vendor")
    let late = try #require(calendar.json["late"]?.array)
    #expect(
      late.compactMap { $0["id"]?.string }.filter { $0.hasPrefix("report-daily") } == [
        "report-daily@2022-07-27", "report-daily@2022-07-28", "report-daily@2022-07-29",
      ])
    #expect(calendar.json["lateCount"] == .integer(Int64(late.count)) && late.allSatisfy { $0["daysLate"] != .integer(0) })
    #expect(calendar.json["items"]?.array?.allSatisfy { $0["state"]?.string != "missed" } == true)
  }
}
