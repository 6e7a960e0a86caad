// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Glibc
import Postgres
import Store
import Support
import Testing

@Suite("Tenants, organisations and their files in the database", .database())
struct TenancyStoreTests {
  private let name = Text(zh: "名称", en: "Name")

  @Test("a tenant is made, described anew, listed, and untouched by the same description")
  func tenants() async throws {
    let people = try await People.make("tenants")
    let lanes = people.database.lanes
    let settings: JSON = ["windDown": ["days": 30]]
    let description = TenantStore.Description(kind: "street", name: name, organisation: people.office, settings: settings)
    #expect(try await lanes.rows(TenantStore.describe(people.tenant, description), in: .platform, .write).affected == 1)
    #expect(try await lanes.rows(TenantStore.describe(people.tenant, description), in: .platform, .write).affected == 0)
    let tenant = try #require(try await lanes.first(TenantStore.one("tenants"), in: .platform))
    #expect(tenant.id == people.tenant && tenant.kind == "street" && tenant.settings == settings && tenant.version == 2)
    #expect(tenant.state == .active && tenant.organisation == people.office && tenant.created == people.now)
    #expect(try await lanes.query(TenantStore.page(after: "tenant", limit: 1), in: .platform) == [tenant])
    let again = PostgresError.server(ServerError(state: .uniqueViolation, constraint: TenantStore.codeConstraint))
    await #expect(throws: again) { try await lanes.first(TenantStore.add("tenants", description, at: people.now), in: .platform, .write) }
  }

  @Test("an organisation is renamed but never becomes one of another kind")
  func organisations() async throws {
    let people = try await People.make("organisations")
    let lanes = people.database.lanes
    let other = Text(zh: "新名", en: "New name")
    #expect(
      try await lanes.rows(OrganisationStore.put(people.vendor, kind: .vendor, name: other, at: people.now), in: .platform, .write).affected
        == 1)
    #expect(
      try await lanes.rows(OrganisationStore.put(people.vendor, kind: .vendor, name: other, at: people.now), in: .platform, .write).affected
        == 0)
    #expect(
      try await lanes.rows(OrganisationStore.put(people.vendor, kind: .office, name: name, at: people.now), in: .platform, .write).affected
        == 0)
    let found = try #require(try await lanes.first(OrganisationStore.one(people.vendor), in: .platform))
    #expect(found.kind == .vendor && found.name == other && found.version == 2)
    #expect(try await lanes.first(OrganisationStore.rename(people.vendor, version: 1, name: name), in: .platform, .write) == nil)
    #expect(try await lanes.first(OrganisationStore.rename(people.vendor, version: 2, name: name), in: .platform, .write)?.name == name)
    #expect(try await lanes.query(OrganisationStore.page(after: people.office, limit: 1), in: .platform).count == 1)
  }

  @Test("one transaction makes a tenant and all that is in it, or nothing")
  func whole() async throws {
    let people = try await People.make("whole-maker")
    let lanes = people.database.lanes
    let description = TenantStore.Description(kind: "town", name: name, organisation: people.office, settings: [:])
    let make: @Sendable (Transaction, Bool) async throws -> TenantID = { transaction, fails in
      let tenant = try #require(try await transaction.first(TenantStore.add("made", description, at: people.now)))
      try await transaction.enter(tenant.number)
      _ = try await transaction.rows(
        DepartmentStore.put(.init(code: "top", parent: nil, kind: "department", name: Text(zh: "科", en: "D")), in: tenant))
      if fails { throw CryptoError.notAuthentic }
      return tenant
    }
    await #expect(throws: TransactionError.self) { try await lanes.transaction(in: .platform) { try await make($0, true) } }
    #expect(try await lanes.first(TenantStore.one("made"), in: .platform) == nil)
    let tenant = try await lanes.transaction(in: .platform) { try await make($0, false) }
    #expect(try await lanes.query(DepartmentStore.list(in: tenant), in: .tenant(tenant.number)).map(\.code) == ["top"])
  }

  @Test("departments, people, posts, assignments and files become what is put, and stay untouched by the same again")
  func puts() async throws {
    let people = try await People.make("puts")
    let lanes = people.database.lanes
    let tenant = people.tenant
    try people.addContract("main", from: "2026-01-01", until: nil)
    let day = try #require(CivilDate("2026-02-01"))
    let user = try await people.addUser("seat", of: people.vendor)
    let department = DepartmentStore.Department(code: "top", parent: nil, kind: "department", name: name)
    let village = DepartmentStore.Department(code: "below", parent: "top", kind: "village", name: name)
    let person = StaffStore.Person(code: "seat-1", displayName: "某人", organisation: people.vendor, department: nil, user: user)
    let post = StaffStore.Post(contract: "main", code: "seat", title: name, places: 4)
    let assignment = StaffStore.Assignment(person: "seat-1", contract: "main", post: "seat", from: day, to: nil)
    let checksum = try SHA256.digest(of: [1])
    let statements = [
      DepartmentStore.put(department, in: tenant), DepartmentStore.put(village, in: tenant),
      StaffStore.put(StaffList.Person(code: "seat-1", name: "某人", organisation: people.vendor, department: nil), in: tenant),
      StaffStore.link("seat-1", to: user, in: tenant),
      StaffStore.put(post, in: tenant), StaffStore.put(assignment, in: tenant),
      TenantFileStore.put("office.json", ["a": ["b": "丙"]], checksum: checksum, by: user, at: people.now, in: tenant),
    ]
    #expect(try await lanes.rows(statements, in: people.context, .write).map(\.affected) == [1, 1, 1, 1, 1, 1, 1])
    #expect(try await lanes.rows(statements, in: people.context, .write).map(\.affected) == [0, 0, 0, 0, 0, 0, 0])
    #expect(try await lanes.query(DepartmentStore.list(in: tenant), in: people.context) == [village, department])
    #expect(try await lanes.query(StaffStore.page(after: nil, limit: 10, in: tenant), in: people.context) == [person])
    #expect(try await lanes.query(StaffStore.posts(in: tenant), in: people.context) == [post])
    #expect(try await lanes.query(StaffStore.assignments(in: tenant), in: people.context) == [assignment])
    let files = try await lanes.query(TenantFileStore.list(in: tenant), in: people.context)
    #expect(files.map(\.path) == ["office.json"] && files[0].document == ["a": ["b": "丙"]] && files[0].checksum == checksum)

    let ended = StaffStore.Assignment(person: "seat-1", contract: "main", post: "seat", from: day, to: day)
    #expect(try await lanes.rows(StaffStore.put(ended, in: tenant), in: people.context, .write).affected == 1)
    #expect(try await lanes.query(StaffStore.assignments(in: tenant), in: people.context) == [ended])
    #expect(try await lanes.rows(StaffStore.leave("seat-1", on: day, in: tenant), in: people.context, .write).affected == 1)
    #expect(try await lanes.query(StaffStore.people(in: tenant), in: people.context).isEmpty)
    let refused = await #expect(throws: PostgresError.self) {
      try await lanes.rows(DepartmentStore.remove("top", in: tenant), in: people.context, .write)
    }
    #expect(refused?.state == .foreignKeyViolation)
    #expect(try await lanes.rows(DepartmentStore.remove("below", in: tenant), in: people.context, .write).affected == 1)
    #expect(try await lanes.rows(TenantFileStore.remove("office.json", in: tenant), in: people.context, .write).affected == 1)
  }

  @Test("an office's roles are what was put last; one that somebody held stays")
  func roles() async throws {
    let people = try await People.make("roles")
    let lanes = people.database.lanes
    let user = try await people.addUser("someone")
    try await people.grant("finance", to: user)
    let codes = try await lanes.query(RoleStore.list(in: people.tenant), in: people.context).map(\.code)
    #expect(codes == ["finance", "manager", "supervisor"])
    #expect(try await lanes.rows(RoleStore.remove("supervisor", in: people.tenant), in: people.context, .write).affected == 1)
    let refused = await #expect(throws: PostgresError.self) {
      try await lanes.rows(RoleStore.remove("finance", in: people.tenant), in: people.context, .write)
    }
    #expect(refused?.state == .foreignKeyViolation)
  }

  @Test("the calendars come back from the database as they were loaded, and a year can be loaded anew")
  func calendars() async throws {
    let people = try await People.make("calendars")
    let lanes = people.database.lanes
    var years: [CalendarYear] = []
    for year in 2018...2026 {
      let text = try TestDatabase.file("deploy/calendars/\(year).json")
      let loaded = try CalendarYear.shape.decode(bytes: Array(text.utf8)).get()
      let checksum = try SHA256.digest(of: JSON.parse(text).canonical)
      for _ in 0..<2 { _ = try await lanes.rows(CalendarStore.put(loaded, checksum: checksum, at: people.now), in: .platform, .write) }
      years.append(loaded)
    }
    let found = CalendarStore.assemble(
      try await lanes.query(CalendarStore.years(), in: .platform), try await lanes.query(CalendarStore.days(), in: .platform))
    let expected = try WorkingCalendar(years)
    let calendar = try WorkingCalendar(found)
    #expect(found.map(\.source) == years.map(\.source))
    var day = try #require(CivilDate("2018-01-01"))
    while day.year <= 2026 {
      #expect(try calendar.kind(of: day) == expected.kind(of: day))
      day = try day.adding(days: 1)
    }
  }
}
