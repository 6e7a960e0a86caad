// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Domain
import HTTP
import Testing

@Suite("Router")
struct RouterTests {
  private static func route(_ method: Method, _ path: PathTemplate, _ id: String) -> Route {
    Route(method, path, .tenant(.incidentRead), Operation(id, Text(zh: "例", en: "example"))) { _ in Response(.ok) }
  }

  private func router() throws -> Router {
    try Router([
      Self.route(.get, "/v1/tenants/{tenant}/incidents", "list"),
      Self.route(.post, "/v1/tenants/{tenant}/incidents", "add"),
      Self.route(.get, "/v1/tenants/{tenant}/incidents/summary", "summary"),
      Self.route(.get, "/v1/tenants/{tenant}/incidents/{incident}", "one"),
    ])
  }

  private func outcome(_ method: Method, _ path: String) throws -> String {
    switch try router().match(method, Array(path.utf8)[...]) {
    case .found(let route, let variables):
      ([route.operation.id] + variables.map { String(decoding: $0, as: UTF8.self) }).joined(separator: " ")
    case .otherMethods(let methods): "other " + methods.map { "\($0)" }.joined(separator: ",")
    case .nothing: "nothing"
    }
  }

  @Test(
    "a path leads to its route with its variable segments as they were sent",
    arguments: [
      (Method.get, "/v1/tenants/a/incidents", "list a"),
      (.post, "/v1/tenants/a/incidents", "add a"),
      (.head, "/v1/tenants/a/incidents", "list a"),
      (.get, "/v1/tenants/a/incidents/7", "one a 7"),
      (.get, "/v1/tenants/a/incidents/summary", "summary a"),
      (.get, "/v1/tenants/a%2Fb/incidents/7", "one a%2Fb 7"),
      (.delete, "/v1/tenants/a/incidents", "other GET,POST"),
      (.get, "/v1/tenants/a", "nothing"),
      (.get, "/v1/tenants//incidents", "nothing"),
      (.get, "/v1/tenants/a/incidents/", "nothing"),
      (.get, "/v1/tenants/a/incidents/7/x", "nothing"),
      (.get, "/", "nothing"),
      (.get, "*", "nothing"),
    ])
  func matching(method: Method, path: String, expected: String) throws {
    #expect(try outcome(method, path) == expected)
  }

  @Test("two routes with one method and path, or with one operation id, are refused")
  func conflicts() {
    #expect(throws: RouteConflict.self) { try Router([Self.route(.get, "/a/{x}", "one"), Self.route(.get, "/a/{y}", "two")]) }
    #expect(throws: RouteConflict.self) { try Router([Self.route(.get, "/a", "one"), Self.route(.get, "/b", "one")]) }
  }
}
