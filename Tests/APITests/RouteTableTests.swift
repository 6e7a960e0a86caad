// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Domain
import EventLoop
import HTTP
import Postgres
import Store
import Testing

/// The route table with a database that cannot be reached: what is refused before the database is asked.
@Suite("Route table")
struct RouteTableTests {
  private let routes: [Route]
  private let service: Service

  init() throws {
    let loop = try EventLoop(name: "routes")
    let offload = try Offload(threads: 1)
    let configuration = Postgres.Configuration(host: "/nowhere", database: "none", user: "none")
    let heavy = HeavyLane(on: loop, configuration, offload: offload) { _ in }
    let lanes = Lanes(on: loop, configuration, heavy: heavy, offload: offload) { _ in }
    let services = Services(
      lanes: lanes, identities: Identities(), access: AccessCache(), passwords: try Passwords(), calculations: try Calculations(),
      sessionHours: 12,
      health: Health { "" }, dossiers: DossierReader(),
      citizens: try CitizenKeys { try MasterKeys(Array(("1 " + String(repeating: "0a", count: 32)).utf8)) }, clocks: ClockKeeper(),
      files: try FileVault(directory: "/nowhere"), orders: OrderMemory(), clock: { Instant(.first) }, templates: { [] })
    routes = RouteTable.all(services)
    let clock: @Sendable () -> Instant = { Instant(.first) }
    service = Service(
      router: try Router(routes), gatekeeper: Gatekeeper(lanes: lanes, cache: AccessCache()), clock: clock,
      log: Log(minimum: .error, clock: clock) { _ in }, explain: Problem.explaining)
  }

  private func request(_ method: Method, _ path: String, _ headers: Headers = [:]) throws -> Request {
    var parser = RequestParser()
    var octets = Array("\(method) \(path) HTTP/1.1\r\nHost: here\r\n".utf8)
    for (name, value) in headers { octets += Array("\(name): \(value)\r\n".utf8) }
    octets += Array("\r\n".utf8)
    var position = 0
    while let event = parser.parse(octets.span, from: &position) {
      if case .request(let request) = event { return request }
    }
    throw Problem.notFound
  }

  private func path(of route: Route) -> String {
    route.path.description.replacing("{", with: "").replacing("}", with: "")
  }

  @Test("without a session every route but those open to anyone says 401, before anything else")
  func closed() async throws {
    for route in routes {
      if case .anyone = route.access { continue }
      let response = await service.respond(try request(route.method, path(of: route)))
      #expect(response.status == .unauthorized, "\(route.method) \(route.path)")
    }
  }

  @Test("what is open to anyone is a short list")
  func open() {
    let open = routes.compactMap { route in
      if case .anyone = route.access { "\(route.method) \(route.path)" } else { nil }
    }
    #expect(
      Set(open) == [
        "GET /healthz", "GET /readyz", "GET /metrics", "GET /v1/openapi.json", "POST /v1/session",
        "GET /v1/calendar-feeds/{tenant}/{secret}/obligations.ics",
      ])
  }

  @Test("a route under an office needs an office's permission and names the office first; one outside needs none of an office's")
  func places() {
    for route in routes {
      let isUnderOffice = route.path.description.hasPrefix("/v1/tenants/")
      switch route.access {
      case .tenant(let permission):
        #expect(isUnderOffice && route.path.variables.first == "tenant" && !permission.isPlatform, "\(route.path)")
      case .platform(let permission): #expect(!isUnderOffice && permission.isPlatform, "\(route.path)")
      case .anyone, .signedIn: #expect(!isUnderOffice, "\(route.path)")
      }
    }
  }

  @Test("an unknown path is 404, a known one with another method 405 with Allow, OPTIONS says what there is")
  func methods() async throws {
    #expect(await service.respond(try request(.get, "/v1/nothing")).status == .notFound)
    let refused = await service.respond(try request(.delete, "/healthz"))
    #expect(refused.status == .methodNotAllowed && refused.headers[.allow] == "GET, HEAD, OPTIONS")
    let asked = await service.respond(try request(.options, "/v1/session"))
    #expect(asked.status == .noContent && asked.headers[.allow]?.contains("DELETE") == true)
  }

  @Test("a problem comes in the language that was asked for")
  func languages() async throws {
    for (asked, tag, word) in [("en", "en", "Not found"), ("zh-CN", "zh-CN", "未找到"), ("fr", "zh-CN", "未找到")] {
      var headers = Headers()
      headers.append(.acceptLanguage, try #require(HeaderValue(asked)))
      let response = await service.respond(try request(.get, "/nothing", headers))
      guard case .octets(let body) = response.body else { throw Problem.notFound }
      #expect(response.headers[.contentLanguage] == tag)
      #expect(try JSON.parse(body).object?["title"]?.string == word)
    }
  }

  @Test("the API document names every route with its permission, and every reference in it leads somewhere")
  func document() async throws {
    let response = await service.respond(try request(.get, "/v1/openapi.json"))
    guard case .octets(let body) = response.body else { throw Problem.notFound }
    let document = try JSON.parse(body)
    let paths = try #require(document.object?["paths"]?.object)
    for route in routes {
      let operation = paths[route.path.description]?.object?["\(route.method)".lowercased()]?.object
      #expect(operation?["operationId"]?.string == route.operation.id)
      #expect(operation?["x-permission"]?.string == route.access.permission?.rawValue)
    }
    let schemas = try #require(document.object?["components"]?.object?["schemas"]?.object)
    for reference in references(in: document) {
      #expect(reference.hasPrefix("#/components/schemas/") && schemas[String(reference.dropFirst(21))] != nil, "\(reference)")
    }
  }

  @Test("what the API document requires of an object, it describes")
  func required() async throws {
    let response = await service.respond(try request(.get, "/v1/openapi.json"))
    guard case .octets(let body) = response.body else { throw Problem.notFound }
    #expect(undescribed(in: try JSON.parse(body)) == [])
  }

  private func undescribed(in json: JSON) -> [String] {
    switch json {
    case .object(let object):
      let properties = object["properties"]?.object
      let missing = (object["required"]?.array ?? []).compactMap(\.string).filter { properties != nil && properties?[$0] == nil }
      return missing + object.members.flatMap { undescribed(in: $0.value) }
    case .array(let elements): return elements.flatMap(undescribed)
    default: return []
    }
  }

  private func references(in json: JSON) -> [String] {
    switch json {
    case .object(let object):
      object.members.flatMap { member -> [String] in
        if member.name == "$ref", let text = member.value.string { return [text] }
        return references(in: member.value)
      }
    case .array(let elements): elements.flatMap(references)
    default: []
    }
  }
}
