// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

/// One malformed message and what it has to be refused with.
struct Malformed: Sendable, CustomTestStringConvertible {
  let name: String
  let octets: [UInt8]
  let refusal: Refusal

  init(_ name: String, _ text: String, _ refusal: Refusal) {
    self.name = name
    octets = Array(text.utf8)
    self.refusal = refusal
  }

  /// A GET with the given field lines after its Host.
  static func fields(_ name: String, _ lines: String, _ refusal: Refusal) -> Malformed {
    Malformed(name, "GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n", refusal)
  }

  /// A chunked POST with the given content.
  static func chunks(_ name: String, _ content: String, _ refusal: Refusal) -> Malformed {
    Malformed(name, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(content)", refusal)
  }

  var testDescription: String { name }
}

@Suite("What the parser refuses")
struct RefusalTests {
  static let framing: [Malformed] = [
    .fields("length and chunked", "Content-Length: 4\r\nTransfer-Encoding: chunked", .conflictingLength),
    .fields("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 4", .conflictingLength),
    .fields("two differing lengths", "Content-Length: 4\r\nContent-Length: 5", .repeatedField),
    .fields("two equal lengths", "Content-Length: 4\r\nContent-Length: 4", .repeatedField),
    .fields("two lengths in one field", "Content-Length: 4, 4", .badContentLength),
    .fields("a length with a plus", "Content-Length: +4", .badContentLength),
    .fields("a negative length", "Content-Length: -4", .badContentLength),
    .fields("an empty length", "Content-Length:", .badContentLength),
    .fields("a length of spaces", "Content-Length:   ", .badContentLength),
    .fields("a hexadecimal length", "Content-Length: 0x4", .badContentLength),
    .fields("a length with a space inside", "Content-Length: 1 0", .badContentLength),
    .fields("a length with an underscore", "Content-Length: 1_0", .badContentLength),
    .fields("a length in full-width digits", "Content-Length: １", .badContentLength),
    .fields("a length just beyond 63 bits", "Content-Length: 9223372036854775808", .badContentLength),
    .fields("a length beyond 64 bits", "Content-Length: 18446744073709551620", .badContentLength),
    .fields("a length that is a decimal fraction", "Content-Length: 4.0", .badContentLength),
    .fields("space before the colon of a length", "Content-Length : 4", .badFieldName),
    .fields("tab before the colon of a length", "Content-Length\t: 4", .badFieldName),
    .fields("space before the colon of chunked", "Transfer-Encoding : chunked", .badFieldName),
    .fields("vertical tab before chunked", "Transfer-Encoding: \u{0B}chunked", .badFieldValue),
    .fields("an unknown coding", "Transfer-Encoding: xchunked", .badTransferEncoding),
    .fields("identity", "Transfer-Encoding: identity", .badTransferEncoding),
    .fields("gzip", "Transfer-Encoding: gzip", .badTransferEncoding),
    .fields("gzip and chunked", "Transfer-Encoding: gzip, chunked", .transferCodingNotSupported),
    .fields("chunked and gzip", "Transfer-Encoding: chunked, gzip", .badTransferEncoding),
    .fields("chunked twice in one field", "Transfer-Encoding: chunked, chunked", .badTransferEncoding),
    .fields("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .repeatedField),
    .fields("chunked and another", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", .repeatedField),
    .fields("an empty coding", "Transfer-Encoding:", .badTransferEncoding),
    .fields("chunked with a parameter", "Transfer-Encoding: chunked;q=1", .badTransferEncoding),
    .fields("chunked in quotes", "Transfer-Encoding: \"chunked\"", .badTransferEncoding),
    .fields("chunked after a line feed", "X: x\nTransfer-Encoding: chunked", .bareLineFeed),
    .fields("chunked after a carriage return", "X: x\rTransfer-Encoding: chunked", .badFieldValue),
    .fields("an indented field", " Transfer-Encoding: chunked", .foldedField),
    .fields("a folded field", "X: a\r\n b", .foldedField),
    .fields("a field folded by a tab", "Transfer-Encoding:\r\n\tchunked", .badTransferEncoding),
    Malformed("an indented first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedField),
    Malformed(
      "chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .badTransferEncoding),
  ]

  static let fields: [Malformed] = [
    .fields("no colon", "Nothing", .badFieldName),
    .fields("an empty name", ": x", .badFieldName),
    .fields("a name in brackets", "[X]: x", .badFieldName),
    .fields("a name beyond ASCII", "Ä: x", .badFieldName),
    .fields("NUL in a name", "X\0Y: x", .badFieldName),
    .fields("NUL in a value", "X: a\0b", .badFieldValue),
    .fields("DEL in a value", "X: a\u{7F}b", .badFieldValue),
    .fields("escape character in a value", "X: \u{1B}[0m", .badFieldValue),
    .fields("carriage return at a value's end", "X: a\r", .badFieldValue),
    .fields("two types of content", "Content-Type: a/b\r\nContent-Type: a/b", .repeatedField),
    .fields("two authorizations", "Authorization: a\r\nAuthorization: b", .repeatedField),
    .fields("two cookie fields", "Cookie: a=1\r\nCookie: b=2", .repeatedField),
    .fields("a connection option that is no token", "Connection: (close)", .badConnection),
    .fields("an unknown expectation", "Expect: 200-ok", .expectationNotMet),
    .fields("an empty expectation", "Expect:", .expectationNotMet),
    Malformed("no host", "GET / HTTP/1.1\r\n\r\n", .missingHost),
    Malformed("no host beside an absolute target", "GET http://a/ HTTP/1.1\r\n\r\n", .missingHost),
    .fields("two hosts", "Host: b", .repeatedField),
    .fields("two equal hosts", "host: a", .repeatedField),
  ]

  static let hosts: [Malformed] = [
    "", "a b", "a/b", "a@b", "a,b", "a:b", "a:80:80", "a:65536", "a:000080", "a:-1", ":80", "[", "[]", "[::1", "[::1]x", "[::1]:x",
    "::1", "[:1]", "[g::1]", "a?b", "a#b", "a%62", "a\\b", "ä", "<script>", "[1:2:3:4:5:6:7:8:9]",
  ].map { Malformed("host \($0)", "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n", .badHost) }

  static let lines: [Malformed] = [
    Malformed("only line feeds", "GET / HTTP/1.1\nHost: a\n\n", .bareLineFeed),
    Malformed("a line feed at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
    Malformed("carriage return in the line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
    Malformed("only carriage returns", "GET / HTTP/1.1\rHost: a\r\r\n", .badRequestLine),
    Malformed("two empty lines before", "\r\n\r\nGET / HTTP/1.1\r\n", .badRequestLine),
    Malformed("line feed before", "\nGET / HTTP/1.1\r\n", .bareLineFeed),
    Malformed("space before", " GET / HTTP/1.1\r\n", .badMethod),
    Malformed("two spaces", "GET  / HTTP/1.1\r\n", .badTarget),
    Malformed("a tab between", "GET\t/ HTTP/1.1\r\n", .badMethod),
    Malformed("two spaces before the version", "GET /  HTTP/1.1\r\n", .badTarget),
    Malformed("space after the version", "GET / HTTP/1.1 \r\n", .badRequestLine),
    Malformed("no version", "GET /\r\n", .badRequestLine),
    Malformed("no target", "GET HTTP/1.1\r\n", .badRequestLine),
    Malformed("an empty target", "GET  HTTP/1.1\r\n", .badTarget),
    Malformed("one word", "GET\r\n", .badRequestLine),
    Malformed("a small version", "GET / http/1.1\r\n", .badRequestLine),
    Malformed("a long version", "GET / HTTP/1.10\r\n", .badRequestLine),
    Malformed("a version without a minor", "GET / HTTP/1\r\n", .badRequestLine),
    Malformed("HTTP/0.9", "GET / HTTP/0.9\r\n", .versionNotSupported),
    Malformed("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported),
    Malformed("a method in parentheses", "(GET) / HTTP/1.1\r\n", .badMethod),
    Malformed("NUL in a method", "G\0T / HTTP/1.1\r\n", .badMethod),
    Malformed("a method of 33 letters", "\(String(repeating: "A", count: 33)) / HTTP/1.1\r\n", .methodNotSupported),
    Malformed("a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotSupported),
    Malformed("TLS", "\u{16}\u{03}\u{01}\u{00}\u{7F} \r\n", .badMethod),
  ]

  static let targets: [Malformed] =
    [
      ("a", .badTarget), ("*", .badTarget), ("/a#b", .badTarget), ("/a\\b", .badTarget), ("/{a}", .badTarget), ("/a|b", .badTarget),
      ("/\"", .badTarget), ("/ä", .badTarget), ("/a^b", .badTarget), ("/<", .badTarget), ("/\u{01}", .badTarget), ("/?a=[1]", .badTarget),
      ("?a", .badTarget), ("a:443", .badTarget), ("http://", .badTarget), ("http:///a", .badTarget), ("ftp://a/", .badTarget),
      ("http://u@a/", .badTarget), ("http://a b/", .badTarget), ("http:/a", .badTarget), ("http://a:99999/", .badTarget),
      ("/%", .badEscape), ("/%4", .badEscape), ("/%4g", .badEscape), ("/%%41", .badEscape), ("/%00", .badEscape), ("/%C0%AF", .badEscape),
      ("/%C0%80", .badEscape), ("/%E0%80%AF", .badEscape), ("/%ED%A0%80", .badEscape), ("/%F4%90%80%80", .badEscape), ("/%FF", .badEscape),
      ("/%C3/%A9", .badEscape), ("/a?%", .badEscape), ("/a?b=%00", .badEscape), ("/a?b=%C0%AF", .badEscape), ("/a?%zz=b", .badEscape),
      ("/a?b=%C3&c=%A9", .badEscape), ("/%u0041", .badEscape),
      ("/.", .dotSegment), ("/..", .dotSegment), ("/a/../b", .dotSegment), ("/a/./b", .dotSegment), ("/%2e", .dotSegment),
      ("/a/%2E%2e/b", .dotSegment), ("/.%2e", .dotSegment), ("/%2e.?x", .dotSegment), ("/..?x", .dotSegment),
      ("http://a/..", .dotSegment),
    ].map { (target: String, refusal: Refusal) in
      Malformed("target \(target)", "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n", refusal)
    }

  static let chunks: [Malformed] = [
    .chunks("no size", "\r\nabc\r\n", .badChunkSize),
    .chunks("a size that is no number", "g\r\n", .badChunkSize),
    .chunks("a size with 0x", "0x3\r\nabc\r\n", .badChunkSize),
    .chunks("a size with a sign", "+3\r\nabc\r\n", .badChunkSize),
    .chunks("a negative size", "-3\r\nabc\r\n", .badChunkSize),
    .chunks("a space before the size", " 3\r\nabc\r\n", .badChunkSize),
    .chunks("a space after the size", "3 \r\nabc\r\n", .badChunkSize),
    .chunks("a size of 17 digits", "00000000000000003\r\nabc\r\n", .badChunkSize),
    .chunks("a size of 2^64 - 1", "ffffffffffffffff\r\nabc\r\n", .bodyTooLarge),
    .chunks("a size of 2^63", "8000000000000000\r\nabc\r\n", .bodyTooLarge),
    .chunks("a size ended by a line feed", "3\nabc\r\n", .bareLineFeed),
    .chunks("a size ended by a carriage return", "3\rabc\r\n", .badChunkSize),
    .chunks("an underscore in the size", "1_0\r\n", .badChunkSize),
    .chunks("an extension without a name", "3;\r\nabc\r\n", .badChunkExtension),
    .chunks("an extension ended by a line feed", "3;a\nabc\r\n", .bareLineFeed),
    .chunks("an extension with a carriage return", "3;a\rb\r\nabc\r\n", .badChunkExtension),
    .chunks("an extension with an open quote", "3;a=\"b\r\nabc\r\n", .badChunkExtension),
    .chunks("an extension with a line feed in quotes", "3;a=\"\n\"\r\nabc\r\n", .bareLineFeed),
    .chunks("an extension with an escape at its end", "3;a=\"\\\r\nabc\r\n", .badChunkExtension),
    .chunks("an extension without a value", "3;a=\r\nabc\r\n", .badChunkExtension),
    .chunks("a NUL in an extension", "3;a\0\r\nabc\r\n", .badChunkExtension),
    .chunks("data longer than its size", "3\r\nabcd\r\n", .badChunkEnd),
    .chunks("data ended by a line feed", "3\r\nabc\n", .bareLineFeed),
    .chunks("data ended by a carriage return", "3\r\nabc\rx\n", .badChunkEnd),
    .chunks("a last chunk ended by a line feed", "0\r\n\n", .bareLineFeed),
    .chunks("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", .foldedField),
    .chunks("a trailer without a colon", "0\r\nA\r\n\r\n", .badFieldName),
    .chunks("a request instead of trailers", "0\r\nGET / HTTP/1.1\r\n\r\n", .badFieldName),
    .chunks("a NUL in a trailer", "0\r\nA: \0\r\n\r\n", .badFieldValue),
  ]

  @Test(
    "a malformed message is refused with its reason, however it is cut, and nothing after it is read",
    arguments: [
      framing, fields, hosts, lines, targets, chunks,
    ].flatMap { $0 })
  func refuses(_ message: Malformed) {
    let smuggled = message.octets + [UInt8]("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
    let whole = Transcript(smuggled)
    #expect(whole.refusal == message.refusal)
    #expect(whole.requests.isEmpty)
    #expect(whole.lines.count == 1)
    #expect(whole.phase == .refused)
    #expect(Transcript.byOctet(smuggled) == whole)
    for cut in smuggled.indices { #expect(Transcript(smuggled, cuts: [cut]) == whole) }
  }

  @Test("every refusal has a status of an error, a stable code and a sentence in both languages", arguments: Refusal.allCases)
  func explains(_ refusal: Refusal) {
    #expect(refusal.status.family >= 4)
    #expect(!"\(refusal.status.reason)".isEmpty)
    #expect("\(refusal.detail.chinese)".hasSuffix("。"))
    #expect("\(refusal.detail.english)".hasSuffix("."))
    let body = String(decoding: refusal.response.octets, as: UTF8.self)
    #expect(body.contains(#""code":"\#(refusal.rawValue)""#))
    #expect(body.contains(#""status":\#(refusal.status.code),"#))
  }

  @Test(
    "the reasons that are not the client's mistake have the statuses that the RFC names",
    arguments: [
      (Refusal.versionNotSupported, 505), (.methodNotSupported, 501), (.transferCodingNotSupported, 501), (.expectationNotMet, 417),
      (.bodyTooLarge, 413), (.targetTooLong, 414), (.headersTooLarge, 431), (.tooManyHeaders, 431), (.tooSlow, 408),
      (.conflictingLength, 400),
    ])
  func statuses(_ refusal: Refusal, _ code: Int) {
    #expect(Int(refusal.status.code) == code)
  }
}

extension Response {
  /// The content's octets.
  var octets: [UInt8] {
    switch body {
    case .none, .stream: []
    case .octets(let octets): octets
    }
  }
}
