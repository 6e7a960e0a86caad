// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import HTTPServer
import Support
import Testing

@Suite("Content that is read as it comes", .blockingBriefly)
struct RequestStreamTests {
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }

  private static func chunked(_ content: [UInt8], every size: Int) -> [UInt8] {
    var octets = Array("POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    for start in stride(from: 0, to: content.count, by: size) {
      let piece = content[start..<min(content.count, start + size)]
      octets += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
    }
    return octets + Array("0\r\n\r\n".utf8)
  }

  private static func whole(_ content: [UInt8], _ path: String = "/stream", _ fields: String = "") -> [UInt8] {
    Array("POST \(path) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(content.count)\r\n\r\n".utf8) + content
  }

  @Test("it comes whole, with a length and in chunks, however it is cut, and the next request is served")
  func whole() async throws {
    let seed: UInt64 = 20_261_129
    print("cuts of streamed contents: seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    try await Fixture.run { fixture in
      let client = try fixture.client()
      for round in 0..<8 {
        let content = Array(Self.content.prefix(Int.random(in: 1...Self.content.count, using: &generator)))
        let isChunked = round % 2 == 0
        let octets = isChunked ? Self.chunked(content, every: Int.random(in: 1000...70_000, using: &generator)) : Self.whole(content)
        let all = octets + Array("GET /after/\(round) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        var start = 0
        while start < all.count {
          let end = min(all.count, start + Int.random(in: 1...(start < 300 ? 50 : 60_000), using: &generator))
          client.send(Array(all[start..<end]))
          start = end
        }
        #expect(try client.answer().text == Sum(content).text)
        #expect(try client.answer().text == "GET /after/\(round)")
      }
    }
  }

  @Test("one without content is read at once")
  func empty() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send(Self.whole([]))
      #expect(try client.answer().text == Sum().text)
      client.send("POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
      #expect(try client.answer().text == Sum().text)
    }
  }

  @Test("while the handler does not read, little is taken from the client; all comes when it does")
  func slowHandler() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      let piece = [UInt8](repeating: 0x78, count: 1 << 20)
      client.send("POST /stream/wait HTTP/1.1\r\nHost: a\r\nContent-Length: \(24 << 20)\r\n\r\n")
      async let upload: Void = {
        for _ in 0..<24 { client.send(piece) }
      }()
      await fixture.until { $0.octetsReceived >= 65536 }
      // What is in the loop's hands now comes in; nothing after it.
      for _ in 0..<20 {
        let other = try fixture.client()
        other.get("/other")
        #expect(try other.answer().status == 200)
      }
      #expect(await fixture.server.metrics().octetsReceived < 1 << 18)
      fixture.gate.open()
      await upload
      var sum = Sum()
      for _ in 0..<24 { sum.add(piece) }
      #expect(try client.answer().text == sum.text)
    }
  }

  @Test("a request before it is answered first, and one behind it waits")
  func order() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/wait")
      client.send(Self.whole(Array(Self.content.prefix(200_000))))
      client.get("/after")
      await fixture.until { $0.requestsRunning == 1 }
      #expect(fixture.begun == ["/wait"])
      fixture.gate.open()
      #expect(try client.answer().text == "GET /wait")
      #expect(try client.answer().text == Sum(Array(Self.content.prefix(200_000))).text)
      #expect(try client.answer().text == "GET /after")
    }
  }

  @Test(
    "a handler that answers early ends the connection, and the client that goes on sending still reads the answer",
    arguments: ["none", "first"])
  func early(_ how: String) async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send("POST /stream/\(how) HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n")
      client.send([UInt8](repeating: 0, count: 4_000_000))
      client.finishWriting()
      let answer = try client.answer()
      #expect(answer.status == 200)
      #expect(answer.fields["connection"] == "close")
      #expect(try client.rest() == "")
    }
  }

  @Test("a client that waits is told to go on when the content is wanted, and not when the answer needs none")
  func expectation() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      let expecting = "Expect: 100-continue\r\n"
      client.send("POST /stream/wait HTTP/1.1\r\nHost: a\r\n\(expecting)Content-Length: 2\r\n\r\n")
      await fixture.until { _ in fixture.gate.arrivals == 1 }
      fixture.gate.open()
      #expect(try client.answer().status == 100)
      client.send("hi")
      #expect(try client.answer().text == Sum([0x68, 0x69]).text)
      client.send(Self.whole([0x68, 0x69], "/stream", expecting))
      #expect(try client.answer().text == Sum([0x68, 0x69]).text)
      client.send("POST /stream/none HTTP/1.1\r\nHost: a\r\n\(expecting)Content-Length: 2\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == 200)
      #expect(answer.fields["connection"] == "close")
      #expect(try client.rest() == "")
    }
  }

  @Test("content beyond the route's limit is refused: by its length before any comes, in chunks where it goes beyond")
  func tooLarge() async throws {
    try await Fixture.run {
      $0.limits.streamed = { _, _ in 100_000 }
    } _: { fixture in
      let announced = try fixture.client()
      announced.send("POST /stream HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n")
      #expect(try announced.answer().status == 413)
      #expect(try announced.rest() == "")
      #expect(fixture.begun == [])
      let chunked = try fixture.client()
      chunked.send(Self.chunked(Array(Self.content.prefix(150_000)), every: 30_000))
      chunked.finishWriting()
      let answer = try chunked.answer()
      #expect(answer.status == 413)
      #expect(answer.fields["connection"] == "close")
      #expect(answer.text.contains("\"code\":\"body-too-large\""))
      #expect(try chunked.rest() == "")
      #expect(fixture.endings.withLock { $0 } == ["refused(HTTP.Refusal.bodyTooLarge)"])
    }
  }

  @Test("malformed content is refused, whatever the handler answers")
  func malformed() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send("POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n")
      #expect(try client.answer().status == 400)
      #expect(try client.rest() == "")
    }
  }

  @Test("content that comes below the least rate is answered with 408")
  func slow() async throws {
    try await Fixture.run {
      $0.incoming = .init(grace: .milliseconds(20), rate: 1_000_000_000)
    } _: { fixture in
      let client = try fixture.client()
      client.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")
      #expect(try client.answer().status == 408)
      #expect(try client.rest() == "")
      #expect(fixture.endings.withLock { $0 } == ["refused(HTTP.Refusal.tooSlow)"])
    }
  }

  @Test("a client that goes away in the middle is noticed by whoever reads", arguments: ["close", "reset", "half"])
  func gone(_ how: String) async throws {
    try await Fixture.run { fixture in
      for number in 1...5 {
        let client = try fixture.client()
        client.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc")
        await fixture.until { $0.requestsRunning == 1 }
        switch how {
        case "close": client.close()
        case "reset": client.reset()
        default:
          client.finishWriting()
          #expect(try client.answer().text == "failed")
        }
        await fixture.until { $0.requestsRunning == 0 && $0.connectionsOpen == 0 }
        #expect(fixture.endings.withLock { $0 } == [String](repeating: "cut", count: number))
      }
    }
  }

  @Test("a content that is still coming when the server drains is taken to its end")
  func drain() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
      await fixture.until { $0.requestsRunning == 1 }
      let idle = try fixture.client()
      idle.get("/a")
      #expect(try idle.answer().status == 200)
      async let cut = fixture.server.drain(within: .seconds(120))
      #expect(try idle.rest() == "")
      client.send("cd")
      let answer = try client.answer()
      #expect(answer.text == Sum(Array("abcd".utf8)).text)
      #expect(answer.fields["connection"] == "close")
      client.close()
      #expect(await cut == 0)
    }
  }
}
