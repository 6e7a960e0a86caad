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
    let count = name.utf8CodeUnitCount
    put(count + 3) { place in
      place[0] = UInt8(ascii: "\"")
      place.advanced(by: 1).update(from: name.utf8Start, count: count)
      place[count + 1] = UInt8(ascii: "\"")
      place[count + 2] = UInt8(ascii: ":")
      return count + 3
    }
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

  package mutating func integer(_ value: Int64) { put(20) { writeDecimal(value, at: $0) } }

  package mutating func integer(_ value: Int32) { integer(Int64(value)) }

  package mutating func integer(_ value: some BinaryInteger) { integer(Int64(clamping: value)) }

  package mutating func string(_ value: String) {
    var value = value
    value.withUTF8 { utf8(UnsafeRawBufferPointer($0)) }
  }

  /// Writes a string from UTF-8 bytes that are known to be valid, such as a text column of a UTF-8 database.
  package mutating func utf8(_ characters: UnsafeRawBufferPointer) {
    let clean = cleanPrefix(characters)
    put(characters.count + 2) { place in
      place[0] = UInt8(ascii: "\"")
      copy(UnsafeRawBufferPointer(rebasing: characters[..<clean]), to: place.advanced(by: 1))
      if clean < characters.count { return clean + 1 }
      place[clean + 1] = UInt8(ascii: "\"")
      return clean + 2
    }
    if clean < characters.count {
      appendEscaped(UnsafeRawBufferPointer(rebasing: characters[clean...]))
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// Copies a JSON text that is known to be valid, such as a `jsonb` column.
  package mutating func raw(_ json: UnsafeRawBufferPointer) {
    put(json.count) { place in
      copy(json, to: place)
      return json.count
    }
  }

  package mutating func raw(_ json: [UInt8]) { json.withUnsafeBytes { raw($0) } }

  package mutating func value(_ json: JSON) {
    switch json {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(var lexeme): lexeme.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
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
    if separates { bytes.append(UInt8(ascii: ",")) }
    separates = false
    bytes.append(bracket)
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    separates = true
  }

  private mutating func literal(_ word: StaticString) {
    let count = word.utf8CodeUnitCount
    put(count) { place in
      place.update(from: word.utf8Start, count: count)
      return count
    }
  }

  /// Writes a value in place, behind its comma.
  ///
  /// - Parameters:
  ///   - capacity: bytes that the value may take.
  ///   - write: fills what it is given and says how many bytes it took.
  @inline(__always)
  mutating func put(_ capacity: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
    let comma = separates ? 1 : 0
    separates = true
    bytes.append(addingCapacity: capacity + 1) { span in
      span.withUnsafeMutableBufferPointer { buffer, count in
        // The buffer is never empty: the capacity asked for is at least one.
        guard let start = buffer.baseAddress?.advanced(by: count) else { return }
        start[0] = UInt8(ascii: ",")
        count += comma + write(start.advanced(by: comma))
      }
    }
  }

  /// Writes a string of so many bytes that need no escaping, in place.
  @inline(__always)
  mutating func putQuoted(_ count: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Void) {
    put(count + 2) { place in
      place[0] = UInt8(ascii: "\"")
      write(place.advanced(by: 1))
      place[count + 1] = UInt8(ascii: "\"")
      return count + 2
    }
  }

  private mutating func appendEscaped(_ characters: UnsafeRawBufferPointer) {
    var rest = characters
    while let byte = rest.first {
      appendEscape(byte)
      rest = UnsafeRawBufferPointer(rebasing: rest[1...])
      let clean = cleanPrefix(rest)
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<clean]))
      rest = UnsafeRawBufferPointer(rebasing: rest[clean...])
    }
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
