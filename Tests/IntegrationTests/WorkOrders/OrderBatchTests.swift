// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Testing

@Suite("Files of work orders", .deployment, .serialized)
struct OrderBatchTests {
  private let deployment: Deployment
  private let path = "/v1/tenants/anding/work-orders/batches"

  init() throws {
    deployment = try Deployment.current
  }

  /// Somebody who may take orders in.
  private func receiver() throws -> Caller {
    try deployment.caller("anding.seat-1")
  }

  private static let header = "来源,工单编号,紧急程度,标题,诉求内容,诉求人,联系电话\r\n"

  private func line(_ number: String, grade: String = "7天", phone: String = "") -> String {
    "12345,\(number),\(grade),路灯不亮,\"小区东门，路灯不亮\n已三天\",某某,\(phone)\r\n"
  }

  private func count(_ prefix: String) throws -> [Int] {
    try [
      "work_order o", "work_order_event e JOIN work_order o ON o.id = e.order_id",
      "work_order_content c JOIN work_order o ON o.id = c.order_id",
    ]
    .map { Int(try deployment.database.sql("SELECT count(*) FROM \($0) WHERE external_number LIKE '\(prefix)%'")) ?? -1 }
  }

  private func counts(_ answer: Caller.Answer) -> [Int64?] { ["read", "taken", "known", "refused"].map { answer.json[$0]?.integer } }

  @Test("one bad line in a hundred is told with its number and its reason, and the rest is in; again, nothing is taken twice")
  func badLines() throws {
    let receiver = try receiver()
    var text = Self.header
    // Each order takes two lines of the file.
    for number in 0..<1000 { text += number % 100 == 50 ? line("a\(number)", grade: "9天") : line("a\(number)", phone: "8000\(number)") }
    let first = try receiver.upload(path, Array(text.utf8), "text/csv")
    try #require(first.status == 200, "\(first.text)")
    #expect(counts(first) == [1000, 990, 0, 10])
    #expect(first.string("/state") == "finished")
    let faults = first.json["faults"]?.array ?? []
    let expected: [Int64?] = (0..<10).map { Int64(102 + 200 * $0) }
    #expect(faults.map { $0["line"]?.integer } == expected)
    #expect(faults.allSatisfy { $0["pointer"]?.string == "/grade" })
    #expect(try count("a") == [990, 990, 990])
    // Each has the clocks that it would have if it had come alone.
    let alone: JSON = ["source": "city", "externalNumber": "alone", "grade": "7d", "title": "路灯不亮"]
    try receiver.make("/v1/tenants/anding/work-orders", alone)
    func clocks(_ numbers: String) throws -> Int {
      let found = try deployment.database.sql(
        "SELECT count(*) FROM work_order_clock c JOIN work_order o ON o.id = c.order_id WHERE o.external_number ~ '\(numbers)'")
      return Int(found) ?? -1
    }
    let each = try clocks("^alone$")
    #expect(each > 0)
    #expect(try clocks("^a[0-9]+$") == 990 * each)
    let again = try receiver.upload(path, Array(text.utf8), "text/csv")
    #expect(counts(again) == [1000, 0, 990, 10])
    #expect(try count("a") == [991, 991, 991])
    // Its account is there for whoever asks later.
    let id = try #require(again.string("/id"))
    #expect(try receiver.get("\(path)/\(id)").json["known"]?.integer == 990)
    let page = try receiver.get("\(path)/\(id)/faults?limit=3&after=502")
    let shown: [Int64?] = (page.json["items"]?.array ?? []).map { $0["line"]?.integer }
    #expect(shown == [702, 902, 1102])
    #expect(try receiver.get(path).json["items"]?.array?.first?["id"]?.string == id)
    // Nobody's number stands anywhere in clear.
    #expect(
      try deployment.database.sql("SELECT count(*) FROM work_order_content WHERE content || coalesce(phone_masked, '') LIKE '%8000999%'")
        == "0")
  }

  @Test("lines have the telephones as exports write them, and a time that cannot be is told with its line")
  func telephonesAndTimes() throws {
    let header = Self.header.replacing("联系电话", with: "联系电话,派单时间,截止时间")
    func line(_ number: String, _ phone: String, _ times: String) -> String {
      self.line(number, phone: phone).replacing("某某,\(phone)", with: "某某,\"\(phone)\",\(times)")
    }
    let text =
      header + line("phones-1", "010-5550" + "7781转801", "2024-03-05 09:00,2024-03-06 09:00")
      + line("phones-2", "010-5550" + "7782,010-5550" + "7783", "2024-03-05 09:00,2024-03-05 08:00")
      + line("phones-3", "010-5550" + "7784 010-5550" + "7785", "9999-03-05 09:00,")
      + line("phones-4", "010-5550" + "7786 010-5550" + "7787", "2024-03-05 09:00,")
    let answer = try receiver().upload(path, Array(text.utf8), "text/csv")
    #expect(counts(answer) == [4, 2, 0, 2], "\(answer.text)")
    let faults = (answer.json["faults"]?.array ?? []).map { "\($0["heading"]?.string ?? "") \($0["code"]?.string ?? "")" }
    #expect(faults == ["截止时间 out-of-range", "派单时间 out-of-range"])
    let shown = try deployment.database.sql(
      """
      SELECT phone_masked FROM work_order_content c JOIN work_order o ON o.id = c.order_id
      WHERE external_number LIKE 'phones-%' ORDER BY external_number
      """)
    #expect(shown == "010****7781\n010****7786、010****7787")
  }

  @Test("a page of faults may end within a line: the next goes on in it")
  func pagesOfFaults() throws {
    let receiver = try receiver()
    let bad = "谣言,p1,7天,\(String(repeating: "长", count: 201)),,,\r\n"
    let file = try receiver.upload(path, Array((Self.header + bad + line("p2", grade: "9天")).utf8), "text/csv")
    let (id, all) = (try #require(file.string("/id")), file.json["faults"]?.array ?? [])
    #expect(all.map { $0["line"]?.integer } == [2, 2, 3])
    var (paged, after): ([JSON], String?) = ([], "0")
    while let place = after {
      let page = try receiver.get("\(path)/\(id)/faults?limit=1&after=\(place)")
      paged += page.json["items"]?.array ?? []
      after = page.json["next"]?.string
    }
    #expect(paged == all)
    #expect(try receiver.get("\(path)/\(id)/faults?after=2.").faults == ["?after bad-query"])
  }

  @Test("a file that is cut off anywhere and sent again gives the same orders once", arguments: [3, 40_000, 85_000])
  func cut(_ place: Int) throws {
    let receiver = try receiver()
    let prefix = "c\(place)-"
    let octets = Array((Self.header + (0..<1200).map { line("\(prefix)\($0)") }.joined()).utf8)
    let client = try Client(port: deployment.port)
    client.send(receiver.head("POST", path, ["Content-Type": "text/csv", "Content-Length": "\(octets.count)"]))
    client.send(Array(octets.prefix(place)))
    if place > 80_000 {
      // Some of it has been taken in before it is cut.
      try wait(for: "the first orders") { try count(prefix)[0] > 0 }
    }
    client.reset()
    let again = try receiver.upload(path, octets, "text/csv")
    #expect(again.json["read"]?.integer == 1200 && again.json["refused"]?.integer == 0, "\(again.text)")
    let counts = counts(again).compactMap { $0 }
    #expect(counts.count == 4 && counts[1] + counts[2] == 1200)
    #expect(try count(prefix) == [1200, 1200, 1200])
  }

  @Test("several at once with the same file give the same orders once")
  func together() async throws {
    let receiver = try receiver()
    let octets = Array((Self.header + (0..<800).map { line("t\($0)") }.joined()).utf8)
    let path = path
    let taken = try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let answer = try receiver.upload(path, octets, "text/csv")
          #expect(answer.status == 200, "\(answer.text)")
          return answer.json["taken"]?.integer ?? -1
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(taken == 800)
    #expect(try count("t") == [800, 800, 800])
  }

  @Test("the server killed in the middle of a file, and the file sent again, give the same orders once")
  func killed() throws {
    var receiver = try receiver()
    let octets = Array((Self.header + (0..<1500).map { line("k\($0)") }.joined()).utf8)
    let client = try Client(port: deployment.port)
    client.send(receiver.head("POST", path, ["Content-Type": "text/csv", "Content-Length": "\(octets.count)"]))
    client.send(Array(octets.prefix(octets.count * 2 / 3)))
    try wait(for: "the first orders") { try count("k")[0] > 0 }
    deployment.crashServer()
    try deployment.serve()
    // Nobody is there to say that it was cut, until it has rested for a while; a file that is under way elsewhere rests less long.
    let database = deployment.database
    let running = try database.sql("SELECT id FROM order_batch WHERE state = 'running'")
    #expect(!running.isEmpty && !running.contains("\n"), "\(running)")
    let heard = try database.sql("SELECT (extract(epoch FROM updated_at) * 1000000)::bigint FROM order_batch WHERE id = '\(running)'")
    try deployment.setClock(to: try #require(Int64(heard).flatMap { Instant(microseconds: $0 + 4 * Instant.minute) }))
    let isCut = try eventually { try database.sql("SELECT state FROM order_batch WHERE id = '\(running)'") == "cut" ? true : nil }
    #expect(isCut == true)
    #expect(
      try database.sql("SELECT side, count(*) FROM audit_event WHERE action = 'order-batch.cut' AND subject = '\(running)' GROUP BY 1")
        == "system|1")
    receiver = try self.receiver()
    #expect(try receiver.get("\(path)/\(running)").string("/state") == "cut")
    let again = try receiver.upload(path, octets, "text/csv")
    #expect(again.json["read"]?.integer == 1500 && again.json["refused"]?.integer == 0, "\(again.text)")
    #expect(try count("k") == [1500, 1500, 1500])
  }

  @Test("a dry run tells the same and takes nothing in")
  func dry() throws {
    let octets = Array((Self.header + line("d1") + line("d2", grade: "9天") + line("d1")).utf8)
    let answer = try receiver().upload(path + "?dryRun=true", octets, "text/csv")
    #expect(counts(answer) == [3, 1, 1, 1])
    #expect(answer.json["dryRun"]?.bool == true)
    #expect(try count("d") == [0, 0, 0])
  }

  @Test("GB 18030 is read as what it says, found out or told, and JSON lines as well as tables")
  func encodings() throws {
    let receiver = try receiver()
    // Its text needs sequences of two and of four octets.
    let title = "路灯㐀不亮𠮷"
    let file = deployment.state + "/batch"
    _ = try Command.run([
      "sh", "-c", "printf '来源,工单编号,紧急程度,标题\\ncity,g1,7d,\(title)\\ncity,g2,7d,井盖\\n' | iconv -f utf-8 -t gb18030 > \(file)",
    ])
    let octets = try Self.bytes(file)
    #expect(String(validating: octets, as: UTF8.self) == nil)
    for (type, known) in [("text/csv", 0), ("text/csv; charset=GBK", 2), ("text/csv; charset=gb18030", 2)] as [(String, Int64)] {
      let answer = try receiver.upload(path, octets, type)
      let expected: [Int64?] = [2, 2 - known, known, 0]
      #expect(counts(answer) == expected, "\(answer.text)")
    }
    let marked = try receiver.upload(path, [0x84, 0x31, 0x95, 0x33] + octets, "text/csv")
    #expect(counts(marked) == [2, 0, 2, 0], "\(marked.text)")
    #expect(try deployment.database.sql("SELECT title FROM work_order WHERE external_number = 'g1'") == title)
    #expect(try receiver.upload(path, octets, "text/csv; charset=utf-8").status == 422)
    let lines = "{\"externalNumber\": \"j1\", \"title\": \"路灯\"}\n{\"externalNumber\": \"j2\", \"title\": 5}\n"
    let answer = try receiver.upload(path + "?source=district&grade=24h", Array(lines.utf8), "application/x-ndjson")
    #expect(counts(answer) == [2, 1, 0, 1], "\(answer.text)")
    #expect(try deployment.database.sql("SELECT source, grade FROM work_order WHERE external_number = 'j1'") == "district|24h")
    let short = Array("{\"externalNumber\": \"j3\"}\n".utf8)
    let lacking = try receiver.upload(path + "?source=district&grade=24h", short, "application/x-ndjson")
    #expect(counts(lacking) == [1, 0, 0, 1] && lacking.text.contains("缺少成员“title”"), "\(lacking.text)")
    #expect(try receiver.upload(path, octets, "text/html").status == 415)
    #expect(try receiver.upload(path + "?map=x", octets, "text/csv").status == 422)
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }

  @Test("a caller's second order in one file repeats the first, as one by one")
  func repeats() throws {
    let receiver = try receiver()
    let octets = Array((Self.header + line("r1", phone: "8001-777") + line("r2") + line("r3", phone: "8001 777")).utf8)
    #expect(counts(try receiver.upload(path, octets, "text/csv")) == [3, 3, 0, 0])
    let linked = try deployment.database.sql(
      "SELECT o.external_number, e.external_number FROM work_order o JOIN work_order e ON e.id = o.repeats WHERE o.external_number LIKE 'r_'"
    )
    #expect(linked == "r3|r1")
    // The same number twice in a file, saying different things.
    let differing = Array((Self.header + line("r4") + line("r4", grade: "24小时")).utf8)
    let answer = try receiver.upload(path, differing, "text/csv")
    #expect(counts(answer) == [2, 1, 0, 1])
    #expect(answer.json["faults"]?.array?.first?["code"]?.string == "already-exists")
  }

  @Test("who may not receive orders sends no file")
  func access() throws {
    let leader = try deployment.caller("anding.leader")
    #expect(try leader.upload(path, Array(Self.header.utf8), "text/csv").status == 403)
    #expect(try leader.get(path).status == 403)
  }
}
