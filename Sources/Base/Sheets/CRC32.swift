// SPDX-License-Identifier: Apache-2.0

/// The checksum of ZIP archives (ISO 3309, polynomial 0x04C11DB7 reflected), eight octets in a step.
package struct CRC32: Sendable {
  private var state: UInt32 = ~0

  package init() {}

  /// Of all octets so far.
  package var value: UInt32 { ~state }

  /// Eight tables of 256 words: table n carries an octet past n more.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for octet in 0..<256 {
      var word = UInt32(octet)
      for _ in 0..<8 { word = word & 1 == 1 ? word >> 1 ^ 0xEDB8_8320 : word >> 1 }
      tables[octet] = word
    }
    for table in 1..<8 {
      for octet in 0..<256 {
        let before = tables[(table - 1) * 256 + octet]
        tables[table * 256 + octet] = before >> 8 ^ tables[Int(before & 0xFF)]
      }
    }
    return tables
  }()

  package mutating func update(_ octets: UnsafeRawBufferPointer) {
    Self.tables.withUnsafeBufferPointer { tables in
      var state = self.state
      var place = 0
      while place + 8 <= octets.count {
        let word = UInt64(littleEndian: octets.loadUnaligned(fromByteOffset: place, as: UInt64.self)) ^ UInt64(state)
        func table(_ number: Int, _ shift: UInt64) -> UInt32 { tables[number * 256 + Int(word >> shift & 0xFF)] }
        state =
          table(7, 0) ^ table(6, 8) ^ table(5, 16) ^ table(4, 24) ^ table(3, 32) ^ table(2, 40) ^ table(1, 48) ^ table(0, 56)
        place += 8
      }
      while place < octets.count {
        state = state >> 8 ^ tables[Int((state ^ UInt32(octets[place])) & 0xFF)]
        place += 1
      }
      self.state = state
    }
  }

  package static func of(_ octets: [UInt8]) -> UInt32 {
    var sum = CRC32()
    octets.withUnsafeBytes { sum.update($0) }
    return sum.value
  }
}
