// SPDX-License-Identifier: Apache-2.0
internal import CPostgres

/// One row of a result; columns count from 0.
///
/// Values are read in PostgreSQL's binary form straight from libpq's memory, and their column's type is checked.
package struct Row: Sendable {
  package let rows: Rows
  let index: Int32

  /// Whether the column is NULL.
  package func isNull(_ column: Int) -> Bool {
    PQgetisnull(rows.result, index, Int32(column)) != 0
  }

  /// The bytes of a value as they came, whatever the type; they live as long as ``rows``. An empty buffer for NULL.
  package func rawBytes(_ column: Int) -> UnsafeRawBufferPointer {
    let column = Int32(column)
    return UnsafeRawBufferPointer(
      start: PQgetvalue(rows.result, index, column), count: Int(PQgetlength(rows.result, index, column)))
  }

  package func type(_ column: Int) -> TypeID {
    TypeID(rawValue: PQftype(rows.result, Int32(column)))
  }

  /// The bytes of a value that is not NULL.
  func bytes(_ column: Int) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    guard !isNull(column) else { throw .null(column: column) }
    return rawBytes(column)
  }

  /// The bytes of a value of a type that has `size` of them.
  private func fixed(_ column: Int, _ expected: TypeID, size: Int) throws(DecodingFailure) -> UnsafeRawPointer {
    let found = type(column)
    guard found == expected else { throw .type(column: column, found: found) }
    let bytes = try bytes(column)
    guard bytes.count == size, let start = bytes.baseAddress else { throw .value(column: column) }
    return start
  }

  private func refuse<Value>(_ column: Int) throws(DecodingFailure) -> Value {
    throw .type(column: column, found: type(column))
  }

  // MARK: Values

  package func bool(_ column: Int) throws(DecodingFailure) -> Bool {
    try fixed(column, .bool, size: 1).load(as: UInt8.self) != 0
  }

  /// An `int4` or `int2`.
  package func int32(_ column: Int) throws(DecodingFailure) -> Int32 {
    switch type(column) {
    case .int4: Int32(bigEndian: try fixed(column, .int4, size: 4).loadUnaligned(as: Int32.self))
    case .int2: Int32(Int16(bigEndian: try fixed(column, .int2, size: 2).loadUnaligned(as: Int16.self)))
    default: try refuse(column)
    }
  }

  /// An `int8`, `int4` or `int2`.
  package func int64(_ column: Int) throws(DecodingFailure) -> Int64 {
    switch type(column) {
    case .int8: Int64(bigEndian: try fixed(column, .int8, size: 8).loadUnaligned(as: Int64.self))
    default: Int64(try int32(column))
    }
  }

  /// The two halves of a `uuid`, most significant first.
  package func uuid(_ column: Int) throws(DecodingFailure) -> (high: UInt64, low: UInt64) {
    let start = try fixed(column, .uuid, size: 16)
    return (
      UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    )
  }

  /// A `date`, in days since 1970-01-01.
  package func date(_ column: Int) throws(DecodingFailure) -> Int32 {
    Int32(bigEndian: try fixed(column, .date, size: 4).loadUnaligned(as: Int32.self)) &+ Epoch.days
  }

  /// A `timestamptz`, in microseconds since 1970-01-01T00:00:00Z.
  package func timestampMicroseconds(_ column: Int) throws(DecodingFailure) -> Int64 {
    Int64(bigEndian: try fixed(column, .timestamptz, size: 8).loadUnaligned(as: Int64.self)) &+ Epoch.microseconds
  }

  /// The UTF-8 of a `text`, of a type like it, or of an enumeration; it lives as long as ``rows``.
  package func textBytes(_ column: Int) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    switch type(column) {
    case .text, .varchar, .bpchar, .name, .unknown, .json: break
    case let found where found.rawValue >= TypeID.firstOfUsers: break
    default: return try refuse(column)
    }
    return try bytes(column)
  }

  package func text(_ column: Int) throws(DecodingFailure) -> String {
    String(decoding: try textBytes(column), as: UTF8.self)
  }

  /// The contents of a `bytea`; they live as long as ``rows``.
  package func byteaBytes(_ column: Int) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    guard type(column) == .bytea else { return try refuse(column) }
    return try bytes(column)
  }

  package func bytea(_ column: Int) throws(DecodingFailure) -> [UInt8] {
    Array(try byteaBytes(column))
  }

  /// The text of a `jsonb`, a `json` or a `jsonpath`; it lives as long as ``rows``.
  package func jsonBytes(_ column: Int) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    let bytes = try bytes(column)
    switch type(column) {
    case .json: return bytes
    case .jsonb, .jsonpath:
      guard bytes.first == Bind.documentVersion else { throw .value(column: column) }
      return UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    default: return try refuse(column)
    }
  }

  /// A value that may be NULL, read by `read`: `row.optional(3, row.text)`.
  package func optional<Value>(
    _ column: Int, _ read: (Int) throws(DecodingFailure) -> Value
  ) throws(DecodingFailure) -> Value? {
    isNull(column) ? nil : try read(column)
  }
}
