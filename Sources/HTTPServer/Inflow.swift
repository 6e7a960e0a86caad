// SPDX-License-Identifier: Apache-2.0
import EventLoop
import HTTP

/// The content of a request on its way from a connection to the handler that reads it.
///
/// It holds little: when it is full the connection stops reading, and the client is held up by TCP.
// Unchecked: touched on the connection's loop only; a reader elsewhere goes there first.
final class Inflow: @unchecked Sendable {
  /// Above how many octets nothing more is taken.
  private static let mark = 65536

  /// The request's number in the pipeline once its work has begun.
  var number: Int?
  /// Whether the connection ends after the answer, because the client said so.
  let closes: Bool
  /// Whether the client waits for the interim answer before it sends anything.
  var waitsForContinue: Bool

  private let connection: Connection
  private var buffer: [UInt8] = []
  private var isComplete = false
  private(set) var failure: ContentFailure?
  private var reader: UnsafeContinuation<Void, Never>?

  init(_ connection: Connection, closes: Bool, waitsForContinue: Bool) {
    self.connection = connection
    self.closes = closes
    self.waitsForContinue = waitsForContinue
  }

  /// Whether more may be read from the client.
  var hasRoom: Bool { buffer.count < Self.mark && failure == nil }

  // MARK: The connection's side

  func take(_ piece: Span<UInt8>) {
    piece.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    wake()
  }

  func complete() {
    isComplete = true
    wake()
  }

  func fail(_ failure: ContentFailure) {
    guard !isComplete, self.failure == nil else { return }
    self.failure = failure
    wake()
  }

  private func wake() {
    guard let reader else { return }
    self.reader = nil
    reader.resume()
  }

  // MARK: The handler's side

  /// All that is here, once something is; nil behind the end.
  func next() async throws(ContentFailure) -> [UInt8]? {
    let loop = connection.loop
    guard loop.isCurrent else {
      return try await loop.run { () async throws(ContentFailure) -> [UInt8]? in try await self.next() }
    }
    while buffer.isEmpty {
      if isComplete { return nil }
      if let failure { throw failure }
      precondition(reader == nil, "one task at a time reads a content")
      connection.wantContent()
      await withUnsafeContinuation { reader = $0 }
    }
    let wasFull = !hasRoom
    let piece = buffer
    buffer = []
    if wasFull { connection.wantContent() }
    return piece
  }
}
