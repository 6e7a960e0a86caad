// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Lint on an invented contract")
struct InventedLintTests {
  @Test("a sound contract with a text that says the same has nothing found in it")
  func sound() throws {
    let findings = try InventedContract.findings()
    #expect(findings.isEmpty, "\(findings.map { "\($0.id) \($0.clause) \($0.sentence.zh)" })")
  }

  @Test(
    "each thing that is wrong with a document is found where it stands",
    arguments: [
      (#""amount": "863500.00""#, #""amount": "863600.00""#, "plan-mismatch", "2.1"),
      (#""figures": "863500.00""#, #""figures": "836500.00""#, "amount-mismatch", "2.1"),
      ("捌拾陆万叁仟伍佰元整", "捌拾陆万叁仟陆佰元整", "spellings-differ", "2.1"),
      ("捌拾陆万叁仟伍佰元整", "捌拾陆万叁千伍佰元整", "irregular-numeral", "2.1"),
      ("捌拾陆万叁仟伍佰元整", "捌拾陆万叁伍佰元整", "unreadable-numeral", "2.1"),
      (#""share": "40%""#, #""share": "45%""#, "amount-mismatch", "2.2(1)"),
      (#"{"fixed": "120.00"}"#, #"{"fixed": "86351.11"}"#, "share-missed", "3.1"),
      (#""clause": "第六条", "times""#, #""clause": "第六条", "reading": {"zh": "两可", "en": "either way"}, "times""#, "read-as", "第六条"),
      (#"{"on": "2026-06-18"}"#, #"{"on": "2026-03-02"}"#, "due-at-signing", "2.2(1)"),
      (#"{"on": "2026-06-18"}"#, #"{"on": "2027-06-18"}"#, "due-after-end", "2.2(1)"),
      (
        #"{"on": "2026-06-18"}"#, #"{"earliest": [{"on": "2026-06-18"}, {"after": ["invoice"], "within": {"days": 9}}]}"#, "two-due-rules",
        "2.2(1)"
      ),
      (#""at": "cover", "on": "2026-03-02""#, #""at": "cover", "on": "2026-03-09""#, "signing-dates-differ", "第八条"),
      (#""effective": "2026-03-02""#, #""effective": "2026-03-05""#, "effect-unsigned", "第八条"),
      (#""span": {"years": 1}"#, #""span": {"months": 11}"#, "term-length", "1.2"),
      (#""text": "溪口街道南山巷15号2层""#, #""text": "溪口街道滨河路 ８号""#, "same-address", "第八条"),
      (#""organisations": []"#, #""organisations": [{"in": "第七条", "name": "溪口水务局"}]"#, "stranger-named", "第七条"),
      (#""3.2", "3.3""#, #""3.2", "3.2", "3.3""#, "number-doubled", "3.2"),
      (#""3.1", "3.2", "3.3""#, #""3.1", "3.3""#, "number-skipped", "3.3"),
      (#""第四条", "第五条", "第六条""#, #""第四条", "第五五条", "第六条""#, "number-misprinted", "第五条"),
      (#""in": "第四条", "to": "第三条""#, #""in": "第四条", "to": "第三十条""#, "reference-missing", "第四条"),
      (#""in": "第四条", "to": "第三条""#, #""in": "第四条", "to": "第七条""#, "reference-topic", "第四条"),
      (#""attached": true"#, #""attached": false"#, "annex-absent", "1.1"),
      (#""measure": {"incidents": ["absent"]}"#, #""measure": {"incidents": ["absent", "late"]}"#, "priced-twice", "3.1"),
      (#""from": {"fixed": "450.00"}"#, #""from": {"share": "1%", "of": "total"}"#, "bounds-crossed", "3.1"),
      (#""due": {"after": ["accepted", "invoice"], "within": {"workingDays": 15}}, "#, "", "no-clock", "2.2(2)"),
      (#""deems": "accepted","#, "", "no-consequence", "第五条"),
      (#""miss": "late""#, #""unless": "$.test == true""#, "no-consequence", "附件1 一.1"),
      (
        #"["accepted", "rejected"], "deems": "accepted""#, #"["deliverablesSubmitted"], "deems": "deliverablesSubmitted""#,
        "waits-for-itself", "第五条"
      ),
    ])
  func documents(passage: String, change: String, code: String, clause: String) throws {
    let findings = try InventedContract.findings(document: (passage, change), isAttached: false)
    #expect(findings.contains { $0.code.rawValue == code && $0.clause == clause }, "\(findings.map { "\($0.id) \($0.clause)" })")
  }

  @Test(
    "caps that the penalties pass, open amounts under them, rewards beyond a tenth, and posts that nobody holds are found",
    arguments: [
      (
        #""caps": [{"id": "cap", "clause": "3.9", "owedBy": "vendor", "over": "contract", "atMost": {"share": "10%", "of": "total"}, "rules": ["leak-penalty"], "says": {"zh": "上限", "en": "cap"}}],"#,
        "penalties-above-cap"
      ),
      (
        #""caps": [{"id": "cap", "clause": "3.9", "owedBy": "vendor", "over": "contract", "atMost": {"share": "20%", "of": "total"}, "rules": ["leak-penalty", "absence"], "says": {"zh": "上限", "en": "cap"}}],"#,
        ""
      ),
      (
        #""grades": [{"id": "g", "clause": "3.8", "per": "month", "says": {"zh": "等次", "en": "grades"}, "scale": [{"grade": "甲", "en": "A"}, {"grade": "乙", "en": "B"}]}],"#,
        "no-threshold"
      ),
      (
        #""staffing": {"id": "s", "clause": "3.7", "says": {"zh": "人员", "en": "staff"}, "posts": [{"id": "desk", "clause": "3.7", "hours": "duty", "says": {"zh": "坐席", "en": "desk"}}]},"#,
        "post-unassigned"
      ),
      (
        #""holdOver": {"id": "h", "clause": "3.6", "monthly": "86350.00", "says": {"zh": "续用", "en": "held over"}},"#, "month-divisor"
      ),
    ])
  func additions(addition: String, code: String) throws {
    let findings = try InventedContract.findings(document: (#""incidents": ["#, addition + #" "incidents": ["#), isAttached: false)
    #expect(code.isEmpty ? findings.isEmpty : findings.map(\.code.rawValue) == [code], "\(findings.map(\.id))")
  }

  @Test("the best grade in every month is weighed against the price")
  func rewards() throws {
    let addition = """
      "grades": [{"id": "g", "clause": "3.8", "per": "month", "says": {"zh": "等次", "en": "grades"}, "scale": [{"grade": "甲", "en": "A", "criterion": {"zh": "九成", "en": "nine tenths"}}, {"grade": "乙", "en": "B", "criterion": {"zh": "其余", "en": "the rest"}}]}],
      """
    let rule = """
      "consequences": [{"id": "bonus", "clause": "3.8", "measure": {"grade": "g"}, "says": {"zh": "奖励", "en": "bonus"}, "pays": {"map": {"table": {"甲": {"fixed": "7200.00"}, "乙": {"fixed": "0.00"}}}, "owedBy": "office", "to": "thisPayment"}},
      """
    let document = try InventedContract.source().replacingOnce(#""consequences": ["#, addition + rule)
    let findings = Lint(try Contract([Doctored.document(document)]), packs: RulePacks([]), assignments: [], text: nil).findings()
    let found = try #require(findings.first { $0.code == .rewardsAboveTenth })
    #expect(found.values.map(\.zh) == ["86,400.00 元", "10.0%"])
    let less = try document.replacingOnce("7200.00", "7100.00")
    #expect(Lint(try Contract([Doctored.document(less)]), packs: RulePacks([]), assignments: [], text: nil).findings().isEmpty)
  }

  @Test(
    "each thing that is wrong with a text is found where it stands",
    arguments: [
      ("８６３，５００ 元", "８６３，６００ 元", "spellings-differ", "2.1"), ("伍佰元整", "陆佰元整", "spellings-differ", "2.1"),
      ("的 40 %", "的 45 %", "amount-mismatch", "2.2(1)"), ("（¥345,400.00）", "（¥354,400.00）", "spellings-differ", "2.2(1)"),
      ("3.2 泄露", "3.3 泄露", "number-doubled", "3.3"), ("3.2 泄露", "3.4 泄露", "number-skipped", "3.3"),
      ("第四条 乙方", "第四四条 乙方", "number-misprinted", "第四条"), ("本合同第三条", "本合同第三十条", "reference-missing", "第四条"),
      ("本合同第三条", "本合同第七条", "reference-topic", "第四条"), ("按附件 1 受理", "按附件 3 受理", "annex-absent", "1.1"),
      ("2027年3月31日止", "2027年3月30日止", "term-dates-differ", "1.2"), ("日期：2026.3.2", "日期：2026.3.12", "date-not-in-document", "签章页"),
      ("2026 年 6 月 18 日", "2026 年 6 月 38 日", "date-impossible", "2.2(1)"),
      ("签订日期：2026 年 3 月 2 日", "签订日期：2026 年 3 月 3 日", "date-not-in-text", "封面"),
      ("溪口街道南山巷15号2层", "溪口街道滨河路8号", "same-address", "签章页"), ("争议由所在地法院管辖。", "争议由所在地法院管辖。\n\n溪口县水务管理委员会", "stranger-named", "第七条"),
      ("百分之十五", "百分之十六", "share-not-in-text", "3.2"), ("万分之三", "万分之五", "share-not-in-document", "3.3"),
      ("扣 120 元", "扣 450 元", "amount-not-in-text", "3.1"), ("十五个工作日", "十六个工作日", "span-not-in-text", "2.2(2)"),
      ("不超过两次", "不超过三次", "number-not-in-text", "第六条"), ("两周内", "三周内", "span-not-in-text", "第五条"),
      ("25 分钟", "26 分钟", "span-not-in-text", "附件1 一.1"), ("按第二条支付", "按第四条支付", "reference-not-in-text", "第五条"),
      ("争议由所在地", "甲方有权解除合同，并向甲方支付违约金。争议由所在地", "pays-itself", "第七条"),
      ("（盖章）：青石服务", "（盖章）：清石服务", "name-not-in-text", "第八条"), ("滨河路 8 号", "滨河路 9 号", "address-not-in-text", "第八条"),
      ("第六条 期满", "期满", "clause-not-in-text", "第六条"),
    ])
  func texts(passage: String, change: String, code: String, clause: String) throws {
    let findings = try InventedContract.findings(text: (passage, change))
    #expect(findings.contains { $0.code.rawValue == code && $0.clause == clause }, "\(findings.map { "\($0.id) \($0.clause)" })")
  }

  @Test("a long text of nothing but figures and references is looked over, and not everything in it is told")
  func hostile() throws {
    let line = "9、按本合同第七条支付 77 元（大写：柒拾捌元整），77% 即 78 元，2026年2月30日。\n"
    let text = ContractText(String(repeating: line, count: 1200))
    let document = try Doctored.document(try InventedContract.source())
    let lint = Lint(try Contract([document]), packs: try RepositoryFiles.rulePacks(), assignments: [], text: text)
    #expect((200...400).contains(lint.findings().count))
  }

  @Test("odd spacing, full-width digits and another dash change nothing")
  func spacing() throws {
    for (passage, change) in [
      ("518100.00 元", "５１８ １００．００元"), ("2026 年 6 月 18 日", "2026年6 月18日"), ("450-900 元", "450—900元"), ("万分之三", "万分之 三"),
      ("第七条 争议", "第 七 条　争议"), ("（1）2026", "(1) 2026"), ("25 分钟", "２５分钟"), ("第三条　违约责任", "**第三条　违约责任**"),
    ] {
      let findings = try InventedContract.findings(text: (passage, change))
      #expect(findings.isEmpty, "\(change): \(findings.map { "\($0.id) \($0.clause) \($0.sentence.zh)" })")
    }
  }

  @Test("an acknowledgement holds while the values are those that were seen")
  func acknowledgements() throws {
    let change = ("捌拾陆万叁仟伍佰元整", "捌拾陆万叁仟陆佰元整")
    let before = try #require(InventedContract.findings(document: change, isAttached: false).first)
    let user = try #require(UUIDv7("01890000-0000-7000-8000-000000000000"))
    let word = Finding.Acknowledgement(
      finding: before.id, seen: before.standing, reason: "已知", by: user, at: try #require(Instant("2026-05-01T00:00:00+08:00")))
    #expect(Finding.review([before], [word]).map(\.isAcknowledged) == [true])
    let other = try #require(
      InventedContract.findings(document: (change.0, "捌拾陆万叁仟柒佰元整"), isAttached: false).first)
    #expect(other.id == before.id)
    #expect(Finding.review([other], [word]).map(\.isAcknowledged) == [false])
  }
}
