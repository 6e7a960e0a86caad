// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What each side owes under a contract, by when and why, and what became of it.
enum ObligationRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), one(services), waive(services)] }

  // MARK: one contract

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/obligations", .tenant(.contractRead),
      Operation(
        "listObligations",
        Text(zh: "合同双方的各项义务，按期限；没有日期的在后", en: "What either side owes under the contract, by date; what has none comes last"),
        query: Keyset.parameters + ObligationFilter.parameters, answer: Listing.schematic(obligation))
    ) { call in
      let page = try Keyset(call.request.target.query)
      let filter = try ObligationFilter(call.request.target.query)
      let after = try page.after.map(ObligationPlace.init)
      let book = try await book(of: call.variable(1), call, services)
      let found = book.obligations.lazy.filter { filter.admits($0) && after.map($0.isBehind) ?? true }
      return Listing.response(Array(found.prefix(Int(page.limit))), limit: page.limit, next: { ObligationPlace($0).text }) {
        obligation, writer in
        book.write(obligation, on: call.now.date, to: &writer)
      }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/obligations/{obligation}", .tenant(.contractRead),
      Operation(
        "getObligation",
        Text(zh: "一项义务：条款、期限如何算出、何以为履行、逾期的后果", en: "One obligation: clause, how its date was found, what satisfies it, what follows"),
        answer: obligation)
    ) { call in
      let book = try await book(of: call.variable(1), call, services)
      let id = try call.variable(2)
      guard let obligation = book.obligations.first(where: { $0.id == id }) else { throw Problem.notFound }
      var writer = JSONWriter(capacity: 2048)
      book.write(obligation, on: call.now.date, to: &writer)
      return Response.json(writer.bytes)
    }
  }

  /// A contract's obligations at the instant of a call, and when both sides were told of those whose time has passed.
  private struct Book: Sendable {
    let contract: String
    let obligations: [Obligation]
    let told: [String: Instant]

    func write(_ obligation: Obligation, on day: CivilDate, to writer: inout JSONWriter) {
      writer.beginObject()
      writer.key("contract")
      writer.string(contract)
      obligation.writeMembers(on: day, to: &writer)
      writer.key("toldAt")
      if let told = told[obligation.id] { writer.instant(told) } else { writer.null() }
      writer.endObject()
    }
  }

  private static func book(of contract: String, _ call: Call, _ services: Services) async throws -> Book {
    let tenant = try call.office.tenant
    let dossier = try await services.dossier(of: contract, for: call)
    let told = try await services.lanes.query(ObligationStore.told(of: contract, in: tenant), in: .tenant(tenant.number))
    return Book(
      contract: contract, obligations: try dossier.settlement(asOf: call.now.date).obligations(at: call.now),
      told: Dictionary(told.map { ($0.id, $0.at) }, uniquingKeysWith: { $1 }))
  }

  // MARK: waiving

  private static let waiving: Shape<String> = .object(
    "obligationWaiving", about: Text(zh: "免除的理由。", en: "Why it is waived."), Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static func waive(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/obligations/{obligation}/waive", .tenant(.obligationWaive), body: waiving,
      Operation(
        "waiveObligation", Text(zh: "有权要求履行的一方免除一项义务，附理由", en: "Waive an obligation, with the reason, as the side that may ask for it"),
        answer: Listing.named(["id"]), status: 201, failures: [409])
    ) { call, reason in
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      let office = try call.office
      let contract = try call.variable(1)
      let name = try call.variable(2)
      let obligations = try await services.dossier(of: contract, for: call).settlement(asOf: call.now.date).obligations(at: call.now)
      guard let obligation = obligations.first(where: { $0.id == name }) else { throw Problem.notFound }
      try judge(obligation, office.membership.side)
      let id = services.identities.next(at: call.now)
      let fact = FactStore.New(
        id: id, content: FactContent(on: call.now.date, body: .waiver(obligation: name)), kind: "waiver", contract: contract, note: reason,
        user: try call.principal.user, side: office.membership.side.rawValue, at: call.now)
      var answer = Response.json(receipt(id), status: .created)
      if let location = HeaderValue("/v1/tenants/\(office.code)/facts/\(id)") { answer.headers.append(.location, location) }
      let deed = Deed(
        statements: FactStore.add(fact, in: office.tenant) + [
          try call.note(
            "obligation.waive", "obligation", "\(contract)/\(name)", ["fact": .string("\(id)"), "reason": .string(reason)],
            id: services.identities.next(at: call.now))
        ], answer: answer)
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .alreadyRecorded {
        throw Problem.alreadyRecorded
      }
    }
  }

  /// Refuses a waiver by a side that is not owed, and of what needs none.
  private static func judge(_ obligation: Obligation, _ side: Side) throws {
    if obligation.deems != nil {
      throw Problem.conflict(
        "not-waivable",
        Text(zh: "合同已规定逾期视同的后果，不能免除。", en: "The contract says what counts as having happened otherwise; this cannot be waived."))
    }
    guard obligation.waivableBy.contains(where: { $0.rawValue == side.rawValue }) else { throw Problem.notOwed }
    if obligation.state == .met {
      throw Problem.conflict("already-met", Text(zh: "该义务已按期履行。", en: "This obligation was met in time."))
    }
  }

  private static func receipt(_ id: UUIDv7) -> [UInt8] {
    var writer = JSONWriter(capacity: 64)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.endObject()
    return writer.bytes
  }

  private static let obligation: Operation.Schematic = Listing.named([
    "contract", "id", "kind", "item", "bearer", "state", "clause", "says", "due", "satisfiedBy", "missing", "deems", "consequences", "done",
    "daysLate", "waiver", "toldAt",
  ])
}

/// Where an obligation stands in a list by dates: its end, and its name.
struct ObligationPlace: Sendable, Comparable {
  private let end: Int64
  private let id: String

  init(_ obligation: Obligation) {
    end = obligation.date?.end.microseconds ?? .max
    id = obligation.id
  }

  /// - Throws: 422 for what is no `next` of a list.
  init(_ text: String) throws {
    let parts = text.split(separator: "~", maxSplits: 1)
    guard parts.count == 2, let end = Int64(parts[0]) else {
      throw Problem.badQuery("after", Text(zh: "after 须取自上一页的 next。", en: "after must be the `next` of the page before."))
    }
    (self.end, id) = (end, String(parts[1]))
  }

  var text: String { "\(end)~\(id)" }

  static func < (a: ObligationPlace, b: ObligationPlace) -> Bool { a.end != b.end ? a.end < b.end : a.id < b.id }
}

extension Obligation {
  fileprivate func isBehind(_ place: ObligationPlace) -> Bool { place < ObligationPlace(self) }
}

extension Problem {
  /// 403: a waiver of what is owed to the other side.
  fileprivate static let notOwed = Problem(
    status: 403, code: "not-your-side", title: Text(zh: "不由本方免除", en: "Not for your side to waive"),
    detail: Text(zh: "只有有权要求履行的一方可以免除。", en: "Only the side that may ask for it can waive it."))
}
