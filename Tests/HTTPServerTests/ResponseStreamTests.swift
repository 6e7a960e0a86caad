// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import HTTPServer
import Support
import Testing

@Suite("Answers that are made while they are sent", .blockingBriefly)
struct ResponseStreamTests {
  @Test("an unknown length comes in chunks, a known one with its length, and the connection goes on")
  func framing() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/make?pieces=3&size=2")
      let chunked = try client.answer()
      #expect(chunked.fields["transfer-encoding"] == "chunked")
      #expect(chunked.fields["content-length"] == nil)
      #expect(chunked.text == "aabbcc")
      client.get("/make?pieces=3&size=2&length=6")
      let known = try client.answer()
      #expect(known.fields["transfer-encoding"] == nil)
      #expect(known.text == "aabbcc")
      client.get("/make?pieces=0")
      #expect(try client.answer().text == "")
      client.get("/make?pieces=0&length=0")
      #expect(try client.answer().text == "")
      client.get("/after")
      #expect(try client.answer().text == "GET /after")
    }
  }

  @Test("HTTP/1.0 gets an unknown length until the connection ends")
  func old() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send("GET /make?pieces=3&size=2 HTTP/1.0\r\n\r\n")
      let head = try client.head()
      #expect(head.fields["transfer-encoding"] == nil)
      #expect(head.fields["connection"] == "close")
      #expect(try client.rest() == "aabbcc")
    }
  }

  @Test("HEAD has the head only, and nothing is made")
  func head() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send("HEAD /make?length=15 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /make HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.head().fields["content-length"] == "15")
      #expect(try client.head().fields["transfer-encoding"] == "chunked")
      client.get("/after")
      #expect(try client.answer().text == "GET /after")
      #expect(fixture.written.withLock { $0 } == 0)
      #expect(fixture.endings.withLock { $0 } == [])
    }
  }

  @Test("pieces leave while others are still to be made")
  func live() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/make?pieces=2&size=1&wait=1")
      #expect(try client.head().status == 200)
      #expect(try client.piece() == [0x61])
      #expect(try client.piece() == [0x62])
      fixture.gate.open()
      #expect(try client.piece() == [])
    }
  }

  @Test("requests behind it are answered behind it, and one that may change something begins only then")
  func order() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/make?pieces=2&size=1&wait=1")
      client.get("/b")
      client.send("DELETE /c HTTP/1.1\r\nHost: a\r\n\r\n")
      client.get("/make?pieces=1&size=3")
      await fixture.until { _ in fixture.gate.arrivals == 1 && fixture.begun.count == 2 }
      #expect(fixture.begun == ["/make", "/b"])
      fixture.gate.open()
      #expect(try client.answer().text == "ab")
      #expect(try client.answer().text == "GET /b")
      #expect(try client.answer().text == "DELETE /c")
      #expect(try client.answer().text == "aaa")
    }
  }

  @Test("who reads slowly holds the making up, and gets all of it")
  func slowReader() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client(receiveBuffer: 4096)
      client.get("/make?pieces=400&size=65536&length=\(400 * 65536)")
      await fixture.until { $0.octetsSent > 65536 }
      for _ in 0..<20 {
        let other = try fixture.client()
        other.get("/other")
        #expect(try other.answer().status == 200)
      }
      // The kernel's buffer of the sending side holds some megabytes.
      #expect(fixture.written.withLock { $0 } < 12 << 20)
      let answer = try client.answer()
      #expect(answer.body.count == 400 * 65536)
      #expect(answer.body.last == UInt8(97 + 399 % 26))
    }
  }

  @Test("a client that goes away has the making cancelled", arguments: [true, false])
  func gone(byReset: Bool) async throws {
    try await Fixture.run { fixture in
      for number in 1...5 {
        let client = try fixture.client()
        client.get("/make?endless=1")
        #expect(try client.head().status == 200)
        #expect(try client.piece().count == 5)
        if byReset { client.reset() } else { client.close() }
        await fixture.until { $0.requestsRunning == 0 && $0.connectionsOpen == 0 }
        #expect(fixture.endings.withLock { $0 } == [String](repeating: "cut", count: number))
      }
    }
  }

  @Test("a client that takes nothing for too long has the making cancelled")
  func stalled() async throws {
    try await Fixture.run {
      $0.outgoing = .init(grace: .milliseconds(20), rate: 1_000_000_000)
    } _: { fixture in
      let client = try fixture.client(receiveBuffer: 4096)
      client.get("/make?pieces=400&size=65536")
      await fixture.until { $0.timeouts == 1 && $0.requestsRunning == 0 }
      #expect(fixture.endings.withLock { $0 } == ["cut"])
      client.close()
    }
  }

  @Test(
    "what cannot be made to its end does not look whole",
    arguments: ["/make?pieces=2&size=1&fail=1", "/make?pieces=2&size=1&length=3", "/make?pieces=2&size=1&length=3&fail=1"])
  func broken(_ path: String) async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get(path)
      #expect(throws: Client.Failure.self) { try client.answer() }
      let old = try fixture.client()
      old.send("GET \(path) HTTP/1.0\r\n\r\n")
      _ = try old.rest()
      await fixture.until { $0.requestsRunning == 0 }
    }
  }

  @Test("more than was announced is not sent")
  func tooLong() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/make?pieces=4&size=2&length=5")
      #expect(throws: Client.Failure.self) { try client.answer() }
      #expect(fixture.endings.withLock { $0 } == ["cut"])
    }
  }

  @Test("draining ends what has no end, in good order, and waits for what has one")
  func drain() async throws {
    try await Fixture.run { fixture in
      let endless = try fixture.client()
      endless.get("/make?endless=1")
      #expect(try endless.head().status == 200)
      let finite = try fixture.client()
      finite.get("/make?pieces=2&size=1&wait=1")
      #expect(try finite.head().status == 200)
      await fixture.until { _ in fixture.gate.arrivals == 1 }
      async let cut = fixture.server.drain(within: .seconds(120))
      while try !endless.piece().isEmpty {}
      #expect(try endless.rest() == "")
      endless.close()
      fixture.gate.open()
      #expect(try finite.rest() == "1\r\na\r\n1\r\nb\r\n0\r\n\r\n")
      finite.close()
      #expect(await cut == 0)
    }
  }
}
