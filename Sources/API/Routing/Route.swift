// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// One entry of the route table, the single source for routing, permission, validation and the OpenAPI document.
///
/// A class, because every request carries its route through all that is done for it.
package final class Route: Sendable {
  package typealias Handler = @Sendable (Call) async throws -> Response

  package let method: Method
  package let path: PathTemplate
  package let access: Access
  package let operation: Operation
  /// Which of the path's variable segments names a contract of the office; nil where none does.
  let contract: Int?
  /// How many octets of content it takes as they come; nil for a route that is given its content whole.
  package let streamed: Int?
  package let handle: Handler

  /// A route whose request has no body.
  package convenience init(_ method: Method, _ path: PathTemplate, _ access: Access, _ operation: Operation, handle: @escaping Handler) {
    self.init(method, path, access, streamed: nil, operation, handle)
  }

  private init(
    _ method: Method, _ path: PathTemplate, _ access: Access, streamed: Int?, _ operation: Operation, _ handle: @escaping Handler
  ) {
    self.method = method
    self.path = path
    contract = path.variables.firstIndex(of: "contract")
    self.access = access
    self.operation = operation
    self.streamed = streamed
    self.handle = handle
  }

  /// A route that reads its content as it comes (`call.request.content`).
  ///
  /// - Parameters:
  ///   - limit: how many octets it takes; more is answered with 413.
  ///   - types: the media types that the content may have, for the API document.
  package convenience init(
    _ method: Method, _ path: PathTemplate, _ access: Access, streaming limit: Int, of types: [String], _ operation: Operation,
    handle: @escaping Handler
  ) {
    var operation = operation
    operation.body = { _ in ["type": "string", "format": "binary"] }
    operation.bodyTypes = types
    self.init(method, path, access, streamed: limit, operation, handle)
  }

  /// A route whose request has a JSON body of a given shape: a body of another shape is refused with every fault in it.
  package convenience init<Body: Sendable>(
    _ method: Method, _ path: PathTemplate, _ access: Access, body shape: Shape<Body>, _ operation: Operation,
    handle: @escaping @Sendable (Call, Body) async throws -> Response
  ) {
    var operation = operation
    operation.body = { shape.schema(collecting: &$0) }
    self.init(method, path, access, operation) { call in
      try await handle(call, call.decodeBody(shape))
    }
  }
}
