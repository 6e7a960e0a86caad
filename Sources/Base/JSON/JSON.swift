// SPDX-License-Identifier: Apache-2.0

/// A JSON value (RFC 8259) that keeps numbers as written and members in their order.
///
/// Two values are equal when they are written alike: `1.0` and `1` differ here, and so do two orders of the same members.
/// Compare `canonical` bytes where only the meaning counts.
package enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number's lexeme, never a `Double`: amounts must not pass through binary fractions.
  case number(String)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

extension JSON {
  /// The six kinds of JSON value, by the names that JSON Schema gives them.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case null, boolean, number, string, array, object
  }

  package var kind: Kind {
    switch self {
    case .null: .null
    case .bool: .boolean
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }

  /// The member of that name, when this is an object that has one.
  package subscript(name: String) -> JSON? {
    if case .object(let object) = self { object[name] } else { nil }
  }

  /// The element at that place, when this is an array that reaches so far.
  package subscript(index: Int) -> JSON? {
    if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
  }

  /// The characters, when this is a string.
  package var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The truth value, when this is a boolean.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The number, when it is written as a plain integer that fits 64 bits.
  package var integer: Int64? { if case .number(let lexeme) = self { Int64(lexeme) } else { nil } }

  /// The elements, when this is an array.
  package var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

  /// The members, when this is an object.
  package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

  package static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int64) { self = .number(String(value)) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member(name: $0.0, value: $0.1) }))
  }
}
