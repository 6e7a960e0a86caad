// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("What the parser accepts")
struct RequestParserTests {
  private func requests(_ text: String, limits: RequestParser.Limits = .init()) throws -> [Request] {
    let octets = [UInt8](text)
    let whole = Transcript(octets, limits: limits)
    #expect(whole.refusal == nil)
    #expect(Transcript.byOctet(octets, limits: limits) == whole)
    for cut in octets.indices { #expect(Transcript(octets, cuts: [cut], limits: limits) == whole) }
    return whole.requests
  }

  private func request(_ text: String) throws -> Request {
    let requests = try requests(text)
    #expect(requests.count == 1)
    return try #require(requests.first)
  }

  @Test("a request without content ends with its empty line")
  func simple() throws {
    let request = try request("GET /v1/session?lang=zh HTTP/1.1\r\nHost: example.org:8080\r\nAccept:*/*\r\nX-Odd:  \ta b \t\r\n\r\n")
    #expect(request.method == .get)
    #expect(request.target.segments == ["v1", "session"])
    #expect(request.target.query["lang"] == "zh")
    #expect(request.authority == "example.org:8080")
    #expect(request.headers[.accept] == "*/*")
    #expect(request.headers["x-odd"] == "a b")
    #expect(request.headers["X-Absent"] == nil)
    #expect(request.body.isEmpty)
    #expect(!request.closesConnection)
  }

  @Test(
    "methods are told apart by case, and unknown ones are passed on",
    arguments: [
      ("GET", Method.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("PATCH", .patch), ("DELETE", .delete), ("OPTIONS", .options),
      ("TRACE", .trace), ("get", .other("get")), ("M-SEARCH", .other("M-SEARCH")), ("!#$%&'*+-.^_`|~09", .other("!#$%&'*+-.^_`|~09")),
    ])
  func methods(_ token: String, _ method: Method) throws {
    #expect(try request("\(token) / HTTP/1.1\r\nHost: a\r\n\r\n").method == method)
    #expect(method.description == token)
  }

  @Test("content of a known length is taken to its last octet and not beyond")
  func length() throws {
    let requests = try requests(
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: a\r\nContent-Length: 000\r\n\r\n")
    #expect(requests.map(\.target.segments) == [["a"], ["b"]])
    #expect(requests.map(\.body) == [[UInt8]("hello"), []])
  }

  @Test("chunks are put together; extensions and trailers are read and dropped")
  func chunks() throws {
    let request = try request(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "4;a;b=c;d=\"e \\\" f\"\r\nWiki\r\n000A ; x = y\r\n0123456789\r\n0;last\r\nX-Sum: 1\r\nContent-Length: 9\r\n\r\n")
    #expect(request.body == [UInt8]("Wiki0123456789"))
    #expect(request.headers["X-Sum"] == nil)
    #expect(request.headers[.contentLength] == nil)
  }

  @Test("content may hold what looks like a request")
  func innocent() throws {
    let inner = "GET /inner HTTP/1.1\r\nHost: a\r\n\r\n"
    let requests = try requests(
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)"
        + "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(String(inner.utf8.count, radix: 16))\r\n\(inner)\r\n0\r\n\r\n"
    )
    #expect(requests.map(\.target.segments) == [["1"], ["2"]])
    #expect(requests.allSatisfy { $0.body == [UInt8](inner) })
  }

  @Test("one empty line before a request is passed over")
  func emptyLine() throws {
    #expect(
      try requests("\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n").map(\.target.segments) == [["1"], ["2"]])
  }

  @Test("a client that waits is told to go on, unless there is nothing to wait for or it speaks HTTP/1.0")
  func expectation() {
    let waiting = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi"
    #expect(Transcript([UInt8](waiting)).lines.first == "waits")
    #expect(Transcript([UInt8](waiting)).requests.count == 1)
    #expect(Transcript.byOctet([UInt8](waiting)) == Transcript([UInt8](waiting)))
    let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n0\r\n\r\n"
    #expect(Transcript([UInt8](chunked)).lines.first == "waits")
    let empty = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n"
    #expect(Transcript([UInt8](empty)).lines.count == 1)
    let old = "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"
    #expect(Transcript([UInt8](old)).lines.count == 1)
  }

  @Test(
    "the connection ends when the client says so or speaks HTTP/1.0",
    arguments: [
      ("1.1", "X: y", false), ("1.1", "Connection: close", true), ("1.1", "Connection: Keep-Alive, , CLOSE", true),
      ("1.1", "Connection: keep-alive\r\nConnection: close", true), ("1.1", "Connection: closed", false), ("1.0", "X: y", true),
      ("1.0", "Connection: keep-alive", true), ("1.7", "X: y", false),
    ])
  func connection(_ version: String, _ field: String, _ closes: Bool) throws {
    #expect(try request("GET / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n\r\n").closesConnection == closes)
  }

  @Test("HTTP/1.0 needs no Host, and content of a known length is taken")
  func old() throws {
    let request = try request("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
    #expect(request.authority == nil)
    #expect(request.minorVersion == 0)
    #expect(request.body == [UInt8]("hi"))
  }

  @Test(
    "a sound host is accepted",
    arguments: [
      "a", "A.example", "a-b_c~d", "127.0.0.1", "127.0.0.1:8080", "a:", "a:65535", "[::1]", "[::1]:8080", "[2001:db8::192.0.2.1]",
    ])
  func hosts(_ host: String) throws {
    #expect(try request("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").authority == host)
  }

  @Test("values may hold octets beyond ASCII, which say nothing about framing")
  func opaque() throws {
    let octets = [UInt8]("GET / HTTP/1.1\r\nHost: a\r\nX-Name: ") + [0xC3, 0xA9, 0xFF] + [UInt8]("\r\n\r\n")
    let request = try #require(Transcript(octets).requests.first)
    #expect(request.headers.octets("X-Name") == [0xC3, 0xA9, 0xFF])
  }

  @Test("each part of a message may be as long as its limit and no longer")
  func limits() throws {
    var limits = RequestParser.Limits()
    limits.requestLine = 20
    limits.headers = 30
    limits.headerCount = 3
    limits.body = 10
    limits.chunkExtensions = 4
    limits.trailers = 8
    func outcome(_ text: String) -> Refusal? {
      let octets = [UInt8](text)
      let whole = Transcript(octets, limits: limits)
      for cut in octets.indices { #expect(Transcript(octets, cuts: [cut], limits: limits) == whole) }
      #expect(Transcript.byOctet(octets, limits: limits) == whole)
      #expect(whole.requests.count == (whole.refusal == nil ? 1 : 0))
      return whole.refusal
    }
    #expect(outcome("GET /abcdef HTTP/1.1\r\nHost: a\r\n\r\n") == nil)
    #expect(outcome("GET /abcdefg HTTP/1.1\r\nHost: a\r\n\r\n") == .targetTooLong)
    #expect(outcome("GET /abcdefg HTTP/1.1\nHost: a\r\n\r\n") == .targetTooLong)
    #expect(outcome("GET /abcdef HTTP/1.1x\n") == .targetTooLong)
    #expect(outcome("GET /\0bcdefg HTTP/1.1\r\n") == .targetTooLong)
    #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: 5678901234567890\r\n\r\n") == nil)
    #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: 567890123456789012\r\n\r\n") == nil)
    #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: 5678901234567890123\r\n\r\n") == .headersTooLarge)
    #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: 567890123456789012\r\nY: 1\r\n\r\n") == .headersTooLarge)
    #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 1\r\n\r\n") == nil)
    #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 1\r\nZ: 1\r\n\r\n") == .tooManyHeaders)
    #expect(outcome("PUT / HTTP/1.1\r\nHost:a\r\nContent-Length:10\r\n\r\n0123456789") == nil)
    #expect(outcome("PUT / HTTP/1.1\r\nHost:a\r\nContent-Length:11\r\n\r\n0123456789x") == .bodyTooLarge)
    limits.headers = 60
    let chunked = "PUT / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding:chunked\r\n\r\n"
    #expect(outcome(chunked + "4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n") == nil)
    #expect(outcome(chunked + "4\r\n0123\r\n7\r\n4567890\r\n0\r\n\r\n") == .bodyTooLarge)
    #expect(outcome(chunked + "1;a\r\n0\r\n1;b\r\n1\r\n0\r\n\r\n") == nil)
    #expect(outcome(chunked + "0000000000000001;a=b\r\n0\r\n0\r\n\r\n") == nil)
    #expect(outcome(chunked + "0000000000000001;a=bc\r\n0\r\n0\r\n\r\n") == .chunkExtensionTooLong)
    #expect(outcome(chunked + "1;a\r\n0\r\n1;b\r\n1\r\n0000000000000000;a\r\n\r\n") == .chunkExtensionTooLong)
    #expect(outcome(chunked + "0\r\nA: 123\r\n\r\n") == nil)
    #expect(outcome(chunked + "0\r\nA: 1234567\r\n\r\n") == .headersTooLarge)
  }

  @Test("content that is handed on comes as it was cut, within a limit of its own, and its end is told")
  func streamed() {
    var limits = RequestParser.Limits()
    limits.body = 3
    limits.streamed = { method, target in method == .post && target.segments.first == "s" ? 10 : nil }
    func events(_ pieces: [String]) -> [String] {
      var parser = RequestParser(limits: limits)
      var events: [String] = []
      for piece in pieces {
        let octets = [UInt8](piece)
        var position = 0
        while let event = parser.parse(octets.span, from: &position) {
          switch event {
          case .head(let request, let waits): events.append("head \(request.target.segments) \(waits)")
          case .content(let range): events.append(String(decoding: octets[range], as: UTF8.self))
          case .end: events.append("end")
          case .request(let request): events.append("request \(String(decoding: request.body, as: UTF8.self))")
          case .refusal(let refusal): events.append(refusal.rawValue)
          case .waitsForContinue: events.append("waits")
          }
        }
      }
      return events
    }
    let head = "POST /s HTTP/1.1\r\nHost: a\r\n"
    let next = "POST /n HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
    #expect(
      events([head + "Content-Length: 10\r\n\r\n01", "23456", "789" + next]) == [
        "head [\"s\"] false", "01", "23456", "789", "end", "request hi",
      ])
    #expect(
      events([head + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", "4\r\n01", "23\r\n6\r\n456789\r\n0\r\n\r\n" + next]) == [
        "head [\"s\"] true", "01", "23", "456789", "end", "request hi",
      ])
    #expect(events([head + "Content-Length: 0\r\n\r\n"]) == ["request "])
    #expect(events([head + "Content-Length: 11\r\n\r\n"]) == ["body-too-large"])
    #expect(
      events([head + "Transfer-Encoding: chunked\r\n\r\n9\r\n012345678\r\n", "2\r\n"]) == [
        "head [\"s\"] false", "012345678", "body-too-large",
      ])
    #expect(events(["POST /n HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"]) == ["body-too-large"])
  }

  @Test("the phase says what is being waited for")
  func phases() {
    var parser = RequestParser()
    func feed(_ text: String) -> RequestParser.Phase {
      var position = 0
      let octets = [UInt8](text)
      while parser.parse(octets.span, from: &position) != nil {}
      return parser.phase
    }
    #expect(parser.phase == .idle)
    #expect(feed("P") == .head)
    #expect(feed("OST / HTTP/1.1\r\n") == .head)
    #expect(feed("Host: a\r\nContent-Length: 3\r\n\r\n") == .body(received: 0))
    #expect(feed("ab") == .body(received: 2))
    #expect(feed("c") == .idle)
    #expect(feed("\0 ") == .head)
    #expect(feed("\r\n") == .refused)
    #expect(feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == .refused)
  }
}
