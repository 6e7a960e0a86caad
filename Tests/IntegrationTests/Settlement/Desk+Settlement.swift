// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Support
import Testing

extension Desk {
  func settlement(_ payment: String) -> String { "\(path)/settlements/\(payment)" }

  /// The version of a payment's statement, as its ETag says it.
  func version(_ payment: String) throws -> String {
    let answer = try who("finance").get(settlement(payment))
    return try #require(answer.fields["etag"], "\(answer.text)")
  }

  /// Takes a step from the version that is read first, unless one is given.
  func step(
    _ step: String, _ payment: String, by role: String, _ body: JSON = [:], tag: String? = nil, key: String? = nil
  ) throws -> Caller.Answer {
    try who(role).post(
      "\(settlement(payment))/\(step)", body, key: key, ["If-Match": try tag ?? version(payment), "Accept-Language": "en"])
  }

  /// Takes a step that must succeed.
  @discardableResult
  func advance(_ step: String, _ payment: String, by role: String, _ body: JSON = [:]) throws -> Caller.Answer {
    let answer = try self.step(step, payment, by: role, body)
    try #require(answer.status == 200, "\(step) \(payment): \(answer.text)")
    return answer
  }

  /// Has a statement proposed by the supervisor and confirmed by leader and finance.
  func confirm(_ payment: String, asOf: String? = nil) throws {
    try advance("propose", payment, by: "supervisor", asOf.map { ["asOf": .string($0)] } ?? [:])
    try advance("confirm", payment, by: "leader")
    try advance("confirm", payment, by: "finance")
  }

  /// A payment's statement as it stands now.
  func view(_ payment: String) throws -> Caller.Answer {
    let answer = try who("finance").get(settlement(payment))
    try #require(answer.status == 200, "\(answer.text)")
    return answer
  }

  /// What a confirmed statement's corrections are that no confirmed one takes in.
  func corrections(_ payment: String) throws -> [(by: String?, amount: String?, facts: [String])] {
    (try view(payment).json["corrections"]?.array ?? []).map { correction in
      (
        correction["takenInBy"]?.string, correction.value(at: "/line/amount/yuan")?.string,
        (correction.value(at: "/line/facts")?.array ?? []).compactMap(\.string)
      )
    }
  }

  /// Whether a confirmed statement, settled again, is what was confirmed.
  func replaysEqual(_ payment: String) throws -> Bool {
    let answer = try who("auditor").get("\(settlement(payment))/replay")
    try #require(answer.status == 200, "\(answer.text)")
    return answer.json["equal"] == true && answer.json["sha256"] == answer.json["recomputed"] && answer.json["findings"] == []
  }
}
