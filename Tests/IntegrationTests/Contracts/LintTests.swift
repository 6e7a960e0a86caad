// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("lint, over the API and on the command line", .deployment)
struct LintTests {
  private static let path = "/v1/tenants/fangshan/contracts/service-2022"

  private func items(_ caller: Caller, _ path: String = path) throws -> [JSON] {
    let answer = try caller.get(path + "/lint")
    return try #require(answer.json["items"]?.array, "\(answer.text)")
  }

  @Test("a finding is acknowledged with a reason, by the office only, and the acknowledgement is taken back")
  func acknowledging() throws {
    let deployment = try Deployment.current
    let leader = try deployment.caller("fangshan.leader")
    let item = try #require(items(leader).first { $0["code"]?.string == "share-missed" })
    #expect(item["clause"]?.string == "4.4" && item["severity"]?.string == "warning")
    #expect(item["values"]?.array?.map { $0["zh"]?.string } == ["34,949.20 元", "34,979.17 元"])
    let id = try #require(item["id"]?.string)

    let vendor = try deployment.caller("fangshan.vendor-manager")
    #expect(try items(vendor).contains { $0["id"]?.string == id })
    let reason: JSON = ["reason": "双方以合同所印金额为准"]
    #expect(try vendor.post("\(Self.path)/lint/\(id)/acknowledge", reason).status == 403)
    #expect(try leader.post("\(Self.path)/lint/share-missed-00000000/acknowledge", reason).status == 404)
    #expect(try leader.post("\(Self.path)/lint/\(id)/acknowledge", [:]).faults == ["/reason missing-member"])
    #expect(try deployment.caller("anding.leader").post("\(Self.path)/lint/\(id)/acknowledge", reason).status == 404)

    let first = try leader.post("\(Self.path)/lint/\(id)/acknowledge", reason, key: "once")
    #expect(first.status == 200 && first.json["acknowledged"]?.bool == true, "\(first.text)")
    #expect(try leader.post("\(Self.path)/lint/\(id)/acknowledge", reason, key: "once").fields["idempotency-replayed"] == "true")
    let seen = try #require(items(leader).first { $0["id"]?.string == id })
    #expect(seen["acknowledged"]?.bool == true && seen["acknowledgement"]?["reason"]?.string == "双方以合同所印金额为准")
    let log = try deployment.caller("fangshan.admin").get("/v1/tenants/fangshan/audit")
    #expect((log.json["items"]?.array ?? []).count { $0["action"]?.string == "finding.acknowledge" } == 1)

    #expect(try leader.post("\(Self.path)/lint/\(id)/withdraw", ["reason": "再议"]).status == 200)
    #expect(try leader.post("\(Self.path)/lint/\(id)/withdraw", ["reason": "再议"]).status == 404)
    #expect(try items(leader).first { $0["id"]?.string == id }?["acknowledged"]?.bool == false)
  }

  @Test("an acknowledgement is over once the values are others, and is given anew")
  func values() throws {
    let deployment = try Deployment.current
    let path = "/v1/tenants/huoying/contracts/technical-2025"
    let admin = try deployment.caller("huoying.admin")
    func text(_ share: String) -> [UInt8] { Array("第四条 责任\n7、未履行的付合同总额的 \(share)。\n".utf8) }
    #expect(try admin.put(path + "/text", text("31%"), type: "text/plain").status == 201)
    let id = try #require(items(admin, path).first { $0["code"]?.string == "share-not-in-document" }?["id"]?.string)
    #expect(try admin.post("\(path)/lint/\(id)/acknowledge", ["reason": "原文笔误"]).status == 200)
    #expect(try items(admin, path).first { $0["id"]?.string == id }?["acknowledged"]?.bool == true)
    #expect(try admin.put(path + "/text", text("33%"), type: "text/plain", ["If-Match": "\"1\""]).status == 200)
    #expect(try items(admin, path).first { $0["id"]?.string == id }?["acknowledged"]?.bool == false)
    // As it was again: what was said of it holds again.
    #expect(try admin.put(path + "/text", text("31%"), type: "text/plain", ["If-Match": "\"2\""]).status == 200)
    #expect(try items(admin, path).first { $0["id"]?.string == id }?["acknowledged"]?.bool == true)
    #expect(try admin.get(path + "/lint").json["textVersion"]?.integer == 3)
  }

  @Test("is printed on the command line, those that were acknowledged on demand; and by plan and apply")
  func command() throws {
    let deployment = try Deployment.current
    let leader = try deployment.caller("xisanqi.leader")
    let path = "/v1/tenants/xisanqi/contracts/platform-2024"
    let id = try #require(items(leader, path).first { $0["code"]?.string == "term-length" }?["id"]?.string)
    let before = try deployment.jiesu("contract", "lint", "xisanqi", "platform-2024")
    #expect(before.status == 1 && before.output.contains(id), "\(before.output)")
    #expect(try leader.post("\(path)/lint/\(id)/acknowledge", ["reason": "以日期为准"]).status == 200)
    #expect(try !deployment.jiesu("contract", "lint", "xisanqi", "platform-2024").output.contains(id))
    let all = try deployment.jiesu("contract", "lint", "xisanqi", "platform-2024", "--all")
    #expect(all.output.contains(id) && all.output.contains("已认可"))
    let json = try JSON.parse(Array(deployment.jiesu("contract", "lint", "xisanqi", "platform-2024", "--json").output.utf8))
    #expect(json["acknowledged"]?.integer == 1 && json["errors"]?.integer == 0)
    #expect(try deployment.jiesu("contract", "lint", "xisanqi", "platform-2025").status == 4)

    let files = Cluster.checkout + "/deploy/tenants/xisanqi"
    let plan = try deployment.jiesu("tenant", "plan", files)
    #expect(plan.status == 0 && plan.output.contains("number-doubled") && !plan.output.contains(id), "\(plan.output)")
    #expect(try deployment.jiesu("tenant", "apply", files).output.contains("number-doubled"))
  }
}
