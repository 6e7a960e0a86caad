// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Further papers of a contract, added by the office's leader over the API.
@Suite("Adding a paper to a contract", .deployment)
struct RevisionRouteTests {
  /// A contract's first paper with another head and some values changed.
  private static func paper(
    _ desk: Desk, _ kind: String, from day: String, _ changes: [(place: String, value: JSON?)] = []
  ) throws -> JSON {
    var files = try OfficeDirectory("deploy/tenants/\(desk.tenant)")
    let file = try files.contract
    try files.set(file, "revision/kind", to: .string(kind))
    try files.set(file, "revision/effectiveFrom", to: .string(day))
    for (place, value) in changes { try files.set(file, place, to: value) }
    return try files.json(file)
  }

  private func add(_ desk: Desk, _ paper: JSON, by role: String = "leader", knowing version: String? = "\"1\"", key: String? = nil) throws
    -> Caller.Answer
  {
    try desk.who(role).post("\(desk.path)/revisions", paper, key: key, version.map { ["If-Match": $0] } ?? [:])
  }

  @Test("a supplement governs from its date, its lines say so, and the difference is told in words by the API and the command")
  func supplement() throws {
    let desk = try Desk("anding", "service-2024")
    #expect(try desk.who("leader").get("\(desk.path)/revisions").fields["etag"] == "\"1\"")
    let before = try desk.statement("quarter-1", asOf: "2024-12-31")
    let paper = try Self.paper(
      desk, "supplement", from: "2024-05-11",
      [
        ("payments/0/amount/fixed", "600000.00"), ("payments/0/printed", []), ("title/zh", "补充协议后的合同"),
        ("staffing/posts/0/count", 9),
      ])
    let added = try add(desk, paper, key: "supplement-1")
    #expect(added.status == 201 && added.json["revision"] == 2 && added.fields["etag"] == "\"2\"", "\(added.text)")
    #expect(added.fields["location"] == "/v1/tenants/anding/contracts/service-2024/revisions/2")
    let again = try add(desk, paper, key: "supplement-1")
    #expect(again.status == 201 && again.fields["idempotency-replayed"] == "true", "\(again.text)")
    // The second quarter runs from 26 March to 25 June: 46 of 92 days at each price.
    let statement = try desk.statement("quarter-2", asOf: "2024-12-31")
    #expect(statement.amounts == ["268290.00", "300000.00"])
    #expect(statement.lines.map { $0["revision"] } == [0, 1])
    #expect(try desk.statement("quarter-1", asOf: "2024-12-31").lines == before.lines)
    #expect(try desk.statement("quarter-3", asOf: "2024-12-31").amounts == ["600000.00"])
    let contract = try desk.who("leader").get(desk.path).json
    #expect(contract["inForce"] == 2 && contract.value(at: "/document/title/zh")?.string == "补充协议后的合同")

    let diff = try desk.who("vendor-manager").get("\(desk.path)/revisions/1/diff/2")
    let sentences = (diff.json["changes"]?.array ?? []).compactMap { $0.value(at: "/sentence/zh")?.string }
    #expect(sentences.contains { $0.hasPrefix("付款“quarter”（条款 3.2）修改：金额：由 536,580.00 元 改为 600,000.00 元") }, "\(sentences)")
    #expect(sentences.contains { $0.contains("人数") && $0.contains("9") }, "\(sentences)")
    for (language, words) in [("zh", "由 536,580.00 元 改为 600,000.00 元"), ("en", "amount: from 536,580.00 yuan to 600,000.00 yuan")] {
      let command = try desk.deployment.jiesu("contract", "diff", "anding", "service-2024", "1", "2", "--lang", language)
      #expect(command.status == 0 && command.output.contains(words), "\(command.output)")
    }
    #expect(try desk.deployment.jiesu("contract", "diff", "anding", "service-2024", "1", "3").status == 4)
    #expect(try desk.deployment.jiesu("contract", "diff", "anding", "service-2024", "one", "2").status == 2)
    #expect(try desk.who("leader").get("\(desk.path)/revisions/1/diff/9").status == 404)
    // The office's files must have it too from now on, under whatever name.
    let state = desk.deployment.state + "/anding"
    var files = try OfficeDirectory("deploy/tenants/anding")
    try files.write(to: state)
    let refused = try desk.deployment.jiesu("tenant", "apply", state)
    #expect(refused.status == 6)
    files.put("contracts/service-2024/001-supplement.json", paper)
    try files.write(to: state)
    #expect(try desk.deployment.jiesu("tenant", "apply", state).status == 0)
    let audit = try desk.who("leader").get("\(desk.office)/audit").json["items"]?.array ?? []
    #expect(audit.contains { $0["action"]?.string == "contract.revise" && $0.value(at: "/data/revision") == 2 })
  }

  @Test("a paper needs the permission, the version, a later date, a kind and the contract's own name")
  func refusals() throws {
    let desk = try Desk("huoying", "technical-2025")
    let paper = try Self.paper(desk, "supplement", from: "2026-01-01")
    #expect(try add(desk, paper, by: "finance").status == 403)
    #expect(try add(desk, paper, by: "vendor-manager").status == 403)
    #expect(try desk.deployment.caller("anding.leader").post("\(desk.path)/revisions", paper, ["If-Match": "\"1\""]).status == 404)
    #expect(try add(desk, paper, knowing: nil).status == 428)
    #expect(try add(desk, paper, knowing: "\"2\"").status == 412)
    func faults(_ kind: String, _ day: String, _ changes: [(String, JSON?)] = []) throws -> [String] {
      let answer = try add(desk, Self.paper(desk, kind, from: day, changes))
      #expect(answer.status == 422, "\(answer.text)")
      return answer.faults
    }
    #expect(try faults("supplement", "2025-08-08") == ["/revision/effectiveFrom out-of-range"])
    #expect(try faults("original", "2026-01-01") == ["/revision/kind contract-original"])
    #expect(try faults("supplement", "2026-01-01", [("id", "another")]) == ["/id wrong-place"])
    #expect(
      try faults("supplement", "2026-01-01", [("payments/0/amount", ["share": "10%", "of": "stake"])]) == [
        "/payments/0/amount/of bad-combination"
      ])
    #expect(
      try faults("supplement", "2026-01-01", [("parties/vendor/organisation", "nobody")]) == [
        "/parties/vendor/organisation unknown-reference"
      ])
    #expect(try faults("supplement", "2026-01-01", [("colour", "red")]) == ["/colour unknown-member"])
    #expect(try desk.who("leader").get("\(desk.path)/revisions").json["items"]?.array?.count == 1)
  }

  @Test("a renewal beyond the limits is refused over the API as in files: to the fen, with clause and both values")
  func renewal() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    func renewal(_ price: String) throws -> Caller.Answer {
      let payment: JSON = [
        "id": "renewed", "clause": "2", "says": ["zh": "一次付清。", "en": "Paid at once."], "amount": ["share": "100%", "of": "total"],
        "due": ["after": ["invoice"], "within": ["workingDays": 10]],
      ]
      return try add(
        desk,
        Self.paper(
          desk, "renewal", from: "2025-03-01",
          [
            ("term/from", "2025-03-01"), ("term/to", "2026-02-28"), ("term/stated", []), ("total/amount", .string(price)),
            ("total/printed", []),
            ("payments", [payment]),
          ]))
    }
    let beyond = try renewal("2450800.01")
    #expect(beyond.faults == ["/total/amount renewal-increase"], "\(beyond.text)")
    let detail = beyond.string("/errors/0/detail") ?? ""
    for word in ["11.1", "222,800.00", "222,800.01"] { #expect(detail.contains(word), "\(detail)") }
    #expect(try renewal("2450800.00").status == 201)
    let periods = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array ?? []
    #expect(periods.compactMap { $0["id"]?.string } == ["first", "second", "third", "renewed"])
    #expect(try desk.statement("renewed", asOf: "2026-02-28").payable == "2450800.00")
    #expect(try desk.statement("third", asOf: "2026-02-28").payable == "248000.00")
  }

  @Test("a paper that would change what was paid already is refused, and one that would not is taken")
  func history() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    try desk.incident("late-or-early", "2020-08-11", subject: "seat-1")
    try desk.pay("last", "2020-10-28", "57461.00")
    func supplement(_ day: String) throws -> Caller.Answer {
      let index = try #require(
        Self.paper(desk, "supplement", from: day)["consequences"]?.array?.firstIndex { $0["id"]?.string == "lateness" })
      return try add(desk, Self.paper(desk, "supplement", from: day, [("consequences/\(index)/pays/map/each/fixed", "300.00")]))
    }
    let rewriting = try supplement("2020-08-01")
    #expect(rewriting.faults == ["/revision/effectiveFrom rewrites-history"], "\(rewriting.text)")
    #expect(
      rewriting.string("/errors/0/detail")?.contains("57,461.00") == true
        && rewriting.string("/errors/0/detail")?.contains("57,261.00") == true)
    #expect(try supplement("2020-08-12").status == 201)
  }

  @Test("of two people who add a paper at once one is taken and the other is told that things have changed")
  func race() async throws {
    let desk = try Desk("fangshan", "service-2022")
    let papers = try ["2022-09-01", "2022-10-01", "2022-11-01", "2022-12-01"].map { try Self.paper(desk, "supplement", from: $0) }
    let leader = try desk.who("leader")
    let path = "\(desk.path)/revisions"
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for paper in papers {
        group.addTask { try await BlockingThreads.run { try leader.post(path, paper, ["If-Match": "\"1\""]).status } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.sorted() == [201, 412, 412, 412])
    #expect(try leader.get(path).json["items"]?.array?.count == 2)
  }
}
