// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

@Suite("Language")
struct LanguageTests {
  @Test(
    "the best liked language of Accept-Language is chosen, Chinese in doubt",
    arguments: [
      (nil, .zh), ("", .zh), ("en", .en), ("zh-CN,zh;q=0.9,en;q=0.8", .zh), ("en-GB,en;q=0.9,zh;q=0.8", .en), ("en;q=0.5, zh;q=0.6", .zh),
      ("en;q=0.6 ,\tzh ; q=0.5", .en), ("fr, de;q=0.9", .zh), ("fr, en;q=0.1", .en), ("*", .zh), ("*;q=0.5, en;q=0.4", .zh),
      ("zh;q=0", .en), ("zh;q=0, *", .en), ("en;q=2", .zh), ("en;q=0.1234", .zh), ("EN-us", .en), ("en;q=1.000", .en), (";;,,q", .zh),
      ("en,zh", .en), ("zh,en", .zh),
    ] as [(String?, Language)])
  func negotiation(_ header: String?, _ language: Language) {
    #expect(Language.negotiate(header) == language)
  }

  @Test("a problem is written by RFC 9457 in the language asked for")
  func problem() throws {
    let fault = Fault(pointer: "/total", code: "bad-format", detail: Text(zh: "金额写法无效。", en: "This is no amount."))
    let problem = Problem(Faults([fault]))
    var writer = JSONWriter()
    problem.write(to: &writer, in: .en)
    let json = try JSON.parse(writer.bytes)
    #expect(json["type"] == "urn:jiesu:problem:invalid")
    #expect(json["status"] == 422)
    #expect(json["title"] == "Invalid content")
    #expect(json["detail"] == "What was sent has 1 fault; see errors.")
    #expect(json["errors"] == [["pointer": "/total", "code": "bad-format", "detail": "This is no amount."]])
    var chinese = JSONWriter()
    problem.write(to: &chinese, in: .zh)
    #expect(try JSON.parse(chinese.bytes)["errors"]?[0]?["detail"] == "金额写法无效。")
  }
}
