// SPDX-License-Identifier: Apache-2.0

/// Header fields in their order, in one run of octets that is already what goes on the wire.
///
/// Names are compared without regard to case. A common name is found by its number alone; the set of numbers present answers most
/// questions without looking at any field.
package struct Headers: Sendable {
  struct Field: Sendable {
    let key: HeaderName.Key
    let nameStart: UInt32
    let nameCount: UInt32
    let valueCount: UInt32

    var name: Range<Int> { Int(nameStart)..<Int(nameStart + nameCount) }
    var value: Range<Int> { Int(nameStart + nameCount) + 2..<Int(nameStart + nameCount + valueCount) + 2 }
  }

  /// `name: value` with CR LF after each field.
  private(set) var octets: [UInt8]
  private(set) var fields: [Field]
  /// The bits of the common names that occur.
  private var present: UInt64

  package init() {
    octets = []
    fields = []
    present = 0
  }

  /// How many fields there are, repeated names counted each time.
  package var count: Int { fields.count }
  package var isEmpty: Bool { fields.isEmpty }

  /// Adds a field after the others, also when there is one of that name.
  package mutating func append(_ name: HeaderName, _ value: HeaderValue) {
    if octets.isEmpty {
      octets.reserveCapacity(128)
      fields.reserveCapacity(4)
    }
    let start = octets.count
    octets.append(literal: name.text)
    octets.append(.colon)
    octets.append(.space)
    value.append(to: &octets)
    let end = octets.count
    close(key: name.key, nameStart: start, nameCount: name.text.utf8CodeUnitCount, valueEnd: end)
  }

  /// Adds a received field whose name and value the parser has found sound.
  mutating func append(
    received line: Span<UInt8>, key: HeaderName.Key, name: Range<Int>, value: Range<Int>
  ) {
    if octets.isEmpty {
      octets.reserveCapacity(256)
      fields.reserveCapacity(8)
    }
    let start = octets.count
    octets.append(copying: line.extracting(name))
    octets.append(.colon)
    octets.append(.space)
    octets.append(copying: line.extracting(value))
    close(key: key, nameStart: start, nameCount: name.count, valueEnd: octets.count)
  }

  private mutating func close(key: HeaderName.Key, nameStart: Int, nameCount: Int, valueEnd: Int) {
    octets.append(.carriageReturn)
    octets.append(.lineFeed)
    fields.append(
      Field(
        key: key, nameStart: UInt32(nameStart), nameCount: UInt32(nameCount), valueCount: UInt32(valueEnd - nameStart - nameCount - 2)))
    if key != .other { present |= key.bit }
  }

  /// Whether any of the common names in the set occurs.
  func contains(anyOf keys: UInt64) -> Bool { present & keys != 0 }

  /// Whether a field of that name occurs.
  package func contains(_ name: HeaderName) -> Bool { firstIndex(name) != nil }

  /// The octets of the first field of that name, without a copy.
  package func octets(_ name: HeaderName) -> ArraySlice<UInt8>? {
    firstIndex(name).map { octets[fields[$0].value] }
  }

  /// The field's value; several fields of one name are one list (RFC 9110 §5.2), cookies joined as RFC 6265 wants them.
  ///
  /// Octets that are not UTF-8 come out as replacement characters.
  package subscript(_ name: HeaderName) -> String? {
    guard let first = firstIndex(name) else { return nil }
    var text = String(decoding: octets[fields[first].value], as: UTF8.self)
    for index in fields.indices[(first + 1)...] where matches(fields[index], name) {
      text += name.key == .cookie ? "; " : ", "
      text += String(decoding: octets[fields[index].value], as: UTF8.self)
    }
    return text
  }

  /// The values of all fields of that name, one by one.
  package func values(_ name: HeaderName) -> [String] {
    fields.filter { matches($0, name) }.map { String(decoding: octets[$0.value], as: UTF8.self) }
  }

  private func firstIndex(_ name: HeaderName) -> Int? {
    if name.key != .other, present & name.key.bit == 0 { return nil }
    return fields.firstIndex { matches($0, name) }
  }

  private func matches(_ field: Field, _ name: HeaderName) -> Bool {
    guard field.key == name.key else { return false }
    guard name.key == .other else { return true }
    let text = name.text
    guard field.nameCount == UInt32(text.utf8CodeUnitCount) else { return false }
    let start = Int(field.nameStart)
    for offset in 0..<text.utf8CodeUnitCount where octets[start + offset].lowercased != text.utf8Start[offset].lowercased { return false }
    return true
  }
}

extension Headers: Sequence {
  /// One field as texts.
  package typealias Element = (name: String, value: String)

  package func makeIterator() -> AnyIterator<Element> {
    var index = 0
    return AnyIterator {
      guard index < fields.count else { return nil }
      let field = fields[index]
      index += 1
      return (String(decoding: octets[field.name], as: UTF8.self), String(decoding: octets[field.value], as: UTF8.self))
    }
  }
}

extension Headers: Equatable {
  /// The same fields, spelled the same, in the same order.
  package static func == (one: Headers, other: Headers) -> Bool { one.octets == other.octets }
}

extension Headers: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (HeaderName, HeaderValue)...) {
    self.init()
    for (name, value) in elements { append(name, value) }
  }
}
