// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

extension Desk {
  /// Has a score sheet filled and signed by the supervisor and countersigned by the leader: by marks that come to the value where the contract
  /// has a form, plainly where it has none.
  ///
  /// - Returns: the sheet's name, which is its fact's.
  @discardableResult
  func score(_ series: String, _ period: String, _ subject: String?, _ value: String, on: String) throws -> String {
    let id = try draft(series, period, subject, value, on: on)
    try sheet("sign", id, by: "supervisor", 1)
    try sheet("countersign", id, by: "leader", 2)
    return id
  }

  func draft(_ series: String, _ period: String, _ subject: String?, _ value: String, on: String) throws -> String {
    try who("supervisor").make("\(path)/score-sheets", .object(filling(series, period, subject, value, on: on)))
  }

  /// What a filled sheet says.
  func filling(_ series: String, _ period: String, _ subject: String?, _ value: String, on: String) throws -> JSONObject {
    var body: JSONObject = ["on": .string(on), "series": .string(series), "period": .string(period)]
    if let subject { body["subject"] = .string(subject) }
    let template = try who("supervisor").get("\(path)/score-sheets/template?on=\(on)")
    let form = template.json["items"]?.array?.first { $0["series"]?.string == series }?["form"]
    if let sections = form?["sections"]?.array {
      let items = sections.flatMap { $0["items"]?.array ?? [] }
      let sum = try #require(Int(value))
      let marks = try #require(Self.marks(of: items[...], coming: sum), "no marks come to \(value)")
      body["marks"] = .object(JSONObject(marks))
    } else {
      body["value"] = .string(value)
    }
    return body
  }

  /// An option for each item, so that they come to a sum.
  private static func marks(of items: ArraySlice<JSON>, coming sum: Int) -> [JSONObject.Member]? {
    guard let item = items.first, let name = item["id"]?.string else { return sum == 0 ? [] : nil }
    for option in item["options"]?.array ?? [] {
      guard let points = option["points"]?.string, let number = Int(points), number <= sum else { continue }
      if let rest = marks(of: items.dropFirst(), coming: sum - number) {
        return [JSONObject.Member(name: name, value: .string(points))] + rest
      }
    }
    return nil
  }

  /// Takes a step on a sheet that must succeed.
  @discardableResult
  func sheet(_ step: String, _ id: String, by role: String, _ version: Int, _ body: JSON = [:]) throws -> Caller.Answer {
    let answer = try take(step, onSheet: id, by: role, version, body)
    try #require(answer.status == 200, "\(step): \(answer.text)")
    return answer
  }

  func take(
    _ step: String, onSheet id: String, by role: String, _ version: Int, _ body: JSON = [:], key: String? = nil
  ) throws -> Caller.Answer {
    try who(role).post(
      "\(path)/score-sheets/\(id)/\(step)", body, key: key, ["If-Match": "\"\(version)\"", "Accept-Language": "en"])
  }

  /// Has a grade proposed by the supervisor and decided by the leader.
  ///
  /// - Returns: the grade's name, which is its fact's.
  @discardableResult
  func grade(_ series: String, _ period: String, _ grade: String, on: String) throws -> String {
    let id = try propose(series, period, grade)
    let decided = try decide(id, by: "leader", ["on": .string(on)])
    try #require(decided.status == 200, "\(decided.text)")
    return id
  }

  func propose(_ series: String, _ period: String, _ grade: String) throws -> String {
    try who("supervisor").make(
      "\(path)/grades", ["series": .string(series), "period": .string(period), "grade": .string(grade), "reason": "依当月复盘与评价表。"])
  }

  func decide(_ grade: String, by role: String, _ body: JSON = [:], version: Int = 1, key: String? = nil) throws -> Caller.Answer {
    try who(role).post("\(path)/grades/\(grade)/decide", body, key: key, ["If-Match": "\"\(version)\"", "Accept-Language": "en"])
  }

  /// Voids a sheet or a grade that two people agreed to.
  func voidAgreed(_ resource: String, _ id: String, by role: String = "leader") throws {
    let tag = try #require(try who(role).get("\(path)/\(resource)/\(id)").fields["etag"])
    let answer = try who(role).post("\(path)/\(resource)/\(id)/void", ["reason": "Agreed to by mistake."], ["If-Match": tag])
    try #require(answer.status == 200, "\(answer.text)")
  }
}
