// SPDX-License-Identifier: Apache-2.0

/// A value for one of a statement's `$1, $2, …`, with its type.
package enum Bind: Sendable {
  /// The two halves of a UUID's sixteen bytes, most significant first.
  package typealias UUID = (high: UInt64, low: UInt64)

  /// SQL's NULL, of a type that must be said.
  case null(TypeID)
  case bool(Bool)
  case int4(Int32)
  case int8(Int64)
  case text(String)
  /// Text that is UTF-8 already.
  case utf8([UInt8])
  case bytea([UInt8])
  case uuid(high: UInt64, low: UInt64)
  /// Days since 1970-01-01.
  case date(Int32)
  /// Microseconds since 1970-01-01T00:00:00Z.
  case timestamptz(Int64)
  /// A JSON text.
  case jsonb([UInt8])
  /// A text of the SQL/JSON path language.
  case jsonpath(String)
  /// A decimal number, as it is written; the only type that travels as text.
  case numeric(String)
  case boolArray([Bool?])
  case int4Array([Int32?])
  case int8Array([Int64?])
  case textArray([String?])
  case byteaArray([[UInt8]?])
  case uuidArray([UUID?])
  case dateArray([Int32?])
  case timestamptzArray([Int64?])
  case jsonbArray([[UInt8]?])

  /// The value, or NULL of the given type when there is none.
  package static func optional<Value>(_ value: Value?, _ type: TypeID, _ bind: (Value) -> Bind) -> Bind {
    value.map(bind) ?? .null(type)
  }

  /// Whether another is known to be the same value of the same type; of arrays other than of texts it is not known.
  package func isSame(as other: Bind) -> Bool {
    switch (self, other) {
    case (.null(let one), .null(let other)): one == other
    case (.bool(let one), .bool(let other)): one == other
    case (.int4(let one), .int4(let other)), (.date(let one), .date(let other)): one == other
    case (.int8(let one), .int8(let other)), (.timestamptz(let one), .timestamptz(let other)): one == other
    case (.text(let one), .text(let other)), (.numeric(let one), .numeric(let other)), (.jsonpath(let one), .jsonpath(let other)):
      // By octets: to Unicode some different texts are equal.
      one.utf8.elementsEqual(other.utf8)
    case (.utf8(let one), .utf8(let other)), (.bytea(let one), .bytea(let other)), (.jsonb(let one), .jsonb(let other)): one == other
    case (.uuid(let high, let low), .uuid(let otherHigh, let otherLow)): high == otherHigh && low == otherLow
    case (.textArray(let one), .textArray(let other)):
      one.elementsEqual(other) { $0.map { Array($0.utf8) } == $1.map { Array($0.utf8) } }
    default: false
    }
  }

  var type: TypeID {
    switch self {
    case .null(let type): type
    case .bool: .bool
    case .int4: .int4
    case .int8: .int8
    case .text, .utf8: .text
    case .bytea: .bytea
    case .uuid: .uuid
    case .date: .date
    case .timestamptz: .timestamptz
    case .jsonb: .jsonb
    case .jsonpath: .jsonpath
    case .numeric: .numeric
    case .boolArray: .boolArray
    case .int4Array: .int4Array
    case .int8Array: .int8Array
    case .textArray: .textArray
    case .byteaArray: .byteaArray
    case .uuidArray: .uuidArray
    case .dateArray: .dateArray
    case .timestamptzArray: .timestamptzArray
    case .jsonbArray: .jsonbArray
    }
  }

  /// Appends the value in the form PostgreSQL's `…recv` functions read; nothing for NULL.
  func write(to bytes: inout ByteBuffer) {
    switch self {
    case .null: break
    case .bool(let value): bytes.append(value)
    case .int4(let value): bytes.append(value)
    case .int8(let value): bytes.append(value)
    case .text(let value), .numeric(let value): bytes.append(value)
    case .utf8(let value), .bytea(let value): bytes.append(value)
    case .uuid(let high, let low):
      bytes.append(Int64(bitPattern: high))
      bytes.append(Int64(bitPattern: low))
    case .date(let days): bytes.append(days &- Epoch.days)
    case .timestamptz(let microseconds): bytes.append(microseconds &- Epoch.microseconds)
    case .jsonb(let value):
      bytes.append(Bind.documentVersion)
      bytes.append(value)
    case .jsonpath(let value):
      bytes.append(Bind.documentVersion)
      bytes.append(value)
    case .boolArray(let values): bytes.append(values, of: .bool) { $0.append($1) }
    case .int4Array(let values): bytes.append(values, of: .int4) { $0.append($1) }
    case .int8Array(let values): bytes.append(values, of: .int8) { $0.append($1) }
    case .textArray(let values): bytes.append(values, of: .text) { $0.append($1) }
    case .byteaArray(let values): bytes.append(values, of: .bytea) { $0.append($1) }
    case .uuidArray(let values):
      bytes.append(values, of: .uuid) {
        $0.append(Int64(bitPattern: $1.high))
        $0.append(Int64(bitPattern: $1.low))
      }
    case .dateArray(let values): bytes.append(values, of: .date) { $0.append($1 &- Epoch.days) }
    case .timestamptzArray(let values): bytes.append(values, of: .timestamptz) { $0.append($1 &- Epoch.microseconds) }
    case .jsonbArray(let values):
      bytes.append(values, of: .jsonb) {
        $0.append(Bind.documentVersion)
        $0.append($1)
      }
    }
  }

  /// The byte before the text of a `jsonb` or `jsonpath` in their binary form.
  static let documentVersion: UInt8 = 1
}
