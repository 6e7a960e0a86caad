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

  /// Writes eight and sixteen hexadecimal digits with a hyphen between.
  func append(to octets: inout [UInt8]) {
    var digits = InlineArray<25, UInt8>(repeating: 0x2D)
    for index in 0..<8 {
      digits[7 - index] = UInt8(hexadecimalDigit: UInt8(truncatingIfNeeded: process >> UInt32(4 * index)))
    }
    for index in 0..<16 {
      digits[24 - index] = UInt8(hexadecimalDigit: UInt8(truncatingIfNeeded: number >> UInt64(4 * index)))
    }
    octets.append(copying: digits.span)
  }
}

extension RequestID: CustomStringConvertible {
  package var description: String {
    var octets: [UInt8] = []
    append(to: &octets)
    return String(decoding: octets, as: UTF8.self)
  }
}
