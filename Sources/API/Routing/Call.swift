// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Store

/// A request on its way through a route: who asks, in which office, since when, and what was asked.
///
/// A class, because it is large and every function that works on a request holds it across what it waits for.
package final class Call: Sendable {
  package let request: Request
  package let route: Route
  /// The raw octets of the path's variable segments, in the template's order.
  let variables: [ArraySlice<UInt8>]
  package let language: Language
  /// The instant at which the request was taken up; everything that it decides is decided for this instant.
  package let now: Instant
  private let caller: Principal?
  private let place: Office?

  /// The office that the path names, as far as it concerns the caller.
  package struct Office: Sendable {
    package let tenant: TenantID
    package let code: String
    package let membership: Membership

    package init(tenant: TenantID, code: String, membership: Membership) {
      self.tenant = tenant
      self.code = code
      self.membership = membership
    }
  }

  init(
    request: Request, route: Route, variables: [ArraySlice<UInt8>], language: Language, now: Instant, principal: Principal?, office: Office?
  ) {
    self.request = request
    self.route = route
    self.variables = variables
    self.language = language
    self.now = now
    caller = principal
    place = office
  }

  /// Who asks.
  ///
  /// - Throws: 401 where nobody is signed in, which only a route open to anyone can meet.
  package var principal: Principal {
    get throws(Problem) {
      guard let caller else { throw Problem.noSession }
      return caller
    }
  }

  /// The office in whose context the call runs.
  ///
  /// - Throws: 404 where the route is none of an office's.
  package var office: Office {
    get throws(Problem) {
      guard let place else { throw Problem.notFound }
      return place
    }
  }

  /// Where the answers to its repeats are kept.
  var answers: AnswerStore.Place { place.map { .office($0.tenant) } ?? .platform }

  /// The same call in one of the offices that its caller belongs to.
  func entering(_ office: Office) -> Call {
    Call(request: request, route: route, variables: [], language: language, now: now, principal: caller, office: office)
  }

  /// The vendor that the caller belongs to; nil for others.
  ///
  /// - Throws: 404 where the route is none of an office's.
  package var vendor: String? {
    get throws(Problem) { try office.membership.side == .vendor ? principal.organisation : nil }
  }

  /// The decoded text of a variable segment of the path, by its place in the template.
  ///
  /// - Throws: 404 for what cannot name anything.
  package func variable(_ position: Int) throws -> String {
    guard variables.indices.contains(position) else { throw Problem.notFound }
    return try Self.decoded(variables[position])
  }

  static func decoded(_ octets: ArraySlice<UInt8>) throws -> String {
    guard octets.contains(UInt8(ascii: "%")) else { return String(decoding: octets, as: UTF8.self) }
    let span = octets.span
    guard let text = PercentEncoding.decode(span, span.indices, plusIsSpace: false) else { throw Problem.notFound }
    return text
  }

  /// The identifier in a variable segment of the path.
  ///
  /// - Throws: 404 when it is none: nothing has such a name.
  package func identifier(_ position: Int) throws -> UUIDv7 {
    guard variables.indices.contains(position) else { throw Problem.notFound }
    guard let identifier = try UUIDv7(utf8: variables[position]) ?? UUIDv7(variable(position)) else { throw Problem.notFound }
    return identifier
  }

  /// Reads the body as JSON of a shape.
  ///
  /// - Throws: 415 for another media type, 400 for what is not JSON, 422 with every fault for another shape.
  package func decodeBody<Value>(_ shape: Shape<Value>) throws -> Value {
    guard let type = request.headers.octets(.contentType), MediaType.isJSON(type) else { throw Problem.notJSON }
    let json: JSON
    do {
      json = try JSON.parse(request.body)
    } catch {
      throw Problem.malformed(error)
    }
    switch shape.decode(json) {
    case .success(let value): return value
    case .failure(let faults): throw Problem(faults)
    }
  }
}
