// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import HTTPServer
import Support
import Testing

@Suite("Clients that do as chance has it", .blockingBriefly)
struct RandomClientTests {
  private enum Ending: CaseIterable {
    case readAll, readSome, halfClose, close, reset, garbage
  }

  /// A request and what must be answered.
  private static func exchange(_ number: Int, _ generator: inout SeededGenerator) -> (octets: [UInt8], isHead: Bool, body: [UInt8]) {
    switch Int.random(in: 0..<9, using: &generator) {
    case 0: return (Array("GET /yield/\(number) HTTP/1.1\r\nHost: a\r\n\r\n".utf8), false, Array("GET /yield/\(number)".utf8))
    case 1: return (Array("HEAD /\(number) HTTP/1.1\r\nHost: a\r\n\r\n".utf8), true, [])
    case 2: return (Array("DELETE /yield/\(number) HTTP/1.1\r\nHost: a\r\n\r\n".utf8), false, Array("DELETE /yield/\(number)".utf8))
    case 3:
      let body = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int.random(in: 0...16_000, using: &generator))
      return (Array("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body, false, body)
    case 4:
      let body = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int.random(in: 1...9000, using: &generator))
      let chunk = Array("\(String(body.count, radix: 16))\r\n".utf8) + body + [13, 10]
      return (
        Array("PUT /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + chunk + chunk + Array("0\r\n\r\n".utf8), false,
        body + body
      )
    case 5:
      let body = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int.random(in: 0...90_000, using: &generator))
      return (
        Array("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body, false, Array(Sum(body).text.utf8)
      )
    case 6:
      let body = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int.random(in: 1...9000, using: &generator))
      let chunk = Array("\(String(body.count, radix: 16))\r\n".utf8) + body + [13, 10]
      return (
        Array("POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + chunk + chunk + Array("0\r\n\r\n".utf8),
        false, Array(Sum(body + body).text.utf8)
      )
    case 7:
      return (
        Array("GET /make?pieces=3&size=2\(number % 2 == 0 ? "" : "&length=6") HTTP/1.1\r\nHost: a\r\n\r\n".utf8), false,
        Array("aabbcc".utf8)
      )
    default: return (Array("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n".utf8), false, Array("GET /\(number)".utf8))
    }
  }

  @Test("whatever clients do, the others are served and nothing is left behind", arguments: 0..<4)
  func anything(_ share: Int) async throws {
    let seed = UInt64(20_261_121 + share)
    print("random HTTP clients: seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    try await Fixture.run(loops: 2) {
      $0.maximumPipelined = 3
    } _: { fixture in
      for _ in 0..<40 {
        let client = try fixture.client()
        let exchanges = (0..<Int.random(in: 1...8, using: &generator)).map { Self.exchange($0, &generator) }
        var octets = exchanges.flatMap(\.octets)
        let ending = Ending.allCases.randomElement(using: &generator) ?? .readAll
        if ending == .garbage { octets += Array("\0\r\n\r\n".utf8) }
        if ending == .close || ending == .reset { octets.removeLast(Int.random(in: 0...octets.count, using: &generator)) }
        // The answers are small enough for the socket to hold while the requests are still being sent.
        var start = 0
        while start < octets.count {
          let end = min(octets.count, start + Int.random(in: 1...50_000, using: &generator))
          client.send(Array(octets[start..<end]))
          start = end
        }
        if ending == .halfClose { client.finishWriting() }
        switch ending {
        case .close: client.close()
        case .reset: client.reset()
        case .readAll, .readSome, .halfClose, .garbage:
          for exchange in exchanges.prefix(ending == .readSome ? 1 : exchanges.count) {
            let answer = try client.answer(toHead: exchange.isHead)
            #expect(answer.status == 200)
            #expect(answer.body == exchange.body)
          }
          if ending == .garbage { #expect(try client.answer().status == 400) }
          if ending == .garbage || ending == .halfClose { #expect(try client.rest() == "") }
          client.close()
        }
      }
      await fixture.until { $0.connectionsOpen == 0 && $0.requestsRunning == 0 }
    }
  }
}

/// A generator whose whole state is its seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
  }
}
