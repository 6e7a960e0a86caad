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

/// A server with a few paths that tests need, for as long as a closure runs.
struct Fixture: Sendable {
  let server: HTTPServer
  let gate = Gate()
  /// The paths whose handlers have begun, in that order.
  let log = Guarded<[String]>([])

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
    change(&configuration)
    let fixture = try Fixture(configuration, loops)
    await fixture.server.start()
    do {
      try await body(fixture)
    } catch {
      Issue.record(error)
    }
    fixture.gate.open()
    await fixture.server.drain(within: .seconds(5))
    #expect(await fixture.server.metrics().connectionsOpen == 0)
    #expect(await fixture.server.metrics().requestsRunning == 0)
  }

  private init(_ configuration: ServerConfiguration, _ loops: [EventLoop]) throws {
    let gate = gate
    let log = log
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
      case "peer": return .text("\(request.peer.address) \(request.id)")
      default: break
      }
      return .text("\(request.method) \(path)")
    }
  }

  /// Waits until the server's counts are as wanted.
  func until(_ condition: (ServerMetrics) -> Bool) async {
    while !condition(await server.metrics()) { try? await Task.sleep(for: .milliseconds(1)) }
  }
}
