// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("A contract's own words")
struct ContractTextTests {
  /// Nothing of any real contract; every way of numbering, with the marks that scanning and Markdown leave.
  static let invented = """
    服务合同

    签订日期：2026年1月5日

    ## 第一条 服务内容

    1. 1 乙方值守热线，每月不超过 3.5 万件，逾期每日按万分之五
    计。

    - 1.2 乙方须遵守下列规定：

    （1）按时到岗；

    （2） 着装整洁。

    ### 第二条 费用
    ２．１　合同总价人民币 120,000 元（大写：壹拾贰万

    元整），2026.3.1 前支付。
    第一条约定的服务不另收费。

    第三部分 其他

    第二一条 保密

    1、不得泄露。
    10个工作日内整改。
    2、离职后仍然有效。

    （以下无正文）
    甲方（盖章）：云岭镇人民政府
    日期：2026年1月5日

    附件 1：考核办法

    一、标准
    1.1 满分一百分。
    二、程序
    1、 每月评分：
    ① 先自评。
    """

  @Test("is taken apart at the numbers the paper prints, however they are printed")
  func split() throws {
    let text = ContractText(Self.invented)
    #expect(
      text.clauses.map(\.label) == [
        "第一条", "1.1", "1.2", "1.2(1)", "1.2(2)", "第二条", "2.1", "第三条", "第三条1", "第三条2", "附件1", "附件1 一", "附件1 1.1", "附件1 二",
        "附件1 二.1", "附件1 二.1(1)",
      ])
    #expect(text.clauses.compactMap(\.misprint) == ["第二一条"])
    #expect(text.sections == [3])
    #expect(text.annexes == [1: "考核办法"])
    #expect(text.cover == "服务合同\n签订日期：2026年1月5日")
    #expect(text.closing == "（以下无正文）\n甲方（盖章）：云岭镇人民政府\n日期：2026年1月5日")
  }

  @Test(
    "is found by the place a citation names, and not by how it names it",
    arguments: [
      ("1.1", "乙方值守热线，每月不超过 3.5 万件，逾期每日按万分之五计。"), ("第一条1", "乙方值守热线，每月不超过 3.5 万件，逾期每日按万分之五计。"),
      ("一.2(2)", "着装整洁。"), ("第三条", "保密\n第三条1 不得泄露。\n10个工作日内整改。\n第三条2 离职后仍然有效。"),
      ("2.1", "合同总价人民币 120,000 元（大写：壹拾贰万元整），2026.3.1 前支付。\n第一条约定的服务不另收费。"), ("附件1 二.1(1)", "先自评。"),
      ("1.2(1), 附件1 一.1", "按时到岗；\n满分一百分。"), ("1.2(1)-1.2(2)", "按时到岗；\n着装整洁。"),
    ])
  func found(clause: String, words: String) {
    let text = ContractText(Self.invented)
    #expect(text.words(citing: clause) == words)
  }

  @Test("every clause is found by its own label, in an annex that numbers plainly too")
  func labels() {
    for words in [Self.invented, "附件1：清单\n1、甲。\n2.1 乙。\n附件12\n一、丙。\n1.1 丁。\n（1）戊。\n"] {
      let text = ContractText(words)
      #expect(text.clauses.count > 5)
      for clause in text.clauses { #expect(ClauseNumber(citing: clause.label) == clause.place, "\(clause.label)") }
    }
    #expect(ContractText("附件1：清单\n1、甲。\n").words(citing: "附件1 1") == "甲。")
  }

  @Test("has no words for what it does not have", arguments: ["9.9", "附件2", "第五条", "见上", ""])
  func missing(clause: String) { #expect(ContractText(Self.invented).words(citing: clause) == nil) }

  @Test("whatever is cited by the five contracts stands in their texts")
  func real() throws {
    guard let texts = try SharedContracts.texts() else { return }
    for (tenant, text) in texts {
      let contract = try #require(try RepositoryFiles.tenant(tenant).contracts.first).contract
      for clause in contract.original.citedClauses {
        for (written, places) in ClauseNumber.citations(in: clause) {
          #expect(!places.isEmpty && places.allSatisfy(text.has), "\(tenant): \(written)")
        }
      }
    }
  }

  @Test("octets that are no text are refused")
  func octets() {
    #expect(throws: Faults.self) { try ContractText.read([0xC0, 0x80]) }
    #expect(throws: Faults.self) { try ContractText.read(Array("第一条\u{0}".utf8)) }
    #expect(throws: Faults.self) { try ContractText.read(Array(" \n\t".utf8)) }
    #expect(throws: Faults.self) { try ContractText.read([UInt8](repeating: 0x61, count: ContractText.greatestSize + 1)) }
    #expect((try? ContractText.read([0xEF, 0xBB, 0xBF] + Array("第一条".utf8))) == "第一条")
  }
}
