// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP

/// An HTTP/1.1 server on some event loops; a request is worked on by the loop that accepted its connection.
package final class HTTPServer: Sendable {
  /// Where it listens, ports as the kernel gave them.
  package let addresses: [SocketAddress]
  private let parts: [LoopServer]

  /// Binds the listening sockets; connections wait in the kernel until ``start()``.
  ///
  /// - Parameter respond: makes the answer to a request, on the loop that the request came to. It is not cancelled when the client goes
  ///   away, since what it does may matter all the same.
  /// - Throws: ``SystemError`` when an address cannot be had.
  package init(
    configuration: ServerConfiguration, loops: [EventLoop], respond: @escaping @Sendable (Request) async -> Response
  ) throws(SystemError) {
    precondition(!loops.isEmpty, "a server needs a loop")
    var listeners: [[Listener]] = loops.map { _ in [] }
    var addresses: [SocketAddress] = []
    for address in configuration.addresses {
      let first = try Listener(address)
      addresses.append(first.address)
      listeners[0].append(first)
      for index in loops.indices.dropFirst() { listeners[index].append(try Listener(first.address)) }
    }
    self.addresses = addresses
    let process = UInt32.random(in: .min ... .max)
    var parts: [LoopServer] = []
    for (index, loop) in loops.enumerated() {
      parts.append(
        LoopServer(
          loop: loop, index: index, listeners: listeners[index],
          maximum: max(1, (configuration.maximumConnections + index) / loops.count), process: process, configuration: configuration,
          respond: respond))
    }
    self.parts = parts
  }

  /// Begins to accept connections.
  package func start() async {
    for part in parts { await part.loop.run { part.start() } }
  }

  /// Stops accepting, answers the requests that have begun and closes; to be called once, before the loops are stopped.
  ///
  /// - Parameter patience: how long requests and slow clients are waited for; then what is left is closed.
  /// - Returns: how many requests were cut off; their work goes on and its answers are thrown away.
  @discardableResult
  package func drain(within patience: Duration) async -> Int {
    let deadline = Moment.read() + patience
    return await withTaskGroup(of: Int.self) { group in
      for part in parts { group.addTask { await part.loop.run { await part.drain(until: deadline) } } }
      return await group.reduce(0, +)
    }
  }

  /// What has been counted so far on all loops.
  package func metrics() async -> ServerMetrics {
    var sum = ServerMetrics()
    for part in parts { sum = sum + (await part.loop.run { part.metrics }) }
    return sum
  }
}
