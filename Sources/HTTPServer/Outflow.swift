// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP

/// The content of an answer on its way from the task that makes it to the connection that sends it.
// Unchecked: touched on the connection's loop only; a writer elsewhere goes there first.
final class Outflow: @unchecked Sendable {
  /// How the client finds the end of the content (RFC 9112 §6.3).
  private enum Framing {
    case chunks
    case length(remaining: Int)
    case endOfConnection
  }

  /// From how many octets on a writer waits until they are sent.
  private static let mark = 65536

  private let connection: Connection
  private let stream: ResponseStream
  private var framing: Framing
  /// What is written and not yet sent, chunk lines included.
  private var pending: [UInt8] = []
  private var writers: [UnsafeContinuation<Void, Never>] = []
  private var task: Task<Void, Never>?
  /// Whether the content is complete.
  private(set) var isComplete = false
  /// Whether nobody reads any more.
  private var isCut = false
  /// Whether the server has ended what would not have ended by itself.
  private var isEnded = false

  init(_ stream: ResponseStream, isOld: Bool, _ connection: Connection) {
    self.stream = stream
    self.connection = connection
    framing = stream.length.map { .length(remaining: $0) } ?? (isOld ? .endOfConnection : .chunks)
  }

  /// Begins to make the content.
  func start() {
    task = Task(executorPreference: connection.loop) { [self] in
      do {
        try await stream.produce(ContentWriter { [self] (octets) async throws(CancellationError) in try await write(octets) })
        await connection.loop.run { [self] in finish(isWhole: isWhole) }
      } catch {
        // What ends by being cancelled has ended well.
        await connection.loop.run { [self] in finish(isWhole: isEnded && isWhole) }
      }
    }
  }

  /// Whether no more octets were announced than were written.
  private var isWhole: Bool {
    if case .length(let remaining) = framing { remaining == 0 } else { true }
  }

  /// Whether a cut would look like an end to the client.
  var endsWithConnection: Bool {
    if case .endOfConnection = framing { true } else { false }
  }

  // MARK: The connection's side

  /// Whether there is something to send.
  var isPending: Bool { !pending.isEmpty || isComplete }

  /// Hands over what is to be sent.
  func move(to output: inout [UInt8]) {
    output.append(contentsOf: pending)
    pending = []
    if isComplete, case .chunks = framing { ResponseSerialiser.appendLastChunk(to: &output) }
  }

  /// Lets writers go on: what they wrote has been sent.
  func resume() {
    guard pending.isEmpty else { return }
    let writers = writers
    self.writers = []
    for writer in writers { writer.resume() }
  }

  /// Ends what would not end by itself.
  func end() {
    guard stream.isEndless, !isComplete else { return }
    isEnded = true
    task?.cancel()
    release()
  }

  /// Nobody reads any more.
  func cut() {
    isCut = true
    pending = []
    task?.cancel()
    release()
  }

  private func release() {
    let writers = writers
    self.writers = []
    for writer in writers { writer.resume() }
  }

  private func finish(isWhole: Bool) {
    task = nil
    isComplete = isWhole
    connection.finishStream(self, isWhole: isWhole)
  }

  // MARK: The writer's side

  private func write(_ octets: [UInt8]) async throws(CancellationError) {
    let loop = connection.loop
    guard loop.isCurrent else {
      return try await loop.run { () async throws(CancellationError) in try await self.write(octets) }
    }
    guard !isCut, !isEnded else { throw CancellationError() }
    switch framing {
    case .chunks: ResponseSerialiser.appendChunk(octets, to: &pending)
    case .endOfConnection: pending += octets
    case .length(let remaining):
      // More than was announced would be taken for the next answer.
      guard octets.count <= remaining else { throw CancellationError() }
      framing = .length(remaining: remaining - octets.count)
      pending += octets
    }
    connection.queueStream()
    guard pending.count >= Self.mark else { return }
    await withUnsafeContinuation { writers.append($0) }
    if isCut || isEnded { throw CancellationError() }
  }
}
