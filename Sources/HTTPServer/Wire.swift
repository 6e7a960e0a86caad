// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The system calls on a connected, non-blocking socket; who holds it says when it is closed.
///
/// `EventLoop.Socket` is for tasks that wait; a connection here is told of readiness and never waits.
struct Wire: Sendable {
  /// What reading came to.
  enum Received: Equatable {
    case octets(Int)
    /// Nothing is there now.
    case nothing
    /// The other side sends no more.
    case end
    case failed
  }

  let descriptor: Int32

  /// Reads what is there, up to the buffer's size.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count > 0 { return .octets(count) }
    if count == 0 { return .end }
    return errno == EAGAIN || errno == EINTR ? .nothing : .failed
  }

  /// Sends as much as the socket takes.
  ///
  /// - Returns: where in the octets the next send begins; nil when the connection has failed.
  func send(_ octets: [UInt8], from start: Int) -> Int? {
    octets.withUnsafeBytes { bytes in
      var position = start
      while position < bytes.count {
        let count = Glibc.send(descriptor, bytes.baseAddress?.advanced(by: position), bytes.count - position, Int32(MSG_NOSIGNAL))
        if count >= 0 {
          position += count
        } else if errno == EAGAIN {
          return position
        } else if errno != EINTR {
          return nil
        }
      }
      return position
    }
  }

  /// Says that nothing more will be sent.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Has the next close throw away what is not sent yet; the kernel would go on offering it for minutes.
  func abort() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  func close() { Glibc.close(descriptor) }
}

/// Octets that the other side has not taken yet.
struct Backlog: Sendable {
  private(set) var octets: [UInt8] = []
  /// How many of them are sent.
  private(set) var position = 0
  private var start = 0

  init() {}

  /// - Parameter position: how many octets were sent before the other side began to be slow.
  init(_ octets: [UInt8], from position: Int) {
    self.octets = octets
    self.position = position
    start = position
  }

  var isEmpty: Bool { octets.isEmpty }

  /// How much the other side has taken since it began to be slow.
  var progress: Int { position - start }

  /// Notes how far sending has come, and frees the octets when it is done.
  mutating func advance(to position: Int) {
    if position == octets.count { self = Backlog() } else { self.position = position }
  }
}
