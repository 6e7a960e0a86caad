// SPDX-License-Identifier: Apache-2.0
import HTTP

/// Finds the route of a request: a tree over the path's segments, with a fixed segment preferred to a variable one.
package struct Router: Sendable {
  /// What stands at a request's path.
  package enum Match: Sendable {
    /// A route, with the raw octets of the path's variable segments in their order.
    case found(Route, variables: [ArraySlice<UInt8>])
    /// The path exists, for these other methods.
    case otherMethods([Method])
    case nothing
  }

  private struct Node: Sendable {
    var fixed: [(name: [UInt8], node: Int)] = []
    var variable: Int?
    var routes: [(method: Method, route: Route)] = []
  }

  package let routes: [Route]
  private var nodes = [Node()]
  /// The last segments of the paths whose routes read their content as it comes.
  private var streamedEndings: [[UInt8]] = []

  /// - Throws: `RouteConflict` when two routes share method and path, or have the same operation id. A path that ends in a variable
  ///   cannot be that of a route that reads its content as it comes.
  package init(_ routes: [Route]) throws(RouteConflict) {
    self.routes = routes
    var identifiers: Set<String> = []
    for route in routes {
      guard identifiers.insert(route.operation.id).inserted else { throw RouteConflict(route: "operation \(route.operation.id)") }
      var node = 0
      for segment in route.path.segments { node = child(of: node, segment) }
      guard !nodes[node].routes.contains(where: { $0.method == route.method }) else {
        throw RouteConflict(route: "\(route.method) \(route.path)")
      }
      nodes[node].routes.append((route.method, route))
      guard route.streamed != nil else { continue }
      guard case .fixed(let ending) = route.path.segments.last else { throw RouteConflict(route: "streamed \(route.path)") }
      streamedEndings.append(Array(ending.utf8))
    }
  }

  private mutating func child(of parent: Int, _ segment: PathTemplate.Segment) -> Int {
    switch segment {
    case .fixed(let name):
      let name = Array(name.utf8)
      if let known = nodes[parent].fixed.first(where: { $0.name == name }) { return known.node }
      nodes.append(Node())
      nodes[parent].fixed.append((name, nodes.count - 1))
    case .variable:
      if let known = nodes[parent].variable { return known }
      nodes.append(Node())
      nodes[parent].variable = nodes.count - 1
    }
    return nodes.count - 1
  }

  /// How many octets of content the route of a request takes as they come; nil where it is given its content whole.
  package func streamed(_ method: Method, _ path: ArraySlice<UInt8>) -> Int? {
    // Asked for every request with content: most are known by their path's end.
    guard streamedEndings.contains(where: { path.count > $0.count && path.suffix($0.count).elementsEqual($0) }) else { return nil }
    guard case .found(let route, _) = match(method, path) else { return nil }
    return route.streamed
  }

  /// Looks a method and a path up; HEAD is answered by the route for GET.
  package func match(_ method: Method, _ path: ArraySlice<UInt8>) -> Match {
    guard path.first == UInt8(ascii: "/") else { return .nothing }
    var node = 0
    var variables: [ArraySlice<UInt8>] = []
    var start = path.startIndex + 1
    while true {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
      let segment = path[start..<end]
      if let next = nodes[node].fixed.first(where: { $0.name.count == segment.count && segment.elementsEqual($0.name) }) {
        node = next.node
      } else if let next = nodes[node].variable, !segment.isEmpty {
        node = next
        if variables.isEmpty { variables.reserveCapacity(4) }
        variables.append(segment)
      } else {
        return .nothing
      }
      guard end < path.endIndex else { break }
      start = end + 1
    }
    let candidates = nodes[node].routes
    guard !candidates.isEmpty else { return .nothing }
    let wanted = method == .head ? .get : method
    if let hit = candidates.first(where: { $0.method == wanted }) { return .found(hit.route, variables: variables) }
    return .otherMethods(candidates.map(\.method))
  }
}

/// A route that cannot stand in the table beside the others.
package struct RouteConflict: Error, Sendable, CustomStringConvertible {
  let route: String
  package var description: String { "cannot stand in the table: \(route)" }
}
