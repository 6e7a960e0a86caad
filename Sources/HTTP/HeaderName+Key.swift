// SPDX-License-Identifier: Apache-2.0

extension HeaderName {
  /// The common names, numbered; the number is stored with each field, so that looking one up compares no text.
  enum Key: UInt8, Sendable, CaseIterable {
    case other
    case accept, acceptEncoding, acceptLanguage, allow, authorization, cacheControl, connection, contentDisposition, contentEncoding
    case contentLanguage, contentLength, contentSecurityPolicy, contentType, cookie, date, entityTag, expect, forwarded, host
    case idempotencyKey, ifMatch, ifModifiedSince, ifNoneMatch, keepAlive, lastModified, link, location, origin, range, referer
    case retryAfter, server, setCookie, trailer, transferEncoding, upgrade, userAgent, vary, wwwAuthenticate, xForwardedFor
    case xForwardedProto, xRequestID

    /// The number's bit in a set of names.
    var bit: UInt64 { 1 << UInt64(rawValue) }

    /// The usual spelling.
    var text: StaticString {
      switch self {
      case .other: ""
      case .accept: "Accept"
      case .acceptEncoding: "Accept-Encoding"
      case .acceptLanguage: "Accept-Language"
      case .allow: "Allow"
      case .authorization: "Authorization"
      case .cacheControl: "Cache-Control"
      case .connection: "Connection"
      case .contentDisposition: "Content-Disposition"
      case .contentEncoding: "Content-Encoding"
      case .contentLanguage: "Content-Language"
      case .contentLength: "Content-Length"
      case .contentSecurityPolicy: "Content-Security-Policy"
      case .contentType: "Content-Type"
      case .cookie: "Cookie"
      case .date: "Date"
      case .entityTag: "ETag"
      case .expect: "Expect"
      case .forwarded: "Forwarded"
      case .host: "Host"
      case .idempotencyKey: "Idempotency-Key"
      case .ifMatch: "If-Match"
      case .ifModifiedSince: "If-Modified-Since"
      case .ifNoneMatch: "If-None-Match"
      case .keepAlive: "Keep-Alive"
      case .lastModified: "Last-Modified"
      case .link: "Link"
      case .location: "Location"
      case .origin: "Origin"
      case .range: "Range"
      case .referer: "Referer"
      case .retryAfter: "Retry-After"
      case .server: "Server"
      case .setCookie: "Set-Cookie"
      case .trailer: "Trailer"
      case .transferEncoding: "Transfer-Encoding"
      case .upgrade: "Upgrade"
      case .userAgent: "User-Agent"
      case .vary: "Vary"
      case .wwwAuthenticate: "WWW-Authenticate"
      case .xForwardedFor: "X-Forwarded-For"
      case .xForwardedProto: "X-Forwarded-Proto"
      case .xRequestID: "X-Request-Id"
      }
    }
  }
}

extension HeaderName.Key {
  /// Recognises a name whatever its case; `other` when it is not a common one.
  init(_ name: Span<UInt8>) {
    let candidates: InlineArray<5, Self>
    switch name.count {
    case 4: candidates = [.host, .date, .entityTag, .vary, .link]
    case 5: candidates = [.allow, .range, .other, .other, .other]
    case 6: candidates = [.accept, .cookie, .origin, .expect, .server]
    case 7: candidates = [.referer, .upgrade, .trailer, .other, .other]
    case 8: candidates = [.ifMatch, .location, .other, .other, .other]
    case 9: candidates = [.forwarded, .other, .other, .other, .other]
    case 10: candidates = [.connection, .userAgent, .keepAlive, .setCookie, .other]
    case 11: candidates = [.retryAfter, .other, .other, .other, .other]
    case 12: candidates = [.contentType, .xRequestID, .other, .other, .other]
    case 13: candidates = [.authorization, .cacheControl, .ifNoneMatch, .lastModified, .other]
    case 14: candidates = [.contentLength, .other, .other, .other, .other]
    case 15: candidates = [.acceptEncoding, .acceptLanguage, .idempotencyKey, .xForwardedFor, .other]
    case 16: candidates = [.contentEncoding, .contentLanguage, .wwwAuthenticate, .other, .other]
    case 17: candidates = [.transferEncoding, .ifModifiedSince, .xForwardedProto, .other, .other]
    case 19: candidates = [.contentDisposition, .other, .other, .other, .other]
    case 23: candidates = [.contentSecurityPolicy, .other, .other, .other, .other]
    default: candidates = [.other, .other, .other, .other, .other]
    }
    for index in candidates.indices where Self.matches(name, candidates[index]) {
      self = candidates[index]
      return
    }
    self = .other
  }

  private static func matches(_ name: Span<UInt8>, _ key: Self) -> Bool {
    let text = key.text
    guard key != .other, name.count == text.utf8CodeUnitCount else { return false }
    for index in name.indices where name[index].lowercased != text.utf8Start[index].lowercased { return false }
    return true
  }
}
