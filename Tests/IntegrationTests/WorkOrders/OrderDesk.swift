// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Support
import Synchronization
import Testing

/// The people of an office at work on its orders, through the API.
struct OrderDesk: Sendable {
  let deployment: Deployment
  let tenant: String

  init(_ tenant: String = "anding") throws {
    deployment = try Deployment.current
    self.tenant = tenant
  }

  var path: String { "/v1/tenants/\(tenant)/work-orders" }

  /// The one of a role: `seat-1`, `leader`, `supervisor`, `handler`.
  func who(_ role: String) throws -> Caller { try deployment.caller("\(tenant).\(role)") }

  private static let numbers = Atomic(0)

  /// An order that nobody has sent yet.
  static func intake(_ more: JSONObject = [:]) -> JSON {
    var body: JSONObject = [
      "source": "city", "externalNumber": .string("T-\(numbers.add(1, ordering: .relaxed).newValue)"), "grade": "7d", "category": "环境",
      "area": "东片", "title": "垃圾清运不及时", "content": "小区门口垃圾堆积三天无人清运。",
      "citizen": ["name": "柳絮飞", "phone": "010 5550 1234", "address": "东里小区3号楼2单元"],
    ]
    for member in more.members { body[member.name] = member.value }
    return .object(body)
  }

  /// Takes an order in and gives its id.
  func receive(_ more: JSONObject = [:], by role: String = "seat-1") throws -> String { try who(role).make(path, Self.intake(more)) }

  func get(_ id: String, by role: String = "seat-1") throws -> Caller.Answer { try who(role).get("\(path)/\(id)") }

  /// All that the list gives somebody for a query, page by page.
  func listed(_ query: String, to caller: Caller, page limit: Int) throws -> [String] {
    var ids: [String] = []
    var next: String?
    repeat {
      let page = try caller.get("\(path)?\(query)&limit=\(limit)" + (next.map { "&after=\($0)" } ?? ""))
      try #require(page.status == 200, "\(page.text)")
      ids += page.json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
      next = page.string("/next")
    } while next != nil
    return ids
  }

  /// Takes a step on the order as it is now.
  func step(_ verb: String, _ id: String, by role: String, _ body: JSON = [:]) throws -> Caller.Answer {
    let tag = try #require(try get(id).fields["etag"])
    return try who(role).post("\(path)/\(id)/\(verb)", body, ["If-Match": tag])
  }

  /// Takes steps that must succeed, each by who usually takes it and with what it needs.
  @discardableResult
  func go(_ id: String, _ verbs: String...) throws -> JSON {
    var last = JSON.null
    for verb in verbs {
      let answer = try step(verb, id, by: Self.doer[verb] ?? "seat-1", Self.bodies[verb] ?? [:])
      try #require(answer.status == 200, "\(verb): \(answer.text)")
      last = answer.json
    }
    return last
  }

  static let doer = [
    "approve": "leader", "refuse-approval": "leader", "audit": "supervisor", "reject-reply": "supervisor", "decide-exclusion": "supervisor",
    "decide-appeal": "supervisor", "hang": "supervisor", "resume": "supervisor",
  ]

  static let checked: JSON = ["checked": ["archive.1", "archive.2", "archive.3", "archive.4", "call-back.1"]]

  static let bodies: [String: JSON] = [
    "verify": ["community": "village-east"], "dispatch": ["department": "environment"], "urge": ["remark": "临近时限，请抓紧。"],
    "reply": ["handling": "已派车清运。", "result": "垃圾已清。", "media": [["kind": "recording", "reference": "recorder:1"]]],
    "callbacks": ["contacted": true, "resolution": "solved", "satisfaction": "satisfied"], "close": checked,
    "outside-remit": ["reason": "属区水务局职责。"], "return": ["reason": "非本单位职责。"], "ask-approval": ["reason": "群体性诉求。"],
    "refuse-approval": ["reason": "先核实。"], "reject-reply": ["reason": "照片不清。"], "hang": ["reason": "须立项。"],
    "resume": ["reason": "已立项。"], "progress": ["progress": "已约施工队。"], "await-citizen": ["reason": "约周末入户。"],
    "ask-exclusion": ["reason": "诉求不合理。"], "decide-exclusion": ["granted": true], "appeal": ["reason": "已办理。"],
    "decide-appeal": ["granted": false], "reopen": ["reason": "再次发生。"],
  ]
}
