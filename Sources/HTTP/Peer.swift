// SPDX-License-Identifier: Apache-2.0

/// Who is at the other end of the connection: an address and a port, as the kernel gave them.
package enum Peer: Sendable, Hashable {
  /// An IPv4 address, most significant octet first in the number.
  case v4(UInt32, port: UInt16)
  /// An IPv6 address, most significant half first.
  case v6(UInt64, UInt64, port: UInt16)
  /// No network address: a test, or a socket of another family.
  case none
}

extension Peer: CustomStringConvertible {
  /// The address without its port; IPv6 in full groups, so that equal addresses read equal.
  package var address: String {
    switch self {
    case .v4(let address, _):
      return (0..<4).map { String(UInt8(truncatingIfNeeded: address >> UInt32(24 - 8 * $0))) }.joined(separator: ".")
    case .v6(let high, let low, _):
      if high == 0, low >> 32 == 0xFFFF { return Peer.v4(UInt32(truncatingIfNeeded: low), port: 0).address }
      let groups = (0..<8).map { group in
        UInt16(truncatingIfNeeded: (group < 4 ? high : low) >> UInt64(48 - 16 * (group % 4)))
      }
      return groups.map { String($0, radix: 16) }.joined(separator: ":")
    case .none: return "-"
    }
  }

  package var description: String {
    switch self {
    case .v4(_, let port): "\(address):\(port)"
    case .v6(_, _, let port): "[\(address)]:\(port)"
    case .none: "-"
    }
  }
}
