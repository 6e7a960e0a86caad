// SPDX-License-Identifier: Apache-2.0
import Base

extension Obligation {
  /// What both sides are told of it: the clause, whose it is, until when, and a sentence in both languages.
  func telling(_ kind: ObligationBook.Telling.Kind) -> JSON {
    var data: JSONObject = [
      "item": .string(item), "bearer": .string(bearer.rawValue), "clause": .string(citation.clause), "text": sentence(kind).json,
    ]
    if let date {
      data["lastDay"] = .string("\(date.lastDay)")
      data["end"] = .string("\(date.end)")
    }
    if let payment { data["payment"] = .string(payment) }
    if let subject { data["subject"] = .string(subject) }
    return .object(data)
  }

  func sentence(_ kind: ObligationBook.Telling.Kind) -> Text {
    let who = bearer.name
    let until = date.map { Text(zh: "（截止 \($0.lastDay)）", en: " (until \($0.lastDay))") } ?? Words.none
    let what = citation.says
    switch kind {
    case .missed: return who + Text(zh: "逾期未履行：", en: " has missed: ") + what + until
    case .deemed:
      return Text(zh: "期限已过，视同“", en: "Its time is over, and this counts as having happened: “") + (deems ?? Words.none)
        + Text(zh: "”：", en: "”. ") + what + until
    case .waived: return Text(zh: "已免除", en: "Waived for ") + who + Text(zh: "的义务：", en: ": ") + what + until
    case .corrected:
      return Text(zh: "此前告知的逾期或视同已不成立：", en: "What was told of it before does not hold any more: ") + what + until
    }
  }
}

extension Duty.Bearer {
  package var name: Text {
    switch self {
    case .office: Party.office.name
    case .vendor: Party.vendor.name
    case .both: Text(zh: "双方", en: "both sides")
    }
  }
}
