// SPDX-License-Identifier: Apache-2.0

extension Row {
  /// A `numeric` as PostgreSQL would write it, with all the digits of its scale; never through a floating point number.
  ///
  /// - Throws: ``DecodingFailure/value(column:)`` for `NaN` and the infinities.
  package func numeric(_ column: Int) throws(DecodingFailure) -> String {
    let found = type(column)
    guard found == .numeric else { throw .type(column: column, found: found) }
    let bytes = try bytes(column)
    guard bytes.count >= 8 else { throw .value(column: column) }
    func word(_ index: Int) -> Int {
      Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
    }
    // The header: how many groups of four decimal digits, the power of 10,000 of the first, the sign, the digits after the point.
    let groups = word(0)
    let weight = Int(Int16(truncatingIfNeeded: word(1)))
    let sign = word(2)
    let scale = word(3)
    guard sign == 0 || sign == 0x4000, bytes.count == 8 + 2 * groups else { throw .value(column: column) }

    /// The four digits that stand for 10,000 to the `power`.
    func digits(_ power: Int) -> [UInt8] {
      let index = weight - power
      let group = (0..<groups).contains(index) ? word(4 + index) : 0
      return [group / 1000, group / 100 % 10, group / 10 % 10, group % 10].map { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: $0) }
    }
    var text: [UInt8] = sign == 0 ? [] : [UInt8(ascii: "-")]
    var whole: [UInt8] = []
    for power in stride(from: max(weight, 0), through: 0, by: -1) { whole += digits(power) }
    let leading = whole.prefix { $0 == UInt8(ascii: "0") }.count
    text += whole.dropFirst(min(leading, whole.count - 1))
    if scale > 0 {
      var fraction: [UInt8] = []
      var power = -1
      while fraction.count < scale {
        fraction += digits(power)
        power -= 1
      }
      text.append(UInt8(ascii: "."))
      text += fraction.prefix(scale)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
