// SPDX-License-Identifier: Apache-2.0

/// A route's path with its variable segments, as OpenAPI writes it: `/v1/tenants/{tenant}/incidents/{incident}`.
package struct PathTemplate: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  package enum Segment: Sendable, Hashable {
    case fixed(String)
    case variable(String)
  }

  package let segments: [Segment]

  package init(stringLiteral value: String) {
    segments = value.split(separator: "/").map { part in
      part.hasPrefix("{") && part.hasSuffix("}") ? .variable(String(part.dropFirst().dropLast())) : .fixed(String(part))
    }
  }

  /// The names of the variable segments, in the path's order.
  package var variables: [String] {
    segments.compactMap { if case .variable(let name) = $0 { name } else { nil } }
  }

  package var description: String {
    "/"
      + segments.map { segment in
        switch segment {
        case .fixed(let text): text
        case .variable(let name): "{\(name)}"
        }
      }.joined(separator: "/")
  }
}
