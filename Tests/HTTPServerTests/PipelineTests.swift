// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import HTTPServer
import Support
import Testing

@Suite("Several requests at once on one connection", .blockingBriefly)
struct PipelineTests {
  @Test("answers come in the order of the requests, whichever is done first")
  func order() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/wait")
      client.get("/b")
      client.get("/yield")
      await fixture.until { _ in fixture.begun.count == 3 }
      fixture.gate.open()
      #expect(try (0..<3).map { _ in try client.answer().text } == ["GET /wait", "GET /b", "GET /yield"])
    }
  }

  @Test("a request that may change something runs alone")
  func alone() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/wait/1")
      client.get("/wait/2")
      client.send("DELETE /wait/3 HTTP/1.1\r\nHost: a\r\n\r\n")
      client.get("/4")
      await fixture.until { $0.requestsRunning == 2 }
      #expect(fixture.begun == ["/wait/1", "/wait/2"])
      fixture.gate.open()
      #expect(try (0..<4).map { _ in try client.answer().text } == ["GET /wait/1", "GET /wait/2", "DELETE /wait/3", "GET /4"])
      #expect(fixture.begun == ["/wait/1", "/wait/2", "/wait/3", "/4"])
    }
  }

  @Test("no more requests are begun than the bound, and none is lost behind it")
  func bound() async throws {
    try await Fixture.run {
      $0.maximumPipelined = 4
    } _: { fixture in
      let client = try fixture.client()
      for number in 0..<500 { client.get("/wait/\(number)") }
      await fixture.until { $0.requestsRunning == 4 }
      let other = try fixture.client()
      other.get("/other")
      #expect(try other.answer().text == "GET /other")
      #expect(fixture.begun.count == 5)
      fixture.gate.open()
      for number in 0..<500 { #expect(try client.answer().text == "GET /wait/\(number)") }
    }
  }

  @Test("large answers to a client that reads slowly come whole and in order")
  func large() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client(receiveBuffer: 4096)
      for _ in 0..<3 { client.get("/large") }
      client.get("/end")
      for _ in 0..<3 { #expect(try client.answer().body.count == 8 << 20) }
      #expect(try client.answer().text == "GET /end")
    }
  }

  @Test("a client that has finished sending is still answered")
  func halfClosed() async throws {
    try await Fixture.run { fixture in
      let client = try fixture.client()
      client.get("/wait")
      client.get("/b")
      client.finishWriting()
      await fixture.until { $0.requestsRunning == 1 && fixture.begun.count == 2 }
      fixture.gate.open()
      #expect(try client.answer().text == "GET /wait")
      let last = try client.answer()
      #expect(last.text == "GET /b")
      #expect(try client.rest() == "")
    }
  }
}
