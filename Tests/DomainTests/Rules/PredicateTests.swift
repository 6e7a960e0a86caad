// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("What can be known of a predicate without an order")
struct PredicateTests {
  @Test(
    "the members it asks for are found, wherever they stand",
    arguments: [
      ("$.category == \"环境\"", ["category"]),
      ("$.tags[*] == \"a\" && ($.\"area\" == \"x\" || $.repeatCount > 3)", ["tags", "area", "repeatCount"]),
      ("exists($ ? (@.grade == \"2h\" && @.tags[*] == \"$.nothing\"))", ["grade", "tags"]),
      ("exists($.tags[*] ? (@ starts with \"安全\"))", ["tags"]),
      ("$.content like_regex \"a.b\" flag \"i\"", ["content"]),
      ("strict $.category == $.area", ["category", "area"]),
      ("$.tags.size() > 2 && !($.special == true)", ["tags", "special"]),
      ("/* $.comment */ true", []),
    ])
  func members(text: String, expected: [String]) { #expect(Predicate(text).members == expected) }

  @Test(
    "a value from outside is named, a dollar in a text is none",
    arguments: [("$category == \"x\"", ["category"]), ("$.a == $\"b c\"", ["b c"]), ("$.a == \"$b\"", [])])
  func variables(text: String, expected: [String]) { #expect(Predicate(text).variables == expected) }

  @Test(
    "a path to a value is told from a condition",
    arguments: [
      ("$.category", false), ("$ ? (@.category == \"x\")", false), ("$.tags[*].size()", false), ("$.category == \"x\"", true),
      ("exists($.category)", true), ("!($.special == true)", true), ("($.a + 1) * 2 > 4", true), ("($.a == 1) is unknown", true),
      ("true", true), ("($.a == 1 || $.b == 2) && $.c == 3", true),
    ] as [(String, Bool)])
  func conditions(text: String, expected: Bool) { #expect(Predicate(text).isCondition == expected, "\(Predicate(text).condition)") }

  /// A table whose rows have these predicates and an outcome each of its own.
  private func table(_ predicates: [String], outcomes: [String]? = nil) throws -> RuleTable {
    let rows: [JSON] = predicates.enumerated().map { index, text in
      ["id": .string("row-\(index)"), "when": .string(text), "then": ["department": .string(outcomes?[index] ?? "d-\(index)")]]
    }
    let json: JSON = [
      "purpose": "dispatch", "says": ["zh": "派单", "en": "Dispatch"],
      "columns": [["id": "department", "says": ["zh": "承办单位", "en": "unit"]]], "rows": .array(rows), "default": ["department": "d"],
    ]
    return try RuleTable.fileShape.decode(json).get()
  }

  private func warnings(_ predicates: [String], outcomes: [String]? = nil) throws -> [String] {
    try table(predicates, outcomes: outcomes).warnings().map { "\($0.pointer) \($0.code)" }
  }

  @Test(
    "a row behind one that holds wherever it does is unreachable",
    arguments: [
      ["$.category == \"a\"", "$.category==\"a\""],
      ["$.category == \"a\" || $.category == \"b\"", "$.category == \"b\" && $.area == \"x\""],
      ["true", "$.content like_regex \"噪声\""],
      ["exists($)", "exists($.tags[*] ? (@ == \"x\"))"],
      ["$.repeatCount > 3", "$.repeatCount >= 5"],
      ["$.repeatCount != 3", "$.repeatCount > 3"],
      ["$.category starts with \"环\"", "\"环境\" == $.category"],
      ["$.content like_regex \"x\"", "$.content like_regex \"x\" && $.grade == \"2h\""],
    ])
  func unreachable(predicates: [String]) throws { #expect(try warnings(predicates) == ["/rows/1 unreachable"]) }

  @Test(
    "rows that can both hold and decide differently overlap",
    arguments: [
      ["$.category == \"a\"", "$.area == \"x\""],
      ["$.tags[*] == \"a\"", "$.tags[*] == \"b\""],
      ["$.tags == \"a\"", "$.tags == \"b\""],
      ["$.repeatCount > 3", "$.repeatCount < 6"],
      ["$.category == \"b\" && $.area == \"x\"", "$.category == \"a\" || $.category == \"b\""],
    ])
  func overlap(predicates: [String]) throws {
    #expect(try warnings(predicates) == ["/rows/1 overlap"])
    #expect(try warnings(predicates, outcomes: ["same", "same"]).isEmpty)
  }

  @Test(
    "rows that exclude each other, and rows that nothing is known of, are left alone",
    arguments: [
      ["$.category == \"a\"", "$.category == \"b\""],
      ["$.repeatCount > 3", "$.repeatCount <= 3"],
      ["$.category starts with \"环\"", "$.category starts with \"噪\""],
      ["$.special == true", "$.special == false"],
      ["$.content like_regex \"a\"", "$.content like_regex \"b\""],
      ["exists($.tags[*] ? (@ == \"a\"))", "$.category == \"a\""],
    ])
  func apart(predicates: [String]) throws { #expect(try warnings(predicates).isEmpty) }

  @Test(
    "a predicate that can never hold is told, and one that asks for what no order has",
    arguments: [
      ("$.category", "never-holds"), ("$.grade == 7", "never-holds"), ("$.special == \"true\"", "never-holds"),
      ("$.category == \"a\" && $.category == \"b\"", "never-holds"), ("$.repeatCount > 5 && $.repeatCount < 5", "never-holds"),
      ("$.catgory == \"a\"", "unknown-member"),
    ])
  func hopeless(text: String, code: String) throws { #expect(try warnings([text]) == ["/rows/0/when \(code)"]) }

  @Test("a truth value alone is a condition")
  func truth() throws { #expect(try warnings(["$.special"]).isEmpty) }

  @Test("a table without the column that its purpose takes decides nothing")
  func noColumn() throws {
    let json: JSON = [
      "purpose": "urgency", "says": ["zh": "时限", "en": "Urgency"], "columns": [["id": "limit", "says": ["zh": "时限", "en": "limit"]]],
      "rows": [], "default": ["limit": "7d"],
    ]
    #expect(try RuleTable.fileShape.decode(json).get().warnings().map(\.code) == ["decides-nothing"])
  }

  @Test("a variable is refused where the table is read")
  func variableRefused() throws {
    #expect(throws: Faults.self) { try table(["$category == \"x\""]) }
  }

  @Test("the tables of the repository's offices have no row that is never reached, never holds or asks for nothing")
  func repository() throws {
    for tenant in try RepositoryFiles.tenants() {
      for rule in try RepositoryFiles.tenant(tenant).rules {
        let warnings = rule.table.warnings().filter { $0.code != "overlap" }
        #expect(warnings.isEmpty, "\(tenant) \(rule.file.path): \(warnings)")
      }
    }
  }
}

@Suite("The order's document")
struct OrderMemberTests {
  @Test("every member stands in the vocabulary")
  func documented() throws {
    let text = try RepositoryFiles.text("docs/vocabulary.md")
    let chapter = try #require(text.split(separator: "## Decision tables").last)
    for member in OrderMember.allCases { #expect(chapter.contains("`\(member.rawValue)`"), "\(member)") }
  }
}
