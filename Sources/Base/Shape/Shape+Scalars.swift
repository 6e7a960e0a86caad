// SPDX-License-Identifier: Apache-2.0

extension Shape where Value == JSON {
  /// Any JSON value, unread.
  package static var any: Shape { Shape(kinds: { .any }, schematic: { _ in [:] }, read: { json, _ in json }) }
}

extension Shape where Value == Bool {
  package static var bool: Shape {
    Shape(.boolean, schema: ["type": "boolean"]) { json, reading in
      if json.bool == nil { reading.failKind(json, expected: .boolean) }
      return json.bool
    }
  }
}

extension Shape where Value: FixedWidthInteger {
  /// An integer written without fraction or exponent.
  package static func integer(_ range: ClosedRange<Value>) -> Shape {
    let schema: JSONObject = ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    return Shape(.number, schema: schema) { json, reading in
      guard case .number(let lexeme) = json else {
        reading.failKind(json, expected: .number)
        return nil
      }
      guard lexeme.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || $0 &- UInt8(ascii: "0") < 10 }) else {
        reading.fail("wrong-type", zh: "此处应为整数，不带小数或指数。", en: "This must be an integer, without a fraction or an exponent.")
        return nil
      }
      guard let value = Value(lexeme), range.contains(value) else {
        reading.fail(
          "out-of-range", zh: "须在 \(range.lowerBound) 与 \(range.upperBound) 之间。",
          en: "This must be between \(range.lowerBound) and \(range.upperBound).")
        return nil
      }
      return value
    }
  }
}

extension Shape {
  /// One of some words, each meaning a value.
  package static func enumeration(_ words: [(String, Value)]) -> Shape {
    let known = words.map(\.0)
    return Shape(.string, schema: ["type": "string", "enum": .array(known.map { .string($0) })]) { json, reading in
      guard case .string(let word) = json else {
        reading.failKind(json, expected: .string)
        return nil
      }
      if let value = words.first(where: { $0.0 == word }) { return value.1 }
      let hint = NearestName.hint(for: word, among: known)
      reading.fail(
        "not-in-list", zh: "“\(NearestName.quoted(word))”不在允许的取值之中。\(hint.zh)",
        en: "“\(NearestName.quoted(word))” is not one of the allowed words. \(hint.en)")
      return nil
    }
  }

  /// One word that stands for one value.
  package static func constant(_ word: String, _ value: Value) -> Shape { enumeration([(word, value)]) }
}

extension Shape where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of an enumeration's raw values.
  package static func enumeration(_ type: Value.Type = Value.self) -> Shape { enumeration(type.allCases.map { ($0.rawValue, $0) }) }
}
