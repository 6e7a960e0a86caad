// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP
import HTTPServer
import Support
import Testing

/// Something that a handler waits for until the test lets it go on.
final class Gate: Sendable {
  private struct State: Sendable {
    var isOpen = false
    var arrivals = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Guarded(State())

  /// How many have come to the gate.
  var arrivals: Int { state.withLock { $0.arrivals } }

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        state.arrivals += 1
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      state.isOpen = true
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// What a content is known by again: its length and a sum over what it holds and where.
struct Sum: Sendable {
  private var count = 0
  private var sum: UInt64 = 0

  init(_ octets: [UInt8] = []) { add(octets) }

  mutating func add(_ octets: [UInt8]) {
    // Every 61st octet will do, so that a sanitizer's run does not take minutes.
    var index = (61 - count % 61) % 61
    while index < octets.count {
      sum = sum &* 31 &+ UInt64(octets[index])
      index += 61
    }
    count += octets.count
  }

  var text: String { "\(count) octets, sum \(sum)" }
}

/// A server with a few paths that tests need, for as long as a closure runs.
struct Fixture: Sendable {
  let server: HTTPServer
  let gate = Gate()
  /// The paths whose handlers have begun, in that order.
  let log = Guarded<[String]>([])
  /// How much the handlers have written of streams so far.
  let written: Guarded<Int>
  /// How streams have ended: `whole`, `cut`, or the refusal.
  let endings: Guarded<[String]>

  /// How large a streamed content may be.
  static let streamLimit = 64 << 20

  var port: UInt16 { server.addresses[0].port }

  var begun: [String] { log.withLock { $0 } }

  func client(receiveBuffer: Int32? = nil) throws -> Client { try Client(port: port, receiveBuffer: receiveBuffer) }

  /// Runs a test against a server and ends both.
  static func run(
    loops count: Int = 1, _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (Fixture) async throws -> Void
  ) async throws {
    let loops = try (0..<count).map { try EventLoop(name: "http\($0)") }
    defer { for loop in loops { loop.stop() } }
    var configuration = ServerConfiguration(addresses: try SocketAddress.resolve(host: "127.0.0.1", port: 0))
    configuration.lingerTimeout = .milliseconds(500)
    // Only tests of patience are about patience; the others must pass on a busy machine and under a sanitizer.
    configuration.headerTimeout = .seconds(60)
    configuration.incoming.grace = .seconds(60)
    configuration.outgoing.grace = .seconds(60)
    configuration.limits.streamed = { _, target in target.segments.first == "stream" ? Self.streamLimit : nil }
    change(&configuration)
    let fixture = try Fixture(configuration, loops)
    await fixture.server.start()
    do {
      try await body(fixture)
    } catch {
      Issue.record(error)
    }
    fixture.gate.open()
    await fixture.server.drain(within: .seconds(60))
    #expect(await fixture.server.metrics().connectionsOpen == 0)
    #expect(await fixture.server.metrics().requestsRunning == 0)
  }

  private init(_ configuration: ServerConfiguration, _ loops: [EventLoop]) throws {
    let gate = gate
    let log = log
    let written = Guarded(0)
    let endings = Guarded<[String]>([])
    (self.written, self.endings) = (written, endings)
    server = try HTTPServer(configuration: configuration, loops: loops) { request in
      let path = String(decoding: request.target.path, as: UTF8.self)
      log.withLock { $0.append(path) }
      #expect(loops.contains { $0.isCurrent })
      switch request.target.segments.first {
      case "wait": await gate.pass()
      case "yield": await Task.yield()
      case "large":
        return Response(.ok, headers: [.contentType: "text/plain"], body: .octets([UInt8](repeating: 0x78, count: 8 << 20)))
      case "echo":
        return Response(.ok, headers: [.contentType: "application/octet-stream"], body: .octets(request.body))
      case "none": return Response(.noContent)
      case "stream": return await Self.read(request, gate, endings)
      case "make": return Self.make(request, gate, written, endings)
      case "peer": return .text("\(request.peer.address) \(request.id)")
      default: break
      }
      return .text("\(request.method) \(path)")
    }
  }

  /// Reads a content as it comes: all of it, after the gate is open, the first piece only, or nothing.
  private static func read(_ request: Request, _ gate: Gate, _ endings: Guarded<[String]>) async -> Response {
    let how = request.target.segments.dropFirst().first
    if how == "wait" { await gate.pass() }
    var sum = Sum()
    do {
      if how != "none" {
        while let piece = try await request.content.next() {
          #expect(!piece.isEmpty)
          sum.add(piece)
          if how == "first" { break }
        }
      }
      endings.withLock { $0.append("whole") }
      return .text(sum.text)
    } catch {
      endings.withLock { $0.append("\(error)") }
      return .text("failed")
    }
  }

  /// Makes a content of as many pieces as the query says.
  private static func make(
    _ request: Request, _ gate: Gate, _ written: Guarded<Int>, _ endings: Guarded<[String]>
  ) -> Response {
    let query = request.target.query
    let pieces = query["pieces"].flatMap { Int($0) } ?? 3
    let size = query["size"].flatMap { Int($0) } ?? 5
    let length = query["length"].flatMap { Int($0) }
    let isEndless = query["endless"] != nil
    let stream = ResponseStream(length: length, isEndless: isEndless) { writer in
      do {
        for number in 0..<pieces {
          try await writer.write([UInt8](repeating: UInt8(truncatingIfNeeded: 97 + number % 26), count: size))
          written.withLock { $0 += size }
        }
        if query["wait"] != nil { await gate.pass() }
        if query["fail"] != nil { throw CancellationError() }
        while isEndless {
          try await writer.write([0x2E])
          try await Task.sleep(for: .milliseconds(1))
        }
        endings.withLock { $0.append("whole") }
      } catch {
        endings.withLock { $0.append("cut") }
        throw error
      }
    }
    return Response(.ok, headers: [.contentType: "text/plain"], body: .stream(stream))
  }

  /// Waits until the server's counts are as wanted; a test whose counts never are fails.
  func until(_ condition: (ServerMetrics) -> Bool) async {
    let deadline = monotonicSeconds() + 120
    while !condition(await server.metrics()) {
      guard monotonicSeconds() < deadline else {
        Issue.record("waited two minutes in vain")
        return
      }
      try? await Task.sleep(for: .milliseconds(1))
    }
  }
}
