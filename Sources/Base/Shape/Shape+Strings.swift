// SPDX-License-Identifier: Apache-2.0

/// A form that strings may be held to: as code that checks it and as what a schema says of it.
package struct TextPattern: Sendable {
  /// An ECMA-262 regular expression, anchored, for the schema.
  let expression: String
  /// What it allows, for a fault: a phrase such as "lower-case letters, digits and hyphens".
  let meaning: Text
  let holds: @Sendable (String) -> Bool

  package init(_ expression: String, meaning: Text, holds: @escaping @Sendable (String) -> Bool) {
    self.expression = expression
    self.meaning = meaning
    self.holds = holds
  }
}

extension Shape where Value == String {
  /// A string without NUL, which PostgreSQL cannot keep.
  ///
  /// - Parameters:
  ///   - minLength: in code points, as JSON Schema counts.
  ///   - maxLength: in code points.
  package static func string(minLength: Int = 0, maxLength: Int, pattern: TextPattern? = nil) -> Shape {
    var schema: JSONObject = ["type": "string"]
    if minLength > 0 { schema["minLength"] = .integer(minLength) }
    schema["maxLength"] = .integer(maxLength)
    if let pattern { schema["pattern"] = .string(pattern.expression) }
    return Shape(.string, schema: schema) { json, reading in
      guard case .string(let value) = json else {
        reading.failKind(json, expected: .string)
        return nil
      }
      // Bytes bound characters from both sides, so most strings need no counting.
      let bytes = value.utf8.count
      let length = bytes <= maxLength && bytes >= minLength * 4 ? bytes : value.unicodeScalars.count
      guard length >= minLength, bytes <= maxLength || length <= maxLength else {
        reading.fail(
          "wrong-length",
          zh: minLength > 0 ? "长度须为 \(minLength) 至 \(maxLength) 个字符。" : "长度不得超过 \(maxLength) 个字符。",
          en: minLength > 0
            ? "This must have \(minLength) to \(maxLength) characters." : "This must have at most \(maxLength) characters.")
        return nil
      }
      // A reason of nothing but spaces gives none.
      if minLength > 0, value.isBlank {
        reading.fail("blank", zh: "不得只有空白。", en: "This must not be blank.")
        return nil
      }
      if value.utf8.contains(0) {
        reading.fail("bad-format", zh: "不得含有 NUL 字符。", en: "The character NUL is not allowed.")
        return nil
      }
      if let pattern, !pattern.holds(value) {
        reading.fail("bad-format", zh: "格式无效：须为\(pattern.meaning.zh)。", en: "This has the wrong form: it must be \(pattern.meaning.en).")
        return nil
      }
      return value
    }
  }

  /// A name within a document or a tenant: lower-case letters, digits and hyphens, a letter first, at most 64.
  package static var code: Shape {
    string(
      minLength: 1, maxLength: 64,
      pattern: TextPattern(
        "^[a-z][a-z0-9-]*$", meaning: Text(zh: "小写字母、数字和连字符，以字母开头", en: "lower-case letters, digits and hyphens, a letter first")
      ) { word in
        word.utf8.first.map { $0 &- UInt8(ascii: "a") < 26 } ?? false
          && word.utf8.allSatisfy { $0 &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") }
      })
  }
}

extension Shape {
  /// A string in a form of its own.
  ///
  /// - Parameters:
  ///   - schema: beside `"type": "string"`.
  ///   - meaning: the form, for a fault: a phrase such as "a date such as 2026-11-21".
  ///   - read: `nil` where the string has another form.
  package static func text(_ schema: JSONObject, meaning: Text, read: @escaping @Sendable (String) -> Value?) -> Shape {
    var whole: JSONObject = ["type": "string"]
    for member in schema { whole[member.name] = member.value }
    return Shape(.string, schema: whole) { json, reading in
      guard case .string(let text) = json else {
        reading.failKind(json, expected: .string)
        return nil
      }
      guard let value = read(text) else {
        reading.fail("bad-format", zh: "格式无效：须为\(meaning.zh)。", en: "This has the wrong form: it must be \(meaning.en).")
        return nil
      }
      return value
    }
  }
}

extension Shape where Value == CivilDate {
  /// A day: `2026-11-21`.
  package static var date: Shape {
    text(["format": "date"], meaning: Text(zh: "存在的日期，如 2026-11-21", en: "a day that exists, such as 2026-11-21"), read: CivilDate.init)
  }
}

extension Shape where Value == Instant {
  /// A moment with its offset (RFC 3339): `2026-11-21T09:30:00+08:00`.
  package static var instant: Shape {
    text(
      ["format": "date-time"],
      meaning: Text(zh: "带时区的时间，如 2026-11-21T09:30:00+08:00", en: "a time with its offset, such as 2026-11-21T09:30:00+08:00"),
      read: Instant.init)
  }
}

extension Shape where Value == CivilTime {
  /// A time of day in Shanghai: `09:30`.
  package static var time: Shape {
    text(
      ["pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"],
      meaning: Text(zh: "时刻（24 小时制），如 09:30", en: "a time of day, such as 09:30"), read: CivilTime.init)
  }
}

extension Shape where Value == Int64 {
  /// When something ends within a day in Shanghai, in microseconds after its 00:00: `17:30`, or `24:00` with the day itself.
  package static var endTime: Shape {
    text(
      ["pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)$"],
      meaning: Text(zh: "24 小时制的时刻，如 17:30，至多 24:00", en: "a time of day, such as 17:30, at most 24:00")
    ) { text in ["24:00", "24:00:00"].contains(text) ? Instant.day : CivilTime(text)?.microseconds }
  }
}

extension Shape where Value == Fen {
  /// An amount as a decimal of yuan with at most two places: `2098750.00`.
  package static var fen: Shape {
    text(
      ["pattern": "^-?(0|[1-9][0-9]{0,16})(\\.[0-9]{1,2})?$"],
      meaning: Text(zh: "以元为单位、至多两位小数的金额，如 2098750.00", en: "yuan with at most two decimals, such as 2098750.00")
    ) { Fen(yuan: $0) }
  }

  /// An amount within bounds.
  package static func fen(_ range: ClosedRange<Fen>) -> Shape {
    fen.refine { amount in
      range.contains(amount)
        ? nil
        : Fault(
          code: "out-of-range",
          detail: Text(
            zh: "金额须在 \(range.lowerBound) 与 \(range.upperBound) 元之间。",
            en: "The amount must be between \(range.lowerBound) and \(range.upperBound) yuan."))
    }
  }
}

extension Shape where Value == Share {
  /// A share as a percentage: `50%`, `0.05%`.
  package static var share: Shape {
    text(
      ["pattern": "^-?(0|[1-9][0-9]*)(\\.[0-9]{1,8})?%$"], meaning: Text(zh: "百分比，如 50% 或 0.05%", en: "a percentage, such as 50% or 0.05%")
    ) { $0.utf8.last == UInt8(ascii: "%") ? Share($0) : nil }
  }
}

extension Shape where Value == Rational {
  /// An exact number as a decimal string, such as a score: `80`, `71.5`.
  ///
  /// - Parameter places: digits it may have behind the point.
  package static func decimal(places: Int = 6) -> Shape {
    text(
      ["pattern": "^-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,\(places)})?$"],
      meaning: Text(zh: "至多 \(places) 位小数的数，如 71.5", en: "a decimal with at most \(places) places, such as 71.5")
    ) { text in
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      let digits = parts[0].utf8.count - (text.hasPrefix("-") ? 1 : 0)
      return digits <= 18 && (parts.count == 1 || parts[1].utf8.count <= places) ? Rational(decimal: text) : nil
    }
  }
}

extension Shape where Value == UUIDv7 {
  /// The identity of a row.
  package static var uuid: Shape {
    text(["format": "uuid"], meaning: Text(zh: "第 7 版 UUID", en: "a UUID of version 7"), read: UUIDv7.init)
  }
}

extension Text {
  /// `{"zh": …, "en": …}`, neither empty, at most 2,000 characters each.
  package static let shape: Shape<Text> = quickly(
    .object(
      "text", about: Text(zh: "中英文各一份的文字。", en: "A text in Chinese and in English."),
      Field("zh", .string(minLength: 1, maxLength: 2000)), Field("en", .string(minLength: 1, maxLength: 2000))
    ) { Text(zh: $0, en: $1) })

  /// Texts are most of what documents are made of: a plain good one is read at once, anything else as every object is.
  private static func quickly(_ shape: Shape<Text>) -> Shape<Text> {
    Shape(kinds: shape.kinds, schematic: shape.schematic) { json, reading in
      guard case .object(let object) = json, object.count == 2, case .string(let zh)? = object["zh"], case .string(let en)? = object["en"],
        isPlain(zh), isPlain(en)
      else { return shape.read(json, &reading) }
      return Text(zh: zh, en: en)
    }
  }

  private static func isPlain(_ text: String) -> Bool { 1...2000 ~= text.utf8.count && !text.utf8.contains(0) }

  /// The JSON that its shape reads.
  package var json: JSON { ["zh": .string(zh), "en": .string(en)] }
}

extension String {
  /// Whether it has something, and nothing but white space.
  fileprivate var isBlank: Bool {
    // Nearly every string begins with what is none.
    guard let first = utf8.first, first <= 0x20 || first >= 0x80 else { return false }
    return unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }
}
