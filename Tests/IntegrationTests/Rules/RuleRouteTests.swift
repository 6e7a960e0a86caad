// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Decision tables as the office's administrator keeps them.
@Suite("Decision tables, through the API", .deployment, .serialized)
struct RuleRouteTests {
  private static let path = "/v1/tenants/anding/rules"

  /// A dispatch table with these predicates.
  static func table(_ predicates: [String], purpose: String = "dispatch", to departments: [String] = []) -> JSON {
    let rows: [JSON] = predicates.enumerated().map { index, text in
      let department = index < departments.count ? departments[index] : "environment"
      return ["id": .string("row-\(index)"), "when": .string(text), "then": ["department": .string(department)]]
    }
    return [
      "purpose": .string(purpose), "says": ["zh": "派单", "en": "Dispatch"],
      "columns": [["id": "department", "says": ["zh": "承办单位", "en": "the unit"]]], "rows": .array(rows),
      "default": ["department": "citizen-desk"],
    ]
  }

  @Test("a whole table becomes a new revision from a day on; the one in force stays until then")
  func revisions() throws {
    let deployment = try Deployment.current
    let admin = try deployment.caller("anding.admin")
    let before = try admin.get(Self.path + "/dispatch")
    #expect(before.status == 200 && before.fields["etag"] == "\"1\"", "\(before.text)")
    #expect(before.string("/table/rows/0/id") == "environment")

    let day = "2030-01-01"
    let body: JSON = ["effectiveFrom": .string(day), "table": Self.table(["$.category == \"噪声\""])]
    #expect(try admin.put(Self.path + "/dispatch", body).status == 428)
    #expect(try admin.put(Self.path + "/dispatch", body, ["If-Match": "\"7\""]).status == 412)
    let written = try admin.put(Self.path + "/dispatch", body, ["If-Match": "\"1\""])
    #expect(written.status == 200 && written.fields["etag"] == "\"2\"", "\(written.text)")
    #expect(written.json["warnings"]?.array?.isEmpty == true)
    // Somebody who read the first revision is too late.
    #expect(try admin.put(Self.path + "/dispatch", body, ["If-Match": "\"1\""]).status == 412)

    let after = try admin.get(Self.path + "/dispatch")
    #expect(after.fields["etag"] == "\"2\"" && after.json["inForce"]?.integer == 1, "\(after.text)")
    #expect(after.json["revisions"]?.array?.count == 2 && after.string("/revisions/1/effectiveFrom") == day)
    #expect(try admin.get(Self.path + "/dispatch/revisions").json["items"]?.array?.count == 2)
    #expect(try admin.get(Self.path + "/dispatch/revisions/2").string("/rows/0/when") == "$.category == \"噪声\"")
    #expect(try admin.get(Self.path + "/dispatch/revisions/3").status == 404)

    let past: JSON = ["effectiveFrom": "2020-01-01", "table": Self.table(["true"])]
    #expect(try admin.put(Self.path + "/dispatch", past, ["If-Match": "\"2\""]).faults == ["/effectiveFrom out-of-range"])
  }

  @Test("a purpose without a table gets its first with If-None-Match, once")
  func first() throws {
    let admin = try Deployment.current.caller("huoying.admin")
    let path = "/v1/tenants/huoying/rules/exclusion"
    #expect(try admin.get(path).status == 404)
    #expect(try admin.get("/v1/tenants/huoying/rules/nothing").status == 404)
    let table: JSON = [
      "purpose": "exclusion", "says": ["zh": "剔除", "en": "Exclusion"],
      "columns": [["id": "exclude", "says": ["zh": "剔除", "en": "exclude"]]],
      "rows": [["id": "a", "when": "$.tags[*] == \"咨询\"", "then": ["exclude": true]]], "default": ["exclude": false],
    ]
    #expect(try admin.put(path, ["table": table], ["If-None-Match": "*"]).status == 200)
    #expect(try admin.put(path, ["table": table], ["If-None-Match": "*"]).status == 412)
    #expect(try admin.get(path).json["inForce"]?.integer == 1)
  }

  @Test(
    "a predicate that PostgreSQL cannot read is refused with its row, the character and the reason; so are variables and unknown departments"
  )
  func badPredicates() throws {
    let admin = try Deployment.current.caller("anding.admin")
    let table = Self.table(
      ["$.category == \"a\"", "$.category === \"a\"", "$.content like_regex \"a(\"", "$.a == 1 &&"],
      to: ["environment", "nowhere", "planning", "planning"])
    let refused = try admin.put(Self.path + "/dispatch", ["table": table], ["If-Match": "\"1\"", "Accept-Language": "en"])
    #expect(refused.status == 422, "\(refused.text)")
    #expect(
      Set(refused.faults) == [
        "/table/rows/1/when bad-predicate", "/table/rows/2/when bad-predicate", "/table/rows/3/when bad-predicate",
        "/table/rows/1/then/department unknown-reference",
      ])
    let details = (refused.json["errors"]?.array ?? []).compactMap { $0["detail"]?.string }
    #expect(details.contains { $0.contains("from character 14 on") && $0.contains("syntax error") }, "\(details)")
    #expect(details.contains { $0.contains("parentheses () not balanced") }, "\(details)")

    let variable = try admin.put(Self.path + "/dispatch", ["table": Self.table(["$category == \"a\""])], ["If-Match": "\"1\""])
    #expect(variable.faults == ["/table/rows/0/when bad-predicate"])
    let elsewhere = Self.table(["true"], purpose: "urgency")
    #expect(try admin.put(Self.path + "/dispatch", ["table": elsewhere], ["If-Match": "\"1\""]).faults == ["/table/purpose wrong-place"])
  }

  @Test("lint names rows that are never reached and members that no order has, and stores nothing")
  func lint() throws {
    let admin = try Deployment.current.caller("anding.admin")
    let table = Self.table(
      ["$.category == \"a\"", "$.category == \"a\" && $.area == \"x\"", "$.catgory == \"a\"", "$.area == \"x\""],
      to: ["environment", "planning", "planning", "planning"])
    let found = try admin.post(Self.path + "/dispatch/lint", ["table": table])
    let codes = (found.json["warnings"]?.array ?? []).map { "\($0["pointer"]?.string ?? "") \($0["code"]?.string ?? "")" }
    #expect(
      codes.contains("/table/rows/1 unreachable") && codes.contains("/table/rows/2/when unknown-member")
        && codes.contains("/table/rows/3 overlap"),
      "\(codes)")
  }

  @Test("only who may write rules writes them, and another office's do not exist")
  func permissions() throws {
    let deployment = try Deployment.current
    let leader = try deployment.caller("anding.leader")
    #expect(try leader.get(Self.path + "/dispatch").status == 200)
    #expect(try leader.put(Self.path + "/dispatch", ["table": Self.table([])], ["If-Match": "\"1\""]).status == 403)
    #expect(try deployment.caller("huoying.admin").get(Self.path + "/dispatch").status == 404)
  }
}
