// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("a contract's text, attached", .deployment)
struct ContractTextTests {
  private static let path = "/v1/tenants/huoying/contracts/technical-2025"
  private static let other = "/v1/tenants/anding/contracts/service-2024"
  private static let third = "/v1/tenants/fangshan/contracts/service-2022"
  private static let words = "一、服务内容\n1、乙方提供热线培训。\n三、费用\n2、每四个月支付一次。\n（以下无正文）\n"

  private static let quarterly = "第三条 费用\n3.2 每四个月支付一次。\n"
  private static let lastly = "第十条 付清余款。\n"

  @Test("is kept in versions, each written once, and each change says which version it follows")
  func versions() throws {
    let admin = try Deployment.current.caller("huoying.admin")
    #expect(try admin.get(Self.path + "/text").status == 404)
    let first = try admin.put(Self.path + "/text", Array(Self.words.utf8), type: "text/plain; charset=utf-8")
    #expect(first.status == 201, "\(first.text)")
    #expect(first.fields["etag"] == "\"1\"")
    #expect(first.json["clauses"]?.integer == 4)
    let read = try admin.get(Self.path + "/text")
    #expect(read.text == Self.words)
    #expect(read.fields["content-type"] == "text/plain; charset=utf-8")
    #expect(try admin.get(Self.path + "/text", ["If-None-Match": "\"1\""]).status == 304)

    let markdown = Array("# 一、服务内容\n".utf8)
    #expect(try admin.put(Self.path + "/text", markdown, type: "text/markdown").status == 428)
    #expect(try admin.put(Self.path + "/text", markdown, type: "text/markdown", ["If-Match": "\"2\""]).status == 412)
    let second = try admin.put(Self.path + "/text", markdown, type: "text/markdown", ["If-Match": "\"1\""])
    #expect(second.status == 200 && second.fields["etag"] == "\"2\"", "\(second.text)")
    // The same again changes nothing.
    #expect(try admin.put(Self.path + "/text", markdown, type: "text/markdown", ["If-Match": "\"2\""]).fields["etag"] == "\"2\"")
    let log = try admin.get("/v1/tenants/huoying/audit")
    #expect((log.json["items"]?.array ?? []).count { $0["action"]?.string == "contract-text.attach" } == 2)
  }

  @Test("stands beside our paraphrase, in the contract and for each clause")
  func beside() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("anding.admin")
    #expect(try admin.get(Self.other).json["text"] == .null)
    #expect(try admin.put(Self.other + "/text", Array(Self.quarterly.utf8), type: "text/plain").status == 201)
    let contract = try admin.get(Self.other)
    #expect(contract.json["words"]?["3.2"]?.string == "每四个月支付一次。")
    #expect(contract.json["text"]?["version"]?.integer == 1)
    // What the vendor may read of the contract, it may read in the contract's words.
    let vendor = try deployment.caller("anding.vendor-manager")
    let clause = try vendor.get(Self.other + "/clauses/3.2")
    #expect(clause.string("/words") == "每四个月支付一次。", "\(clause.text)")
    #expect(clause.json["items"]?.array?.contains { $0["id"]?.string == "quarter" } == true)
    #expect(try vendor.get(Self.other + "/clauses/9.9").status == 404)
  }

  @Test("is refused where it is no text, too long, of another type, or not the caller's to write")
  func refused() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("fangshan.admin")
    #expect(try admin.put(Self.third + "/text", [0xFF, 0xFE], type: "text/plain").faults == [" not-utf-8"])
    #expect(try admin.put(Self.third + "/text", Array("{}".utf8), type: "application/json").status == 415)
    #expect(try admin.put(Self.third + "/text", Array("文".utf8), type: "text/plain; charset=gbk").status == 415)
    #expect(try admin.put(Self.third + "/text", [UInt8](repeating: 0x61, count: 600_000), type: "text/plain").status == 413)
    #expect(try admin.put(Self.third + "x/text", Array("文".utf8), type: "text/plain").status == 404)
    let vendor = try deployment.caller("fangshan.vendor-manager")
    #expect(try vendor.put(Self.third + "/text", Array("文".utf8), type: "text/plain").status == 403)
    let stranger = try deployment.caller("xisanqi.admin")
    #expect(try stranger.put(Self.third + "/text", Array("文".utf8), type: "text/plain").status == 404)
    #expect(try stranger.get(Self.third + "/text").status == 404)
  }

  @Test("is attached on the command line too, and shown there")
  func command() throws {
    let deployment = try Deployment.current
    let file = try Deployment.temporaryDirectory() + "/text.md"
    _ = try Command.run(["/bin/sh", "-c", "printf '%s' \"$1\" >\"$2\"", "sh", Self.lastly, file])
    let attached = try deployment.jiesu("contract", "attach", "sanjianfang", "seats-2019", file)
    #expect(attached.status == 0 && attached.output.contains("1"), "\(attached.output)")
    #expect(try deployment.jiesu("contract", "attach", "sanjianfang", "seats-2019", file).status == 0)
    let shown = try deployment.jiesu("contract", "show", "sanjianfang", "seats-2019")
    #expect(shown.output.contains("| 付清余款。"))
    #expect(try deployment.jiesu("contract", "attach", "sanjianfang", "seats-2020", file).status == 4)
  }
}
