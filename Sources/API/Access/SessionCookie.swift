// SPDX-License-Identifier: Apache-2.0
import HTTP

/// The cookie of a browser's session: never sent to another site, never read by a script (RFC 6265bis, `__Host-` prefix).
package enum SessionCookie {
  package static let name = "__Host-jiesu"

  /// The header that gives the browser its session.
  static func set(_ token: String, seconds: Int) -> HeaderValue {
    HeaderValue("\(name)=\(token); Path=/; Max-Age=\(seconds); HttpOnly; Secure; SameSite=Strict") ?? clear
  }

  /// The header that takes it away.
  static let clear: HeaderValue = "__Host-jiesu=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"

  static func token(in request: Request) -> ArraySlice<UInt8>? { request.cookie("__Host-jiesu") }

  /// Whether a browser's request that changes something comes from a page of ours.
  ///
  /// `Origin` must name the host that was asked; a browser that sends none must say `Sec-Fetch-Site: same-origin`.
  static func isFromOurPage(_ request: Request) -> Bool {
    if let origin = request.headers[.origin] {
      guard let host = request.authority, let separator = origin.firstRange(of: "://") else { return false }
      return origin[separator.upperBound...].lowercased() == host.lowercased()
    }
    return request.headers["Sec-Fetch-Site"] == "same-origin"
  }
}
