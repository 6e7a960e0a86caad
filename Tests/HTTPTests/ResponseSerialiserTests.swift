// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Responses on the wire")
struct ResponseSerialiserTests {
  private func text(_ response: Response, isHead: Bool = false, closes: Bool = false, id: RequestID? = nil) -> String {
    var octets: [UInt8] = []
    ResponseSerialiser(second: 784_111_777).append(response, in: .init(isHead: isHead, closes: closes, id: id), to: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  @Test("a response has its status, date, fields, length and content")
  func whole() {
    #expect(
      text(.text("hello\n"), closes: true, id: RequestID(process: 0x12AB, number: 0xF)) == """
        HTTP/1.1 200 OK\r
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        Content-Type: text/plain; charset=utf-8\r
        X-Request-Id: 000012ab-000000000000000f\r
        Connection: close\r
        Content-Length: 6\r
        \r
        hello

        """)
  }

  @Test("an answer to HEAD has the length and no content")
  func head() {
    #expect(text(.text("hello"), isHead: true).hasSuffix("Content-Length: 5\r\n\r\n"))
  }

  @Test("an answer that is made while it is sent has its length, or chunks, or in HTTP/1.0 the connection's end")
  func streamed() {
    let unknown = Response(.ok, body: .stream(ResponseStream { _ in }))
    let known = Response(.ok, body: .stream(ResponseStream(length: 7) { _ in }))
    #expect(text(unknown).hasSuffix("GMT\r\nTransfer-Encoding: chunked\r\n\r\n"))
    #expect(text(known).hasSuffix("GMT\r\nContent-Length: 7\r\n\r\n"))
    var octets: [UInt8] = []
    ResponseSerialiser(second: 0).append(unknown, in: .init(isHead: false, closes: true, isOld: true, id: nil), to: &octets)
    #expect(String(decoding: octets, as: UTF8.self).hasSuffix("GMT\r\nConnection: close\r\n\r\n"))
    #expect(Response(.notModified, body: unknown.body).stream == nil)
  }

  @Test("chunks say their size", arguments: [(1, "1"), (15, "f"), (16, "10"), (255, "ff"), (256, "100"), (65536, "10000")])
  func chunks(_ count: Int, _ size: String) {
    let piece = [UInt8](repeating: 0x78, count: count)
    var octets: [UInt8] = []
    ResponseSerialiser.appendChunk(piece, to: &octets)
    #expect(octets == [UInt8]("\(size)\r\n") + piece + [13, 10])
    octets = []
    ResponseSerialiser.appendChunk([], to: &octets)
    #expect(octets.isEmpty)
    ResponseSerialiser.appendLastChunk(to: &octets)
    #expect(octets == [UInt8]("0\r\n\r\n"))
  }

  @Test("204 and 304 have neither length nor content", arguments: [Status.noContent, .notModified])
  func bodiless(_ status: Status) {
    let text = text(Response(status, headers: [.entityTag: "\"1\""], body: .octets([1, 2, 3])))
    #expect(!text.contains("Content-Length"))
    #expect(text.hasSuffix("ETag: \"1\"\r\n\r\n"))
  }

  @Test("a response cannot bring its own framing")
  func framing() {
    let text = text(
      Response(
        .ok,
        headers: [
          "content-length": "99", .transferEncoding: "chunked", .connection: "upgrade", .date: "yesterday", .xRequestID: "x",
          .vary: "Accept",
        ]))
    #expect(
      text == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nVary: Accept\r\nContent-Length: 0\r\n\r\n")
  }

  @Test("a status without a standard phrase is written with an empty one")
  func phrase() {
    #expect(text(Response(Status(299))).hasPrefix("HTTP/1.1 299 \r\n"))
  }

  @Test(
    "a value that could end its field cannot be made",
    arguments: [
      "a\r\nSet-Cookie: x", "a\nb", "a\rb", "a\0b", "\u{7F}", " a", "a ", "\ta", "安定",
    ])
  func injection(_ value: String) {
    #expect(HeaderValue(value) == nil)
  }

  @Test("a sound value is kept as it is", arguments: ["", "a", "a b\tc", "\"x\"; y=1"])
  func values(_ value: String) {
    #expect(HeaderValue(value)?.description == value)
  }

  @Test(
    "dates are those of the calendar",
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
      (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"), (1_795_219_199, "Fri, 20 Nov 2026 23:59:59 GMT"),
      (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
  func dates(_ second: Int64, _ text: String) {
    var date = HTTPDate(second: 1)
    date.move(to: second)
    #expect(String(decoding: date.octets, as: UTF8.self) == text)
  }
}

@Suite("Header fields")
struct HeadersTests {
  @Test("fields are found whatever their case, in their order")
  func lookup() throws {
    var headers: Headers = ["X-One": "1", .contentType: "a/b", "x-one": "2"]
    headers.append(.vary, HeaderValue(7))
    #expect(headers["X-ONE"] == "1, 2")
    #expect(headers.values("x-one") == ["1", "2"])
    #expect(headers["content-TYPE"] == "a/b")
    #expect(headers.contains(.vary))
    #expect(!headers.contains(.accept))
    #expect(!headers.contains("X-On"))
    #expect(headers.map(\.name) == ["X-One", "Content-Type", "x-one", "Vary"])
    #expect(headers.map(\.value) == ["1", "a/b", "2", "7"])
  }

  @Test("every common name is recognised in any case", arguments: HeaderName.Key.allCases)
  func names(_ key: HeaderName.Key) {
    guard key != .other else { return }
    for spelling in ["\(key.text)", "\(key.text)".uppercased(), "\(key.text)".lowercased()] {
      let octets = [UInt8](spelling)
      #expect(HeaderName.Key(octets.span) == key)
    }
  }

  @Test(
    "peers read as addresses",
    arguments: [
      (Peer.v4(0x7F00_0001, port: 80), "127.0.0.1:80"), (.v6(0x2001_0DB8_0000_0000, 1, port: 8080), "[2001:db8:0:0:0:0:0:1]:8080"),
      (.v6(0, 0xFFFF_C000_0201, port: 1), "[192.0.2.1]:1"), (.none, "-"),
    ])
  func peers(_ peer: Peer, _ text: String) {
    #expect(peer.description == text)
  }
}
