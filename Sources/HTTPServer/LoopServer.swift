// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Glibc
import HTTP

/// A server's part on one loop: its listeners, its connections and the buffers they share.
// Unchecked: touched on its loop's thread only; it is handed to that thread by `start()`.
final class LoopServer: @unchecked Sendable {
  /// How much is read from a connection at once, which bounds what one takes from the others.
  private static let inputSize = 32768
  /// After how long a full server looks again for connections that it can do without.
  private static let evictionPause = Duration.milliseconds(100)
  /// What the output may keep of its memory between two flushes.
  private static let outputKept = 1 << 20
  /// How much output is rather copied than handed over with the buffer that every connection uses.
  private static let outputCopied = 65536

  let loop: EventLoop
  let configuration: ServerConfiguration
  let allowances: Allowances
  let respond: @Sendable (Request) async -> Response
  /// Where every connection reads to; empty between two events.
  let input: UnsafeMutableRawBufferPointer
  /// Where every connection writes its answers; empty between two flushes.
  var output: [UInt8] = []
  var metrics = ServerMetrics()

  private let listeners: [Listener]
  /// How many connections there may be.
  private let maximum: Int
  private let process: UInt32
  private var requestNumber: UInt64
  private var serialiser: ResponseSerialiser
  /// The connections by their descriptor.
  private var connections: [Connection?] = []
  private var flushing: [Connection] = []
  /// Before this moment looking for idle connections would find too few.
  private var evictionRest = Moment(nanoseconds: 0)
  private var evictionTimer: Timer?
  private(set) var isDraining = false
  private var end: OneShot<Void>?

  /// - Parameters:
  ///   - index: the loop's place among the server's; it stands in the top bits of its requests' numbers.
  ///   - maximum: how many connections there may be.
  ///   - process: what the process drew for its requests' names.
  init(
    loop: EventLoop, index: Int, listeners: [Listener], maximum: Int, process: UInt32, configuration: ServerConfiguration,
    respond: @escaping @Sendable (Request) async -> Response
  ) {
    self.loop = loop
    self.listeners = listeners
    self.maximum = maximum
    self.process = process
    self.configuration = configuration
    allowances = Allowances(configuration)
    self.respond = respond
    requestNumber = UInt64(index) << 48
    input = .allocate(byteCount: Self.inputSize, alignment: 16)
    serialiser = ResponseSerialiser(second: Int64(time(nil)))
  }

  deinit {
    input.deallocate()
  }

  /// Begins to accept.
  func start() {
    evictionTimer = Timer(on: loop) { [unowned self] in makeRoom() }
    for listener in listeners {
      listener.start(on: loop) { [unowned self] descriptor, address in accept(descriptor, address) }
    }
  }

  // MARK: Connections

  private func accept(_ descriptor: Int32, _ address: SocketAddress) {
    let connection = Connection(descriptor, peer: Peer(address), server: self)
    while connections.count <= Int(descriptor) { connections.append(nil) }
    connections[Int(descriptor)] = connection
    metrics.connectionsAccepted += 1
    metrics.connectionsOpen += 1
    connection.start()
    makeRoom()
  }

  /// Sees to it that there is room for a new connection, or that none is accepted for a while.
  private func makeRoom() {
    guard metrics.connectionsOpen >= maximum, !isDraining else { return }
    if loop.now >= evictionRest { evict() }
    guard metrics.connectionsOpen >= maximum else { return }
    for listener in listeners { listener.isPaused = true }
    evictionTimer?.arm(after: Self.evictionPause)
  }

  /// Closes the longest idle connections, a part of all, so that looking for them is paid for rarely.
  private func evict() {
    let wanted = max(1, maximum / 16)
    var idle: [(since: Moment, connection: Connection)] = []
    for case let connection? in connections {
      if let since = connection.idleSince, since < loop.now { idle.append((since, connection)) }
    }
    if idle.count < wanted { evictionRest = loop.now + Self.evictionPause }
    idle.sort { $0.since < $1.since }
    for (_, connection) in idle.prefix(wanted) {
      metrics.connectionsEvicted += 1
      connection.close()
    }
  }

  /// Forgets a connection that has closed.
  func remove(_ connection: Connection) {
    connections[Int(connection.descriptor)] = nil
    metrics.connectionsOpen -= 1
    if metrics.connectionsOpen < maximum, !isDraining { for listener in listeners { listener.isPaused = false } }
    noticeEnd()
  }

  // MARK: Requests

  /// A name for the next request.
  func nextID() -> RequestID {
    requestNumber += 1
    return RequestID(process: process, number: requestNumber)
  }

  /// Has the connection flushed when the turn ends, once.
  func queue(_ connection: Connection) {
    guard !connection.isQueued else { return }
    connection.isQueued = true
    if flushing.isEmpty { loop.atEndOfTurn { [unowned self] in flushAll() } }
    flushing.append(connection)
  }

  private func flushAll() {
    let connections = flushing
    flushing = []
    let now = Moment.read()
    serialiser.move(to: Int64(time(nil)))
    for connection in connections {
      connection.isQueued = false
      connection.flush(at: now)
    }
  }

  /// Writes one answer to the output and counts it.
  func write(_ answer: Pipeline.Answer, closes: Bool, at moment: Moment) {
    serialiser.append(answer.response, in: .init(isHead: answer.isHead, closes: closes, isOld: answer.isOld, id: answer.id), to: &output)
    metrics.responses[answer.response.status.family] += 1
    metrics.latency.count(microseconds: Int((moment.nanoseconds &- answer.start.nanoseconds) / 1000))
  }

  /// Writes the interim answer to the output.
  func writeContinue() { serialiser.appendContinue(to: &output) }

  /// Takes over the output for a connection that could send only a part of it; much is moved, little is copied.
  ///
  /// - Parameter sent: how much of it has been sent.
  func takeOutput(from sent: Int) -> Backlog {
    guard output.count - sent > Self.outputCopied else { return Backlog(Array(output[sent...]), from: 0) }
    defer { output = [] }
    return Backlog(output, from: sent)
  }

  /// Empties the output; after a large answer its memory is given back.
  func clearOutput() {
    if output.capacity > Self.outputKept { output = [] } else { output.removeAll(keepingCapacity: true) }
  }

  // MARK: Ending

  /// Stops accepting, lets the requests that have begun finish, and ends what is left at the deadline.
  ///
  /// - Returns: how many requests were cut off.
  func drain(until deadline: Moment) async -> Int {
    isDraining = true
    evictionTimer?.cancel()
    evictionTimer = nil
    for listener in listeners {
      listener.isPaused = false
      listener.takeWaiting()
      listener.close()
    }
    for connection in connections { connection?.drain() }
    if !isFinished {
      let end = OneShot<Void>()
      self.end = end
      let timer = Timer(on: loop) { end.complete(()) }
      timer.arm(at: deadline)
      await end.value()
      timer.cancel()
      self.end = nil
    }
    let cut = metrics.requestsRunning
    for connection in connections { connection?.close() }
    return cut
  }

  private var isFinished: Bool { metrics.connectionsOpen == 0 && metrics.requestsRunning == 0 }

  /// Ends the draining when nothing is left.
  func noticeEnd() {
    if let end, isFinished { end.complete(()) }
  }
}

extension Peer {
  init(_ address: SocketAddress) {
    let (high, low) = address.number
    self = high == 0 && low >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: low), port: address.port) : .v6(high, low, port: address.port)
  }
}
