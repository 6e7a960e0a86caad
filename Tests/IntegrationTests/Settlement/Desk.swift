// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The people of an office and its vendor at work on one contract, through the API.
struct Desk: Sendable {
  let deployment: Deployment
  let tenant: String
  let contract: String

  init(_ tenant: String, _ contract: String) throws {
    deployment = try Deployment.current
    self.tenant = tenant
    self.contract = contract
  }

  var office: String { "/v1/tenants/\(tenant)" }
  var path: String { "\(office)/contracts/\(contract)" }

  /// The one of a role: `supervisor`, `finance`, `leader`, `vendor-manager`.
  func who(_ role: String) throws -> Caller { try deployment.caller("\(tenant).\(role)") }

  /// Records a fact of a resource.
  @discardableResult
  func record(_ resource: String, by role: String, _ body: JSON) throws -> String { try who(role).make("\(path)/\(resource)", body) }

  @discardableResult
  func invoice(_ payment: String, _ on: String, _ amount: String) throws -> String {
    try record("invoices", by: "finance", ["on": .string(on), "payment": .string(payment), "amount": .string(amount)])
  }

  @discardableResult
  func pay(_ payment: String, _ on: String, _ amount: String) throws -> String {
    try record("payments", by: "finance", ["on": .string(on), "payment": .string(payment), "amount": .string(amount)])
  }

  @discardableResult
  func event(_ name: String, _ on: String, _ more: JSONObject = [:]) throws -> String {
    var body: JSONObject = ["on": .string(on), "event": .string(name)]
    for member in more.members { body[member.name] = member.value }
    return try record("events", by: "supervisor", .object(body))
  }

  @discardableResult
  func accept(_ on: String) throws -> String {
    try record("acceptances", by: "supervisor", ["on": .string(on), "result": "accepted"])
  }

  /// Has somebody, the vendor unless told, propose an incident, and the office confirm it: two people where the amount is the office's to set.
  ///
  /// - Parameter late: whether it may correct a statement that is confirmed.
  @discardableResult
  func incident(
    _ kind: String, _ on: String, _ amount: String? = nil, subject: String? = nil, by proposer: String = "vendor-manager",
    late: Bool = false
  ) throws -> String {
    let id = try propose(kind, on, amount, subject: subject, by: proposer)
    var body: JSONObject = [:]
    if amount != nil { body["note"] = "依据现场记录" }
    if late { body["correctsConfirmed"] = true }
    let first = try who("supervisor").post("\(office)/incidents/\(id)/confirm", .object(body), ["If-Match": "\"1\""])
    try #require(first.status == 200, "\(first.text)")
    if amount == nil { return id }
    try #require(first.string("/state") == "proposed", "\(first.text)")
    let second = try who("leader").post("\(office)/incidents/\(id)/confirm", .object(body), ["If-Match": "\"2\""])
    try #require(second.status == 200 && second.string("/state") == "confirmed", "\(second.text)")
    return id
  }

  func propose(_ kind: String, _ on: String, _ amount: String?, subject: String?, by proposer: String) throws -> String {
    var body: JSONObject = ["contract": .string(contract), "incident": .string(kind), "occurredAt": .string("\(on)T09:30:00+08:00")]
    if let amount { body["amount"] = .string(amount) }
    if let subject { body["subject"] = .string(subject) }
    return try who(proposer).make("\(office)/incidents", .object(body))
  }

  /// Voids a fact as somebody who may record one of its kind.
  func void(_ fact: String, by role: String = "supervisor") throws {
    let answer = try who(role).post("\(office)/facts/\(fact)/void", ["reason": "Recorded by mistake."])
    try #require(answer.status == 200, "\(answer.text)")
  }

  /// The statement of a payment as it was known on a day.
  func statement(_ payment: String, asOf: String) throws -> Statement {
    let answer = try who("finance").get("\(path)/settlements/\(payment)?asOf=\(asOf)")
    try #require(answer.status == 200, "\(answer.text)")
    return Statement(answer: answer)
  }

  /// What `jiesu contract settle` prints.
  func printed(_ payment: String, asOf: String, language: String) throws -> String {
    let command = try deployment.jiesu("contract", "settle", tenant, contract, payment, "--as-of", asOf, "--lang", language)
    try #require(command.status == 0, "\(command.output)")
    return command.output
  }

  /// A statement as the API gives it.
  struct Statement {
    let answer: Caller.Answer

    var payable: String? { answer.yuan("/payable") }
    var due: String? { answer.string("/due/date") }
    var lines: [JSON] { answer.json["lines"]?.array ?? [] }
    var claims: [JSON] { answer.json["claims"]?.array ?? [] }
    /// The amounts of all lines, in yuan.
    var amounts: [String] { lines.compactMap { $0.value(at: "/amount/yuan")?.string } }
    var claimed: [String] { claims.compactMap { $0.value(at: "/amount/yuan")?.string } }

    func line(_ rule: String) -> JSON? { (lines + claims).first { $0["rule"]?.string == rule } }
  }
}
