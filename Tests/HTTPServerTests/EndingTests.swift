// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import HTTPServer
import Support
import Testing

@Suite("How connections end", .blockingBriefly)
struct EndingTests {
  @Test("a head that does not end is answered with 408", arguments: ["G", "GET / HTTP/1.1\r\nHost: a\r\nX: "])
  func slowHead(_ part: String) async throws {
    try await Fixture.run {
      $0.headerTimeout = .milliseconds(20)
    } _: { fixture in
      let client = try fixture.client()
      client.send(part)
      #expect(try client.answer().status == 408)
      #expect(try client.rest() == "")
      #expect(await fixture.server.metrics().refusals == [.tooSlow: 1])
    }
  }

  @Test("content that comes below the least rate is answered with 408")
  func slowContent() async throws {
    try await Fixture.run {
      $0.incoming = .init(grace: .milliseconds(20), rate: 1_000_000_000)
    } _: { fixture in
      let client = try fixture.client()
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")
      #expect(try client.answer().status == 408)
      #expect(try client.rest() == "")
    }
  }

  @Test("a connection that asks nothing is closed without a word")
  func idle() async throws {
    let short = Duration.milliseconds(20)
    try await Fixture.run {
      ($0.headerTimeout, $0.idleTimeout) = (short, short)
    } _: { fixture in
      let quiet = try fixture.client()
      #expect(try quiet.rest() == "")
      let once = try fixture.client()
      once.get("/a")
      #expect(try once.answer().status == 200)
      #expect(try once.rest() == "")
    }
  }

  @Test("a long work is not taken for a slow client")
  func longWork() async throws {
    let short = Duration.milliseconds(10)
    try await Fixture.run {
      ($0.headerTimeout, $0.idleTimeout) = (short, short)
    } _: { fixture in
      let client = try fixture.client()
      client.get("/wait")
      let other = try fixture.client()
      #expect(try other.rest() == "")
      fixture.gate.open()
      #expect(try client.answer().text == "GET /wait")
    }
  }

  @Test("a client that does not take its answer is closed")
  func stalled() async throws {
    try await Fixture.run {
      $0.outgoing = .init(grace: .milliseconds(20), rate: 1_000_000_000)
    } _: { fixture in
      let client = try fixture.client(receiveBuffer: 4096)
      client.get("/large")
      await fixture.until { $0.timeouts == 1 }
      #expect(await fixture.server.metrics().connectionsOpen == 0)
      client.close()
    }
  }

  @Test("a client that goes away while its request is worked on harms nobody", arguments: [true, false])
  func gone(byReset: Bool) async throws {
    try await Fixture.run { fixture in
      for number in 1...20 {
        let client = try fixture.client()
        client.get("/wait")
        client.get("/b")
        client.send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        await fixture.until { $0.requestsRunning == number }
        if byReset { client.reset() } else { client.close() }
      }
      fixture.gate.open()
      await fixture.until { $0.requestsRunning == 0 && $0.connectionsOpen == 0 }
      let client = try fixture.client()
      client.get("/after")
      #expect(try client.answer().text == "GET /after")
    }
  }

  @Test("a client that goes away in the middle of its answer harms nobody", arguments: [true, false])
  func goneWhileWriting(byReset: Bool) async throws {
    try await Fixture.run { fixture in
      for _ in 0..<5 {
        let client = try fixture.client(receiveBuffer: 4096)
        client.get("/large")
        client.get("/large")
        await fixture.until { $0.requestsRunning == 0 && $0.octetsSent > 0 }
        if byReset { client.reset() } else { client.close() }
      }
      await fixture.until { $0.connectionsOpen == 0 }
    }
  }

  @Test("the longest idle connections make room for new ones; busy ones stay")
  func eviction() async throws {
    try await Fixture.run {
      $0.maximumConnections = 4
    } _: { fixture in
      let busy = try fixture.client()
      busy.get("/wait")
      await fixture.until { $0.requestsRunning == 1 }
      let clients = try (0..<20).map { number in
        let client = try fixture.client()
        client.get("/\(number)")
        #expect(try client.answer().text == "GET /\(number)")
        return client
      }
      let metrics = await fixture.server.metrics()
      #expect(metrics.connectionsOpen <= 4)
      #expect(metrics.connectionsEvicted >= 17)
      #expect(try clients[0].rest() == "")
      fixture.gate.open()
      #expect(try busy.answer().text == "GET /wait")
    }
  }

  @Test("when all connections are busy, new ones wait until one has ended or is idle", arguments: [true, false])
  func full(closing: Bool) async throws {
    try await Fixture.run {
      $0.maximumConnections = 2
    } _: { fixture in
      let busy = try (0..<2).map { _ in
        let client = try fixture.client()
        client.get("/wait", closing ? "Connection: close\r\n" : "")
        return client
      }
      await fixture.until { $0.requestsRunning == 2 }
      let late = try fixture.client()
      late.get("/late")
      fixture.gate.open()
      for client in busy { #expect(try client.answer().text == "GET /wait") }
      if closing { for client in busy { client.close() } }
      #expect(try late.answer().text == "GET /late")
      #expect(await fixture.server.metrics().connectionsEvicted > 0 || closing)
    }
  }

  @Test("many connections on two loops are all served")
  func many() async throws {
    try await Fixture.run(loops: 2) { fixture in
      let clients = try (0..<400).map { _ in try fixture.client() }
      for round in 0..<3 {
        for (number, client) in clients.enumerated() { client.get("/yield/\(round)/\(number)") }
        for (number, client) in clients.enumerated() { #expect(try client.answer().text == "GET /yield/\(round)/\(number)") }
      }
      let metrics = await fixture.server.metrics()
      #expect(metrics.connectionsAccepted == 400)
      #expect(metrics.connectionsOpen == 400)
      #expect(metrics.responses[2] == 1200)
      #expect(metrics.latency.counts.reduce(0, +) == 1200)
    }
  }
}

@Suite("Draining", .blockingBriefly)
struct DrainTests {
  @Test("requests that have begun are answered, idle connections are closed, new ones refused")
  func drain() async throws {
    try await Fixture.run(loops: 2) { fixture in
      let idle = try fixture.client()
      idle.get("/a")
      #expect(try idle.answer().status == 200)
      let busy = try fixture.client()
      busy.get("/wait")
      await fixture.until { $0.requestsRunning == 1 }
      async let cut = fixture.server.drain(within: .seconds(30))
      #expect(try idle.rest() == "")
      #expect(throws: Client.Failure.self) {
        // The listener closes with the idle connections, but another loop's may be a little later.
        for _ in 0..<10_000 { try fixture.client().close() }
      }
      fixture.gate.open()
      let answer = try busy.answer()
      #expect(answer.text == "GET /wait")
      #expect(answer.fields["connection"] == "close")
      #expect(try busy.rest() == "")
      busy.close()
      #expect(await cut == 0)
    }
  }

  @Test("a request whose rest is still coming is answered")
  func partial() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
      let other = try fixture.client()
      other.get("/other")
      #expect(try other.answer().status == 200)
      async let cut = fixture.server.drain(within: .seconds(30))
      #expect(try other.rest() == "")
      client.send("cd")
      let answer = try client.answer()
      #expect(answer.text == "abcd")
      #expect(answer.fields["connection"] == "close")
      client.close()
      #expect(await cut == 0)
    }
  }

  @Test("at the deadline what is left is closed, and counted")
  func deadline() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/wait")
      await fixture.until { $0.requestsRunning == 1 }
      #expect(await fixture.server.drain(within: .milliseconds(10)) == 1)
      #expect(try client.rest() == "")
    }
  }
}
