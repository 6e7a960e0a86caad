// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// A listening TCP socket; each loop has one of its own on the same address, and the kernel shares the connections out (`SO_REUSEPORT`).
///
/// Make it on any thread, then start it on the loop's.
package final class Listener {
  /// How many connections are taken in one go, before those that are already there get their turn.
  private static let connectionsPerTurn = 64
  /// How long accepting rests when the process has run out of descriptors.
  private static let rest = Duration.milliseconds(100)

  /// Where it listens; the port is the real one also when 0 was asked for.
  package let address: SocketAddress
  private var descriptor: Int32
  private var registration: Registration?
  private var restTimer: Timer?
  private var accept: ((Int32, SocketAddress) -> Void)?

  /// Whether new connections are left waiting in the kernel, because there are enough; for the loop's thread.
  package var isPaused = false {
    didSet { if isPaused != oldValue { registration?.interest = isPaused ? [] : .readable } }
  }

  /// Binds and listens.
  ///
  /// - Parameter backlog: how many connections the kernel keeps for us before it refuses.
  /// - Throws: ``SystemError``, `EADDRINUSE` above all.
  package init(_ address: SocketAddress, backlog: Int32 = 1024) throws(SystemError) {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = try SystemError.check("socket", socket(address.family, type, 0))
    do throws(SystemError) {
      try Listener.turnOn(descriptor, SOL_SOCKET, SO_REUSEADDR)
      try Listener.turnOn(descriptor, SOL_SOCKET, SO_REUSEPORT)
      // `::` is IPv6 alone, so that `0.0.0.0` can stand beside it.
      if address.family == AF_INET6 { try Listener.turnOn(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
      // Connections take it over from the listener: answers leave at once, without a system call for each connection.
      try Listener.turnOn(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
      try SystemError.check("bind", address.withPointer { bind(descriptor, $0, $1) })
      try SystemError.check("listen", listen(descriptor, backlog))
      var bound = SocketAddress()
      try SystemError.check("getsockname", bound.withMutablePointer { getsockname(descriptor, $0, $1) })
      self.address = bound
      self.descriptor = descriptor
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  deinit {
    // The loop's poller still has the registration of a listener that was started and never closed, and its action has no self any more.
    precondition(registration == nil || descriptor < 0, "close a listener before letting go of it")
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// Hands every new connection to `accept`, on the loop's thread: a non-blocking descriptor that is now the receiver's, and who is at its other end.
  package func start(on loop: EventLoop, _ accept: @escaping (Int32, SocketAddress) -> Void) {
    precondition(registration == nil, "a listener is started once")
    restTimer = Timer(on: loop) { [unowned self] in
      registration?.interest = isPaused ? [] : .readable
    }
    self.accept = accept
    registration = loop.register(descriptor, interest: .readable) { [unowned self] _ in
      for _ in 0..<Self.connectionsPerTurn {
        guard take() else { return }
      }
    }
  }

  /// Takes what waits in the kernel now, until that is all or accepting is paused, so that closing refuses nobody who came before.
  package func takeWaiting() {
    while take() {}
  }

  /// Takes one connection.
  ///
  /// - Returns: whether there may be another.
  private func take() -> Bool {
    while true {
      // A receiver may have stopped listening, or have enough.
      guard descriptor >= 0, let accept else { return false }
      var peer = SocketAddress()
      let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
      let connection = peer.withMutablePointer { clinux_accept4(descriptor, $0, $1, flags) }
      if connection >= 0 {
        accept(connection, peer)
        return !isPaused
      }
      switch errno {
      case EAGAIN: return false
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        // The connections wait in the kernel meanwhile; asking again at once would only burn the processor.
        registration?.interest = []
        restTimer?.arm(after: Self.rest)
        return false
      default: continue  // The connection is gone again, or an interrupt: the next one.
      }
    }
  }

  /// Stops listening; connections that nobody took are refused. On the loop's thread once started.
  package func close() {
    guard descriptor >= 0 else { return }
    restTimer?.cancel()
    registration?.cancel()
    accept = nil
    Glibc.close(descriptor)
    descriptor = -1
  }

  private static func turnOn(_ descriptor: Int32, _ level: Int32, _ option: Int32) throws(SystemError) {
    var one: Int32 = 1
    try SystemError.check("setsockopt", setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size)))
  }
}
