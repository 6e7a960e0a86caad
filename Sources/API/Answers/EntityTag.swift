// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// A strong entity tag made of a row's version (RFC 9110 §8.8.3): `"7"`.
package struct EntityTag: Sendable, Equatable {
  package let version: Int64

  package init(version: Int64) { self.version = version }

  /// The tag as a header's value.
  package var headerValue: HeaderValue { HeaderValue("\"\(version)\"") ?? "\"0\"" }

  /// The version that the request says it changes.
  ///
  /// - Throws: 428 without `If-Match`, 412 where it is none of the tags that a row can have or is a list; `*` is no version.
  package static func required(by request: Request) throws -> EntityTag {
    guard let value = request.headers[.ifMatch] else { throw Problem.versionRequired }
    // A row's version is a positive Int32, written in one way.
    guard value.count > 2, let version = Int32(value.dropFirst().dropLast()), version > 0, value == "\"\(version)\"" else {
      throw Problem.changedSince
    }
    return EntityTag(version: Int64(version))
  }

  /// Whether the caller already has this version (`If-None-Match`, weak comparison).
  package func isKnown(to request: Request) -> Bool {
    guard let value = request.headers[.ifNoneMatch] else { return false }
    let mine = "\"\(version)\""
    return value.split(separator: ",").contains { item in
      let tag = item.drop { $0 == " " }
      return tag == "*" || tag == mine || tag == "W/" + mine
    }
  }
}

extension Response {
  /// A row as JSON, with the tag of its version.
  ///
  /// - Parameter location: of what the request made.
  static func json(_ bytes: [UInt8], version: Int64, at location: String? = nil, status: Status = .ok) -> Response {
    var response = Response.json(bytes, status: status)
    if let location = location.flatMap({ HeaderValue($0) }) { response.headers.append(.location, location) }
    response.headers.append(.entityTag, EntityTag(version: version).headerValue)
    return response
  }
}
