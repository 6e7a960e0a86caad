// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// An IPv4 or IPv6 address with its port.
package struct SocketAddress: Sendable, Equatable, CustomStringConvertible {
  /// The address as the kernel has it; a struct of this size holds any family.
  var storage = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  init() {}

  /// Finds the addresses of a host's name, or reads a numeric one; blocks, so this is for starting up.
  ///
  /// - Parameter host: `127.0.0.1`, `::1`, `localhost`; `0.0.0.0` and `::` stand for every interface.
  /// - Throws: ``SystemError`` with the code `EINVAL` when the host has no address.
  package static func resolve(host: String, port: UInt16) throws(SystemError) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0 else { throw SystemError("getaddrinfo", code: EINVAL) }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let info = next?.pointee {
      next = info.ai_next
      var address = SocketAddress()
      address.length = info.ai_addrlen
      withUnsafeMutableBytes(of: &address.storage) { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen)))
      }
      if !addresses.contains(address) { addresses.append(address) }
    }
    return addresses
  }

  var family: Int32 { Int32(storage.ss_family) }

  /// The port number, in the machine's order of bytes.
  package var port: UInt16 {
    // The port stands at the same place in both families, in network order.
    withUnsafeBytes(of: storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
  }

  /// The address without its port, as 128 bits; one of IPv4 as it is mapped into IPv6 (RFC 4291 §2.5.5.2).
  package var number: (high: UInt64, low: UInt64) {
    withUnsafeBytes(of: storage) { bytes in
      guard family == AF_INET6 else {
        return (0, 0xFFFF_0000_0000 | UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))))
      }
      return (
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
      )
    }
  }

  /// The address without its port, as text.
  package var host: String {
    withPointer { pointer, length in
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let result = getnameinfo(pointer, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      guard result == 0 else { return "?" }
      return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  package var description: String {
    family == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  package static func == (left: SocketAddress, right: SocketAddress) -> Bool {
    guard left.length == right.length else { return false }
    return withUnsafeBytes(of: left.storage) { a in
      withUnsafeBytes(of: right.storage) { b in memcmp(a.baseAddress!, b.baseAddress!, Int(left.length)) == 0 }
    }
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  mutating func withMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }
}
