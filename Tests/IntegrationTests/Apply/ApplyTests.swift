// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Support
import Testing

@Suite("Applying an office's files", .blocking)
struct ApplyTests {
  @Test("the five offices are stored whole; a second time nothing at all is written")
  func five() async throws {
    try await TestDatabase.with { database in
      let offices = try OfficeDirectory.all()
      #expect(offices.count == 5)
      for (code, directory) in offices {
        let plan = try await directory.apply(to: database)
        #expect(plan.isNew && plan.code == code && plan.refusals.isEmpty)
        #expect(plan.entries.allSatisfy { $0.action == .added })
      }
      #expect(try database.sql("SELECT string_agg(code, ' ' ORDER BY code) FROM tenant") == offices.map(\.code).joined(separator: " "))
      #expect(try database.sql("SELECT count(*) FROM contract_revision") == "5")
      // Every file is there, with the checksum of what the server gives back.
      let files = offices.flatMap { $0.directory.contents }.count
      #expect(try database.sql("SELECT count(*) FROM tenant_file") == "\(files)")
      let before = try database.fingerprint()
      for (_, directory) in offices {
        #expect(try await directory.plan(against: database).isEmpty)
        let plan = try await directory.apply(to: database)
        #expect(plan.isEmpty && !plan.isNew)
      }
      #expect(try database.fingerprint() == before)
    }
  }

  @Test("a plan says what an apply then does, and changes nothing itself")
  func plan() async throws {
    try await TestDatabase.with { database in
      var office = try OfficeDirectory("deploy/tenants/anding")
      let first = try await office.plan(against: database)
      #expect(first.isNew)
      #expect(try database.sql("SELECT count(*) FROM tenant") == "0")
      #expect(try await office.apply(to: database).entries == first.entries)
      try office.set("departments.json", "departments/0/name/en", to: "Requests")
      try office.set(
        "departments.json", "departments/-", to: ["code": "new", "name": ["zh": "新", "en": "New"], "kind": "unit", "parent": "planning"])
      let second = try await office.plan(against: database)
      #expect(
        second.entries.filter { $0.kind == .department }.map { "\($0.action) \($0.name)" } == [
          "added new", "changed \(first.departments.added[0].code)",
        ]
      )
      #expect(try await office.apply(to: database).entries == second.entries)
      #expect(try await office.plan(against: database).isEmpty)
    }
  }

  @Test("what does not add up in a contract is told and does not hinder; what cannot be computed stops everything")
  func lint() async throws {
    try await TestDatabase.with { database in
      var office = try OfficeDirectory("deploy/tenants/sanjianfang")
      let contract = try office.contract
      let sound = try await office.plan(against: database)
      #expect(sound.lint.flatMap(\.open).contains { $0.code == .sameAddress })
      #expect(sound.lint.flatMap(\.errors).isEmpty)
      try office.set(contract, "consequences/1/pays/map/range/from", to: ["share": "1%", "of": "total"])
      for isPlan in [true, false] {
        do {
          _ = try await isPlan ? office.plan(against: database) : office.apply(to: database)
          Issue.record("a least amount above the most was taken")
        } catch TenantApply.Refusal.invalid(let faults) {
          #expect(faults.list.map(\.file) == [contract] && faults.list.map(\.fault.code) == ["bounds-crossed"])
          #expect(faults.list.first?.fault.pointer == "/consequences/1/pays/map/range")
        }
      }
      #expect(try database.sql("SELECT count(*) FROM tenant") == "0")
    }
  }

  @Test("white space and the order of members are no change")
  func layout() async throws {
    try await TestDatabase.with { database in
      var office = try OfficeDirectory("deploy/tenants/huoying")
      try await office.apply(to: database)
      for file in office.contents.keys { office.put(file, try office.json(file).reversed) }
      #expect(try await office.plan(against: database).isEmpty)
    }
  }

  @Test("what is wrong is named by file and pointer, every fault at once, and nothing is changed")
  func faults() async throws {
    try await TestDatabase.with { database in
      var office = try OfficeDirectory("deploy/tenants/anding")
      let contract = try office.contract
      try office.set(contract, "total/amount", to: "2,146,320")
      try office.set("departments.json", "departments/1/colour", to: "red")
      try office.set("staff.json", "people/2/organisation", to: "nobody")
      office.put("rules/dispatch.json", text: "{\"purpose\": ")
      let faults = try await office.refusal(by: database)
      let places = Set(faults.map { "\($0.file) \($0.fault.pointer)" })
      #expect(places.isSuperset(of: ["\(contract) /total/amount", "departments.json /departments/1/colour", "rules/dispatch.json "]))
      #expect(faults.allSatisfy { !$0.fault.detail.zh.isEmpty && !$0.fault.detail.en.isEmpty && !$0.fault.code.isEmpty })
      #expect(try database.sql("SELECT (SELECT count(*) FROM tenant) + (SELECT count(*) FROM organisation)") == "0")
    }
  }

  @Test("a predicate that PostgreSQL cannot read is named, and the rest of the files is not applied either")
  func predicate() async throws {
    try await TestDatabase.with { database in
      var office = try OfficeDirectory("deploy/tenants/anding")
      try office.set("rules/dispatch.json", "rows/1/when", to: "$.category = ")
      #expect(try await office.refusal(by: database).map { "\($0.file) \($0.fault.pointer)" } == ["rules/dispatch.json /rows/1/when"])
      #expect(try database.sql("SELECT (SELECT count(*) FROM tenant) + (SELECT count(*) FROM organisation)") == "0")
    }
  }

  @Test("roles follow the templates and the office's own file, and only roles of a person's side can be given")
  func roles() async throws {
    try await TestDatabase.with { database in
      var office = try OfficeDirectory("deploy/tenants/anding")
      office.put(
        "roles.json",
        [
          "roles": [
            ["code": "office.finance", "side": "office", "title": ["zh": "出纳", "en": "Cashier"], "permissions": ["payment.read"]],
            ["code": "office.clerk", "side": "office", "title": ["zh": "文员", "en": "Clerk"], "permissions": ["office.read"]],
          ]
        ])
      try await office.apply(to: database)
      let rows = try database.sql(
        "SELECT code || ' ' || title_en || ' ' || permissions::text FROM role WHERE code IN ('office.finance', 'office.clerk') ORDER BY code"
      )
      #expect(rows == "office.clerk Clerk {office.read}\noffice.finance Cashier {payment.read}")
      #expect(try database.sql("SELECT count(*) FROM role WHERE code LIKE 'platform.%'") == "0")
      try office.set("office.json", "grants/0/roles/-", to: "vendor.manager")
      try office.set("office.json", "grants/1/roles/-", to: "office.nothing")
      let faults = try await office.refusal(by: database)
      #expect(
        faults.map { "\($0.file) \($0.fault.pointer) \($0.fault.code)" } == [
          "office.json /grants/0/roles/1 wrong-side", "office.json /grants/1/roles/1 unknown-reference",
        ])
    }
  }

  @Test("two that apply at once go one after the other: one does it all, the other finds it done")
  func together() async throws {
    try await TestDatabase.with { database in
      let office = try OfficeDirectory("deploy/tenants/xisanqi")
      // Each with a connection of its own, as two processes have.
      let plans = try await withThrowingTaskGroup(of: TenantPlan.self) { group in
        for _ in 0..<4 { group.addTask { try await database.withHeavyLane { try await office.apply(through: $0) } } }
        return try await group.reduce(into: [TenantPlan]()) { $0.append($1) }
      }
      #expect(plans.count { $0.isNew && !$0.isEmpty } == 1)
      #expect(plans.count { !$0.isNew && $0.isEmpty } == 3)
      #expect(try database.sql("SELECT count(*) FROM audit_event WHERE action = 'tenant.apply'") == "1")
      #expect(try database.sql("SELECT count(*) FROM platform_audit WHERE action = 'tenant.apply'") == "1")
    }
  }
}

extension JSON {
  /// The same meaning, written the other way round.
  fileprivate var reversed: JSON {
    switch self {
    case .object(let object): .object(JSONObject(object.members.reversed().map { .init(name: $0.name, value: $0.value.reversed) }))
    case .array(let elements): .array(elements.map(\.reversed))
    default: self
    }
  }
}
