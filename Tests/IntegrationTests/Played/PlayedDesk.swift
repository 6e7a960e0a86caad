// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

extension Desk {
  /// Has an incident that the contract knows confirmed: proposed by the vendor itself, or on the office's side by one who does not decide it.
  ///
  /// - Parameters:
  ///   - amount: what the incident carries; two people of the office agree on it.
  ///   - party: the side that broke the contract, where the kind does not say it.
  func miss(_ kind: String, _ on: String, _ amount: String? = nil, subject: String? = nil, by party: String? = nil) throws {
    var body: JSONObject = ["contract": .string(contract), "incident": .string(kind), "occurredAt": .string("\(on)T10:00:00+08:00")]
    if let amount { body["amount"] = .string(amount) }
    if let subject { body["subject"] = .string(subject) }
    if let party { body["by"] = .string(party) }
    try decide(try who("vendor-manager").make("\(office)/incidents", .object(body)), amount)
  }

  /// Confirms what is proposed: the supervisor, and the leader where an amount is set.
  func decide(_ incident: String, _ amount: String? = nil) throws {
    var body: JSONObject = [:]
    if let amount { body = ["amount": .string(amount), "note": "依现场记录与双方核对。"] }
    for role in ["supervisor", "leader"] {
      let tag = try #require(try who("supervisor").get("\(office)/incidents/\(incident)").fields["etag"])
      let answer = try who(role).post("\(office)/incidents/\(incident)/confirm", .object(body), ["If-Match": tag])
      try #require(answer.status == 200, "\(answer.text)")
      if answer.string("/state") == "confirmed" { return }
    }
    Issue.record("incident \(incident) is not confirmed by two")
  }

  /// The incidents of a kind that wait for the office.
  func proposals(_ kind: String) throws -> [JSON] {
    let list = try who("supervisor").get("\(office)/incidents?state=proposed&limit=500")
    return (list.json["items"]?.array ?? []).filter { $0["incident"]?.string == kind }
  }

  /// An event that the vendor records.
  func told(_ name: String, _ on: String, _ more: JSONObject = [:]) throws {
    var body: JSONObject = ["on": .string(on), "event": .string(name)]
    for member in more.members { body[member.name] = member.value }
    try record("events", by: "vendor-manager", .object(body))
  }

  /// A statement's lines as `rule amount`, those without a rule by their kind.
  static func figures(_ lines: [JSON]) -> [String] {
    lines.map { "\($0["rule"]?.string ?? $0["kind"]?.string ?? "?") \($0.value(at: "/amount/yuan")?.string ?? "?")" }
  }

  /// The rights that a statement says are open, with those who hold them.
  static func rights(_ statement: Statement) -> [String] {
    (statement.answer.json["rights"]?.array ?? []).map {
      "\($0["rule"]?.string ?? "?") \($0["right"]?.string ?? "?") \(($0["holders"]?.array ?? []).compactMap(\.string).joined(separator: "+"))"
    }
  }
}
