// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Testing

/// Files of a door or a telephone system, on a server whose clock the tests move.
@Suite("Files of clock marks", .deployment(at: "2020-05-01T07:00:00+08:00"), .serialized)
struct AttendanceImportTests {
  private func desk() throws -> AttendanceDesk { AttendanceDesk(office: try RosterOffice("sanjianfang")) }

  private static let header = "工号,打卡时间,打卡类型,设备,部门\r\n"

  private func counts(_ answer: Caller.Answer) -> [Int64?] { ["read", "taken", "known", "refused"].map { answer.json[$0]?.integer } }

  private func upload(_ text: String, _ query: String = "", type: String = "text/csv", by role: String = "vendor-manager") throws
    -> Caller.Answer
  {
    let desk = try desk()
    return try desk.office.who(role).upload(desk.path + "/imports" + query, Array(text.utf8), type)
  }

  private func marks(_ person: String) throws -> String {
    try Deployment.current.database.sql("SELECT count(*) FROM clock_mark WHERE person = '\(person)'")
  }

  @Test("each bad line is told with its number and its reason, the good ones are in and judged; the file again adds nothing")
  func badLines() throws {
    let desk = try desk()
    try desk.setClock("2020-05-01T07:00:00+08:00")
    try desk.office.generate("2020-05-01", "2020-05-03")
    let shift = try desk.office.dayShift("2020-05-02")
    try desk.setClock("2020-05-04T09:00:00+08:00")
    let person = shift.person
    let text =
      Self.header + "\(person),2020-05-02 08:07,上班,北门,客服\r\n" + "nobody,2020-05-02 08:07,上班,北门,客服\r\n" + "\(person),昨天,上班,北门,客服\r\n"
      + "\(person),2020/5/2 19:45:00,下班打卡,\"北门,内\",客服\r\n" + "\(person),2020-05-02 12:00,开会,北门,客服\r\n"
      + "\(person),2020-05-02 12:00\r\n" + "\(person),2020-05-04 10:00,上班,北门,客服\r\n" + ",2020-05-02 08:07,上班,北门,客服\r\n"
      + "\(person),2020-05-02T08:07:00+08:00,进,南门,\r\n"
    let tried = try upload(text, "?dryRun=true")
    #expect(try counts(tried) == [9, 2, 1, 6] && marks(person) == "0" && tried.json["dryRun"] == true, "\(tried.text)")
    let first = try upload(text)
    // The last line is the first mark again, at another door.
    #expect(first.status == 200 && counts(first) == [9, 2, 1, 6] && first.string("/state") == "finished", "\(first.text)")
    let told = (first.json["faults"]?.array ?? []).map { fault in
      "\(fault["line"]?.integer ?? 0) \(fault["pointer"]?.string ?? "") \(fault["code"]?.string ?? "")"
    }
    #expect(
      told == [
        "3 /person unknown-reference", "4 /at not-a-time", "6 /direction not-in-list", "7  wrong-field-count", "8 /at out-of-range",
        "9 /person missing-member",
      ])
    #expect(first.json["ignoredHeadings"] == ["部门"])
    #expect(try desk.attendance("2020-05-02", "2020-05-02", person) == ["02T08 late 7, early 15"])
    let page = try desk.read("leader", "from=2020-05-02&to=2020-05-02&person=\(person)")
    #expect(page.string("/items/0/marks/1/device") == "北门,内" && page.string("/items/0/marks/1/source") == "import", "\(page.text)")
    // The timer proposes what came of it.
    let proposed = "SELECT count(*) FROM incident WHERE subject = '\(person)' AND kind = 'late-or-early' AND state = 'proposed'"
    #expect(try eventually { try desk.office.deployment.database.sql(proposed) == "2" ? true : nil } == true)

    let again = try upload(text)
    #expect(try counts(again) == [9, 0, 3, 6] && marks(person) == "2")
    let id = try #require(again.string("/id"))
    let manager = try desk.office.who("vendor-manager")
    #expect(try manager.get("\(desk.path)/imports/\(id)").json["known"] == 3)
    let faults = try manager.get("\(desk.path)/imports/\(id)/faults?limit=2&after=4").json["items"]?.array ?? []
    #expect(faults.map { $0["line"]?.integer } == [6, 7])
    #expect(try manager.get("\(desk.path)/imports").json["items"]?.array?.count == 3)
    // A file of marks is none of work orders.
    let seat = try desk.office.who("seat-1")
    #expect(try seat.get("\(desk.office.path)/work-orders/batches/\(id)").status == 404)
    #expect(try seat.get("\(desk.office.path)/work-orders/batches").json["items"] == [])
  }

  @Test("a line of a moment that cannot be, before there was a contract or after now, is told with its number and what is wrong")
  func absurd() throws {
    let desk = try desk()
    try desk.setClock("2020-05-08T09:00:00+08:00")
    let times = ["0001-01-01 08:00", "9999-12-31 20:00", "2020-05-09 08:00", "2018-05-07 08:00", "2020-05-07 08:00"]
    let answer = try upload(Self.header + times.map { "seat-1,\($0),上班,北门,\r\n" }.joined())
    #expect(counts(answer) == [5, 1, 0, 4], "\(answer.text)")
    let told = (answer.json["faults"]?.array ?? []).map { "\($0["line"]?.integer ?? 0) \($0["pointer"]?.string ?? "")" }
    #expect(told == ["2 /at", "3 /at", "4 /at", "5 /at"])
    #expect(answer.text.contains("早于此人的合同与任岗") && answer.text.contains("不得晚于现在"))
  }

  @Test("UTF-8 with a byte order mark and GB 18030 are read as what they say; headings of one's own are mapped")
  func encodings() throws {
    let desk = try desk()
    try desk.setClock("2020-05-10T09:00:00+08:00")
    let file = desk.office.deployment.state + "/marks"
    _ = try Command.run([
      "sh", "-c",
      "printf '工号,打卡时间,打卡类型,设备\\nseat-2,2020-05-09 08:00,上班,北门㐀\\nseat-2,2020-05-09 20:00,下班,北门\\n' | iconv -f utf-8 -t gb18030 > \(file)",
    ])
    let octets = try read(file)
    #expect(String(validating: octets, as: UTF8.self) == nil)
    let manager = try desk.office.who("vendor-manager")
    let answer = try manager.upload(desk.path + "/imports", octets, "text/csv")
    #expect(counts(answer) == [2, 2, 0, 0], "\(answer.text)")
    #expect(try counts(manager.upload(desk.path + "/imports", octets, "text/csv; charset=GBK")) == [2, 0, 2, 0])
    let device = "SELECT device FROM clock_mark WHERE person = 'seat-2' AND at = '2020-05-09 08:00+08'"
    #expect(try desk.office.deployment.database.sql(device) == "北门㐀")
    let own = "\u{FEFF}badge,when,what\nseat-3,2020-05-09 08:00,in\n"
    let missing = try upload(own)
    #expect(missing.status == 422 && missing.faults == ["/person missing-heading", "/at missing-heading", "/direction missing-heading"])
    #expect(try counts(upload(own, "?map=badge:person,when:at,what:direction")) == [1, 1, 0, 0])
    #expect(try upload(own, "?map=badge:name").faults == ["?map bad-query"])
    #expect(try upload("工号,人员,时间,方向\n").faults == ["/person repeated-heading"])
    #expect(try upload("").faults == [" no-headings"])
    #expect(try upload("{}", type: "application/x-ndjson").status == 415)
  }

  private func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }

  @Test("a file that is cut off anywhere and sent again, and several at once with the same file, give the same marks once")
  func cut() async throws {
    let desk = try desk()
    try desk.setClock("2020-06-30T09:00:00+08:00")
    let first = try #require(Instant("2020-06-01T00:00:00+08:00"))
    var text = Self.header
    for number in 0..<24_000 {
      let time = try #require(Instant(microseconds: first.microseconds + Int64(number) * Instant.minute))
      text += "seat-4,\(time),\(number.isMultiple(of: 2) ? "进" : "出"),门,\r\n"
    }
    let octets = Array(text.utf8)
    let manager = try desk.office.who("vendor-manager")
    let client = try Client(port: desk.office.deployment.port)
    client.send(
      manager.head("POST", desk.path + "/imports", ["Content-Type": "text/csv", "Content-Length": "\(octets.count)"]))
    client.send(Array(octets.prefix(octets.count * 2 / 3)))
    try wait(for: "the first marks") { try marks("seat-4") != "0" }
    client.reset()
    let path = desk.path + "/imports"
    let answers = try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for _ in 0..<3 {
        group.addTask { try await BlockingThreads.run { try manager.upload(path, octets, "text/csv") } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.allSatisfy { $0.status == 200 && $0.json["read"] == 24_000 && $0.json["refused"] == 0 }, "\(answers.map(\.text))")
    #expect(try marks("seat-4") == "24000")
  }

  @Test("who may not record marks imports none and sees no account of files; another office does not know of them")
  func access() throws {
    let desk = try desk()
    for role in ["seat-1", "finance", "leader"] {
      #expect(try upload(Self.header, by: role).status == 403, "\(role)")
      #expect(try desk.office.who(role).get(desk.path + "/imports").status == 403, "\(role)")
    }
    let other = try RosterOffice("anding").who("vendor-manager")
    #expect(try other.upload(desk.path + "/imports", Array(Self.header.utf8), "text/csv").status == 404)
    #expect(try other.get(desk.path + "/imports").status == 404)
  }
}
