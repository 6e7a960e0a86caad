// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// What a later paper changes, told to somebody who has both on the desk.
@Suite("The difference of two papers in words")
struct RevisionDiffTests {
  private static let hotline = "Tests/Offices/yunling/contracts/hotline-2026/original.json"

  @Test("an amount, a date, a rate, a cap and a new item are told with clause and both values, in both languages")
  func words() throws {
    let papers = try Papers(tenant: "xisanqi", "platform-2024")
    let addition: JSON = [
      "id": "on-call", "clause": "补 2", "says": ["zh": "随叫随到。", "en": "On call."], "who": "vendor", "every": ["months": 1],
      "doneBy": ["deliverablesSubmitted"],
    ]
    let later = try papers.laterJSON(
      .supplement, from: "2024-09-01",
      [
        ("/payments/second/amount/fixed", "900000.00"), ("/payments/second/due/on", "2024-10-25"),
        ("/consequences/late-payment/pays/map/each/share", "0.03%"), ("/caps/liability/atMost/share", "8%"),
        ("/consequences/insolvency", nil), ("/duties/-", addition),
      ])
    let diff = RevisionDiff(from: papers.json, to: later)
    let sentences = diff.changes.map { "\($0.section) \($0.item) \($0.action.rawValue): \($0.sentence.en) | \($0.sentence.zh)" }
    func has(_ words: String...) { for word in words { #expect(sentences.contains { $0.contains(word) }, "\(word) in \(sentences)") } }
    has("payment “second” (clause 4.2.1) changed: amount: from 866,000.00 yuan to 900,000.00 yuan; due: from 2024-10-15 to 2024-10-25")
    has("付款“second”（条款 4.2.1）修改：金额：由 866,000.00 元 改为 900,000.00 元；期限：由 2024-10-15 改为 2024-10-25")
    has("rate: from 0.05% of the overdue sum each to 0.03% of the overdue sum each", "标准：由 每次（每天）逾期金额的 0.05% 改为")
    has("at most: from 5% of the whole price to 8% of the whole price", "上限：由 合同总价的 5% 改为 合同总价的 8%")
    has("consequence “insolvency” (clause 11.6) removed: ", "义务“on-call”（条款 补 2）新增：随叫随到。")
    #expect(diff.changes.map(\.action) == [.changed, .changed, .changed, .removed, .changed, .added])
    #expect(RevisionDiff(from: papers.json, to: papers.json).changes.isEmpty)
  }

  @Test(
    "nothing that a document can say changes unseen: every single value, one after the other", arguments: ["anding", "xisanqi", "huoying"])
  func complete(_ tenant: String) throws {
    let contract = try #require(RepositoryFiles.tenant(tenant).contracts.first)
    let json = try #require(contract.files.first).json
    var tried = 0
    for pointer in Self.leaves(of: json, at: "") where pointer != "/vocabulary" && pointer != "/id" {
      guard let old = json.value(at: pointer), let new = Self.other(old) else { continue }
      let changed = try json.setting(pointer, to: new)
      tried += 1
      let changes = RevisionDiff(from: json, to: changed).changes
      #expect(!changes.isEmpty, "\(pointer)")
      // A name that changed is one item gone and another new; anything else is one item changed, with its section's first word.
      #expect(changes.allSatisfy { !$0.sentence.zh.isEmpty && !$0.sentence.en.isEmpty })
      let section = pointer.split(separator: "/").first.map(String.init)
      #expect(changes.allSatisfy { $0.section == section }, "\(pointer)")
    }
    #expect(tried > 250)
  }

  private static func leaves(of json: JSON, at pointer: String) -> [String] {
    switch json {
    case .object(let object): object.names.flatMap { name in object[name].map { leaves(of: $0, at: pointer + "/" + name) } ?? [] }
    case .array(let list): list.enumerated().flatMap { leaves(of: $0.element, at: "\(pointer)/\($0.offset)") }
    default: [pointer]
    }
  }

  private static func other(_ json: JSON) -> JSON? {
    switch json {
    case .string(let text): .string(text + "1")
    case .bool(let isSo): .bool(!isSo)
    case .number: .integer(987_654)
    default: nil
    }
  }
}
