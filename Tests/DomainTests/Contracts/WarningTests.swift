// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("What does not add up in a contract")
struct WarningTests {
  private func warnings(_ tenant: String, _ passage: String = "", _ change: String = "") throws -> [String] {
    let id = try #require(try RepositoryFiles.tenant(tenant).contracts.first).contract.id
    var text = try RepositoryFiles.text("deploy/tenants/\(tenant)/contracts/\(id)/original.json")
    if !passage.isEmpty {
      let parts = text.split(separator: passage, omittingEmptySubsequences: false)
      try #require(parts.count > 1, "the passage stands in the file")
      text = parts[0] + change + parts.dropFirst().joined(separator: passage)
    }
    let document = try ContractDocument.shape.decode(bytes: [UInt8](text.utf8)).get()
    return document.warnings(packs: try RepositoryFiles.rulePacks()).map { "\($0.pointer) \($0.code)" }
  }

  @Test("the real contracts' amounts and plans agree, but for one irregular numeral; a refund comes beside a penalty")
  func real() throws {
    #expect(try warnings("fangshan") == ["/holdOver/printed/0/capitals irregular-numeral"])
    #expect(try warnings("anding") == ["/consequences/6 priced-twice", "/consequences/6 priced-twice"])
    for tenant in ["sanjianfang", "huoying", "xisanqi"] { #expect(try warnings(tenant).isEmpty) }
  }

  @Test(
    "one changed amount, share, numeral or number of points is found",
    arguments: [
      ("fangshan", #""figures": "4197500.00""#, #""figures": "4197600.00""#, "/total/printed/0/figures amount-mismatch"),
      ("fangshan", "肆佰壹拾玖万柒仟伍佰元整", "肆佰壹拾玖万柒仟陆佰元整", "/total/printed/0/capitals spellings-differ"),
      ("fangshan", "肆佰壹拾玖万柒仟伍佰元整", "肆佰壹拾玖万柒仟伍伍元整", "/total/printed/0/capitals unreadable-numeral"),
      ("fangshan", #""share": "50%""#, #""share": "51%""#, "/payments plan-mismatch"),
      ("xisanqi", #"{"fixed": "248000.00"}"#, #"{"fixed": "249000.00"}"#, "/payments/2/printed/0/figures amount-mismatch"),
      ("huoying", #"{"fixed": "388800.00"}"#, #"{"fixed": "388000.00"}"#, "/payments plan-mismatch"),
      ("anding", #""weight": "60""#, #""weight": "50""#, "/sheets/0 points-mismatch"),
      ("anding", #"{"points": "15", "label""#, #"{"points": "14", "label""#, "/sheets/0/sections/1/items/0 points-mismatch"),
    ])
  func changed(tenant: String, passage: String, change: String, expected: String) throws {
    #expect(try warnings(tenant, passage, change).contains(expected))
  }
}
