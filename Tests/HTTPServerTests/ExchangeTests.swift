// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import HTTPServer
import Support
import Testing

@Suite("Requests and answers over a socket", .blockingBriefly)
struct ExchangeTests {
  @Test("a connection serves one request after another, each under a name of the server's own")
  func keepAlive() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/a", "X-Request-Id: mine\r\n")
      let first = try client.answer()
      client.get("/yield")
      let second = try client.answer()
      #expect([first.text, second.text] == ["GET /a", "GET /yield"])
      #expect(first.fields["connection"] == nil)
      #expect(first.fields["x-request-id"] != "mine")
      #expect(first.fields["x-request-id"]?.count == 25)
      #expect(first.fields["x-request-id"] != second.fields["x-request-id"])
      #expect(first.fields["date"]?.hasSuffix(" GMT") == true)
      client.get("/peer")
      let third = try client.answer()
      #expect(third.text == "127.0.0.1 \(third.fields["x-request-id"] ?? "")")
    }
  }

  @Test("octets that come one by one make the same request")
  func slowly() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      for octet in "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".utf8 { client.send([octet]) }
      #expect(try client.answer().text == "abc")
    }
  }

  @Test("HEAD has the length and no content; 204 has neither")
  func bodiless() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.answer(toHead: true).fields["content-length"] == "9")
      client.get("/none")
      let none = try client.answer()
      #expect(none.status == 204)
      #expect(none.fields["content-length"] == nil)
      client.get("/after")
      #expect(try client.answer().text == "GET /after")
    }
  }

  @Test("content comes through whole in both directions, with a length and in chunks")
  func content() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      let content = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(content.count)\r\n\r\n")
      client.send(content)
      #expect(try client.answer().body == content)
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      for start in stride(from: 0, to: content.count, by: 99_999) {
        let piece = content[start..<min(content.count, start + 99_999)]
        client.send("\(String(piece.count, radix: 16))\r\n")
        client.send(piece + [13, 10])
      }
      client.send("0\r\n\r\n")
      #expect(try client.answer().body == content)
    }
  }

  @Test("a client that waits is told to go on, one that need not is not")
  func expectation() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      let head = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
      client.send(head)
      #expect(try client.answer().status == 100)
      client.send("hi")
      #expect(try client.answer().text == "hi")
      client.send(head + "hi")
      #expect(try client.answer().text == "hi")
      client.get("/wait")
      client.send(head)
      await fixture.until { $0.requestsRunning == 1 }
      fixture.gate.open()
      #expect(try client.answer().text == "GET /wait")
      #expect(try client.answer().status == 100)
      client.send("hi")
      #expect(try client.answer().text == "hi")
      client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 999999999\r\n\r\n")
      #expect(try client.answer().status == 413)
      #expect(try client.rest() == "")
    }
  }

  @Test(
    "the connection ends after the answer when the client asks for it or speaks HTTP/1.0",
    arguments: [
      "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /a HTTP/1.0\r\n\r\n",
    ])
  func closing(_ request: String) async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send(request + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.text == "GET /a")
      #expect(answer.fields["connection"] == "close")
      #expect(try client.rest() == "")
      #expect(fixture.begun == ["/a"])
    }
  }

  @Test("a malformed request is answered behind those before it, and nothing after it is done")
  func malformed() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/yield")
      client.send("GET /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
      client.get("/c")
      #expect(try client.answer().text == "GET /yield")
      let refusal = try client.answer()
      #expect(refusal.status == 400)
      #expect(refusal.fields["connection"] == "close")
      #expect(refusal.fields["content-type"] == "application/problem+json")
      #expect(refusal.text.contains("\"code\":\"conflicting-length\""))
      #expect(try client.rest() == "")
      #expect(fixture.begun == ["/yield"])
      #expect(await fixture.server.metrics().refusals == [.conflictingLength: 1])
    }
  }

  @Test("content beyond the limit is refused, and the client that goes on sending still reads why")
  func tooLarge() async throws {
    try await Fixture.run {
      $0.limits.body = 1000
    } _: { fixture in
      let client = try fixture.client()
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n")
      client.send([UInt8](repeating: 0, count: 4_000_000))
      client.finishWriting()
      #expect(try client.answer().status == 413)
      #expect(try client.rest() == "")
    }
  }
}
