// SPDX-License-Identifier: Apache-2.0

/// The name of a header field, always from a literal of the program, so that no input can shape one.
package struct HeaderName: Sendable, ExpressibleByStringLiteral {
  /// The name's number in the index of common names.
  let key: Key
  /// The spelling that goes on the wire.
  let text: StaticString

  init(_ key: Key) {
    self.key = key
    text = key.text
  }

  /// A name in any case; a common one is recognised.
  package init(stringLiteral literal: StaticString) {
    let octets = Span(_unsafeStart: literal.utf8Start, count: literal.utf8CodeUnitCount)
    precondition(!octets.isEmpty, "a header name is not empty")
    for index in octets.indices { precondition(octets[index].isTokenCharacter, "a header name is a token") }
    key = Key(octets)
    text = literal
  }
}

extension HeaderName: CustomStringConvertible {
  package var description: String { "\(text)" }
}

extension HeaderName {
  package static var accept: HeaderName { HeaderName(.accept) }
  package static var acceptLanguage: HeaderName { HeaderName(.acceptLanguage) }
  package static var allow: HeaderName { HeaderName(.allow) }
  package static var authorization: HeaderName { HeaderName(.authorization) }
  package static var cacheControl: HeaderName { HeaderName(.cacheControl) }
  package static var connection: HeaderName { HeaderName(.connection) }
  package static var contentDisposition: HeaderName { HeaderName(.contentDisposition) }
  package static var contentLanguage: HeaderName { HeaderName(.contentLanguage) }
  package static var contentLength: HeaderName { HeaderName(.contentLength) }
  package static var contentSecurityPolicy: HeaderName { HeaderName(.contentSecurityPolicy) }
  package static var contentType: HeaderName { HeaderName(.contentType) }
  package static var cookie: HeaderName { HeaderName(.cookie) }
  package static var date: HeaderName { HeaderName(.date) }
  package static var entityTag: HeaderName { HeaderName(.entityTag) }
  package static var expect: HeaderName { HeaderName(.expect) }
  package static var host: HeaderName { HeaderName(.host) }
  package static var idempotencyKey: HeaderName { HeaderName(.idempotencyKey) }
  package static var ifMatch: HeaderName { HeaderName(.ifMatch) }
  package static var ifNoneMatch: HeaderName { HeaderName(.ifNoneMatch) }
  package static var location: HeaderName { HeaderName(.location) }
  package static var origin: HeaderName { HeaderName(.origin) }
  package static var retryAfter: HeaderName { HeaderName(.retryAfter) }
  package static var setCookie: HeaderName { HeaderName(.setCookie) }
  package static var transferEncoding: HeaderName { HeaderName(.transferEncoding) }
  package static var userAgent: HeaderName { HeaderName(.userAgent) }
  package static var vary: HeaderName { HeaderName(.vary) }
  package static var wwwAuthenticate: HeaderName { HeaderName(.wwwAuthenticate) }
  package static var xForwardedFor: HeaderName { HeaderName(.xForwardedFor) }
  package static var xRequestID: HeaderName { HeaderName(.xRequestID) }
}
