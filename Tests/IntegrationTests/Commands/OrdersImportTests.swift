// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("The command that takes in a file of work orders", .deployment, .serialized)
struct OrdersImportTests {
  private let deployment: Deployment

  init() throws { deployment = try Deployment.current }

  /// A file of the suite's directory, written by the shell so that its octets are those of the encoding.
  private func file(_ name: String, _ lines: [String], encoding: String = "utf-8", mark: Bool = false) throws -> String {
    let path = "\(deployment.state)/\(name)"
    let text = lines.map { $0.replacing("'", with: "") + "\\n" }.joined()
    let start = mark ? "printf '\\357\\273\\277' > \(path)" : ": > \(path)"
    _ = try Command.run(["sh", "-c", "\(start); printf '\(text)' | iconv -f utf-8 -t \(encoding) >> \(path)"])
    return path
  }

  private func run(_ file: String, _ more: String..., login: String = "anding.seat-1") throws -> Command {
    // What is wrong stands on standard error.
    try Command.run(
      ["sh", "-c", "exec \"$@\" 2>&1", "sh", Deployment.program, "orders", "import", "anding", file, "--as", login] + more
        + Deployment.settings(deployment.database.cluster, deployment.database.name, deployment.state))
  }

  private func counts(_ command: Command) throws -> [Int64?] {
    let json = try JSON.parse(Array((command.output.split(separator: "\n").last { $0.hasPrefix("{") } ?? "").utf8))
    return ["read", "taken", "known", "refused"].map { json[$0]?.integer }
  }

  private func orders(_ prefix: String) throws -> String {
    try deployment.database.sql("SELECT count(*) FROM work_order WHERE external_number LIKE '\(prefix)%'")
  }

  private static let head = "来源,工单编号,紧急程度,标题,联系电话"

  @Test("the same file twice gives the same orders once, with and without a byte order mark, in UTF-8 and GB 18030")
  func twice() throws {
    let lines = [Self.head] + (1...1203).map { "12345,i\($0),7天,路灯不亮,8000\($0)" }
    for (name, encoding, mark, known) in [
      ("plain.csv", "utf-8", false, 0), ("marked.csv", "utf-8", true, 1203), ("national.csv", "gb18030", false, 1203),
    ] as [(String, String, Bool, Int64)] {
      let run = try run(file(name, lines, encoding: encoding, mark: mark), "--json")
      #expect(run.status == 0, "\(run.output)")
      #expect(try counts(run) == [1203, 1203 - known, known, 0])
    }
    #expect(try orders("i") == "1203")
    // They are whoever's the command was given for, and the log says that it was a command.
    let actor = try deployment.database.sql(
      """
      SELECT DISTINCT u.login, e.side FROM work_order_event e JOIN work_order o ON o.id = e.order_id JOIN app_user u ON u.user_id = e.actor
      WHERE o.external_number LIKE 'i%'
      """)
    #expect(actor == "anding.seat-1|vendor")
    let noted = try deployment.database.sql(
      "SELECT count(*), count(DISTINCT subject), bool_and(data ? 'by') FROM audit_event WHERE action = 'order-batch.receive'")
    #expect(noted == "3|3|t", "\(noted)")
    // The account is the one that the API shows, and the clocks run as if they had come by it.
    let page = try deployment.caller("anding.seat-1").get("/v1/tenants/anding/work-orders/batches")
    #expect(page.json["items"]?.array?.count == 3 && page.string("/items/0/state") == "finished")
    let clocks = try deployment.database.sql(
      "SELECT count(*) > 0 AND count(*) % 1203 = 0 FROM work_order_clock c JOIN work_order o ON o.id = c.order_id WHERE o.external_number LIKE 'i%'"
    )
    #expect(clocks == "t")
  }

  @Test("each bad line is told with its number and its reason, and the others are in; a dry run tells the same and takes nothing in")
  func badLines() throws {
    let path = try file(
      "bad.csv", ["工单编号,标题,紧急程度,备注", "b1,路灯,7天,x", "b2,,7天,x", "b3,井盖,9天,x", "b4,井盖", "b5,噪声,24小时,x"])
    let dry = try run(path, "--source", "city", "--dry-run")
    #expect(dry.status == 1 && dry.output.contains("读取 5 行：可接收 2，已有 0，拒收 3"), "\(dry.output)")
    #expect(try orders("b") == "0")
    let done = try run(path, "--source", "city")
    #expect(done.status == 1 && done.output.contains("接收 2") && done.output.contains("忽略的表头：备注"), "\(done.output)")
    for line in ["第 3 行 “标题”：", "第 4 行 “紧急程度”：", "第 5 行：", "[wrong-field-count]", "[missing-member]"] {
      #expect(done.output.contains(line), "\(line): \(done.output)")
    }
    #expect(try orders("b") == "2")
    let english = try run(path, "--source", "city", "--lang", "en")
    #expect(english.output.contains("line 5: It has 2 fields, the headings 4.") && english.output.contains("2 known before"))
    let lines = try file("lines.ndjson", ["{\"externalNumber\": \"n1\", \"title\": \"路灯\"}", "{\"externalNumber\": \"n2\", \"title\": 5}"])
    let json = try run(lines, "--source", "district", "--grade", "24h", "--json")
    #expect(json.status == 1)
    #expect(try counts(json) == [2, 1, 0, 1])
    let mapped = try file("mapped.csv", ["单,题", "m1,路灯"])
    #expect(try run(mapped, "--source", "city", "--grade", "7d").status == 4)
    #expect(try run(mapped, "--source", "city", "--grade", "7d", "--map", "单:externalNumber,题:title").status == 0)
  }

  @Test("who may not receive orders, another office's people and nobody are refused, and so is what is no file of orders")
  func refusals() throws {
    let path = try file("refused.csv", [Self.head, "12345,r1,7天,路灯不亮,1"])
    for login in ["anding.leader", "huoying.operator-1", "nobody"] {
      let refused = try run(path, login: login)
      #expect(refused.status == 4, "\(login): \(refused.output)")
    }
    #expect(try run("\(deployment.state)/missing.csv").status == 4)
    #expect(try run("\(deployment.state)/log").status == 2)
    #expect(try run(path, "--encoding", "latin-1").status == 2)
    #expect(try run(path, "--map", "x").status == 4)
    let nowhere = try deployment.jiesu("orders", "import", "nowhere", path, "--as", "anding.seat-1")
    #expect(nowhere.status == 4)
    #expect(try deployment.jiesu("orders", "import", "anding", path).status == 2)
    #expect(try orders("r") == "0")
  }
}
