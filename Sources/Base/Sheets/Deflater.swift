// SPDX-License-Identifier: Apache-2.0

/// Compresses octets as they come (RFC 1951), with the fixed codes and the nearest earlier place of the same four octets.
///
/// It is made for text that repeats itself, such as a spreadsheet's, and for speed; it keeps at most 96 KiB of what it was given.
package struct Deflater: Sendable {
  /// How far back a repetition may lie.
  private static let reach = 32768
  /// How much is gathered before it is compressed.
  private static let gathered = 65536
  private static let longest = 258
  private static let hashBits = 15

  /// What was given and may be referred to, and behind it what is not compressed yet.
  private var octets: [UInt8] = []
  /// Where in `octets` that begins.
  private var begin = 0
  /// For each hash of four octets where they were seen last, counted from the first octet of all; from one on, zero for nowhere.
  private var heads = [Int](repeating: 0, count: 1 << hashBits)
  /// The number of the first octet of `octets`.
  private var base = 0
  private var bits: UInt64 = 0
  private var bitCount: UInt64 = 0

  package init() { octets.reserveCapacity(Self.reach + Self.gathered + Self.longest) }

  /// Takes octets in, and appends what is ready to `output`.
  package mutating func compress(_ input: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    var place = 0
    while place < input.count {
      let piece = min(Self.gathered - (octets.count - begin), input.count - place)
      octets.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[place..<place + piece]))
      place += piece
      if octets.count - begin >= Self.gathered { writeBlock(to: &output) }
    }
  }

  /// Appends all that is left, and the end.
  package mutating func finish(_ output: inout [UInt8]) {
    if begin < octets.count { writeBlock(to: &output) }
    // A last block with nothing in it: final, fixed codes, end of block.
    put(0b011, 3, to: &output)
    put(0, 7, to: &output)
    while bitCount > 0 {
      output.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      bitCount = bitCount > 8 ? bitCount - 8 : 0
    }
  }

  // MARK: Blocks

  private mutating func writeBlock(to output: inout [UInt8]) {
    put(0b010, 3, to: &output)
    // Taken out of self for as long as they are worked on: nothing is copied.
    var (octets, heads): ([UInt8], [Int]) = ([], [])
    swap(&octets, &self.octets)
    swap(&heads, &self.heads)
    var sink = Sink(bits: bits, count: bitCount)
    octets.withUnsafeBufferPointer { source in
      heads.withUnsafeMutableBufferPointer { heads in
        Codes.literals.withUnsafeBufferPointer { Self.write(source, from: begin, base: base, heads, $0, &sink, to: &output) }
      }
    }
    (bits, bitCount) = (sink.bits, sink.count)
    let dropped = max(0, octets.count - Self.reach)
    octets.removeSubrange(..<dropped)
    base += dropped
    begin = octets.count
    swap(&octets, &self.octets)
    swap(&heads, &self.heads)
  }

  private static func write(
    _ source: UnsafeBufferPointer<UInt8>, from begin: Int, base: Int, _ heads: UnsafeMutableBufferPointer<Int>,
    _ literals: UnsafeBufferPointer<Codes.Code>, _ sink: inout Sink, to output: inout [UInt8]
  ) {
    var place = begin
    let end = source.count
    while place < end {
      guard place + 4 <= end else {
        sink.put(literals[Int(source[place])], to: &output)
        place += 1
        continue
      }
      let word = word(source, place)
      let hash = Int((word &* 0x9E37_79B1) >> UInt32(32 - hashBits))
      let candidate = heads[hash] - 1 - base
      heads[hash] = place + base + 1
      guard candidate >= 0, place - candidate <= reach, Self.word(source, candidate) == word else {
        sink.put(literals[Int(source[place])], to: &output)
        place += 1
        continue
      }
      let bound = min(end - place, longest)
      var length = 4
      while length < bound, source[candidate + length] == source[place + length] { length += 1 }
      sink.putLength(length, literals, to: &output)
      sink.putDistance(place - candidate, to: &output)
      place += length
    }
    sink.put(literals[256], to: &output)
  }

  @inline(__always)
  private static func word(_ source: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt32 {
    UnsafeRawBufferPointer(source).loadUnaligned(fromByteOffset: place, as: UInt32.self)
  }

  private mutating func put(_ value: UInt64, _ count: UInt64, to output: inout [UInt8]) {
    var sink = Sink(bits: bits, count: bitCount)
    sink.put(Codes.Code(bits: UInt32(value), count: UInt32(count)), to: &output)
    (bits, bitCount) = (sink.bits, sink.count)
  }

  // MARK: Bits

  /// Bits that do not fill an octet yet, the first of them lowest.
  private struct Sink {
    var bits: UInt64
    var count: UInt64

    @inline(__always)
    mutating func put(_ code: Codes.Code, to output: inout [UInt8]) {
      bits |= UInt64(code.bits) << count
      count += UInt64(code.count)
      if count >= 32 {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: bits).littleEndian) { output.append(contentsOf: $0) }
        bits >>= 32
        count -= 32
      }
    }

    /// A length of 3 to 258 (RFC 1951 §3.2.5).
    @inline(__always)
    mutating func putLength(_ length: Int, _ literals: UnsafeBufferPointer<Codes.Code>, to output: inout [UInt8]) {
      guard length < Deflater.longest else { return put(literals[285], to: &output) }
      let excess = length - 3
      guard excess >= 8 else { return put(literals[257 + excess], to: &output) }
      let extra = Int.bitWidth - excess.leadingZeroBitCount - 3
      put(literals[257 + 4 * (extra + 1) + (excess >> extra & 3)], to: &output)
      put(Codes.Code(bits: UInt32(excess & (1 << extra - 1)), count: UInt32(extra)), to: &output)
    }

    /// A distance of 1 to 32768.
    @inline(__always)
    mutating func putDistance(_ distance: Int, to output: inout [UInt8]) {
      let excess = distance - 1
      guard excess >= 4 else { return put(Codes.distance(excess), to: &output) }
      let extra = Int.bitWidth - excess.leadingZeroBitCount - 2
      put(Codes.distance(2 * (extra + 1) + (excess >> extra & 1)), to: &output)
      put(Codes.Code(bits: UInt32(excess & (1 << extra - 1)), count: UInt32(extra)), to: &output)
    }
  }

  /// The fixed codes (RFC 1951 §3.2.6), each with its first bit lowest, as they are written.
  private enum Codes {
    struct Code: Sendable {
      let bits: UInt32
      let count: UInt32
    }

    /// Of the literals 0 to 255, the end of a block 256, and the lengths 257 to 287.
    static let literals: [Code] = (0..<288).map { symbol in
      switch symbol {
      case ..<144: code(0x30 + symbol, 8)
      case ..<256: code(0x190 + symbol - 144, 9)
      case ..<280: code(symbol - 256, 7)
      default: code(0xC0 + symbol - 280, 8)
      }
    }

    @inline(__always)
    static func distance(_ symbol: Int) -> Code {
      // Five bits, turned round.
      Code(bits: UInt32(UInt8(symbol << 3).bitReversed), count: 5)
    }

    private static func code(_ value: Int, _ count: Int) -> Code {
      var bits: UInt32 = 0
      for place in 0..<count where value >> place & 1 == 1 { bits |= 1 << UInt32(count - 1 - place) }
      return Code(bits: bits, count: UInt32(count))
    }
  }
}

extension UInt8 {
  @inline(__always)
  fileprivate var bitReversed: UInt8 {
    var value = (self & 0xF0) >> 4 | (self & 0x0F) << 4
    value = (value & 0xCC) >> 2 | (value & 0x33) << 2
    return (value & 0xAA) >> 1 | (value & 0x55) << 1
  }
}
