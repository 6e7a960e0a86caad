// SPDX-License-Identifier: Apache-2.0

/// Writes JSON straight into bytes, commas included, without building values first.
///
/// The caller keeps the grammar: every `beginObject` has its `endObject`, every `key` its value.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8]
  /// Whether the next value or key must be preceded by a comma.
  private var separates = false

  /// - Parameter capacity: bytes to set aside at once.
  package init(capacity: Int = 256) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Goes on writing behind bytes that are already there, as when a body follows a header in one buffer.
  package init(appendingTo bytes: consuming [UInt8]) { self.bytes = bytes }

  // MARK: structure

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes a name that needs no escaping, as names in code do not.
  package mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    separates = false
  }

  /// Writes a name from data, escaped.
  package mutating func key(escaping name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    separates = false
  }

  // MARK: values

  package mutating func null() { literal("null") }
  package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

  package mutating func integer(_ value: Int64) {
    separate()
    separates = true
    appendDecimal(value)
  }

  package mutating func integer(_ value: some BinaryInteger) { integer(Int64(clamping: value)) }

  package mutating func string(_ value: String) {
    var value = value
    value.withUTF8 { utf8(UnsafeRawBufferPointer($0)) }
  }

  /// Writes a string from UTF-8 bytes that are known to be valid, such as a text column of a UTF-8 database.
  package mutating func utf8(_ characters: UnsafeRawBufferPointer) {
    separate()
    separates = true
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(characters)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Copies a JSON text that is known to be valid, such as a `jsonb` column.
  package mutating func raw(_ json: UnsafeRawBufferPointer) {
    separate()
    separates = true
    bytes.append(contentsOf: json)
  }

  package mutating func raw(_ json: [UInt8]) { json.withUnsafeBytes { raw($0) } }

  package mutating func value(_ json: JSON) {
    switch json {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let lexeme):
      separate()
      separates = true
      bytes.append(contentsOf: lexeme.utf8)
    case .string(let value): string(value)
    case .array(let elements):
      beginArray()
      for element in elements { value(element) }
      endArray()
    case .object(let object):
      beginObject()
      for member in object.members {
        key(escaping: member.name)
        value(member.value)
      }
      endObject()
    }
  }

  // MARK: bytes

  private mutating func open(_ bracket: UInt8) {
    separate()
    separates = false
    bytes.append(bracket)
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    separates = true
  }

  @inline(__always)
  mutating func separate() { if separates { bytes.append(UInt8(ascii: ",")) } }

  private mutating func literal(_ word: StaticString) {
    separate()
    separates = true
    bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  /// Writes a quoted value of a fixed number of bytes that need no escaping, filled in place.
  mutating func quoted(_ count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    separate()
    separates = true
    bytes.append(UInt8(ascii: "\""))
    appendFixed(count, fill)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends a fixed number of bytes, filled in place.
  mutating func appendFixed(_ count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { buffer in
      buffer.initialize(repeating: UInt8(ascii: "0"))
      fill(buffer)
      bytes.append(contentsOf: buffer)
    }
  }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func appendDecimal(_ value: Int64) {
    // 19 digits and a sign hold every 64-bit integer.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      buffer.initialize(repeating: 0)
      var place = 20
      var rest = value.magnitude
      repeat {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        place -= 1
        buffer[place] = UInt8(ascii: "0") + UInt8(digit)
        rest = quotient
      } while rest > 0
      if value < 0 {
        place -= 1
        buffer[place] = UInt8(ascii: "-")
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[place...]))
    }
  }

  private mutating func appendEscaped(_ characters: UnsafeRawBufferPointer) {
    var clean = 0
    for place in 0..<characters.count {
      let byte = characters[place]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: characters[clean..<place]))
      clean = place + 1
      appendEscape(byte)
    }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: characters[clean...]))
  }

  private mutating func appendEscape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(lowercaseHexadecimal(byte >> 4))
      bytes.append(lowercaseHexadecimal(byte & 15))
    }
  }
}

/// The ASCII digit of a value below 16.
@inline(__always)
func lowercaseHexadecimal(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
