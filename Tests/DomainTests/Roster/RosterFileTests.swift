// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("The file of an office's roster rules")
struct RosterFileTests {
  @Test("every office has one, and each post of its contracts is staffed by a pattern", arguments: try RepositoryFiles.tenants())
  func offices(code: String) throws {
    let files = try RepositoryFiles.tenant(code)
    let roster = try #require(files.roster).rules
    for contract in files.contracts.map(\.contract) {
      let posts = contract.latest.service.staffing?.posts ?? []
      #expect(!posts.isEmpty)
      for post in posts {
        let patterns = roster.patterns.filter { $0.contract == contract.id && $0.post == post.id }
        #expect(!patterns.isEmpty, "\(code) \(post.id)")
        if post.hours == .allDay { #expect(patterns.contains { $0.days == .all && $0.cycle != nil }, "\(code) \(post.id)") }
      }
      #expect(try #require(roster.effectiveFrom) <= contract.term.first, "\(code)")
    }
  }

  /// The faults of an office whose roster is this.
  private func faults(_ roster: JSON) throws -> [String] {
    var contents = try RepositoryFiles.directory("deploy/tenants/sanjianfang")
    contents["roster.json"] = roster.canonical
    guard case .failure(let faults) = TenantFiles.decode(contents) else { return [] }
    return faults.list.map { "\($0.file) \($0.fault.pointer) \($0.fault.code)" }
  }

  private func pattern(_ changes: JSONObject) -> JSON {
    var pattern: JSONObject = [
      "id": "p", "says": ["zh": "班", "en": "s"], "contract": "seats-2019", "post": "seat",
      "shifts": [["id": "day", "from": "08:00", "lasts": ["hours": 12]]], "cycle": ["from": "2019-10-10", "days": [["day"], [], [], []]],
    ]
    for change in changes { pattern[change.name] = change.value }
    return .object(pattern)
  }

  @Test("what is wrong is named by its place")
  func places() throws {
    #expect(try faults(["patterns": [pattern([:])]]) == [])
    let cases: [(JSONObject, String)] = [
      (["contract": "nothing"], "/patterns/0/contract unknown-reference"), (["post": "cook"], "/patterns/0/post unknown-reference"),
      (["cycle": ["from": "2019-10-10", "days": [["day"], ["late"], [], []]]], "/patterns/0/cycle/days/1/0 unknown-reference"),
      (["cycle": ["from": "2019-10-10", "days": [["day"], []]]], "/patterns/0/cycle/days bad-combination"),
      (["crews": [["seat-1"]]], "/patterns/0/crews bad-combination"),
      (["crews": [["seat-1"], ["seat-2"], ["seat-1"], ["seat-4"]]], "/patterns/0/crews/2/0 duplicate"),
      (["crews": [["seat-1"], ["seat-2"], ["seat-3"], ["seat-9"]]], "/patterns/0/crews/3/0 unknown-reference"),
      (["shifts": [["id": "day", "from": "08:00", "lasts": ["hours": 25]]]], "/patterns/0/shifts/0/lasts out-of-range"),
      (["colour": "red"], "/patterns/0/colour unknown-member"),
    ]
    for (changes, fault) in cases { #expect(try faults(["patterns": [pattern(changes)]]) == ["roster.json " + fault]) }
    #expect(try faults(["patterns": [pattern([:]), pattern([:])]]) == ["roster.json /patterns/1/id duplicate"])
    #expect(
      try faults(["patterns": [], "attendance": ["late": ["over": ["minutes": 0], "incident": "snoring"]]])
        == ["roster.json /attendance/late/incident unknown-reference"])
    #expect(try faults(["patterns": [], "approvals": ["leave": "nobody"]]) == ["roster.json /approvals/leave not-in-list"])
  }
}
