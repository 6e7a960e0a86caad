// SPDX-License-Identifier: Apache-2.0
import Base

/// The members of a contract document in words: what each is called, and what its value says.
enum MemberWords {
  static func label(_ member: String) -> Text { labels[member] ?? Words.both(member) }

  /// A value in words as a whole; `nil` where it is better told part by part.
  static func words(_ json: JSON, of member: String) -> Text? {
    if let text = Text(json: json), json.object?.names.count == 2 { return text }
    if let read = readers[member], let words = read(json) { return words }
    switch json {
    case .object: return nil
    case .array(let elements):
      guard !elements.contains(where: { if case .object = $0 { true } else if case .array = $0 { true } else { false } }) else {
        return nil
      }
      return elements.isEmpty ? Text(zh: "（无）", en: "(none)") : Words.list(elements.map { plain($0, of: member) })
    default: return plain(json, of: member)
    }
  }

  /// A single value; an event or an enumeration's word by its name.
  static func plain(_ json: JSON, of member: String) -> Text {
    switch json {
    case .string(let text):
      if events.contains(member) { return ContractEvent(text).words }
      if words[text] != nil, enumerations.contains(member) { return words[text] ?? Words.both(text) }
      if amounts.contains(member), let fen = Fen(yuan: text) { return Words.money(fen) }
      return Words.both(text)
    default: return plain(json)
    }
  }

  static func plain(_ json: JSON) -> Text {
    switch json {
    case .string(let text): Words.both(text)
    case .bool(let isSo): isSo ? Text(zh: "是", en: "yes") : Text(zh: "否", en: "no")
    case .null: Text(zh: "（无）", en: "(none)")
    default: Words.both(String(decoding: json.bytes, as: UTF8.self))
    }
  }

  private typealias Reader = @Sendable (JSON) -> Text?

  private static func reader<Value>(_ shape: Shape<Value>, _ words: @escaping @Sendable (Value) -> Text) -> Reader {
    { json in if case .success(let value) = shape.decode(json) { words(value) } else { nil } }
  }

  private static let amount = reader(Amount.shape) { $0.words }
  private static let deadline = reader(DeadlineRule.shape) { $0.words }
  private static let span = reader(Span.shape) { $0.text }

  /// What has words of its own, by the member it stands in.
  private static let readers: [String: Reader] = [
    "amount": amount, "atMost": amount, "atLeast": amount, "due": deadline, "release": deadline,
    "measure": reader(Measure.shape) { $0.words }, "where": reader(CaseTest.shape) { $0.words }, "fires": reader(Firing.shape) { $0.words },
    "map": reader(Tariff.shape) { $0.words }, "within": span, "every": span, "notice": span, "totalAtMost": span, "span": span,
    "stages[]": span, "before": span, "monthly": reader(.fen) { Words.money($0) },
  ]

  private static let events: Set<String> = [
    "needs", "excusedBy", "doneBy", "deems", "opens", "left", "filled", "asked", "consented", "by", "proposed", "decided",
  ]
  private static let amounts: Set<String> = ["month", "figures", "amount"]
  private static let enumerations: Set<String> = [
    "kind", "owedBy", "to", "right", "over", "who", "recordedBy", "subject", "per", "align", "cut", "owner", "time", "hours", "setBy",
    "about",
    "changeNeeds", "before", "at",
  ]

  /// Words of enumerations.
  private static let words: [String: Text] = [
    "original": Text(zh: "原合同", en: "original"), "supplement": Text(zh: "补充协议", en: "supplement"), "renewal": Text(zh: "续签", en: "renewal"),
    "holdOver": Text(zh: "到期延续", en: "hold-over"), "office": Party.office.name, "vendor": Party.vendor.name,
    "breaching": Text(zh: "违约方", en: "the side in breach"), "each": Text(zh: "各方", en: "each side"),
    "either": Text(zh: "任一方", en: "either side"),
    "counterparty": Text(zh: "相对方", en: "the other side"), "both": Text(zh: "双方", en: "both sides"),
    "thisPayment": Text(zh: "本期付款", en: "this payment"), "lastPayment": Text(zh: "末期付款", en: "the last payment"),
    "claim": Text(zh: "另行主张", en: "a claim apart"), "retention": Text(zh: "暂扣", en: "the retention"),
    "payment": Text(zh: "每期", en: "a payment"),
    "contract": Text(zh: "整个合同", en: "the contract"), "terminate": Right.Act.terminate.name, "renegotiate": Right.Act.renegotiate.name,
    "withholdPayment": Right.Act.withholdPayment.name, "demandReplacement": Right.Act.demandReplacement.name,
    "staff": Text(zh: "人员", en: "a person"), "order": Text(zh: "工单", en: "an order"), "team": Text(zh: "团队", en: "the team"),
    "party": Text(zh: "一方", en: "a side"), "period": Text(zh: "每期", en: "the period"), "month": Text(zh: "每月", en: "the month"),
    "term": Text(zh: "自服务期首日起", en: "from the term's first day"), "calendar": Text(zh: "按日历", en: "by the calendar"),
    "byDays": Text(zh: "按天折算", en: "by days"), "whole": Text(zh: "全额", en: "whole"), "allDay": Text(zh: "全天", en: "round the clock"),
    "duty": Text(zh: "值班时间", en: "duty hours"), "wall": Text(zh: "自然时间", en: "wall clock"),
    "department": Text(zh: "承办单位", en: "the department"),
    "trained": Text(zh: "经培训", en: "trained"), "pledged": Text(zh: "已承诺", en: "pledged"), "approved": Text(zh: "经同意", en: "approved"),
    "replacement": Text(zh: "更换", en: "replacement"), "removal": Text(zh: "退回", en: "removal"),
    "vacancy": Text(zh: "补缺", en: "filling a vacancy"),
    "officeConsent": Text(zh: "甲方同意", en: "the office's consent"), "cover": Text(zh: "封面", en: "the cover"),
    "sealOffice": Text(zh: "甲方盖章处", en: "the office's seal"), "sealVendor": Text(zh: "乙方盖章处", en: "the vendor's seal"),
  ]

  private static let labels: [String: Text] = [
    "id": Text(zh: "标识", en: "name"), "title": Text(zh: "名称", en: "title"), "number": Text(zh: "编号", en: "number"),
    "revision": Text(zh: "文本", en: "paper"),
    "parties": Text(zh: "双方", en: "parties"), "signing": Text(zh: "签订", en: "signing"), "term": Text(zh: "服务期限", en: "term"),
    "total": Text(zh: "合同总价", en: "price"), "payments": Text(zh: "付款", en: "payment"), "audit": Text(zh: "审计定价", en: "audit"),
    "carryOver": Text(zh: "结转", en: "carry-over"), "retention": Text(zh: "暂扣款", en: "retention"),
    "holdOver": Text(zh: "到期后服务", en: "hold-over"),
    "renewal": Text(zh: "续签限制", en: "renewal"), "consequences": Text(zh: "后果", en: "consequence"), "caps": Text(zh: "上限", en: "cap"),
    "incidents": Text(zh: "情形", en: "incident"), "scores": Text(zh: "评分", en: "score"), "grades": Text(zh: "等次", en: "grade"),
    "sheets": Text(zh: "评分表", en: "score sheet"), "events": Text(zh: "事件", en: "event"), "duties": Text(zh: "义务", en: "duty"),
    "levels": Text(zh: "服务标准", en: "service level"), "staffing": Text(zh: "人员配备", en: "staffing"),
    "provisions": Text(zh: "其他约定", en: "provision"), "paper": Text(zh: "文本体例", en: "the paper itself"),
    "clause": Text(zh: "条款", en: "clause"),
    "says": Text(zh: "释义", en: "meaning"), "reading": Text(zh: "理解", en: "reading"), "kind": Text(zh: "种类", en: "kind"),
    "effectiveFrom": Text(zh: "生效日", en: "from"), "office": Text(zh: "甲方", en: "office"), "vendor": Text(zh: "乙方", en: "vendor"),
    "organisation": Text(zh: "单位代码", en: "organisation"), "name": Text(zh: "名称", en: "name"), "addresses": Text(zh: "地址", en: "address"),
    "dates": Text(zh: "日期", en: "date"), "effective": Text(zh: "合同生效", en: "effect"), "from": Text(zh: "自", en: "from"),
    "to": Text(zh: "至／归入", en: "to"), "on": Text(zh: "日期", en: "on"), "stated": Text(zh: "所称期限", en: "stated length"),
    "amount": Text(zh: "金额", en: "amount"), "month": Text(zh: "月价", en: "price of a month"),
    "printed": Text(zh: "所印金额", en: "printed amount"),
    "figures": Text(zh: "数字", en: "figures"), "capitals": Text(zh: "大写", en: "capital numerals"), "due": Text(zh: "期限", en: "due"),
    "needs": Text(zh: "付款条件", en: "needs"), "every": Text(zh: "周期", en: "every"), "until": Text(zh: "计入至", en: "takes up until"),
    "months": Text(zh: "月数", en: "months"), "cycles": Text(zh: "评价周期数", en: "evaluation cycles"), "align": Text(zh: "起算", en: "aligned"),
    "cut": Text(zh: "不足一期", en: "when cut"), "release": Text(zh: "退还", en: "release"), "monthly": Text(zh: "每月费用", en: "fee of a month"),
    "sameTerms": Text(zh: "按原条件", en: "same terms"), "times": Text(zh: "次数上限", en: "times at most"),
    "totalAtMost": Text(zh: "总期限上限", en: "years in all at most"), "increaseAtMost": Text(zh: "加价上限", en: "increase at most"),
    "notice": Text(zh: "通知", en: "notice"), "measure": Text(zh: "计量对象", en: "what is counted"),
    "where": Text(zh: "计入条件", en: "which count"),
    "fires": Text(zh: "触发", en: "when it fires"), "excusedBy": Text(zh: "免责事由", en: "excused by"),
    "yieldsTo": Text(zh: "让位于", en: "yields to"),
    "pays": Text(zh: "应付", en: "pays"), "gives": Text(zh: "权利", en: "gives"), "map": Text(zh: "标准", en: "rate"),
    "owedBy": Text(zh: "责任方", en: "owed by"), "bounds": Text(zh: "限额", en: "bounds"), "case": Text(zh: "每次", en: "a case"),
    "payment": Text(zh: "每期", en: "a payment"), "contract": Text(zh: "整个合同", en: "the contract"), "atLeast": Text(zh: "下限", en: "at least"),
    "atMost": Text(zh: "上限", en: "at most"), "right": Text(zh: "可为", en: "may"),
    "rules": Text(zh: "所限后果", en: "consequences held together"),
    "over": Text(zh: "范围", en: "over"), "subject": Text(zh: "对象", en: "about"), "points": Text(zh: "扣分", en: "points"),
    "series": Text(zh: "评分系列", en: "series"), "take": Text(zh: "扣", en: "takes"), "upTo": Text(zh: "至多", en: "up to"),
    "per": Text(zh: "频次", en: "per"), "start": Text(zh: "起始分", en: "start"), "floor": Text(zh: "最低分", en: "floor"),
    "sheet": Text(zh: "评分表", en: "form"), "scale": Text(zh: "等次表", en: "scale"), "grade": Text(zh: "等次", en: "grade"),
    "criterion": Text(zh: "标准", en: "criterion"), "proposedBy": Text(zh: "提议", en: "proposed by"),
    "decidedBy": Text(zh: "决定", en: "decided by"), "proposed": Text(zh: "提议事件", en: "proposed with"),
    "decided": Text(zh: "决定事件", en: "decided with"),
    "full": Text(zh: "满分", en: "full"), "sections": Text(zh: "部分", en: "section"), "items": Text(zh: "项目", en: "item"),
    "options": Text(zh: "选项", en: "option"), "weight": Text(zh: "权重", en: "weight"), "label": Text(zh: "名称", en: "label"),
    "deductions": Text(zh: "扣减", en: "deductions"), "recordedBy": Text(zh: "记录方", en: "recorded by"), "who": Text(zh: "义务方", en: "who"),
    "doneBy": Text(zh: "完成标志", en: "done by"), "deems": Text(zh: "逾期视为", en: "deemed otherwise"), "owner": Text(zh: "责任方", en: "owner"),
    "when": Text(zh: "适用条件", en: "when"), "unless": Text(zh: "例外", en: "unless"), "clock": Text(zh: "计时", en: "clock"),
    "recurring": Text(zh: "定期", en: "recurring"), "check": Text(zh: "查验", en: "check"), "cover": Text(zh: "值守", en: "cover"),
    "limit": Text(zh: "时限", en: "limit"), "within": Text(zh: "时限", en: "within"), "stages": Text(zh: "阶段", en: "stage"),
    "time": Text(zh: "计时方式", en: "time"), "pausedWhile": Text(zh: "暂停", en: "paused while"), "while": Text(zh: "期间", en: "while"),
    "rolls": Text(zh: "顺延", en: "rolls"), "warn": Text(zh: "预警", en: "warning"), "miss": Text(zh: "逾期情形", en: "a miss proposes"),
    "returned": Text(zh: "有误退回", en: "sent back as wrong"), "by": Text(zh: "事件", en: "with"),
    "proposes": Text(zh: "提出情形", en: "proposes"),
    "posts": Text(zh: "岗位", en: "post"), "count": Text(zh: "人数", en: "number"), "crews": Text(zh: "班次", en: "crews"),
    "hours": Text(zh: "时间", en: "hours"), "named": Text(zh: "须报名单", en: "named"), "before": Text(zh: "上岗条件", en: "before posting"),
    "demands": Text(zh: "对人员的要求", en: "demand on staff"), "opens": Text(zh: "起始事件", en: "begins with"),
    "left": Text(zh: "离岗事件", en: "left with"), "filled": Text(zh: "完成事件", en: "filled with"),
    "again": Text(zh: "更换后仍不合格", en: "unfit again"), "change": Text(zh: "换人事件", en: "change of staff"),
    "asked": Text(zh: "申请", en: "asked with"), "consented": Text(zh: "同意", en: "consented with"),
    "changeNeeds": Text(zh: "换人须经", en: "a change needs"), "about": Text(zh: "主题", en: "about"),
    "numbering": Text(zh: "条款编号", en: "numbering"),
    "headings": Text(zh: "标题", en: "heading"), "references": Text(zh: "引用", en: "reference"), "annexes": Text(zh: "附件", en: "annex"),
    "citedIn": Text(zh: "引用处", en: "cited in"), "attached": Text(zh: "已附", en: "attached"),
    "organisations": Text(zh: "所提单位", en: "named organisation"),
  ]
}
