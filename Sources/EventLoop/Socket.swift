// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A connected, non-blocking stream socket that lives on one loop.
///
/// Try first, and wait only after ``Transfer/wouldBlock``: in the steady state neither `readable()` nor `writable()` makes a system call. One task
/// at a time may wait for each direction. Only the loop's thread may touch it.
package final class Socket {
  /// What a read or a write came to.
  package enum Transfer: Equatable, Sendable {
    /// So many bytes went over; zero from a read is the end of what the other side sends.
    case bytes(Int)
    /// Nothing went over now; wait.
    case wouldBlock
    /// The connection has failed with this `errno`.
    case failed(Int32)
  }

  /// Why a wait came to its end.
  package enum Wake: Equatable, Sendable {
    /// Try again: the socket is ready, or has failed and the next call says how.
    case ready
    /// Somebody called ``Socket/interrupt()``, because of a deadline or a drain.
    case interrupted
    /// The socket was closed on this side.
    case closed
  }

  package let loop: EventLoop
  /// The descriptor, -1 once closed; for those who hand it to a library such as OpenSSL.
  package private(set) var descriptor: Int32
  private var registration: Registration!
  private var reader: UnsafeContinuation<Wake, Never>?
  private var writer: UnsafeContinuation<Wake, Never>?
  /// Readiness that was reported while nobody waited for it.
  private var isReadable = false
  private var hasHungUp = false

  /// Takes a connected descriptor over and makes it part of `loop`.
  package init(adopting descriptor: Int32, on loop: EventLoop) {
    self.loop = loop
    self.descriptor = descriptor
    registration = loop.register(descriptor, interest: .readable) { [unowned self] ready in
      self.become(ready)
    }
  }

  deinit {
    // The loop's poller still has the registration of a socket that was never closed, and its action has no self any more.
    precondition(descriptor < 0, "close a socket before letting go of it")
  }

  package var isClosed: Bool { descriptor < 0 }

  // MARK: Bytes

  /// Reads what is there, up to the buffer's size.
  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
    outcome { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
  }

  /// Writes as much as fits.
  package func write(_ buffer: UnsafeRawBufferPointer) -> Transfer {
    outcome { send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL)) }
  }

  private func outcome(_ call: () -> Int) -> Transfer {
    guard !isClosed else { return .failed(EBADF) }
    while true {
      let count = call()
      if count >= 0 { return .bytes(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      case let code: return .failed(code)
      }
    }
  }

  // MARK: Waiting

  /// Suspends until a read is worth trying.
  package nonisolated(nonsending) func readable() async -> Wake {
    guard !isClosed else { return .closed }
    if isReadable || hasHungUp {
      isReadable = false
      return .ready
    }
    precondition(reader == nil, "one task at a time reads a socket")
    registration.interest.insert(.readable)
    return await withUnsafeContinuation { reader = $0 }
  }

  /// Suspends until a write is worth trying.
  package nonisolated(nonsending) func writable() async -> Wake {
    guard !isClosed else { return .closed }
    if hasHungUp { return .ready }
    precondition(writer == nil, "one task at a time writes a socket")
    registration.interest.insert(.writable)
    return await withUnsafeContinuation { writer = $0 }
  }

  /// Wakes whoever waits, with ``Wake/interrupted``; does nothing when nobody does.
  package func interrupt() {
    resume(with: .interrupted)
  }

  private func resume(with wake: Wake) {
    loop.preconditionCurrent()
    if let reader {
      self.reader = nil
      reader.resume(returning: wake)
    }
    if let writer {
      self.writer = nil
      writer.resume(returning: wake)
    }
  }

  private func become(_ ready: Readiness) {
    if ready.contains(.hangup) {
      // Heard again every turn as long as it is registered, so it is heard once.
      hasHungUp = true
      registration.cancel()
      resume(with: .ready)
      return
    }
    if ready.contains(.readable) {
      if let reader {
        self.reader = nil
        reader.resume(returning: .ready)
      } else {
        // Nobody reads now: remember it, and let the kernel be silent until somebody does.
        isReadable = true
        registration.interest.remove(.readable)
      }
    }
    if ready.contains(.writable) {
      registration.interest.remove(.writable)
      if let writer {
        self.writer = nil
        writer.resume(returning: .ready)
      }
    }
  }

  // MARK: Ending

  /// Tells the other side that nothing more will be written; it may go on writing.
  package func finishWriting() {
    guard !isClosed else { return }
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Closes the descriptor; whoever waits hears ``Wake/closed``. Closing twice does nothing.
  package func close() {
    loop.preconditionCurrent()
    guard !isClosed else { return }
    registration.cancel()
    Glibc.close(descriptor)
    descriptor = -1
    resume(with: .closed)
  }
}
