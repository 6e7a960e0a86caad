// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

/// A story under one contract, and what it changes.
struct ScenarioStory: Sendable, CustomTestStringConvertible {
  let name: String
  let tenant: String
  let contract: String
  let asOf: String
  let facts: [JSON]
  /// By rule or payment, in yuan: what the vendor may demand more, line by line.
  var claims: [(rule: String, amount: String)] = []
  /// What changes in what is payable, payment by payment.
  var payable: [(payment: String, amount: String)] = []
  /// `rule holder right since`
  var opened: [String] = []

  var testDescription: String { "\(tenant): \(name)" }

  static func incident(_ kind: String, _ on: String, _ amount: String? = nil, by: String? = nil) -> JSON {
    var fact: JSONObject = ["kind": "incident", "on": .string(on), "incident": .string(kind)]
    if let amount { fact["amount"] = .string(amount) }
    if let by { fact["by"] = .string(by) }
    return .object(fact)
  }

  static func event(_ name: String, _ on: String, _ more: JSONObject = [:]) -> JSON {
    var fact: JSONObject = ["kind": "event", "on": .string(on), "event": .string(name)]
    for member in more.members { fact[member.name] = member.value }
    return .object(fact)
  }

  static func money(_ kind: String, _ payment: String, _ on: String, _ amount: String) -> JSON {
    ["kind": .string(kind), "on": .string(on), "payment": .string(payment), "amount": .string(amount)]
  }

  private static let invoiced = money("invoice", "second", "2024-10-08", "866000.00")
  static let late = [
    // 15 October to 14 November: 30 days × 0.05 % × 866,000.00.
    ScenarioStory(
      name: "paid 30 days late", tenant: "xisanqi", contract: "platform-2024", asOf: "2025-02-20",
      facts: [invoiced, money("payment", "second", "2024-11-14", "866000.00")], claims: [("late-payment", "12990.00")]),
    // 120 days would be 51,960.00; five per cent of 866,000.00 are 43,300.00.
    ScenarioStory(
      name: "paid 120 days late", tenant: "xisanqi", contract: "platform-2024", asOf: "2025-02-20",
      facts: [invoiced, money("payment", "second", "2025-02-12", "866000.00")], claims: [("late-payment", "43300.00")]),
    // The ten days from 16 to 25 October are excused: 20 × 433.00.
    ScenarioStory(
      name: "ten days of fiscal closing", tenant: "xisanqi", contract: "platform-2024", asOf: "2025-02-20",
      facts: [
        invoiced, event("fiscal-closing", "2024-10-16", ["until": "2024-10-25"]), money("payment", "second", "2024-11-14", "866000.00"),
      ], claims: [("late-payment", "8660.00")]),
    // An audit that goes on from 20 October leaves the four days before it: 4 × 433.00.
    ScenarioStory(
      name: "an audit with no end", tenant: "xisanqi", contract: "platform-2024", asOf: "2025-02-20",
      facts: [invoiced, event("fiscal-audit", "2024-10-20"), money("payment", "second", "2024-11-14", "866000.00")],
      claims: [("late-payment", "1732.00")]),
    // The invoice was due on 8 October and came on the 18th: the 16th to the 18th are the vendor's own: 27 × 433.00.
    ScenarioStory(
      name: "the vendor's own invoice late", tenant: "xisanqi", contract: "platform-2024", asOf: "2025-02-20",
      facts: [money("invoice", "second", "2024-10-18", "866000.00"), money("payment", "second", "2024-11-14", "866000.00")],
      claims: [("late-payment", "11691.00")]),
    // 120 × 0.05 % × 2,228,000.00 = 133,680.00; five per cent of the price are 111,400.00. Day 31 after 1 July is 1 August.
    ScenarioStory(
      name: "delivered 120 days late", tenant: "xisanqi", contract: "platform-2024", asOf: "2025-04-30",
      facts: [event("delivery-scheduled", "2024-06-03", ["agreed": "2024-07-01"]), event("deliverablesSubmitted", "2024-10-29")],
      claims: [("late-delivery", "-133680.00"), ("liability", "22280.00")],
      opened: ["late-delivery-termination office terminate 2024-08-01"]
    ),
  ]

  static let ends = [
    // Costs are paid whole; 150,000.00 of loss are capped at 111,400.00.
    ScenarioStory(
      name: "an early end with confirmed costs and a loss", tenant: "xisanqi", contract: "platform-2024", asOf: "2024-12-31",
      facts: [
        event("terminated", "2024-09-30"), incident("early-end-costs", "2024-10-08", "120000.00", by: "office"),
        incident("early-end-loss", "2024-10-09", "150000.00", by: "vendor"),
      ], claims: [("early-end-payment", "120000.00"), ("early-end-damages", "-150000.00"), ("liability", "38600.00")]),
    ScenarioStory(
      name: "an insolvent vendor", tenant: "xisanqi", contract: "platform-2024", asOf: "2024-12-31",
      facts: [incident("insolvent", "2024-09-02", by: "vendor")], opened: ["insolvency office terminate 2024-09-02"]),
    // Ten working days after 6 May, with 11 May worked, end on the 17th.
    ScenarioStory(
      name: "force majeure that lasts", tenant: "xisanqi", contract: "platform-2024", asOf: "2024-06-30",
      facts: [event("force-majeure", "2024-05-06")], opened: ["long-force-majeure office|vendor terminate 2024-05-18"]),
    // 30 % of 4,197,500.00, owed by whoever left.
    ScenarioStory(
      name: "the vendor leaves without cause", tenant: "fangshan", contract: "service-2022", asOf: "2022-12-31",
      facts: [incident("left-without-cause", "2022-10-10", by: "vendor"), event("terminated", "2022-10-10")],
      claims: [("leaving", "-1259250.00")]),
    ScenarioStory(
      name: "the office leaves without cause", tenant: "fangshan", contract: "service-2022", asOf: "2022-12-31",
      facts: [incident("left-without-cause", "2022-10-10", by: "office"), event("terminated", "2022-10-10")],
      claims: [("leaving", "1259250.00")]),
    ScenarioStory(
      name: "an end by a change of policy", tenant: "fangshan", contract: "service-2022", asOf: "2022-12-31",
      facts: [incident("policy-change", "2022-09-01", by: "office")], opened: ["policy-termination office terminate 2022-09-01"]),
    // 20 % of the price, and the loss beyond it.
    ScenarioStory(
      name: "not cured after notice", tenant: "fangshan", contract: "service-2022", asOf: "2022-12-31",
      facts: [incident("not-cured", "2022-11-01"), incident("loss-beyond-penalty", "2022-11-02", "50000.00")],
      claims: [("not-curing", "-839500.00"), ("loss-on-top", "-50000.00")], opened: ["not-curing-termination office terminate 2022-11-01"]),
    ScenarioStory(
      name: "three months after expiry", tenant: "fangshan", contract: "service-2022", asOf: "2023-04-01",
      facts: [event("heldOver", "2023-01-01", ["until": "2023-03-31"])],
      payable: [("hold-over-1", "349791.67"), ("hold-over-2", "349791.67"), ("hold-over-3", "349791.67")]),
    ScenarioStory(
      name: "staff not replaced in ten days", tenant: "fangshan", contract: "service-2022", asOf: "2023-01-31",
      facts: [event("staff-demanded", "2022-09-01")], payable: [("last", "-34949.20")]),
    // 30 % of 2,146,320.00; two quarters fall away.
    ScenarioStory(
      name: "the office leaves without cause", tenant: "anding", contract: "service-2024", asOf: "2024-12-31",
      facts: [incident("left-without-cause", "2024-06-25", by: "office"), event("terminated", "2024-06-25")],
      claims: [("leaving", "643896.00")], payable: [("quarter-3", "-536580.00"), ("quarter-4", "-536580.00")]),
    // 183 of 366 days were served, worth 1,073,160.00 of the 1,336,580.00 paid.
    ScenarioStory(
      name: "not cured: a penalty, and what was paid for time not served", tenant: "anding", contract: "service-2024", asOf: "2024-12-31",
      facts: [
        money("payment", "quarter-1", "2024-04-10", "536580.00"), money("payment", "quarter-2", "2024-05-10", "800000.00"),
        incident("not-cured", "2024-06-20"), event("terminated", "2024-06-25"),
      ], claims: [("not-curing", "-643896.00"), ("refund-unserved", "-263420.00")],
      payable: [("quarter-3", "-536580.00"), ("quarter-4", "-536580.00")], opened: ["default-termination office terminate 2024-06-20"]),
    ScenarioStory(
      name: "an end by a change of policy", tenant: "anding", contract: "service-2024", asOf: "2024-12-31",
      facts: [incident("policy-change", "2024-04-01", by: "office")], opened: ["policy-termination office terminate 2024-04-01"]),
    ScenarioStory(
      name: "a quarter after expiry on the same terms", tenant: "anding", contract: "service-2024", asOf: "2025-04-01",
      facts: [event("heldOver", "2024-12-26", ["until": "2025-03-25"])], payable: [("quarter-5", "536580.00")]),
    // 30 % of 1,166,400.00, and the fees.
    ScenarioStory(
      name: "not performing", tenant: "huoying", contract: "technical-2025", asOf: "2026-08-31",
      facts: [incident("not-performing", "2026-01-12"), incident("legal-costs", "2026-02-02", "12345.67")],
      claims: [("not-performing-penalty", "-349920.00"), ("fees", "-12345.67")],
      opened: ["not-performing-termination office terminate 2026-01-12"]),
    // 10 % of 575,610.00.
    ScenarioStory(
      name: "late or unaccepted", tenant: "sanjianfang", contract: "seats-2019", asOf: "2020-11-30",
      facts: [incident("late-or-unaccepted", "2020-10-15")], claims: [("unaccepted-penalty", "-57561.00")],
      opened: ["unaccepted-termination office terminate 2020-10-15"]),
    ScenarioStory(
      name: "a grave accident: everything paid comes back", tenant: "sanjianfang", contract: "seats-2019", asOf: "2020-11-30",
      facts: [
        money("payment", "first", "2019-10-10", "172683.00"), money("payment", "second", "2020-01-20", "172683.00"),
        incident("grave-accident", "2020-03-03"),
      ], claims: [("recovery", "-345366.00")], opened: ["accident-termination office terminate 2020-03-03"]),
    // 45 days after 1 March 2020 end on 15 April.
    ScenarioStory(
      name: "force majeure that lasts", tenant: "sanjianfang", contract: "seats-2019", asOf: "2020-05-31",
      facts: [event("force-majeure", "2020-03-01")], opened: ["long-force-majeure office|vendor renegotiate 2020-04-16"]),
  ]

  static let all = late + ends
}
