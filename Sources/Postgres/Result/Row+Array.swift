// SPDX-License-Identifier: Apache-2.0

extension Row {
  package func boolArray(_ column: Int) throws(DecodingFailure) -> [Bool?] {
    try elements(column, .boolArray) { $0.count == 1 ? $0[0] != 0 : nil }
  }

  package func int32Array(_ column: Int) throws(DecodingFailure) -> [Int32?] {
    try elements(column, .int4Array) { $0.integer(Int32.self) }
  }

  package func int64Array(_ column: Int) throws(DecodingFailure) -> [Int64?] {
    try elements(column, .int8Array) { $0.integer(Int64.self) }
  }

  package func textArray(_ column: Int) throws(DecodingFailure) -> [String?] {
    try elements(column, .textArray) { String(decoding: $0, as: UTF8.self) }
  }

  package func byteaArray(_ column: Int) throws(DecodingFailure) -> [[UInt8]?] {
    try elements(column, .byteaArray) { Array($0) }
  }

  package func uuidArray(_ column: Int) throws(DecodingFailure) -> [Bind.UUID?] {
    try elements(column, .uuidArray) { bytes -> Bind.UUID? in
      guard bytes.count == 16 else { return nil }
      return (
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  /// Days since 1970-01-01.
  package func dateArray(_ column: Int) throws(DecodingFailure) -> [Int32?] {
    try elements(column, .dateArray) { $0.integer(Int32.self).map { $0 &+ Epoch.days } }
  }

  /// Microseconds since 1970-01-01T00:00:00Z.
  package func timestampMicrosecondsArray(_ column: Int) throws(DecodingFailure) -> [Int64?] {
    try elements(column, .timestamptzArray) { $0.integer(Int64.self).map { $0 &+ Epoch.microseconds } }
  }

  /// The texts of JSON documents.
  package func jsonArray(_ column: Int) throws(DecodingFailure) -> [[UInt8]?] {
    try elements(column, .jsonbArray) { $0.first == Bind.documentVersion ? Array($0.dropFirst()) : nil }
  }

  /// Reads an array of one dimension or none.
  private func elements<Element>(
    _ column: Int, _ expected: TypeID, _ read: (UnsafeRawBufferPointer) -> Element?
  ) throws(DecodingFailure) -> [Element?] {
    let found = type(column)
    guard found == expected else { throw .type(column: column, found: found) }
    var rest = try bytes(column)
    /// The next four bytes as a number, nil past the end.
    func next() -> Int32? {
      guard rest.count >= 4 else { return nil }
      defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(4)) }
      return Int32(bigEndian: rest.loadUnaligned(as: Int32.self))
    }
    guard let dimensions = next(), next() != nil, next() != nil else { throw .value(column: column) }
    if dimensions == 0 { return [] }
    guard dimensions == 1, let count = next(), next() != nil, count >= 0, Int(count) <= rest.count / 4 else {
      throw .value(column: column)
    }
    var elements: [Element?] = []
    elements.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let length = next() else { throw .value(column: column) }
      if length < 0 {
        elements.append(nil)
        continue
      }
      guard rest.count >= Int(length), let element = read(UnsafeRawBufferPointer(rebasing: rest.prefix(Int(length)))) else {
        throw .value(column: column)
      }
      elements.append(element)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Int(length)))
    }
    return elements
  }
}

extension UnsafeRawBufferPointer {
  /// The number in network order that fills the buffer, nil when it is of another size.
  fileprivate func integer<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    count == Number.bitWidth / 8 ? Number(bigEndian: loadUnaligned(as: Number.self)) : nil
  }
}
