// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import HTTP
import Postgres
import Store
import Synchronization

/// How many streams each user has open on this process.
package final class OpenStreams: Sendable {
  /// How many one user may have.
  static let greatest = 8

  private let counts = Mutex<[UUIDv7: Int]>([:])

  package init() {}

  /// A stream that counts until it is let go of.
  final class Seat: Sendable {
    private let streams: OpenStreams
    private let user: UUIDv7

    fileprivate init(_ streams: OpenStreams, _ user: UUIDv7) {
      self.streams = streams
      self.user = user
    }

    deinit {
      streams.counts.withLock { counts in
        let count = counts[user, default: 1] - 1
        counts[user] = count > 0 ? count : nil
      }
    }
  }

  /// - Returns: nil when the user has as many as they may.
  func enter(_ user: UUIDv7) -> Seat? {
    counts.withLock { counts in
      guard counts[user, default: 0] < Self.greatest else { return nil }
      counts[user, default: 0] += 1
      return Seat(self, user)
    }
  }
}

/// The live board 实时看板: server-sent events of what happens to the orders that somebody may see.
enum OrderBoardRoutes {
  static func all(_ services: Services) -> [Route] { [stream(services)] }

  private static func stream(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/stream", .tenant(.orderRead),
      Operation(
        "streamWorkOrders",
        Text(
          zh: "实时事件流（text/event-stream）：新工单、各环节、临期与超时；以 Last-Event-ID 续传，不漏不重",
          en:
            "What happens to work orders and their clocks, as it happens (text/event-stream); goes on from Last-Event-ID, missing and repeating nothing"
        ),
        answer: { _ in ["type": "string"] }, answerType: "text/event-stream", failures: [422, 429])
    ) { call in
      let board = OrderBoard(call: call, services: services, scope: try call.orderScope)
      let place = try await board.beginning()
      var response = Response(
        .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store", "X-Accel-Buffering": "no"])
      guard call.request.method == .get else { return response }
      guard let seat = services.streams.enter(try call.principal.user) else { throw Problem.tooManyStreams }
      response.body = .stream(
        ResponseStream(isEndless: true) { writer in
          // The seat is taken for as long as the stream is there.
          defer { withExtendedLifetime(seat) {} }
          try await board.run(from: place, to: writer)
        })
      return response
    }
  }
}

/// One stream of the board.
struct OrderBoard: Sendable {
  private static let page: Int32 = 200
  /// How often the database is asked, which is also how late an event may come.
  private static let pause = Duration.seconds(1)
  /// After how many pauses without an event the client hears that the stream is alive.
  private static let silence = 15

  let call: Call
  let services: Services
  let scope: OrderScope

  /// Where the stream begins: behind the event that the client had last, or now.
  ///
  /// - Throws: 422 for what was never an event's id.
  func beginning() async throws -> OrderBoardStore.Place {
    if let last = call.request.headers["Last-Event-ID"] ?? call.request.target.query["after"] {
      guard let place = OrderBoardStore.Place(last) else { throw Problem.badEventID }
      return place
    }
    let tenant = try call.office.tenant
    guard let now = try await services.lanes.first(OrderBoardStore.now(), in: .tenant(tenant.number)) else { throw Problem.unexpected }
    return now
  }

  /// Sends what happens until the client is gone, the server ends or the caller may not see it any more.
  func run(from place: OrderBoardStore.Place, to writer: ContentWriter) async throws {
    let tenant = try call.office.tenant
    var place = place
    var silence = 0
    // A client that is cut off before the first event goes on from here.
    try await writer.write(Array("retry: 2000\nevent: ready\nid: \(place)\ndata: {}\n\n".utf8))
    while !Task.isCancelled, await mayGoOn() {
      let entries: [OrderBoardStore.Entry]
      do throws(PostgresError) {
        entries = try await services.lanes.query(
          OrderBoardStore.page(behind: place, scope, limit: Self.page, in: tenant), in: .tenant(tenant.number))
      } catch {
        // The database is away: nothing is lost by asking again.
        entries = []
      }
      var octets: [UInt8] = []
      for entry in entries {
        place = entry.place
        if entry.isVisible { Self.write(entry, to: &octets) }
      }
      silence = octets.isEmpty ? silence + 1 : 0
      if silence >= Self.silence {
        silence = 0
        // Also a place: what was passed over is not read again after the next beginning.
        octets = Array(": still here\nid: \(place)\n\n".utf8)
      }
      if !octets.isEmpty { try await writer.write(octets) }
      if entries.count < Int(Self.page) { try await services.lanes.loop.sleep(for: Self.pause) }
    }
  }

  /// Whether the session and the membership that opened the stream still hold.
  private func mayGoOn() async -> Bool {
    let now = services.clock()
    let gatekeeper = Gatekeeper(lanes: services.lanes, cache: services.access)
    do {
      let principal = try await gatekeeper.principal(of: call.request, at: now)
      let office = try await gatekeeper.office(call.office.code, of: principal, at: now)
      let membership = office.membership
      guard membership.may(.orderRead, scopes: principal.scopes, at: now) else { return false }
      switch scope {
      case .office: return membership.may(.orderReadAll, scopes: nil, at: now)
      case .department(let code): return membership.department == code
      }
    } catch is PostgresError {
      // Unknown for the moment; without the database there is nothing to see either.
      return true
    } catch {
      return false
    }
  }

  private static func write(_ entry: OrderBoardStore.Entry, to octets: inout [UInt8]) {
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    writer.key("order")
    writer.uuid(entry.order)
    writer.key("at")
    writer.instant(entry.at)
    let name: String
    switch entry.happening {
    case .step(let step, let seq, let side):
      name = step == .received ? "received" : "step"
      writer.key("seq")
      writer.integer(seq)
      writer.key("step")
      writer.string(step.rawValue)
      writer.key("side")
      writer.string(side.rawValue)
    case .warned(let clock), .missed(let clock):
      name = if case .warned = entry.happening { "warned" } else { "missed" }
      writer.key("clock")
      writer.raw(clock)
    }
    writer.key("stage")
    writer.string(entry.stage.rawValue)
    writer.key("source")
    writer.string(entry.source.rawValue)
    writer.key("externalNumber")
    writer.string(entry.externalNumber)
    writer.key("title")
    writer.string(entry.title)
    writer.key("grade")
    writer.string(entry.grade)
    writer.key("category")
    writer.optional(entry.category)
    writer.key("department")
    writer.optional(entry.department)
    writer.endObject()
    octets += "id: \(entry.place)\nevent: \(name)\ndata: ".utf8
    // JSON on one line: a line break in a text is an escape.
    octets += writer.bytes
    octets += "\n\n".utf8
  }
}

extension Problem {
  /// 422: a Last-Event-ID that was never one.
  static let badEventID = badQuery(
    "after", Text(zh: "Last-Event-ID 须取自此前收到的事件。", en: "Last-Event-ID must be the id of an event that was received."))

  /// 429: as many streams as one user may have.
  static let tooManyStreams = Problem(
    status: 429, code: "too-many-streams", title: Text(zh: "事件流过多", en: "Too many streams"),
    detail: Text(
      zh: "每个用户同时最多 \(OpenStreams.greatest) 条事件流。", en: "A user has at most \(OpenStreams.greatest) streams at once."))
}
