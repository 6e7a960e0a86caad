// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP

/// Answers requests: finds the route, finds out who asks and whether they may, runs the handler, and turns what it throws into a problem.
package struct Service: Sendable {
  private let router: Router
  private let gatekeeper: Gatekeeper
  private let clock: @Sendable () -> Instant
  private let log: Log
  private let explain: @Sendable (any Error) -> Problem

  /// - Parameters:
  ///   - router: the route table.
  ///   - gatekeeper: says who asks.
  ///   - clock: tells each request its instant.
  ///   - log: gets a line for every change and every fault; at level debug for every request.
  ///   - explain: what an error of a lower layer means to a caller.
  package init(
    router: Router, gatekeeper: Gatekeeper, clock: @escaping @Sendable () -> Instant, log: Log,
    explain: @escaping @Sendable (any Error) -> Problem
  ) {
    self.router = router
    self.gatekeeper = gatekeeper
    self.clock = clock
    self.log = log
    self.explain = explain
  }

  /// How many octets of a request's content are handed on as they come; nil where the content is put together first.
  package func streamed(_ method: Method, _ target: RequestTarget) -> Int? { router.streamed(method, target.path) }

  /// The answer to a request; every failure is an answer too.
  package func respond(_ request: Request) async -> Response {
    let now = clock()
    let response: Response
    var operation = "none"
    do {
      switch router.match(request.method, request.target.path) {
      case .found(let route, let variables):
        operation = route.operation.id
        response = try await run(route, variables, request, now)
      case .otherMethods(let methods):
        if request.method == .options { return Self.allow(methods) }
        throw Problem.methodNotAllowed(Self.names(methods))
      case .nothing:
        throw Problem.notFound
      }
    } catch let problem as Problem {
      response = Self.answer(problem, request, router)
    } catch {
      let problem = explain(error)
      if problem.status >= 500 { note(error, problem, request) }
      response = Self.answer(problem, request, router)
    }
    record(request, operation, response, since: now)
    return response
  }

  private func run(_ route: Route, _ variables: [ArraySlice<UInt8>], _ request: Request, _ now: Instant) async throws -> Response {
    let language = request.headers.octets(.acceptLanguage) == nil ? .zh : Language.negotiate(request.headers[.acceptLanguage])
    var principal: Principal?
    var office: Call.Office?
    switch route.access {
    case .anyone: break
    case .signedIn:
      principal = try await gatekeeper.principal(of: request, at: now)
    case .platform(let permission):
      let known = try await gatekeeper.principal(of: request, at: now)
      guard known.mayOnPlatform(permission) else { throw Problem.forbidden(permission.rawValue) }
      principal = known
    case .tenant(let permission):
      let known = try await gatekeeper.principal(of: request, at: now)
      guard let code = variables.first else { throw Problem.notFound }
      let place = try await gatekeeper.office(Call.decoded(code), of: known, at: now)
      guard place.membership.may(permission, scopes: known.scopes, at: now) else { throw Problem.forbidden(permission.rawValue) }
      // What another vendor has with the office, or this one had, is not there for its people.
      if let position = route.contract, try !place.membership.sees(contract: Call.decoded(variables[position])) { throw Problem.notFound }
      (principal, office) = (known, place)
    }
    if request.target.hasQuery, principal != nil { try route.operation.check(request.target.query) }
    return try await route.handle(
      Call(request: request, route: route, variables: variables, language: language, now: now, principal: principal, office: office))
  }

  private static func answer(_ problem: Problem, _ request: Request, _ router: Router) -> Response {
    var response = problem.response(in: Language.negotiate(request.headers[.acceptLanguage]))
    if problem.status == 405, case .otherMethods(let methods) = router.match(request.method, request.target.path),
      let allowed = HeaderValue(names(methods))
    {
      response.headers.append(.allow, allowed)
    }
    return response
  }

  private static func names(_ methods: [Method]) -> String {
    (methods + (methods.contains(.get) ? [.head, .options] : [.options])).map { "\($0)" }.joined(separator: ", ")
  }

  private static func allow(_ methods: [Method]) -> Response {
    var response = Response(.noContent)
    if let allowed = HeaderValue(names(methods)) { response.headers.append(.allow, allowed) }
    return response
  }

  // MARK: The log

  private func record(_ request: Request, _ operation: String, _ response: Response, since start: Instant) {
    let level: Log.Level = response.status.code >= 500 ? .warning : request.method.isSafe ? .debug : .info
    guard log.writes(level) else { return }
    log.write(
      level, "request",
      [
        "request": .identifier("\(request.id)"), "operation": .identifier(operation), "status": .integer(Int64(response.status.code)),
        "microseconds": .integer(clock().microseconds(since: start)),
      ])
  }

  private func note(_ error: any Error, _ problem: Problem, _ request: Request) {
    // The type and our own description only: errors of the lower layers print no data of anybody.
    log.write(
      .error, "fault",
      ["request": .identifier("\(request.id)"), "code": .identifier(problem.code), "error": .identifier("\(type(of: error)): \(error)")])
  }
}
