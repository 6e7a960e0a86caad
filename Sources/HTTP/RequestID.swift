// SPDX-License-Identifier: Apache-2.0

/// The name of one request in logs and answers: what the process drew at its start, and a running number.
///
/// It is always the server's own; one that a client sends is never taken over.
package struct RequestID: Sendable, Hashable {
  /// Drawn once per process.
  package let process: UInt32
  /// Counts requests; the top bits may number the loop.
  package let number: UInt64

  package init(process: UInt32, number: UInt64) {
    self.process = process
    self.number = number
  }

  /// How many octets `append` writes.
  static let length = 8 + 1 + 16

  /// Writes eight and sixteen hexadecimal digits with a hyphen between.
  func append(to octets: inout [UInt8]) {
    for shift in stride(from: 28, through: 0, by: -4) {
      octets.append(UInt8(hexadecimalDigit: UInt8(truncatingIfNeeded: process >> UInt32(shift))))
    }
    octets.append(0x2D)
    for shift in stride(from: 60, through: 0, by: -4) {
      octets.append(UInt8(hexadecimalDigit: UInt8(truncatingIfNeeded: number >> UInt64(shift))))
    }
  }
}

extension RequestID: CustomStringConvertible {
  package var description: String {
    var octets: [UInt8] = []
    octets.reserveCapacity(Self.length)
    append(to: &octets)
    return String(decoding: octets, as: UTF8.self)
  }
}
