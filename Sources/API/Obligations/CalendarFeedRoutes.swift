// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// Calendar feeds: addresses that a calendar program subscribes to, each its user's to open and to revoke.
enum CalendarFeedRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), open(services), revoke(services), fetch(services)] }

  // MARK: One's own feeds

  private struct Opening: Sendable {
    let label: String?
    let side: Party?
    let language: Language
    let reminder: Int32?
  }

  private static let opening: Shape<Opening> = .object(
    "calendarFeedOpening",
    about: Text(
      zh: "日历订阅：只看哪一方的义务（不写则双方），语言，提前几天提醒。",
      en: "A feed: whose obligations (both sides' unless told), the language, how many days before one is reminded."),
    Field(optional: "label", .string(minLength: 1, maxLength: 100)), Field(optional: "side", .enumeration(Party.self)),
    Field("language", .enumeration(Language.self), default: "zh"), Field(optional: "reminder", .integer(0...30))
  ) { Opening(label: $0, side: $1, language: $2, reminder: $3.map { Int32($0) }) }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/calendar-feeds", .tenant(.contractRead),
      Operation("listCalendarFeeds", Text(zh: "我的日历订阅", en: "My calendar feeds"), answer: Listing.schematic(feed))
    ) { call in
      let tenant = try call.office.tenant
      let feeds = try await services.lanes.query(
        CalendarFeedStore.list(of: call.principal.user, in: tenant), in: .tenant(tenant.number))
      return Listing.response(feeds) { write($0, address: nil, to: &$1) }
    }
  }

  private static func open(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/calendar-feeds", .tenant(.contractRead), body: opening,
      Operation(
        "openCalendarFeed",
        Text(zh: "开设一个日历订阅；其秘密地址只在此答复中出现一次", en: "Open a calendar feed; its secret address is told once, in this answer"),
        answer: feed, status: 201, failures: [409])
    ) { call, body in
      let office = try call.office
      let secret = Base64.url.encode(try SecureRandom.bytes(32))
      let feed = CalendarFeedStore.Feed(
        id: services.identities.next(at: call.now), user: try call.principal.user, label: body.label, side: body.side,
        language: body.language, reminder: body.reminder, created: call.now)
      let deed = Deed(
        statements: [
          CalendarFeedStore.add(feed, tokenHash: try SHA256.digest(of: Array(secret.utf8)), in: office.tenant),
          try call.note("calendar-feed.open", "calendar-feed", "\(feed.id)", id: services.identities.next(at: call.now)),
        ],
        // What is stored for a repeated request must not hold the secret: the repeat gets the feed without its address.
        answer: answer(feed, address: nil, in: office.code))
      do {
        let performed = try await deed.perform(for: call, on: services.lanes)
        if performed.headers["Idempotency-Replayed"] != nil { return performed }
      } catch let error as PostgresError where error.state == .changed {
        throw Problem.conflict(
          "too-many-feeds",
          Text(
            zh: "每人在一个单位最多 \(CalendarFeedStore.greatest) 个日历订阅；请先撤销一个。",
            en: "One has at most \(CalendarFeedStore.greatest) calendar feeds in an office; revoke one first."))
      }
      return answer(feed, address: "/v1/calendar-feeds/\(office.code)/\(secret)/obligations.ics", in: office.code)
    }
  }

  private static func revoke(_ services: Services) -> Route {
    Route(
      .delete, "/v1/tenants/{tenant}/calendar-feeds/{feed}", .tenant(.contractRead),
      Operation(
        "revokeCalendarFeed", Text(zh: "撤销我的一个日历订阅，其地址随即失效", en: "Revoke a calendar feed of mine; its address ends at once"), status: 204)
    ) { call in
      let office = try call.office
      let feed = try call.identifier(1)
      let statements = [
        CalendarFeedStore.revoke(feed, of: try call.principal.user, at: call.now, in: office.tenant),
        try call.note("calendar-feed.revoke", "calendar-feed", "\(feed)", id: services.identities.next(at: call.now)),
      ]
      do throws(PostgresError) {
        _ = try await services.lanes.rows(statements, in: .tenant(office.tenant.number), .write)
      } catch {
        if error.state == .changed { throw Problem.notFound }
        throw error
      }
      return Response(.noContent)
    }
  }

  private static func answer(_ feed: CalendarFeedStore.Feed, address: String?, in office: String) -> Response {
    var writer = JSONWriter(capacity: 512)
    write(feed, address: address, to: &writer)
    var response = Response.json(writer.bytes, status: .created)
    response.headers.append(.cacheControl, "no-store")
    if let location = HeaderValue("/v1/tenants/\(office)/calendar-feeds/\(feed.id)") { response.headers.append(.location, location) }
    return response
  }

  private static func write(_ feed: CalendarFeedStore.Feed, address: String?, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(feed.id)
    writer.key("label")
    writer.optional(feed.label)
    writer.key("side")
    writer.optional(feed.side?.rawValue)
    writer.key("language")
    writer.string(feed.language.rawValue)
    writer.key("reminder")
    if let reminder = feed.reminder { writer.integer(reminder) } else { writer.null() }
    writer.key("createdAt")
    writer.instant(feed.created)
    writer.key("fetchedAt")
    if let fetched = feed.fetched { writer.instant(fetched) } else { writer.null() }
    if let address {
      writer.key("address")
      writer.string(address)
    }
    writer.endObject()
  }

  private static let feed: Operation.Schematic = { _ in
    [
      "type": "object", "required": ["id", "label", "side", "language", "reminder", "createdAt", "fetchedAt"],
      "properties": [
        "id": ["type": "string", "format": "uuid"], "label": ["type": ["string", "null"]], "side": ["type": ["string", "null"]],
        "language": ["type": "string"], "reminder": ["type": ["integer", "null"]],
        "createdAt": ["type": "string", "format": "date-time"], "fetchedAt": ["type": ["string", "null"], "format": "date-time"],
        "address": ["type": "string", "description": "只出现一次 / told once"],
      ],
    ]
  }

  // MARK: What a calendar program fetches

  /// How long it is not noted again that a feed was fetched.
  private static let noted = Instant.hour

  private static func fetch(_ services: Services) -> Route {
    Route(
      .get, "/v1/calendar-feeds/{tenant}/{secret}/obligations.ics",
      .anyone(because: "a calendar program signs in nowhere: the secret in the address stands for its user"),
      Operation(
        "fetchCalendarFeed", Text(zh: "义务日历（iCalendar，RFC 5545）", en: "The obligations as a calendar (iCalendar, RFC 5545)"),
        answer: { _ in ["type": "string"] }, answerType: "text/calendar", failures: [404, 429])
    ) { call in
      let gatekeeper = Gatekeeper(lanes: services.lanes, cache: services.access)
      let code = try call.variable(0)
      guard let tenant = try await gatekeeper.tenant(code) else { throw Problem.notFound }
      let hash = try SHA256.digest(of: Array(call.variable(1).utf8))
      let found = try await services.lanes.first(CalendarFeedStore.find(tokenHash: hash, in: tenant), in: .tenant(tenant.number))
      guard let feed = found else { throw Problem.notFound }
      // Whatever its user has lost since, the feed has lost.
      let office = try await gatekeeper.office(code, ofUser: feed.user, at: call.now)
      guard office.membership.may(.contractRead, scopes: nil, at: call.now) else { throw Problem.notFound }
      guard services.feeds.admits(feed.id, at: call.now) else { throw Problem.tooManyFetches }
      if feed.fetched.map({ call.now.microseconds(since: $0) >= noted }) ?? true {
        _ = try await services.lanes.rows(
          CalendarFeedStore.touch(feed.id, at: call.now, in: tenant), in: .tenant(tenant.number), .write)
      }
      return try await calendar(feed, office, call, services)
    }
  }

  private static func calendar(
    _ feed: CalendarFeedStore.Feed, _ office: Call.Office, _ call: Call, _ services: Services
  ) async throws -> Response {
    let today = call.now.date
    let calendar = try await ObligationCalendar(of: office.membership, at: call.now, services) { obligation in
      feed.side.map(obligation.bearer.includes) ?? true && ObligationFeed.shows(obligation, on: today)
    }
    guard let described = try await services.lanes.first(TenantStore.one(office.code), in: .platform) else { throw Problem.notFound }
    let entries = ObligationFeed.bounded(
      calendar.items.map { ObligationFeed.Entry(contract: $0.contract, title: $0.title, obligation: $0.obligation) }, on: today)
    let writer = ObligationFeed(
      office: office.code, name: described.name, language: feed.language, reminder: feed.reminder.map { Int($0) })
    // The stamp changes with every fetch; a calendar that says nothing else new need not be sent again.
    let digest = Hex.encode(try SHA256.digest(of: writer.octets(of: entries, at: Instant(.first))))
    var headers: Headers = [.cacheControl: "private, no-cache"]
    let tag = "W/\"\(digest)\""
    if let value = HeaderValue(tag) { headers.append(.entityTag, value) }
    if call.request.headers[.ifNoneMatch].map({ $0.split(separator: ",").contains { $0.drop { $0 == " " } == tag } }) ?? false {
      return Response(.notModified, headers: headers)
    }
    headers.append(.contentType, "text/calendar; charset=utf-8")
    headers.append(.contentDisposition, "inline; filename=\"obligations.ics\"")
    headers.append("X-Content-Type-Options", "nosniff")
    return Response(.ok, headers: headers, body: .octets(writer.octets(of: entries, at: call.now)))
  }
}
