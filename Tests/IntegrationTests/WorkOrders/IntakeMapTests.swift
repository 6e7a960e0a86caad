// SPDX-License-Identifier: Apache-2.0
import Base
import FoundationEssentials
import Support
import Testing

@Suite("Stored maps of headings", .deployment, .serialized)
struct IntakeMapTests {
  private let deployment: Deployment
  private let maps = "/v1/tenants/anding/intake-maps"
  private let batches = "/v1/tenants/anding/work-orders/batches"

  init() throws { deployment = try Deployment.current }

  private static func map(_ headings: JSONObject, _ more: JSONObject = [:]) -> JSON {
    var map: JSONObject = ["title": ["zh": "市级平台导出", "en": "The city's export"], "headings": .object(headings)]
    for member in more.members { map[member.name] = member.value }
    return .object(map)
  }

  private static let headings: JSONObject = [
    "单号": "externalNumber", "事项": "title", "来电号码（脱敏）": "citizen.phone", "下派": "reportedAt", "原因": "attributes.cause",
  ]

  @Test("a file is read by the map that is named, and its account says which version it was")
  func read() throws {
    let (admin, seat) = try (deployment.caller("anding.admin"), deployment.caller("anding.seat-1"))
    let first = try admin.put(
      "\(maps)/city", Self.map(Self.headings, ["dates": "yyyy年M月d日 HH:mm", "source": "city", "grade": "7d"]), ["If-None-Match": "*"])
    #expect(first.status == 200 && first.fields["etag"] == "\"1\"" && first.json["version"]?.integer == 1, "\(first.text)")
    // The heading 编号 would mean the number where no map says otherwise.
    let file = " 单号 ,编号,事项,来电号码（脱敏）,下派,原因\r\nh1,9,路灯不亮,80001,2024年3月5日 09:05,停电\r\nh2,9,井盖,80002,2024-03-05 09:05,\r\n"
    let answer = try seat.upload(batches + "?map=city", Array(file.utf8), "text/csv")
    #expect(answer.status == 200 && answer.json["taken"]?.integer == 1 && answer.json["refused"]?.integer == 1, "\(answer.text)")
    #expect(answer.json["map"] == ["name": "city", "version": 1])
    #expect(answer.json["ignoredHeadings"] == ["编号"])
    let fault = answer.json["faults"]?[0]
    #expect(
      fault?["line"]?.integer == 3 && fault?["heading"]?.string == "下派" && fault?["pointer"]?.string == "/reportedAt", "\(answer.text)")
    let taken = try deployment.database.sql(
      "SELECT source, grade, title, attributes ->> 'cause', reported_at = '2024-03-05 09:05+08' FROM work_order WHERE external_number = 'h1'"
    )
    #expect(taken == "city|7d|路灯不亮|停电|t")

    // A new version is another reading of the same file; what was read by the first still says so.
    let second = try admin.put("\(maps)/city", Self.map(Self.headings, ["source": "district"]), ["If-Match": "\"1\""])
    #expect(second.status == 200 && second.fields["etag"] == "\"2\"", "\(second.text)")
    let again = try seat.upload(batches + "?map=city&grade=24h&source=grid", Array(file.utf8), "text/csv")
    #expect(again.json["map"] == ["name": "city", "version": 2], "\(again.text)")
    #expect(again.json["taken"]?.integer == 1)
    // What the request says itself goes before the map.
    #expect(try deployment.database.sql("SELECT source, grade FROM work_order WHERE external_number = 'h2'") == "grid|24h")
    let id = try #require(answer.string("/id"))
    let earlier = try seat.get("\(batches)/\(id)")
    #expect(earlier.json["map"]?["version"]?.integer == 1)
    let shown = try seat.get("\(maps)/city/versions/1")
    #expect(shown.string("/map/dates") == "yyyy年M月d日 HH:mm", "\(shown.text)")
    #expect(shown.json["map"]?.canonical == first.json["map"]?.canonical)
    // The command reads by it too.
    let path = "\(deployment.state)/named.csv"
    _ = try Command.run(["sh", "-c", "printf '单号,事项,来电号码（脱敏）,下派,原因\\nc1,噪声,80003,2024-03-05 10:00,x\\n' > \(path)"])
    let run = try deployment.jiesu("orders", "import", "anding", path, "--as", "anding.seat-1", "--map", "city", "--grade", "7d")
    #expect(run.status == 0, "\(run.output)")
    #expect(try deployment.database.sql("SELECT source FROM work_order WHERE external_number = 'c1'") == "district")
  }

  @Test("a file that lacks a heading of its map is refused with each of them, and nothing of it is taken in")
  func missing() throws {
    let (admin, seat) = try (deployment.caller("anding.supervisor"), deployment.caller("anding.seat-1"))
    #expect(try admin.put("\(maps)/strict", Self.map(Self.headings, ["encoding": "gb18030"]), ["If-None-Match": "*"]).status == 200)
    let path = "\(deployment.state)/strict.csv"
    _ = try Command.run(["sh", "-c", "printf '单号,事项,下派\\ns1,路灯,2024-03-05\\n' | iconv -f utf-8 -t gb18030 > \(path)"])
    let octets = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let refused = try seat.upload(batches + "?map=strict&source=city&grade=7d", octets, "text/csv")
    #expect(refused.status == 422, "\(refused.text)")
    #expect(Set(refused.faults) == ["/headings/来电号码（脱敏） missing-heading", "/headings/原因 missing-heading"])
    #expect(refused.text.contains("来电号码（脱敏）"))
    #expect(try seat.get(batches).string("/items/0/state") == "cut")
    #expect(try deployment.database.sql("SELECT count(*) FROM work_order WHERE external_number = 's1'") == "0")
    for (asked, type) in [("map=nothing", "text/csv"), ("map=strict", "application/x-ndjson"), ("map=x:nowhere", "text/csv")] {
      #expect(try seat.upload("\(batches)?\(asked)", octets, type).faults == ["?map bad-query"], "\(asked)")
    }
  }

  @Test("a map is changed by its version, taken away and given anew; its versions stay")
  func versions() throws {
    let admin = try deployment.caller("anding.admin")
    let map = Self.map(["号": "externalNumber"])
    #expect(try admin.get("\(maps)/grid").status == 404)
    #expect(try admin.put("\(maps)/grid", map).status == 428)
    #expect(try admin.put("\(maps)/grid", map, ["If-Match": "\"1\""]).status == 412)
    #expect(try admin.put("\(maps)/grid", map, ["If-None-Match": "*"]).status == 200)
    #expect(try admin.put("\(maps)/grid", map, ["If-None-Match": "*"]).status == 412)
    #expect(try admin.put("\(maps)/grid", map, ["If-Match": "\"2\""]).status == 412)
    #expect(try admin.get(maps).json["items"]?.array?.contains { $0["name"]?.string == "grid" } == true)
    #expect(try admin.delete("\(maps)/grid").status == 428)
    #expect(try admin.delete("\(maps)/grid", ["If-Match": "\"7\""]).status == 412)
    #expect(try admin.delete("\(maps)/grid", ["If-Match": "\"1\""]).status == 204)
    #expect(try admin.get("\(maps)/grid").status == 404 && admin.delete("\(maps)/grid", ["If-Match": "\"2\""]).status == 404)
    #expect(try admin.get(maps).json["items"]?.array?.contains { $0["name"]?.string == "grid" } == false)
    #expect(try admin.get("\(maps)/grid/versions/1").json["map"]?.canonical == map.canonical)
    #expect(try admin.get("\(maps)/grid/versions/2").status == 404)
    let anew = try admin.put("\(maps)/grid", map, ["If-None-Match": "*"])
    #expect(anew.json["version"]?.integer == 3, "\(anew.text)")
    let log = try deployment.database.sql(
      "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_event WHERE subject_kind = 'intake-map' AND subject = 'grid'")
    #expect(log == "intake-map.write intake-map.delete intake-map.write")
    // Two who write at once: one of them is too late.
    let statuses = try [1, 2].map { _ in try admin.put("\(maps)/grid", map, ["If-Match": "\"3\""]).status }
    #expect(statuses == [200, 412])
  }

  @Test(
    "a map that means nothing, the same twice, or no number is refused with its place",
    arguments: [
      ("{\"单号\": \"externalNumber\", \"编号\": \"externalNumber\"}", "/headings/编号 repeated-heading"),
      ("{\"题\": \"title\"}", "/headings missing-heading"), ("{\"单号\": \"工单编号\"}", "/headings/单号 bad-format"),
      ("{\"单号\": \"externalNumber\", \"甲\": \"nowhere\"}", "/headings/甲 bad-format"), ("{}", "/headings wrong-count"),
    ])
  func refused(_ headings: String, _ fault: String) throws {
    let map = Self.map(try #require(try JSON.parse(Array(headings.utf8)).object))
    let answer = try deployment.caller("anding.admin").put("\(maps)/bad", map, ["If-None-Match": "*"])
    #expect(answer.status == 422 && answer.faults == [fault], "\(answer.text)")
  }

  @Test("how times are written is a pattern that names a day")
  func dates() throws {
    let admin = try deployment.caller("anding.admin")
    let answer = try admin.put(
      "\(maps)/bad", Self.map(["单号": "externalNumber"], ["dates": "MM/dd", "encoding": "latin-1"]), ["If-None-Match": "*"])
    #expect(answer.faults == ["/dates bad-format", "/encoding not-in-list"], "\(answer.text)")
    #expect(try admin.put("\(maps)/Bad", Self.map(["单号": "externalNumber"]), ["If-None-Match": "*"]).status == 404)
  }

  @Test("everybody of the office sees its maps, few write them, and another office's do not exist")
  func access() throws {
    let map = Self.map(["单号": "externalNumber"])
    let admin = try deployment.caller("anding.admin")
    #expect(try admin.put("\(maps)/seen", map, ["If-None-Match": "*"]).status == 200)
    for login in ["anding.seat-1", "anding.leader", "anding.handler"] {
      let caller = try deployment.caller(login)
      #expect(try caller.get("\(maps)/seen").status == 200)
      #expect(try caller.put("\(maps)/seen", map, ["If-Match": "\"1\""]).status == 403)
      #expect(try caller.delete("\(maps)/seen", ["If-Match": "\"1\""]).status == 403)
    }
    let other = try deployment.caller("huoying.admin")
    #expect(try other.get("\(maps)/seen").status == 404 && other.put("\(maps)/seen", map, ["If-Match": "\"1\""]).status == 404)
    #expect(try other.get("/v1/tenants/huoying/intake-maps/seen").status == 404)
    #expect(try other.get("/v1/tenants/huoying/intake-maps").json["items"]?.array?.isEmpty == true)
    let stray = try deployment.caller("huoying.operator-1").upload(
      "/v1/tenants/huoying/work-orders/batches?map=seen", Array("单号\nx1\n".utf8), "text/csv")
    #expect(stray.faults == ["?map bad-query"], "\(stray.text)")
  }
}
