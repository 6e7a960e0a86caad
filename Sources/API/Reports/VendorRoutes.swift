// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// A vendor over all its contracts, for its people; and the vendors of an office over time, for the office.
///
/// Each office is read in a transaction of its own, as its routes would be: what its tables let nobody see, this does not show.
enum VendorRoutes {
  static func all(_ services: Services) -> [Route] { [overview(services), comparison(services)] }

  /// How many days of the roster are looked at for gaps, today's the first.
  private static let rosterDays = 7

  // MARK: The vendor's view

  private static func overview(_ services: Services) -> Route {
    Route(
      .get, "/v1/vendor", .signedIn,
      Operation(
        "getVendorOverview",
        Text(
          zh: "乙方在各单位的全部在期合同：人员、空缺、违约事项、各期与预期收入，以及逐期比较",
          en: "A vendor under all its open contracts: people, gaps, incidents, periods and expected income, and how the periods compare"),
        answer: Listing.named(["organisation", "asOf", "offices", "income"]), failures: [404])
    ) { call in
      let principal = try call.principal
      // To others there is no such thing.
      guard principal.side == .vendor else { throw Problem.notFound }
      let gatekeeper = Gatekeeper(lanes: services.lanes, cache: services.access)
      var income = VendorRecord.Income()
      var writer = JSONWriter(capacity: 1 << 14)
      writer.beginObject()
      writer.key("organisation")
      writer.string(principal.organisation)
      writer.key("asOf")
      writer.date(call.now.date)
      writer.key("offices")
      writer.beginArray()
      for tenant in try await services.lanes.query(TenantStore.list(of: principal.user), in: .platform) {
        let place: Call.Office
        do {
          place = try await gatekeeper.office(tenant.code, of: principal, at: call.now)
        } catch let problem as Problem where problem.status == 404 {
          continue
        }
        guard place.membership.side == .vendor, place.membership.may(.contractRead, scopes: principal.scopes, at: call.now) else {
          continue
        }
        writer.beginObject()
        writer.key("code")
        writer.string(tenant.code)
        writer.key("name")
        writer.text(tenant.name)
        writer.key("contracts")
        writer.beginArray()
        try await write(call.entering(place), services, &income, to: &writer)
        writer.endArray()
        writer.endObject()
      }
      writer.endArray()
      writer.key("income")
      income.write(to: &writer)
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }

  /// Writes the contracts of one office.
  private static func write(
    _ call: Call, _ services: Services, _ income: inout VendorRecord.Income, to writer: inout JSONWriter
  ) async throws {
    let (tenant, membership) = (try call.office.tenant, try call.office.membership)
    let sight = VendorRecord.Sight(membership, try call.principal.scopes, at: call.now)
    let context = Context.tenant(tenant.number)
    let posts = sight.people ? try await services.lanes.query(StaffStore.posts(in: tenant), in: context) : []
    let assignments = sight.people ? try await services.lanes.query(StaffStore.assignments(in: tenant), in: context) : []
    let people = sight.people ? try await services.lanes.query(StaffStore.people(in: tenant), in: context) : []
    let names = Dictionary(people.map { ($0.code, $0.displayName) }) { first, _ in first }
    let gaps = sight.shifts ? try await gaps(call, services) : nil
    for contract in try await services.lanes.query(ContractStore.list(in: tenant), in: context)
    where membership.sees(contract: contract.id) {
      writer.beginObject()
      head(contract, to: &writer)
      do {
        if let record = try await VendorRecord.read(contract, in: tenant, at: call.now, services) {
          if sight.money { try income.add(record.income) }
          try body(record, sight, on: call.now.date, to: &writer)
        }
      } catch let error as SettlementError {
        writer.key("unknown")
        writer.text(error.text)
      }
      writer.key("posts")
      writer.beginArray()
      for post in posts where post.contract == contract.id {
        let holders = assignments.filter { assignment in
          assignment.contract == contract.id && assignment.post == post.code && assignment.from <= call.now.date
            && assignment.to.map { call.now.date <= $0 } ?? true
        }
        writer.beginObject()
        writer.key("code")
        writer.string(post.code)
        writer.key("title")
        writer.text(post.title)
        writer.key("places")
        writer.integer(post.places)
        writer.key("vacant")
        writer.integer(max(Int(post.places) - holders.count, 0))
        writer.key("people")
        writer.beginArray()
        for holder in holders {
          writer.beginObject()
          writer.key("code")
          writer.string(holder.person)
          writer.key("name")
          writer.optional(names[holder.person])
          writer.key("from")
          writer.date(holder.from)
          writer.endObject()
        }
        writer.endArray()
        writer.endObject()
      }
      writer.endArray()
      writer.key("rosterGaps")
      if let gaps { write(gaps.filter { $0.contract == contract.id }, to: &writer) } else { writer.null() }
      writer.endObject()
    }
  }

  /// Where somebody is missing on the roster of the days to come; nil where a calendar's year is missing.
  private static func gaps(_ call: Call, _ services: Services) async throws -> [Coverage.Gap]? {
    let days = DateRange(call.now.date, orThrough: try call.now.date.adding(days: rosterDays - 1))
    let tenant = try call.office.tenant
    do {
      let desk = try await RosterDesk(call, services)
      let duty = try await services.lanes.query(ShiftStore.duty(in: days.time, in: tenant), in: .tenant(tenant.number))
      return Coverage.gaps(
        between: try desk.wanted(in: days), and: duty.map(\.shift).filter { desk.contracts.contains($0.contract) }, in: days.time)
    } catch is CalendarError {
      return nil
    }
  }

  private static func write(_ gaps: [Coverage.Gap], to writer: inout JSONWriter) {
    writer.beginArray()
    for gap in gaps {
      writer.beginObject()
      writer.key("post")
      writer.string(gap.post)
      writer.key("from")
      writer.instant(gap.interval.lowerBound)
      writer.key("to")
      writer.instant(gap.interval.upperBound)
      writer.key("missing")
      writer.integer(gap.missing)
      writer.endObject()
    }
    writer.endArray()
  }

  private static func head(_ contract: ContractStore.Row, to writer: inout JSONWriter) {
    writer.key("id")
    writer.string(contract.id)
    writer.key("title")
    writer.text(contract.title)
    writer.key("vendor")
    writer.string(contract.vendor)
    writer.key("state")
    writer.string(contract.state.rawValue)
    writer.key("visibleUntil")
    writer.optional(contract.vendorUntil.map { "\($0)" })
  }

  private static func body(_ record: VendorRecord, _ sight: VendorRecord.Sight, on today: CivilDate, to writer: inout JSONWriter) throws {
    writer.key("term")
    writer.beginObject()
    writer.key("from")
    writer.date(record.term.first)
    writer.key("to")
    writer.date(record.term.last)
    writer.endObject()
    writer.key("lateObligations")
    writer.integer(record.late)
    writer.key("incidents")
    if sight.incidents { record.writeIncidents(to: &writer) } else { writer.null() }
    writer.key("settlements")
    if sight.money { record.writeSummaries(to: &writer) } else { writer.null() }
    writer.key("income")
    if sight.money { record.income.write(to: &writer) } else { writer.null() }
    writer.key("periods")
    try record.writePeriods(on: today, sight, to: &writer)
  }

  // MARK: The office's comparison

  private static func comparison(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/reports/vendors", .tenant(.reportRead),
      Operation(
        "compareVendors",
        Text(
          zh: "各乙方历次合同逐期比较：违约事项、逾期义务、扣减与奖励；乙方只见本方的",
          en:
            "The vendors of an office over time, period by period: incidents, missed obligations, deductions, rewards; a vendor sees itself only"
        ),
        answer: Listing.schematic(Listing.named(["vendor", "name", "contracts"])))
    ) { call in
      let (tenant, membership) = (try call.office.tenant, try call.office.membership)
      let sight = VendorRecord.Sight(membership, try call.principal.scopes, at: call.now)
      let contracts = try await services.lanes.query(ContractStore.list(in: tenant), in: .tenant(tenant.number))
        .filter { membership.sees(contract: $0.id) }.sorted { ($0.vendorFrom, $0.id) < ($1.vendorFrom, $1.id) }
      let vendors = Set(contracts.map(\.vendor)).sorted()
      let names = Dictionary(
        try await services.lanes.query(OrganisationStore.list(vendors), in: .platform).map { ($0.code, $0.name) }
      ) { first, _ in first }
      var writer = JSONWriter(capacity: 1 << 13)
      writer.beginObject()
      writer.key("items")
      writer.beginArray()
      for vendor in vendors {
        writer.beginObject()
        writer.key("vendor")
        writer.string(vendor)
        writer.key("name")
        if let name = names[vendor] { writer.text(name) } else { writer.null() }
        writer.key("contracts")
        writer.beginArray()
        for contract in contracts where contract.vendor == vendor {
          writer.beginObject()
          head(contract, to: &writer)
          do {
            if let record = try await VendorRecord.read(contract, in: tenant, at: call.now, services) {
              try body(record, sight, on: call.now.date, to: &writer)
            }
          } catch let error as SettlementError {
            writer.key("unknown")
            writer.text(error.text)
          }
          writer.endObject()
        }
        writer.endArray()
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }
}
