// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("The recording ledger", .deployment, .serialized)
struct RecordingTests {
  private let deployment: Deployment
  private let ledger = "/v1/tenants/sanjianfang/recordings"

  init() throws { deployment = try Deployment.current }

  private func drive(_ begin: String) throws -> OrderDrive {
    try OrderDrive(deployment, "sanjianfang", seat: "seat-1", from: begin)
  }

  /// An MP3 frame, and what tells it from another.
  private func sound(_ mark: String) -> [UInt8] { [0xFF, 0xFB, 0x90, 0x00] + Array(mark.utf8) + [UInt8](repeating: 0, count: 200) }

  private func attach(_ order: DrivenOrder, _ drive: OrderDrive, _ mark: String, _ query: String = "") throws -> String {
    let answer = try drive.caller().upload(
      "/v1/tenants/sanjianfang/work-orders/\(order.id)/attachments?name=\(mark).mp3\(query)", sound(mark), "audio/mpeg")
    return try #require(answer.status == 201 ? answer.string("/id") : nil, "\(answer.text)")
  }

  private func lines(_ drive: OrderDrive, _ query: String) throws -> [JSON] {
    let answer = try drive.caller().get("\(ledger)?\(query)")
    try #require(answer.status == 200, "\(answer.text)")
    return answer.json["items"]?.array ?? []
  }

  @Test("has each recording once, with the step that used it first, who and when and how long, by period and as a table")
  func ledgerOfPeriod() throws {
    let drive = try drive("2020-03-05T09:00:00")
    let order = try drive.receive(["title": "=电梯停运"])
    try order.go("sign", "verify", "dispatch")
    let heard = try attach(order, drive, "heard", "&seconds=75")
    let unused = try attach(order, drive, "unused")
    let media: JSON = [
      ["kind": "recording", "reference": .string(heard)], ["kind": "recording", "reference": "recorder:20200305-17", "seconds": 33],
    ]
    try order.take("reply", ["handling": "已联系。", "result": "已修复。", "media": media])
    try order.go("audit")
    try deployment.setClock(to: instant("2020-03-06T10:00:00"))
    try order.take(
      "callbacks",
      ["contacted": true, "resolution": "solved", "satisfaction": "satisfied", "recording": "recorder:20200306-2", "recordingSeconds": 48])
    // Used again: it stays one line.
    try order.take(
      "callbacks", ["contacted": true, "resolution": "solved", "satisfaction": "satisfied", "recording": .string(heard)])

    let day = try lines(drive, "from=2020-03-05&to=2020-03-05")
    func member(_ name: String, _ items: [JSON]) -> [JSON?] { items.map { $0[name] } }
    #expect(member("reference", day) == [.string(heard), .string(unused), "recorder:20200305-17"], "\(day)")
    #expect(member("step", day) == ["replied", .null, "replied"])
    #expect(member("seconds", day) == [75, .null, 33])
    #expect(member("name", day) == ["heard.mp3", "unused.mp3", .null])
    #expect(day.allSatisfy { $0["order"]?.string == order.id && $0["recordedByName"]?.string != nil && $0["side"]?.string == "vendor" })
    #expect(member("seq", day)[0]?.integer == 5)
    #expect(try member("reference", lines(drive, "from=2020-03-06&to=2020-03-06")) == ["recorder:20200306-2"])
    #expect(try member("step", lines(drive, "from=2020-03-01&to=2020-03-31&step=calledBack")) == ["calledBack"])
    #expect(try lines(drive, "from=2020-03-07&to=2020-03-31").isEmpty)
    // A page after the other.
    let first = try drive.caller().get("\(ledger)?from=2020-03-05&to=2020-03-06&limit=3")
    #expect(try lines(drive, "from=2020-03-05&to=2020-03-06&limit=3&after=\(first.string("/next") ?? "")").count == 1)
    #expect(try drive.caller().get("\(ledger)?from=2020-03-06&to=2020-03-05").status == 422)
    #expect(try drive.caller("finance").get(ledger).status == 403)

    let table = try drive.caller("supervisor").fetch("\(ledger).csv?from=2020-03-05&to=2020-03-06")
    #expect(table.status == 200 && table.fields["content-type"] == "text/csv; charset=utf-8")
    #expect(Array(table.body.prefix(3)) == [0xEF, 0xBB, 0xBF])
    let text = String(decoding: table.body.dropFirst(3), as: UTF8.self)
    let rows = text.split(separator: "\r\n")
    #expect(rows.count == 5 && rows[0].hasPrefix("时间,工单编号,来源,标题,环节,录音"), "\(text)")
    #expect(rows[3].contains("\"'=电梯停运\",回复,recorder:20200305-17,,33,"), "\(rows[3])")
    let exports = "SELECT count(*) FROM audit_event WHERE action = 'recording.export'"
    #expect(try deployment.database.sql(exports) == "1")

    // Attaching stands beside the steps; what no step uses goes, and its line with it.
    let history = try drive.caller().get("/v1/tenants/sanjianfang/work-orders/\(order.id)/events")
    #expect(history.json["attachments"]?.array?.compactMap { $0["id"]?.string } == [heard, unused])
    var seen: [String] = []
    var after = ""
    repeat {
      let page = try drive.caller().get("/v1/tenants/sanjianfang/work-orders/\(order.id)/events?limit=2\(after)")
      seen += (page.json["attachments"]?.array ?? []).compactMap { $0["id"]?.string }
      after = page.json["next"]?.integer.map { "&after=\($0)" } ?? ""
    } while !after.isEmpty
    #expect(seen == [heard, unused])
    let attachments = "/v1/tenants/sanjianfang/work-orders/\(order.id)/attachments"
    #expect(try drive.caller().delete("\(attachments)/\(heard)").status == 409)
    #expect(try drive.caller().delete("\(attachments)/\(unused)").status == 204)
    #expect(try member("reference", lines(drive, "from=2020-03-05&to=2020-03-05")) == [.string(heard), "recorder:20200305-17"])
    // The rows are what the histories say.
    let rebuilt = try deployment.jiesu("orders", "rebuild", "--tenant", "sanjianfang", "--check")
    #expect(rebuilt.status == 0, "\(rebuilt.output)")
  }

  @Test(
    "a step refers to attachments of its order, or to names where the office keeps recordings; anything else is a fault that says where")
  func references() throws {
    let drive = try drive("2020-03-09T09:00:00")
    let (order, other) = (try drive.receive(), try drive.receive())
    for one in [order, other] { try one.go("sign", "verify", "dispatch") }
    let (mine, foreign) = (try attach(order, drive, "mine"), try attach(other, drive, "foreign"))
    func faults(_ media: JSON) throws -> [String] {
      try order.attempt("reply", ["handling": "已办。", "result": "已修。", "media": media]).faults
    }
    #expect(
      try faults([
        ["kind": "recording", "reference": .string(mine)], ["kind": "photo", "reference": "photo-1"],
        ["kind": "recording", "reference": .string(foreign)], ["kind": "recording", "reference": "recorder:"],
        ["kind": "photo", "reference": .string(mine)],
      ]) == [
        "/media/1/reference unknown-reference", "/media/2/reference unknown-reference", "/media/3/reference unknown-reference",
        "/media/4/reference bad-combination",
      ])
    #expect(try lines(drive, "from=2020-03-09&to=2020-03-09").allSatisfy { $0["step"] == .null })
    try order.take("reply", ["handling": "已办。", "result": "已修。", "media": [["kind": "recording", "reference": .string(mine)]]])
    try order.go("audit")
    let callback = try order.attempt(
      "callbacks", ["contacted": true, "resolution": "solved", "satisfaction": "satisfied", "recording": .string(foreign)])
    #expect(callback.faults == ["/recording unknown-reference"], "\(callback.text)")
    try order.take(
      "callbacks", ["contacted": true, "resolution": "solved", "satisfaction": "satisfied", "recording": .string(mine)])
    let appeal = try order.attempt("appeal", ["reason": "已办", "media": [["kind": "document", "reference": "d.pdf"]]])
    #expect(appeal.faults == ["/media/0/reference unknown-reference"])
  }
}
