// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Support
import Testing

@Suite("Changing an office that is applied", .blocking)
struct ChangeTests {
  /// An office with one contract, applied.
  private func withOffice(_ body: @Sendable (TestDatabase, OfficeDirectory) async throws -> Void) async throws {
    try await TestDatabase.with { database in
      let office = try OfficeDirectory("deploy/tenants/anding")
      try await office.apply(to: database)
      try await body(database, office)
    }
  }

  @Test("a paper that was applied is never changed: the refusal names the place and says to add a supplement")
  func changedPaper() async throws {
    try await withOffice { database, office in
      var changed = office
      let file = try office.contract
      try changed.set(file, "payments/0/says/zh", to: "改过的说法。")
      try changed.set("departments.json", "departments/0/name/en", to: "Changed")
      let before = try database.fingerprint()
      let faults = try await changed.refusal(by: database)
      #expect(faults.map { "\($0.file) \($0.fault.pointer) \($0.fault.code)" } == ["\(file) /payments/0/says/zh revision-applied"])
      #expect(faults.first?.fault.detail.zh.contains("补充协议") == true && faults.first?.fault.detail.en.contains("supplement") == true)
      // All or nothing: the department is as it was.
      #expect(try database.fingerprint() == before)
    }
  }

  @Test("a paper is neither taken away nor given another date; nor is a contract taken away")
  func removedPaper() async throws {
    try await withOffice { database, office in
      let file = try office.contract
      var moved = office
      try moved.set(file, "revision/effectiveFrom", to: "2024-01-01")
      #expect(
        try await moved.refusal(by: database).map { "\($0.file) \($0.fault.pointer) \($0.fault.code)" } == [
          "\(file) /revision/effectiveFrom revision-applied"
        ])
      var gone = office
      gone.remove(file)
      try gone.set("staff.json", "assignments", to: [])
      try gone.set("roster.json", "patterns", to: [])
      #expect(try await gone.refusal(by: database).map(\.fault.code) == ["contract-applied"])
    }
  }

  @Test("a supplement is a further paper: the first stays as it was, and days before it are governed by the first")
  func supplement() async throws {
    try await withOffice { database, office in
      let file = try office.contract
      let stored = try database.sql("SELECT sha256, document FROM contract_revision")
      var extended = office
      let supplement = file.replacing("original.json", with: "supplement-1.json")
      extended.put(supplement, try office.json(file))
      try extended.set(supplement, "revision/kind", to: "supplement")
      try extended.set(supplement, "revision/effectiveFrom", to: "2024-07-01")
      try extended.set(supplement, "term/to", to: "2025-06-25")
      let plan = try await extended.apply(to: database)
      #expect(plan.papers.added.map { "\($0.effectiveFrom)" } == ["2024-07-01"] && plan.papers.unchanged == 1)
      #expect(plan.entries.first { $0.kind == .contract }?.action == .changed, "the vendor sees the office longer")
      #expect(try database.sql("SELECT sha256, document FROM contract_revision WHERE revision = 1") == stored)
      let tenant = try #require(TenantID(1))
      let id = plan.papers.added[0].contract
      let revisions = try await database.lanes.query(RevisionStore.list(of: id, in: tenant), in: .tenant(1))
      #expect(revisions.map(\.number) == [1, 2])
      let contract = try RevisionStore.contract(revisions)
      #expect(contract.inForce(on: try #require(CivilDate("2024-06-30"))).revision.kind == .original)
      #expect(contract.inForce(on: try #require(CivilDate("2024-07-01"))).revision.kind == .supplement)
      #expect(try await extended.plan(against: database).isEmpty)
    }
  }

  @Test("a department that nothing refers to goes; one within which a role was ever given stays, and the refusal says so")
  func departments() async throws {
    try await withOffice { database, office in
      var smaller = office
      let last = try #require(try office.json("departments.json")["departments"]?.array).count - 1
      let code = try #require(try office.json("departments.json")["departments"]?[last]?["code"]?.string)
      try smaller.set("departments.json", "departments/\(last)", to: nil)
      #expect(try await smaller.apply(to: database).entries.map { "\($0.kind) \($0.action)" } == ["department removed", "file changed"])
      #expect(try database.sql("SELECT count(*) FROM department WHERE code = '\(code)'") == "0")
      try await office.apply(to: database)
      try database.script(
        """
        INSERT INTO app_user (user_id, login, display_name, organisation, created_at)
          SELECT '01a1fc0d-eab0-7c45-81c6-0f331b366093', 'someone', '某人', organisation, now() FROM tenant;
        INSERT INTO membership (tenant_id, id, user_id, role, department, valid_from, valid_to, granted_at) VALUES
          (1, '01a1fc0d-eab0-7c46-bd13-942f8e996469', '01a1fc0d-eab0-7c45-81c6-0f331b366093', 'department.handler', '\(code)', '2020-01-01', '2021-01-01', now());
        """)
      let faults = try await smaller.refusal(by: database)
      #expect(faults.map(\.fault.code) == ["department-in-use"])
      #expect(faults.first?.fault.detail.zh.contains(code) == true)
    }
  }

  @Test("a department moves below another in the same apply that makes the other and removes its old place")
  func tree() async throws {
    try await withOffice { database, office in
      var grown = office
      try grown.set("departments.json", "departments/-", to: ["code": "old", "name": ["zh": "旧", "en": "Old"], "kind": "unit"])
      try grown.set(
        "departments.json", "departments/-", to: ["code": "below", "name": ["zh": "下", "en": "Below"], "kind": "unit", "parent": "old"])
      try await grown.apply(to: database)
      var moved = office
      try moved.set(
        "departments.json", "departments/-",
        to: ["code": "below", "name": ["zh": "下", "en": "Below"], "kind": "unit", "parent": "a-new-one"])
      try moved.set("departments.json", "departments/-", to: ["code": "a-new-one", "name": ["zh": "新", "en": "New"], "kind": "unit"])
      try await moved.apply(to: database)
      #expect(try database.sql("SELECT parent FROM department WHERE code = 'below'") == "a-new-one")
      #expect(try database.sql("SELECT count(*) FROM department WHERE code = 'old'") == "0")
      try await office.apply(to: database)
      #expect(try await office.plan(against: database).isEmpty)
    }
  }

  @Test("a person who is no longer named is ended with the roles they hold, stays in the records, and may come back")
  func people() async throws {
    try await withOffice { database, office in
      let tenant = try #require(TenantID(1))
      let now = try #require(OfficeDirectory.now)
      let person = try #require(try office.json("office.json")["grants"]?[0]?["person"]?.string)
      let role = try #require(try office.json("office.json")["grants"]?[0]?["roles"]?[0]?.string)
      let addition = UserAddition(
        login: "somebody", displayName: nil, organisation: nil, passwordHash: "x", tenant: tenant, place: .person(person))
      let added = try await database.lanes.transaction(in: .tenant(1)) { transaction in
        var identities = UUIDv7Generator()
        return try await addition.perform(in: transaction, at: now, identities: &identities)
      }
      #expect(added.roles == [role])
      let access = AccessStore(lanes: database.lanes)
      #expect(try await access.membership(of: added.user, in: tenant, at: now)?.roles == [role])

      var without = office
      try without.set("office.json", "grants/0", to: nil)
      let later = try now.adding(minutes: 1)
      let revoked = try await without.apply(to: database, at: later)
      #expect(revoked.entries.first { $0.kind == .grant }?.action == .ended)
      #expect(try await access.membership(of: added.user, in: tenant, at: later) == nil)
      try await office.apply(to: database, at: later)
      #expect(try await access.membership(of: added.user, in: tenant, at: later)?.roles == [role])

      let people = try #require(try office.json("staff.json")["people"]?.array)
      let index = try #require(people.firstIndex { $0["code"]?.string == person })
      try without.set("staff.json", "people/\(index)", to: nil)
      let left = try await without.apply(to: database, at: try later.adding(minutes: 1))
      #expect(left.entries.filter { $0.kind == .person }.map(\.action) == [.ended])
      #expect(try await access.membership(of: added.user, in: tenant, at: try later.adding(minutes: 1)) == nil)
      #expect(try database.sql("SELECT left_on FROM staff_member WHERE code = '\(person)'") == "2026-11-21")
      #expect(try await without.plan(against: database).isEmpty)
      try await office.apply(to: database, at: try later.adding(minutes: 2))
      #expect(try database.sql("SELECT left_on IS NULL FROM staff_member WHERE code = '\(person)'") == "t")
    }
  }

  @Test("an assignment that is no longer named ends today; one that had not begun is taken back; one that was over is history")
  func assignments() async throws {
    try await withOffice { database, office in
      let file = try office.json("staff.json")
      let first = try #require(file["assignments"]?[0])
      let contract = try #require(first["contract"]?.string)
      let post = try #require(first["post"]?.string)
      let person = try #require(first["person"]?.string)
      var posted = office
      let assign: (String, String?) -> JSON = { from, to in
        var object: JSONObject = ["person": .string(person), "contract": .string(contract), "post": .string(post), "from": .string(from)]
        object["to"] = to.map { .string($0) }
        return .object(object)
      }
      try posted.set(
        "staff.json", "assignments", to: [assign("2024-01-01", "2024-02-01"), assign("2026-01-01", nil), assign("2027-01-01", nil)])
      try await posted.apply(to: database)
      var bare = office
      try bare.set("staff.json", "assignments", to: [])
      let plan = try await bare.apply(to: database)
      #expect(plan.entries.filter { $0.kind == .assignment }.map(\.action) == [.ended, .ended])
      let rows = try database.sql(
        "SELECT assigned_from, assigned_to FROM staff_assignment WHERE person = '\(person)' AND assigned_from > '2023-12-31' ORDER BY 1")
      #expect(rows == "2024-01-01|2024-02-01\n2026-01-01|2026-11-21")
      #expect(try await bare.plan(against: database).isEmpty)
    }
  }

  @Test("a changed decision table is a further revision from today; it cannot be taken away")
  func rules() async throws {
    try await withOffice { database, office in
      var changed = office
      try changed.set("rules/dispatch.json", "rows/0/when", to: "$.category == \"绿化\"")
      try await changed.apply(to: database)
      let rows = try database.sql(
        "SELECT revision, effective_from, document->'rows'->0->>'when' FROM rule_table WHERE purpose = 'dispatch' ORDER BY 1")
      #expect(rows.split(separator: "\n").last == "2|2026-11-21|$.category == \"绿化\"")
      changed.remove("rules/dispatch.json")
      #expect(try await changed.refusal(by: database).map { "\($0.file) \($0.fault.code)" } == ["rules/dispatch.json rules-applied"])
    }
  }

  @Test("an organisation that is known as a vendor is not made an office by another's files")
  func organisations() async throws {
    try await withOffice { database, office in
      var other = try OfficeDirectory("deploy/tenants/huoying")
      let vendor = try #require(
        try office.json("office.json")["organisations"]?.array?.first { $0["kind"]?.string == "vendor" }?["code"]?.string)
      try other.set("office.json", "organisations/-", to: ["code": .string(vendor), "kind": "office", "name": ["zh": "甲", "en": "A"]])
      try database.sql("INSERT INTO organisation VALUES ('platform', 'platform', '平台', 'Platform', now())")
      let before = try database.fingerprint()
      #expect(try await other.refusal(by: database).map(\.fault.code) == ["wrong-side"])
      try other.set("office.json", "organisations/2/code", to: "platform")
      #expect(try await other.refusal(by: database).map(\.fault.code) == ["wrong-side"])
      #expect(try database.fingerprint() == before)
    }
  }

  @Test("roster rules that change are a further revision from their own day; they are neither taken away nor set before those that stand")
  func roster() async throws {
    try await withOffice { database, office in
      let count = "SELECT string_agg(revision || ' ' || effective_from, ', ' ORDER BY revision) FROM roster_rules"
      #expect(try database.sql(count) == "1 2023-12-26")
      var changed = office
      try changed.set("roster.json", "effectiveFrom", to: "2024-06-01")
      try changed.set("roster.json", "patterns/0/people", to: 3)
      let plan = try await changed.apply(to: database)
      #expect(plan.entries.map { "\($0.kind) \($0.action)" } == ["roster changed", "file changed"])
      #expect(try await changed.apply(to: database).isEmpty)
      #expect(try database.sql(count) == "1 2023-12-26, 2 2024-06-01")
      let early = office
      #expect(
        try await early.refusal(by: database).map { "\($0.file) \($0.fault.pointer) \($0.fault.code)" }
          == ["roster.json /effectiveFrom out-of-order"])
      changed.remove("roster.json")
      #expect(try await changed.refusal(by: database).map { "\($0.file) \($0.fault.code)" } == ["roster.json roster-applied"])
    }
  }
}
