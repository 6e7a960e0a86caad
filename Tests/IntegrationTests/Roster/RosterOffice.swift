// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// An office's roster as its people work on it, through the API.
struct RosterOffice: Sendable {
  let deployment: Deployment
  let tenant: String

  init(_ tenant: String) throws {
    deployment = try Deployment.current
    self.tenant = tenant
  }

  var path: String { "/v1/tenants/\(tenant)" }

  /// The one of a role: `vendor-manager`, `supervisor`, `leader`.
  func who(_ role: String) throws -> Caller { try deployment.caller("\(tenant).\(role)") }

  /// Has a member of the office, `vendor-manager`, sign in as another person of its staff while something is done.
  func having(_ person: String, signInAs role: String, _ work: () throws -> Void) throws {
    let place = "WHERE tenant_id = (SELECT tenant_id FROM tenant WHERE code = '\(tenant)') AND code ="
    let user = { try deployment.database.sql("SELECT user_id FROM staff_member \(place) '\($0)'") } as (String) throws -> String
    let own = try user(person)
    func link(_ user: String) throws { try deployment.database.sql("UPDATE staff_member SET user_id = '\(user)' \(place) '\(person)'") }
    try link(try user(role))
    do { try work() } catch {
      try link(own)
      throw error
    }
    try link(own)
  }

  /// Has those agree to a new swap whom it waits for, one after the other.
  ///
  /// - Returns: the headers with which it is decided on then.
  @discardableResult
  func agree(_ swap: String) throws -> [String: String] {
    let people = (try who("vendor-manager").get("\(path)/swaps/\(swap)").json["awaits"]?.array ?? []).compactMap(\.string)
    for (number, person) in people.enumerated() {
      let agreed = try who(person).post("\(path)/swaps/\(swap)/agree", [:], ["If-Match": "\"\(number + 1)\""])
      try #require(agreed.status == 200, "\(agreed.text)")
    }
    return ["If-Match": "\"\(people.count + 1)\"", "Accept-Language": "en"]
  }

  /// A shift as the list tells it.
  struct Shift {
    let id: String
    let person: String
    let post: String
    let from: String
    let to: String
    let state: String
    let origin: String

    init(_ json: JSON) {
      let text = { (name: String) in json[name]?.string ?? "" }
      (id, person, post, from, to) = (text("id"), text("person"), text("post"), text("startsAt"), text("endsAt"))
      (state, origin) = (text("state"), text("origin"))
    }
  }

  /// Has the manager generate the shifts of some days.
  @discardableResult
  func generate(_ from: String, _ to: String) throws -> Caller.Answer {
    let answer = try who("vendor-manager").post("\(path)/shifts", ["generate": ["from": .string(from), "to": .string(to)]])
    try #require(answer.status == 201, "\(answer.text)")
    return answer
  }

  /// Every shift that a question finds, page by page.
  func shifts(_ query: String, by role: String = "supervisor", page limit: Int = 500) throws -> [Shift] {
    var shifts: [Shift] = []
    var after = ""
    while true {
      let answer = try who(role).get("\(path)/shifts?\(query)&limit=\(limit)\(after)")
      try #require(answer.status == 200, "\(answer.text)")
      shifts += (answer.json["items"]?.array ?? []).map(Shift.init)
      guard let next = answer.string("/next") else { return shifts }
      after = "&after=\(next)"
    }
  }

  func shift(_ person: String, from: String) throws -> Shift {
    let day = String(from.prefix(10))
    return try #require(
      try shifts("from=\(day)&to=\(day)&person=\(person)&state=planned").first { $0.from.hasPrefix(from) }, "\(person) \(from)")
  }

  /// The day shift of whoever has the seats on a day.
  func dayShift(_ day: String) throws -> Shift {
    try #require(try shifts("from=\(day)&to=\(day)&post=seat&state=planned").first { $0.from.hasPrefix("\(day)T08") }, "\(day)")
  }

  func coverage(_ from: String, _ to: String, _ more: String = "") throws -> Caller.Answer {
    let answer = try who("supervisor").get("\(path)/roster/coverage?from=\(from)&to=\(to)\(more)", ["Accept-Language": "en"])
    try #require(answer.status == 200, "\(answer.text)")
    return answer
  }

  /// Each gap as `post from…to required/present`.
  func gaps(_ from: String, _ to: String) throws -> [String] {
    (try coverage(from, to, "&explain=0").json["gaps"]?.array ?? []).map { gap in
      let time = { (name: String) in String((gap[name]?.string ?? "").prefix(16)) }
      return "\(gap["post"]?.string ?? "") \(time("from"))…\(time("to")) \(gap["required"]?.integer ?? -1)/\(gap["present"]?.integer ?? -1)"
    }
  }
}
