// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Support
import Testing

/// Statements and lists as spreadsheets and on paper, opened by the programs that people open them with.
@Suite("On paper and as spreadsheets", .deployment(at: "2024-04-10T09:00:00+08:00"), .serialized)
struct PaperTests {
  private func workbook(_ caller: Caller, _ path: String) throws -> [UInt8] {
    let answer = try caller.fetch(path)
    try #require(answer.status == 200, "\(answer.text)")
    #expect(answer.fields["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    #expect(answer.fields["content-disposition"]?.hasSuffix(".xlsx\"") == true && answer.fields["cache-control"] == "no-store")
    return answer.body
  }

  private func yuan(_ json: JSON?) -> String { json?["fen"]?.integer.map { Fen($0).grouped } ?? "?" }

  @Test("LibreOffice finds the statement's figures, line by line and to the fen, before and after it is confirmed")
  func settlement() throws {
    let desk = try Desk("anding", "service-2024")
    // (100 + 100 + 50 + 50 + 60 + 70) ÷ 6 = 71.67: eight whole points below 80, 100 yuan each.
    for (number, value) in ["100", "100", "50", "50", "60"].enumerated() {
      try desk.score("staff", "quarter-1", "seat-\(number + 1)", value, on: "2024-03-26")
    }
    try desk.score("staff", "quarter-1", "analyst-1", "70", on: "2024-03-26")
    let paper = try Paper(desk.deployment)
    let finance = try desk.who("finance")
    for stage in ["draft", "confirmed"] {
      if stage == "confirmed" { try desk.confirm("quarter-1", asOf: "2024-04-10") }
      let statement = try desk.view("quarter-1").json
      let rows = try paper.sheet(workbook(finance, "\(desk.settlement("quarter-1"))/sheet"), as: "settlement-\(stage)")
      let head = try #require(rows.firstIndex { $0.first == "序" }, "\(rows)")
      #expect(rows[0][0] == "结算单" && rows[head][6] == "金额（元）")
      let lines = statement["lines"]?.array ?? []
      #expect(lines.count >= 2)
      for (number, line) in lines.enumerated() {
        let row = rows[head + 1 + number]
        #expect(row[0] == "\(number + 1)" && row[6] == yuan(line["amount"]), "\(row)")
        #expect(row[2] == line["formula"]?["zh"]?.string && row[3] == line["clause"]?.string)
        #expect(row[7] == "\(line["facts"]?.array?.count ?? -1)")
      }
      let sum = rows[head + 1 + lines.count]
      #expect(sum[0] == "应付合计" && sum[6] == "535,780.00" && sum[6] == yuan(statement["payable"]))
      #expect(rows.contains { $0.contains("伍拾叁万伍仟柒佰捌拾元整") })
      #expect(rows.contains { $0[0] == "状态" && ($0.contains("已确认") == (stage == "confirmed")) })
    }
    let english = try paper.sheet(workbook(finance, "\(desk.settlement("quarter-1"))/sheet?lang=en"), as: "settlement-en")
    #expect(english[0][0] == "Statement of settlement" && english.contains { $0.first == "Payable" && $0[6] == "535,780.00" })
    #expect(try desk.who("handler").get("\(desk.settlement("quarter-1"))/sheet").status == 403)
    #expect(try desk.deployment.caller("huoying.leader").get("\(desk.settlement("quarter-1"))/sheet").status == 404)
    #expect(try finance.get("\(desk.settlement("quarter-9"))/sheet").status == 404)
    #expect(try finance.get("\(desk.settlement("quarter-1"))/sheet?lang=fr").status == 422)

    // As paper.
    let page = try finance.get("\(desk.settlement("quarter-1"))/page")
    let printed = try paper.print(page.text, as: "settlement")
    #expect(printed.text.contains("伍拾叁万伍仟柒佰捌拾元整") && printed.text.contains("535,780.00") && printed.text.contains("甲方（盖章）"))
    #expect(printed.size.hasPrefix("594.96x841.92pts(A4)"), "\(printed.size)")
  }

  @Test("a score sheet is the contract's form with what was ticked, what incidents took, and both names, on paper and as a spreadsheet")
  func scoreSheet() throws {
    let desk = try Desk("anding", "service-2024")
    let id = try desk.draft("staff", "quarter-2", "seat-4", "81", on: "2024-04-10")
    let path = "\(desk.path)/score-sheets/\(id)"
    let (leader, vendor) = (try desk.who("leader"), try desk.who("vendor-manager"))
    let paper = try Paper(desk.deployment)
    let draft = try leader.get("\(path)/page")
    #expect(draft.text.contains("草稿 · 不计入结算") && draft.text.contains("（待签字）"), "\(draft.text)")
    #expect(try vendor.get("\(path)/page").status == 404 && vendor.get("\(path)/sheet").status == 404)
    try desk.sheet("sign", id, by: "supervisor", 1)
    try desk.sheet("countersign", id, by: "leader", 2)
    try desk.incident("negligence", "2024-04-08", subject: "seat-4")
    let sheet = try leader.get(path).json
    let rows = try paper.sheet(workbook(vendor, "\(path)/sheet"), as: "score-sheet")
    let head = try #require(rows.firstIndex { $0.first == "评估内容（权重）" }, "\(rows)")
    #expect(rows[0][0] == "验收评价表（服务类）" && rows.contains { $0.contains("quarter-2（2024-03-26 至 2024-06-25）") }, "\(rows)")
    // Eight items in three parts, each with all its options, the ticked one marked and its points beside.
    let items = (sheet["sections"]?.array ?? []).flatMap { $0["items"]?.array ?? [] }
    let lines = Array(rows[(head + 1)...].prefix(items.count))
    #expect(lines.map { $0[0] } == ["纪律（20%）", "", "业务（60%）", "", "", "", "服务（20%）", ""])
    for (line, item) in zip(lines, items) {
      let (points, label) = (item["points"]?.string ?? "?", item.value(at: "/label/zh")?.string ?? "?")
      #expect(line[3] == points && line[2].contains("☑ \(label)\(points)分"), "\(line)")
      #expect(line[2].count { $0 == "☑" } == 1 && line[2].count { $0 == "☐" } >= 2)
    }
    let rest = rows[(head + 1 + items.count)...]
    #expect(rest.first?.first == "得分合计" && rest.first?[3] == "81")
    #expect(rest.contains { $0[2] == "因过失对甲方造成不良影响。" && $0[3] == "-50" } && rest.contains { $0[0] == "扣分后" && $0[3] == "31" }, "\(rest)")
    let names = ["filler", "countersigner"].compactMap { sheet[$0]?.string }
    #expect(names.count == 2 && names.allSatisfy { name in rest.contains { $0[1].hasPrefix(name) } }, "\(rest)")
    let printed = try paper.print(vendor.get("\(path)/page").text, as: "score-sheet")
    #expect(printed.text.contains("验收评价表（服务类）") && printed.text.contains("扣分后") && names.allSatisfy { printed.text.contains($0) })
    #expect(printed.size.hasPrefix("594.96x841.92pts(A4)"), "\(printed.size)")
    let english = try leader.get("\(path)/page?lang=en")
    #expect(english.text.contains("Acceptance form (services)") && english.text.contains("Head of the office"))
    #expect(try desk.who("handler").get("\(path)/page").status == 403)
    #expect(try desk.deployment.caller("huoying.leader").get("\(path)/page").status == 404)
  }

  @Test("an office's score sheets have its own titles beneath, and places that are signed on paper only; titles that are alike are refused")
  func titles() throws {
    var files = try OfficeDirectory("deploy/tenants/anding")
    let own: JSON = [
      "opinion": ["zh": "考核组意见", "en": "The group's opinion"], "countersigned": ["zh": "考核组组长", "en": "Head of the group"],
      "signed": ["zh": "考核专员", "en": "Clerk"], "onPaper": [["zh": "供应商代表（盖章）", "en": "For the vendor (seal)"]],
    ]
    try files.set("office.json", "settings/appraisal/signatures", to: own)
    let deployment = try Deployment.current
    try deployment.add(files, as: "titled")
    let desk = try Desk("titled", "service-2024")
    let path = "\(desk.path)/score-sheets/\(try desk.score("staff", "quarter-2", "seat-4", "81", on: "2024-04-10"))"
    let paper = try Paper(deployment)
    let rows = try paper.sheet(workbook(desk.who("leader"), "\(path)/sheet"), as: "titled-sheet")
    #expect(rows.suffix(4).map { $0[0] } == ["考核组意见", "考核组组长", "考核专员", "供应商代表（盖章）"], "\(rows)")
    #expect(rows.last?[1] == "" && rows.dropLast().last?[1].contains("系统内签字") == true)
    let printed = try paper.print(desk.who("vendor-manager").get("\(path)/page").text, as: "titled-sheet")
    #expect(printed.text.contains("考核组组长") && printed.text.contains("供应商代表") && !printed.text.contains("验收部门负责人"))
    #expect(try desk.who("leader").get("\(path)/page?lang=en").text.contains("Head of the group"))

    try files.set("office.json", "settings/appraisal/signatures/signed", to: ["zh": "考核组组长", "en": "Clerk"])
    guard case .failure(let faults) = TenantFiles.decode(files.contents) else { throw Command.Failure(description: "taken") }
    #expect(faults.list.map { "\($0.fault.pointer) \($0.fault.code)" } == ["/settings/appraisal/signatures/signed bad-combination"])
  }

  @Test("an acceptance is printed with what was delivered, what was found, by which clause, and where to sign")
  func acceptance() throws {
    let desk = try Desk("fangshan", "service-2022")
    let submitted = try desk.record("events", by: "vendor-manager", ["on": "2022-12-30", "event": "deliverablesSubmitted"])
    let rejected = try desk.record(
      "acceptances", by: "supervisor", ["on": "2023-01-05", "result": "rejected", "cureBy": "2023-01-20", "note": "缺少年度分析报告"])
    let path = "\(desk.path)/acceptances/\(rejected)"
    let vendor = try desk.who("vendor-manager")
    let paper = try Paper(desk.deployment)
    let rows = try paper.sheet(workbook(vendor, "\(path)/sheet"), as: "acceptance")
    #expect(rows[0][0] == "验收单" && rows.contains { $0[0] == "交付日期" && $0[1] == "2022-12-30" }, "\(rows)")
    #expect(rows.contains { $0[0] == "验收结论" && $0[1] == "验收不合格" } && rows.contains { $0[0] == "整改期限" && $0[1] == "2023-01-20" })
    #expect(rows.contains { $0[0] == "合同约定" && $0[2] == "2.2.4" } && rows.contains { $0[0] == "验收意见" && $0[1] == "缺少年度分析报告" })
    let printed = try paper.print(vendor.get("\(path)/page").text, as: "acceptance")
    #expect(printed.text.contains("验收不合格") && printed.text.contains("甲方（盖章）") && printed.size.hasPrefix("594.96x841.92pts(A4)"))
    try desk.void(rejected)
    #expect(try vendor.get("\(path)/page").text.contains("已作废：Recorded by mistake."))
    // With no opinion in two weeks it counts as accepted, at 24:00 of 13 January; what is said afterwards comes too late.
    let silence = "\(desk.path)/obligations/accept@\(submitted)"
    let deemed = try paper.sheet(workbook(vendor, "\(silence)/sheet"), as: "deemed")
    #expect(deemed[0][0] == "验收单（视同验收）" && deemed.contains { $0[0] == "视同时间" && $0.contains("2023-01-13 24:00") }, "\(deemed)")
    #expect(deemed.contains { $0[0] == "成果提交" && $0[1] == "2022-12-30" } && deemed.contains { $0[0] == "期限" && $0[2] == "2.2.4" })
    #expect(deemed.contains { $0[0] == "结论" && $0[1].hasPrefix("视同验收合格") })
    #expect(deemed.contains { $0[0] == "合同约定" && $0[1].contains("逾期视同合格") && $0[2] == "2.2.4" })
    #expect(deemed.contains { $0[0] == "作出人" && $0[1].hasPrefix("无") } && !deemed.contains { $0[0] == "逾期意见" })
    let late = try desk.record("acceptances", by: "supervisor", ["on": "2023-01-16", "result": "rejected", "cureBy": "2023-01-31"])
    let silent = try paper.print(vendor.get("\(silence)/page").text, as: "deemed")
    #expect(silent.text.contains("视同验收合格") && silent.text.contains("另有意见，逾期") && silent.size.hasPrefix("594.96x841.92pts(A4)"))
    #expect(try vendor.get("\(silence)/page?lang=en").text.contains("Acceptance form (deemed acceptance)"))
    let overtaken = try vendor.get("\(desk.path)/acceptances/\(late)/page").text
    #expect(overtaken.contains("逾期，不计") && overtaken.contains("验收合格：2023-01-13 24:00"), "\(overtaken)")
    #expect(try vendor.get("\(desk.path)/obligations/submit/page").status == 404)
    #expect(try desk.who("handler").get("\(silence)/page").status == 403)
    #expect(try desk.deployment.caller("huoying.leader").get("\(silence)/page").status == 404)
    let invoice = try desk.invoice("first", "2022-07-25", "2098750.00")
    #expect(try vendor.get("\(desk.path)/acceptances/\(invoice)/page").status == 404)
    #expect(try desk.who("handler").get("\(path)/page").status == 403)
    #expect(try desk.deployment.caller("huoying.leader").get("\(path)/page").status == 404)
  }

  @Test("a list of more incidents than are read at once has each of them, amounts that add up, and texts that are no formulas")
  func incidents() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    // Each with an amount of its own, to the fen: 500.01 to 511.83 yuan.
    try desk.deployment.database.sql(
      """
      INSERT INTO incident (tenant_id, id, contract_id, kind, occurred_at, subject, amount_fen, proposed_side, proposed_at, recorded_at, \
      description) SELECT tenant_id, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'seats-2019', 'absence', \
      '2020-02-01T08:00:00+08:00', 'seat-1', 50000 + n, 'system', now(), now(), CASE n % 3 WHEN 0 THEN '=HYPERLINK("http://x","' || n || '")' \
      WHEN 1 THEN '第' || n || '次，未到岗' ELSE '<b>' || n || '</b> & 同上' END \
      FROM generate_series(1, 1183) n CROSS JOIN tenant WHERE code = 'sanjianfang'
      """)
    let supervisor = try desk.who("supervisor")
    let paper = try Paper(desk.deployment)
    let rows = try paper.sheet(workbook(supervisor, "\(desk.office)/incidents/sheet?state=proposed"), as: "incidents")
    let head = try #require(rows.firstIndex { $0.first == "发生时间" })
    let lines = rows.dropFirst(head + 1)
    #expect(lines.count == 1183)
    // The newest first: 51,183 fen down to 50,001.
    #expect(lines.map { $0[6] } == (1...1183).reversed().map { Fen(50_000 + Int64($0)).grouped })
    #expect(lines.allSatisfy { $0[0] == "2020-02-01 08:00:00" && $0[2] == "未经请假批准缺勤或旷工一次。" })
    #expect(
      lines.map { $0[12] }
        == (1...1183).reversed().map { number in
          switch number % 3 {
          case 0: "=HYPERLINK(\"http://x\",\"\(number)\")"
          case 1: "第\(number)次，未到岗"
          default: "<b>\(number)</b> & 同上"
          }
        })
    #expect(lines.allSatisfy { $0[8] == "待定" && $0[9] == "系统" && $0[3] == "第十二条" }, "\(lines.first ?? [])")
    #expect(try supervisor.get("\(desk.office)/incidents/sheet?state=gone").status == 422)

    let page = try supervisor.get("\(desk.office)/incidents/page?state=proposed")
    #expect(page.status == 200 && page.text.contains("&lt;b&gt;") && !page.text.contains("<b>"))
    let printed = try paper.print(page.text, as: "incidents")
    #expect(printed.text.contains("违约事项") && printed.text.contains("511.83") && printed.text.contains("500.01"))
    #expect(printed.text.contains("第1183次") && printed.size.contains("841.92x594.96"), "\(printed.size)")
  }

  @Test("the obligations' table has what the contract's list has, each with its day and what follows")
  func obligations() throws {
    let desk = try Desk("fangshan", "service-2022")
    let leader = try desk.who("leader")
    var listed: [JSON] = []
    var after = ""
    repeat {
      let page = try leader.get("\(desk.path)/obligations?limit=500&side=office\(after)")
      listed += page.json["items"]?.array ?? []
      after = page.string("/next").map { "&after=\($0)" } ?? ""
    } while !after.isEmpty
    let rows = try Paper(desk.deployment).sheet(workbook(leader, "\(desk.office)/obligations/sheet?side=office"), as: "obligations")
    let lines = rows.dropFirst(try #require(rows.firstIndex { $0.first == "最后一日" }) + 1)
    #expect(!listed.isEmpty && lines.count == listed.count)
    for (row, item) in zip(lines, listed) {
      let isDated = item["due"]?["kind"]?.string == "by"
      #expect(row[0] == (isDated ? item["due"]?["date"]?.string : "") && row[4] == item["clause"]?.string, "\(row)")
      #expect(row[5] == item["says"]?["zh"]?.string && row[7] == (item["payable"].map(yuan) ?? ""))
    }
    #expect(try desk.who("handler").get("\(desk.office)/obligations/sheet").status == 403)
  }

  @Test("a list of work orders has citizens masked, is a handler's department's only, and stands in the office's log")
  func orders() throws {
    let desk = try OrderDesk()
    let (mine, other) = (try desk.receive(["title": .string("路灯不亮 138" + "00138000")]), try desk.receive(["title": "噪声扰民"]))
    try desk.go(mine, "sign", "verify", "dispatch")
    let analyst = try desk.who("analyst-1")
    let paper = try Paper(desk.deployment)
    let octets = try workbook(analyst, "\(desk.path)/sheet")
    let rows = try paper.sheet(octets, as: "orders")
    let lines = rows.dropFirst(try #require(rows.firstIndex { $0.first == "工单编号" }) + 1)
    #expect(lines.contains { $0[8] == "噪声扰民" && $0[3] == "待签收" && $0[9] == "柳**" && $0[10] == "010****1234" }, "\(lines)")
    #expect(lines.contains { $0[7].isEmpty == false && $0[3] == "已派单" && $0[12].hasPrefix("2024-04-10 09:") })
    #expect(
      !rows.joined().contains { $0.contains("138" + "00138000") || $0.contains("5550") || $0.contains("柳絮飞") })
    let handler = try paper.sheet(workbook(desk.who("handler"), "\(desk.path)/sheet"), as: "orders-handler")
    #expect(!handler.joined().contains("噪声扰民"))
    let noted = try desk.deployment.database.sql(
      "SELECT count(*) FROM audit_event WHERE action = 'order.export' AND data ->> 'asked' LIKE '%/work-orders/sheet'")
    #expect(noted == "2")
    #expect(try analyst.get("\(desk.path)/page?stage=received").text.contains("噪声扰民"))
    _ = other
  }

  @Test(
    "each kind of report has on paper and in a spreadsheet the numbers that it has over the API",
    arguments: ["daily", "weekly", "monthly", "special"])
  func reports(_ kind: String) throws {
    let desk = try OrderDesk()
    for (category, community) in [("=供暖<b>", "village-east"), ("=供暖<b>", "village-east"), ("噪声", "village-west")] {
      let order = try desk.receive(["category": .string(category), "community": .string(community)])
      try desk.go(order, "sign", "verify", "dispatch", "reply", "audit", "callbacks")
      // Of those that nobody has verified the community is as the source says it.
      _ = try desk.receive(["category": .string(category), "community": .string(community)])
    }
    let analyst = try desk.who("analyst-1")
    let reports = "\(desk.path.dropLast("work-orders".count))reports"
    let report = try analyst.get("\(reports)/\(kind)")
    #expect(report.status == 200)
    let paper = try Paper(desk.deployment)
    let rows = try paper.sheet(workbook(analyst, "\(reports)/\(kind)/sheet"), as: "report-\(kind)")
    let head = try #require(rows.firstIndex { $0.first == "序" }, "\(rows)")
    let title = ["daily": "工单日报", "weekly": "工单周报", "monthly": "工单月报", "special": "工单专报"][kind]
    #expect(rows[0][0] == title && rows.prefix(head).contains { $0.first == "报告期" }, "\(rows[0])")
    /// The rows below a heading, up to the next.
    func section(_ title: String) throws -> [[String]] {
      let start = try #require(rows.firstIndex { $0.first == title }, "\(title) \(rows)")
      return Array(rows[(start + 1)...].prefix { $0[0].isEmpty || Int($0[0]) != nil })
    }
    func numbers(_ line: JSON?) -> [String] {
      [
        "\(line?["count"]?.integer ?? -1)", "\(line?["previous"]?.integer ?? -1)",
        line?["change"]?.string.map { $0.filter { $0 != "+" && $0 != "%" } }.map { $0.hasSuffix(".0") ? String($0.dropLast(2)) : $0 } ?? "",
      ]
    }
    let whole = try section("总体")
    #expect(whole.map { Array($0[2...4]) } == ["orders", "repeats", "closed"].map { numbers(report.json[$0]) }, "\(whole)")
    #expect(whole[0][5].isEmpty == (report.string("/rates/response/percent") == nil))
    for (title, list) in [
      ("按来源", "bySource"), ("按诉求类别", "byCategory"), ("按承办单位", "byDepartment"), ("按社区（村）", "byCommunity"), ("按时限等级", "byGrade"),
    ] {
      let items = report.json[list]?.array ?? []
      #expect(!items.isEmpty)
      #expect(try section(title).map { Array($0[2...4]) } == items.map { numbers($0) }, "\(title)")
    }
    #expect(try section("按诉求类别").contains { $0[1] == "=供暖<b>" } && section("按社区（村）").contains { $0[1] == "东片各村" })
    let ranked = report.json.value(at: "/rankings/departments")?.array ?? []
    #expect(!ranked.isEmpty)
    #expect(
      try section("部门排名").map { $0[0] + $0[1] } == ranked.map { "\($0["rank"]?.integer ?? 0)\($0.value(at: "/name/zh")?.string ?? "")" })
    // Whoever called more than once is there as the list has it: masked.
    #expect(try section("重复来电").contains { $0[1].contains("柳**") } && !rows.joined().contains { $0.contains("柳絮飞") })

    let page = try analyst.get("\(reports)/\(kind)/page")
    #expect(page.status == 200 && page.text.contains("供暖&lt;b&gt;") && !page.text.contains("<b>") && page.text.contains("lang=\"zh-CN\""))
    let printed = try paper.print(page.text, as: "report-\(kind)")
    #expect(printed.text.contains("部门排名") && printed.text.contains("打印于 2024-04-10") && printed.size.hasPrefix("594.96x841.92pts(A4)"))
    let english = try analyst.get("\(reports)/\(kind)/page?lang=en&community=nowhere")
    #expect(english.text.contains("Surges") && english.text.contains("None") && english.text.contains("nowhere"))

    for form in ["sheet", "page"] {
      #expect(try desk.who("finance").get("\(reports)/\(kind)/\(form)").status == 403)
      #expect(try desk.deployment.caller("huoying.leader").get("\(reports)/\(kind)/\(form)").status == 404)
      #expect(try analyst.get("\(reports)/\(kind)/\(form)?top=0").status == 422)
    }
  }
}
