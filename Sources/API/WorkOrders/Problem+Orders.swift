// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

extension Problem {
  /// Why a step cannot be taken, and what can be done with the order now.
  static func refused(_ refusal: OrderRefusal, _ step: OrderStep, _ order: WorkOrder, under rules: OrderRules) -> Problem {
    let title = step.title
    switch refusal {
    case .stage:
      return conflict(
        "illegal-step",
        Text(
          zh: "工单\(order.stage.title.zh)，不能\(title.zh)。", en: "The order is \(order.stage.title.en): it cannot be taken to “\(title.en)”.")
          + possible(order, rules))
    case .approval(.asked):
      return conflict("awaiting-approval", Text(zh: "须先经领导审批。", en: "A leader has not decided yet.") + possible(order, rules))
    case .approval(.refused):
      return conflict("approval-refused", Text(zh: "领导未批准派单。", en: "A leader refused the dispatch.") + possible(order, rules))
    case .approval:
      return conflict(
        "approval-needed", Text(zh: "特殊案件须先报请审批。", en: "A special case needs a leader's approval first.") + possible(order, rules))
    case .inRemit:
      return conflict(
        "not-outside-remit",
        Text(zh: "承办单位尚未认定其不属本单位职责，不能退回。", en: "Its department has not found it outside the remit, so it cannot be returned.")
          + possible(order, rules))
    case .outsideRemit:
      return conflict(
        "outside-remit", Text(zh: "已认定不属本单位职责，应当退回。", en: "It was found outside the remit and is to be returned.") + possible(order, rules))
    case .already:
      return conflict("already-done", Text(zh: "已经\(title.zh)。", en: "That is so already: \(title.en).") + possible(order, rules))
    case .notAsked:
      return conflict("not-asked", Text(zh: "没有待决的事项可供\(title.zh)。", en: "Nothing waits for this: \(title.en).") + possible(order, rules))
    case .callbacks(let count):
      return conflict(
        "callback-missing",
        Text(
          zh: "尚未回访到诉求人；未通满 \(count) 次方可办结。",
          en: "The citizen was not called back; it can be closed without after \(count) attempts that reached nobody.")
          + possible(order, rules))
    case .unchecked(let checks):
      return Problem(
        status: 409, code: "checklist-incomplete", title: Text(zh: "与现状冲突", en: "Conflict"),
        detail: Text(
          zh: "尚有 \(checks.count) 项未查验，详见 errors。",
          en: "\(checks.count) item\(checks.count == 1 ? " is" : "s are") not checked off; see errors."),
        faults: checks.map { check in
          Fault(
            pointer: "/checked", code: "unchecked",
            detail: Text(zh: "\(check.key)：\(check.says.zh)（\(check.citation)）", en: "\(check.key): \(check.says.en) (\(check.citation))"))
        })
    case .unknownChecks(let keys):
      let known = (rules.checks[step] ?? []).map(\.key).joined(separator: ", ")
      return Problem(
        Faults(
          keys.map { key in
            Fault(
              pointer: "/checked", code: "unknown-reference",
              detail: Text(zh: "没有查验项“\(key)”；有：\(known)", en: "There is no item “\(key)”; there are: \(known)"))
          }))
    case .ownDeed:
      return ownProposal(Text(zh: "本人所办或所请，须由他人决定。", en: "Somebody else must decide on what you did or asked for."))
    case .side:
      return Problem(
        status: 403, code: "not-your-side", title: Text(zh: "应由另一方决定", en: "The other side's to decide"),
        detail: Text(zh: "此事由甲方单位决定。", en: "This is the office's to decide."))
    }
  }

  private static func possible(_ order: WorkOrder, _ rules: OrderRules) -> Text {
    let steps = order.possible(under: rules).filter { ![.edited, .linked, .contactCorrected, .classified].contains($0) }
    if steps.isEmpty { return Text(zh: "现在没有可做的步骤。", en: " Nothing can be done with it now.") }
    return Text(
      zh: "现在可以：\(steps.map(\.title.zh).joined(separator: "、"))。", en: " Possible now: \(steps.map(\.title.en).joined(separator: ", ")).")
  }

  /// 404 in words for a department that is none.
  static func unknownDepartment(_ code: String) -> Problem {
    Problem(
      Faults([
        Fault(
          pointer: "/department", code: "unknown-reference",
          detail: Text(zh: "本单位没有部门“\(code)”。", en: "The office has no department “\(code)”."))
      ]))
  }

  /// 422 for a grade that the rule pack in force does not know.
  static func unknownGrade(_ grade: String) -> Fault {
    Fault(
      pointer: "/grade", code: "unknown-reference",
      detail: Text(zh: "现行规定没有时限等级“\(grade)”。", en: "The rules in force know no grade “\(grade)”."))
  }
}
