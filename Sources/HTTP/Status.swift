// SPDX-License-Identifier: Apache-2.0

/// The three-digit final answer to a request (RFC 9110 §15); interim ones are the server's own affair.
package struct Status: Sendable, Hashable {
  package let code: UInt16

  /// A status by its code.
  ///
  /// - Parameter code: 200 to 599; anything else is a mistake of the program.
  package init(_ code: UInt16) {
    precondition((200...599).contains(code), "a final status is 200 to 599")
    self.code = code
  }

  /// The first digit: 2 success, 3 redirection, 4 the client's error, 5 the server's.
  package var family: Int { Int(code / 100) }

  /// Whether an answer with this status can have a body (RFC 9110 §6.4.1).
  package var allowsBody: Bool { code != 204 && code != 304 }

  package static var ok: Status { Status(200) }
  package static var created: Status { Status(201) }
  package static var accepted: Status { Status(202) }
  package static var noContent: Status { Status(204) }
  package static var seeOther: Status { Status(303) }
  package static var notModified: Status { Status(304) }
  package static var badRequest: Status { Status(400) }
  package static var unauthorized: Status { Status(401) }
  package static var forbidden: Status { Status(403) }
  package static var notFound: Status { Status(404) }
  package static var methodNotAllowed: Status { Status(405) }
  package static var notAcceptable: Status { Status(406) }
  package static var requestTimeout: Status { Status(408) }
  package static var conflict: Status { Status(409) }
  package static var gone: Status { Status(410) }
  package static var preconditionFailed: Status { Status(412) }
  package static var contentTooLarge: Status { Status(413) }
  package static var targetTooLong: Status { Status(414) }
  package static var unsupportedMediaType: Status { Status(415) }
  package static var expectationFailed: Status { Status(417) }
  package static var unprocessableContent: Status { Status(422) }
  package static var preconditionRequired: Status { Status(428) }
  package static var tooManyRequests: Status { Status(429) }
  package static var headersTooLarge: Status { Status(431) }
  package static var internalServerError: Status { Status(500) }
  package static var notImplemented: Status { Status(501) }
  package static var serviceUnavailable: Status { Status(503) }
  package static var versionNotSupported: Status { Status(505) }

  /// The standard phrase beside the code; empty when there is none, as RFC 9112 §4 allows.
  package var reason: StaticString {
    switch code {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 206: "Partial Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 416: "Range Not Satisfiable"
    case 417: "Expectation Failed"
    case 421: "Misdirected Request"
    case 422: "Unprocessable Content"
    case 428: "Precondition Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
  }
}

extension Status: CustomStringConvertible {
  package var description: String { "\(code) \(reason)" }
}
