// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The printable statement as the server gives it.
@Suite("The statement's page, through the API", .deployment)
struct SettlementPageTests {
  @Test("a draft says that it is one; what is confirmed bears its digest and the names of those who confirmed; both languages, no scripts")
  func page() throws {
    let desk = try Desk("anding", "service-2024")
    for person in ["seat-1", "seat-2"] { try desk.score("staff", "quarter-1", person, "72", on: "2024-03-26") }
    let path = "\(desk.settlement("quarter-1"))/page"
    let draft = try desk.who("vendor-manager").get("\(path)?asOf=2024-04-01", ["Accept-Language": "en"])
    #expect(draft.status == 200 && draft.fields["content-type"] == "text/html; charset=utf-8", "\(draft.text)")
    #expect(
      draft.fields["content-language"] == "en" && draft.text.contains("DRAFT, NOT CONFIRMED") && draft.text.contains("<html lang=\"en\">"))
    let policy = draft.fields["content-security-policy"] ?? ""
    #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && draft.fields["x-content-type-options"] == "nosniff")
    #expect(draft.fields["cache-control"] == "no-store" && draft.fields["vary"] == "Accept-Language")
    #expect(draft.text.contains("伍拾叁万伍仟柒佰捌拾元整") && draft.text.contains("535,780.00") && draft.text.contains("-800.00"))

    try desk.confirm("quarter-1", asOf: "2024-04-10")
    let page = try desk.who("leader").get("\(path)?lang=zh", ["Accept-Language": "en"])
    let digest = try #require(desk.view("quarter-1").string("/snapshot/sha256"))
    #expect(page.text.contains(digest) && !page.text.contains("草稿") && page.text.contains("甲方（盖章）"))
    #expect(page.text.contains("系统内提出") && !page.text.contains("<script"))
    let names = try desk.view("quarter-1").json.value(at: "/life/steps")?.array?.compactMap { $0["name"]?.string } ?? []
    #expect(names.count == 3 && names.allSatisfy { page.text.contains($0) })
    #expect(try desk.who("leader").get("\(path)?lang=fr").status == 422)
    #expect(try desk.who("handler").get(path).status == 403)
    #expect(try desk.deployment.caller("huoying.leader").get(path).status == 404)
    #expect(try desk.who("leader").get("\(desk.settlement("quarter-9"))/page").status == 404)
  }

  @Test(
    "a page in English has no Chinese punctuation",
    arguments: [
      ("anding", "service-2024"), ("fangshan", "service-2022"), ("huoying", "technical-2025"), ("sanjianfang", "seats-2019"),
      ("xisanqi", "platform-2024"),
    ])
  func punctuation(tenant: String, contract: String) throws {
    let desk = try Desk(tenant, contract)
    if tenant == "fangshan" { try desk.event("heldOver", "2023-01-01", ["until": "2023-03-31"]) }
    let periods = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
    try #require(!periods.isEmpty)
    for path in periods.map({ "\(desk.settlement($0))/page" }) + ["\(desk.office)/obligations/page", "\(desk.office)/incidents/page"] {
      let page = try desk.who("leader").get("\(path)?lang=en")
      try #require(page.status == 200, "\(page.text)")
      for mark in ["（", "）", "：", "；", "，", "。", "、"] {
        #expect(!page.text.contains(mark), "\(path): …\(page.text.split(separator: mark).first?.suffix(80) ?? "")\(mark)")
      }
    }
  }
}
