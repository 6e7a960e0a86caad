// SPDX-License-Identifier: Apache-2.0

/// The line before a chunk's data: its size and extensions that mean nothing here but have to be well-formed (RFC 9112 §7.1).
struct ChunkLine {
  /// The size of the data in octets.
  let size: UInt64
  /// How much of the line is extension.
  let extensionCount: Int

  /// The longest size in digits that 64 bits can hold.
  static let longestSize = 16

  init(_ line: Span<UInt8>) throws(Refusal) {
    var index = 0
    var size: UInt64 = 0
    while index < line.count, let digit = line[index].hexadecimalValue {
      guard index < Self.longestSize else { throw .badChunkSize }
      size = size << 4 | UInt64(digit)
      index += 1
    }
    guard index > 0 else { throw .badChunkSize }
    self.size = size
    extensionCount = line.count - index
    while index < line.count {
      let semicolon = Self.skipSpace(line, index)
      guard semicolon < line.count, line[semicolon] == .semicolon else {
        throw line.count - index == extensionCount ? .badChunkSize : .badChunkExtension
      }
      index = try Self.extensionEnd(line, from: semicolon + 1)
    }
  }

  /// Steps over `BWS name [ BWS "=" BWS ( token / quoted-string ) ]`.
  private static func extensionEnd(_ line: Span<UInt8>, from start: Int) throws(Refusal) -> Int {
    var index = try tokenEnd(line, skipSpace(line, start))
    let equals = skipSpace(line, index)
    guard equals < line.count, line[equals] == .equals else { return index }
    index = skipSpace(line, equals + 1)
    guard index < line.count, line[index] == .quote else { return try tokenEnd(line, index) }
    return try quotedEnd(line, index + 1)
  }

  private static func skipSpace(_ line: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < line.count, line[index] == .space || line[index] == .tab { index += 1 }
    return index
  }

  private static func tokenEnd(_ line: Span<UInt8>, _ start: Int) throws(Refusal) -> Int {
    var index = start
    while index < line.count, line[index].isTokenCharacter { index += 1 }
    guard index > start else { throw .badChunkExtension }
    return index
  }

  private static func quotedEnd(_ line: Span<UInt8>, _ start: Int) throws(Refusal) -> Int {
    var index = start
    while index < line.count, line[index].isFieldValueCharacter {
      if line[index] == .quote { return index + 1 }
      if line[index] == .backslash {
        index += 1
        guard index < line.count, line[index].isFieldValueCharacter else { break }
      }
      index += 1
    }
    throw .badChunkExtension
  }
}
