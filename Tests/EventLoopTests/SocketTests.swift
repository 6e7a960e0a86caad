// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import EventLoop

@Suite("Sockets")
struct SocketTests {
  @Test("bytes come through whole and in order, however much they outrun the kernel's buffers")
  func echo() async throws {
    let loop = try EventLoop(name: "test")
    let received = await loop.run {
      let (near, far) = Pair.make(on: loop)
      let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let sender = loop.task { [near = Confined(near)] in
        await near.value.send(bytes)
        near.value.finishWriting()
      }
      let received = await far.receiveAll()
      await sender.value
      near.close()
      far.close()
      return received == bytes
    }
    #expect(received)
    loop.stop()
  }

  @Test("a peer that goes away is the end of what it sends")
  func peerLeaves() async throws {
    let loop = try EventLoop(name: "test")
    let (wake, transfer) = await loop.run {
      let (near, far) = Pair.make(on: loop)
      loop.execute { [near = Confined(near)] in near.value.close() }
      let wake = await far.readable()
      let transfer = far.readSome().transfer
      far.close()
      return (wake, transfer)
    }
    #expect(wake == .ready)
    #expect(transfer == .bytes(0))
    loop.stop()
  }

  @Test("a waiting reader can be interrupted, and hears when its socket is closed")
  func interrupted() async throws {
    let loop = try EventLoop(name: "test")
    let wakes = await loop.run {
      let (near, far) = Pair.make(on: loop)
      var wakes: [Socket.Wake] = []
      let timer = Timer(on: loop) { far.interrupt() }
      timer.arm(after: .milliseconds(1))
      wakes.append(await far.readable())
      loop.execute { [far = Confined(far)] in far.value.close() }
      wakes.append(await far.readable())
      wakes.append(await far.readable())
      near.close()
      return wakes
    }
    #expect(wakes == [.interrupted, .closed, .closed])
    loop.stop()
  }

  @Test("events of a registration that is gone do not reach the next one on the same descriptor")
  func staleEvents() async throws {
    let loop = try EventLoop(name: "test")
    let calls = await loop.run {
      let log = Calls()
      let done = OneShot<Void>()
      let (first, firstPeer) = Pair.descriptors()
      let (second, secondPeer) = Pair.descriptors()
      // Both are ready in the same turn; whichever comes first replaces the other by a registration that has nothing to read.
      for (mine, other) in [(first, second), (second, first)] {
        log.registrations[mine] = loop.register(mine, interest: .readable) { _ in
          log.calls.append(mine)
          log.registrations[mine]?.cancel()
          log.registrations[other]?.cancel()
          log.registrations[other] = loop.register(other, interest: .writable) { ready in
            log.calls.append(ready.contains(.readable) ? -1 : 0)
            log.registrations[other]?.cancel()
            done.complete(())
          }
        }
      }
      _ = Glibc.write(firstPeer, "x", 1)
      _ = Glibc.write(secondPeer, "x", 1)
      await done.value()
      for descriptor in [first, firstPeer, second, secondPeer] { Glibc.close(descriptor) }
      log.registrations = [:]
      return log.calls
    }
    #expect(calls.count == 2)
    #expect(calls.last == 0)
    loop.stop()
  }

  @Test("a listener takes connections on IPv4 and IPv6, and two share one port", arguments: ["127.0.0.1", "::1"])
  func listeners(host: String) async throws {
    let loops = [try EventLoop(name: "one"), try EventLoop(name: "two")]
    let first = try Listener(SocketAddress.resolve(host: host, port: 0)[0])
    let address = first.address
    let second = try Listener(address)
    #expect(address.host == host)
    #expect(address.port == second.address.port)
    let arrivals = Guarded<[String]>([])
    let listeners = [Confined(first), Confined(second)]
    for (listener, loop) in zip(listeners, loops) {
      loop.execute {
        listener.value.start(on: loop) { descriptor, peer in
          #expect(loop.isCurrent)
          #expect(peer.host == host)
          Glibc.close(descriptor)
          loop.execute { arrivals.withLock { $0.append(loop.name) } }
        }
      }
    }
    var clients: [Int32] = []
    for _ in 0..<40 {
      let client = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
      #expect(address.withPointer { connect(client, $0, $1) } == 0)
      clients.append(client)
    }
    // The end of what the server sends says that it has accepted.
    var byte: UInt8 = 0
    for client in clients {
      #expect(read(client, &byte, 1) <= 0)
      close(client)
    }
    for (listener, loop) in zip(listeners, loops) {
      await loop.run { listener.value.close() }
      loop.stop()
    }
    #expect(arrivals.value.count == 40)
    #expect(throws: SystemError.self) { try SocketAddress.resolve(host: "no such host", port: 1) }
  }

  @Test("signals that are held arrive as events")
  func signals() async throws {
    let loop = try EventLoop(name: "test")
    let number = try await loop.run { () throws(SystemError) -> Int32 in
      ProcessSignals.hold([SIGUSR1, SIGUSR2])
      let arrival = OneShot<Int32>()
      let signals = try ProcessSignals([SIGUSR1, SIGUSR2], on: loop) { arrival.complete($0) }
      // To this thread alone: the test's other threads do not hold them.
      pthread_kill(pthread_self(), SIGUSR2)
      let number = await arrival.value()
      signals.close()
      return number
    }
    #expect(number == SIGUSR2)
    loop.stop()
  }
}

private final class Calls {
  var calls: [Int32] = []
  var registrations: [Int32: Registration] = [:]
}

private enum Pair {
  static func descriptors() -> (Int32, Int32) {
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
    #expect(socketpair(AF_UNIX, type, 0, &pair) == 0)
    return (pair[0], pair[1])
  }

  static func make(on loop: EventLoop) -> (Socket, Socket) {
    let (near, far) = descriptors()
    return (Socket(adopting: near, on: loop), Socket(adopting: far, on: loop))
  }
}

extension Socket {
  fileprivate func readSome() -> (transfer: Transfer, bytes: [UInt8]) {
    var transfer = Transfer.wouldBlock
    let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
      transfer = read(into: UnsafeMutableRawBufferPointer(buffer))
      if case .bytes(let number) = transfer { count = number }
    }
    return (transfer, bytes)
  }

  fileprivate func receiveAll() async -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let (transfer, bytes) = readSome()
      switch transfer {
      case .bytes(0), .failed: return all
      case .bytes: all += bytes
      case .wouldBlock: #expect(await readable() == .ready)
      }
    }
  }

  fileprivate func send(_ bytes: [UInt8]) async {
    var start = 0
    while start < bytes.count {
      switch bytes.withUnsafeBytes({ write(UnsafeRawBufferPointer(rebasing: $0[start...])) }) {
      case .bytes(let count): start += count
      case .wouldBlock: #expect(await writable() == .ready)
      case .failed(let code):
        Issue.record("write failed: \(code)")
        return
      }
    }
  }
}
