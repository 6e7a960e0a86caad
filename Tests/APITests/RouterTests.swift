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

  @Test("only the routes that say so take their content as it comes")
  func streamed() throws {
    func streaming(_ path: PathTemplate) -> Route {
      Route(
        .post, path, .tenant(.incidentRead), streaming: 5, of: ["text/csv"],
        Operation("add", Text(zh: "例", en: "example"))
      ) { _ in Response(.ok) }
    }
    let router = try Router([streaming("/v1/{tenant}/files"), Self.route(.post, "/v1/{tenant}/files/{file}", "one")])
    func limit(_ method: Method, _ path: String) -> Int? { router.streamed(method, Array(path.utf8)[...]) }
    #expect(limit(.post, "/v1/a/files") == 5)
    #expect(limit(.put, "/v1/a/files") == nil)
    #expect(limit(.post, "/v1/a/files/files") == nil)
    #expect(limit(.post, "files") == nil)
    #expect(throws: RouteConflict.self) { try Router([streaming("/v1/{tenant}")]) }
  }

  @Test("two routes with one method and path, or with one operation id, are refused")
  func conflicts() {
    #expect(throws: RouteConflict.self) { try Router([Self.route(.get, "/a/{x}", "one"), Self.route(.get, "/a/{y}", "two")]) }
    #expect(throws: RouteConflict.self) { try Router([Self.route(.get, "/a", "one"), Self.route(.get, "/b", "one")]) }
  }
}
