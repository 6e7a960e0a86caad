// SPDX-License-Identifier: Apache-2.0

/// Why a text is no amount in capital numerals.
package enum CapitalNumeralError: Error, Sendable, Hashable {
  case empty
  /// A character that stands in no amount.
  case unknownCharacter(Character)
  /// The characters do not make an amount: 元 is missing, a unit comes twice or out of order.
  case malformed
  /// The amount does not fit 64 bits of fen.
  case outOfRange

  package var text: Text {
    switch self {
    case .empty: Text(zh: "没有大写金额。", en: "There is no amount in capital numerals.")
    case .unknownCharacter(let character):
      Text(zh: "大写金额中不能有“\(character)”。", en: "“\(character)” does not belong in an amount in capital numerals.")
    case .malformed: Text(zh: "不是完整的大写金额。", en: "This is no complete amount in capital numerals.")
    case .outOfRange: Text(zh: "大写金额过大。", en: "The amount in capital numerals is too large.")
    }
  }
}

/// An amount read from capital numerals, and where the writing departs from the usual.
package struct CapitalReading: Sendable, Hashable {
  package struct Variant: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
      /// Another character that the rules accept: 圆 for 元, 正 for 整, 萬 for 万.
      case equivalent
      /// An everyday character in place of the capital one: 千 for 仟.
      case informal
      /// A 零 that is missing or too many.
      case zero
      /// A 整 that is missing after 元, or that stands after 分.
      case whole
      /// 拾 without the 壹 before it.
      case one
    }

    package let kind: Kind
    /// What is written; empty where something is missing.
    package let written: String
    /// What should stand there; empty where nothing should.
    package let standard: String

    /// Whether the rules do not allow it.
    package var isIrregular: Bool { kind != .equivalent }
  }

  package let amount: Fen
  /// Each departure once, in the order met.
  package let variants: [Variant]
}

extension CapitalNumerals {
  /// Reads an amount in capital numerals, forgiving known variants and naming them.
  ///
  /// White space and a leading 人民币 are passed over. The text must say the amount completely, to 元, 角 or 分.
  package static func read(_ text: String) throws(CapitalNumeralError) -> CapitalReading {
    var variants: [CapitalReading.Variant] = []
    func note(_ kind: CapitalReading.Variant.Kind, _ written: String, _ standard: String) {
      let variant = CapitalReading.Variant(kind: kind, written: written, standard: standard)
      if !variants.contains(variant) { variants.append(variant) }
    }

    var characters = text.filter { !$0.isWhitespace }[...]
    if characters.hasPrefix("人民币") { characters = characters.dropFirst(3) }
    if characters.isEmpty { throw .empty }
    var normal: [Character] = []
    for character in characters {
      if standard.contains(character) {
        normal.append(character)
      } else if let (kind, standard) = substitutes[character] {
        note(kind, String(character), String(standard))
        normal.append(standard)
      } else {
        throw .unknownCharacter(character)
      }
    }

    var evaluation = Evaluation()
    for character in normal { try evaluation.take(character) }
    let amount = try evaluation.amount()

    // The value was computed loosely; the spelling decides. It must be the usual one but for 零, 整 and 壹拾.
    if evaluation.lacksOne { note(.one, "拾", "壹拾") }
    let usual = CapitalNumerals.text(amount)
    var written = String(normal)
    if evaluation.lacksOne { written = String(withOnes(normal)) }
    if written == usual { return CapitalReading(amount: amount, variants: variants) }
    guard skeleton(written) == skeleton(usual) else { throw .malformed }
    let isWhole = amount.count.isMultiple(of: 100)
    if written.hasSuffix("整") != isWhole {
      // After 角 the rules leave 整 to the writer.
      if isWhole { note(.whole, "", "整") } else if amount.count.isMultiple(of: 10) == false { note(.whole, "整", "") }
      if isWhole { written += "整" } else { written.removeLast() }
    }
    if !OptionalZero.all.contains(where: { CapitalNumerals.text(amount, optionalZeros: $0) == written }) {
      let (have, want) = (written.count { $0 == "零" }, usual.count { $0 == "零" })
      note(.zero, have >= want ? "零" : "", have > want ? "" : "零")
    }
    return CapitalReading(amount: amount, variants: variants)
  }

  private static let standard: Set<Character> = Set("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整负")

  private static let substitutes: [Character: (CapitalReading.Variant.Kind, Character)] = {
    var table: [Character: (CapitalReading.Variant.Kind, Character)] = [:]
    for (written, standard) in zip("圆圓正萬億貳參陸負", "元元整万亿贰叁陆负") { table[written] = (.equivalent, standard) }
    for (written, standard) in zip("千百十一二两三四五六七八九〇○参弍", "仟佰拾壹贰贰叁肆伍陆柒捌玖零零叁贰") {
      table[written] = (.informal, standard)
    }
    return table
  }()

  /// What is left without the characters that may be missing or too many: 零 and the final 整, and `零元` before jiao.
  private static func skeleton(_ text: String) -> String {
    let bare = text.filter { $0 != "零" && $0 != "整" }
    return bare.hasPrefix("元") || bare.hasPrefix("负元") ? bare.filter { $0 != "元" } : bare
  }

  /// The text with 壹 before each 拾 that lacks a digit.
  private static func withOnes(_ characters: [Character]) -> [Character] {
    var result: [Character] = []
    for character in characters {
      if character == "拾", !(result.last.map { digits.dropFirst().contains($0) } ?? false) { result.append("壹") }
      result.append(character)
    }
    return result
  }
}

/// Sums up capital numerals from left to right without judging how they are spelled.
private struct Evaluation {
  /// Yuan before the last 亿, between it and 万, and below.
  private var high: UInt128 = 0
  private var middle: UInt128 = 0
  private var section: UInt128 = 0
  private var digit: UInt128?
  private var yuan: UInt128?
  private var jiao: UInt128 = 0
  private var fen: UInt128 = 0
  private var isNegative = false
  private var isFirst = true
  private var isClosed = false
  private var hasDigits = false
  private(set) var lacksOne = false

  mutating func take(_ character: Character) throws(CapitalNumeralError) {
    defer { isFirst = false }
    guard !isClosed else { throw .malformed }
    switch character {
    case "负":
      guard isFirst else { throw .malformed }
      isNegative = true
    case "拾", "佰", "仟":
      if digit == nil || digit == 0 {
        guard character == "拾" else { throw .malformed }
        lacksOne = true
        digit = 1
      }
      section += (digit ?? 0) * (character == "拾" ? 10 : character == "佰" ? 100 : 1000)
      digit = nil
    case "万":
      middle += closedSection() * 10_000
    case "亿":
      // Seventeen digits are the most that fit; a longer chain of 亿 cannot come back in range.
      high = (high + middle + closedSection()) * 100_000_000
      middle = 0
      guard high < 1 << 90 else { throw .outOfRange }
    case "元":
      guard yuan == nil else { throw .malformed }
      yuan = high + middle + closedSection()
    case "角":
      jiao += try lastDigit()
    case "分":
      fen += try lastDigit()
    case "整":
      isClosed = true
    default:
      guard digit == nil || digit == 0, let place = CapitalNumerals.digits.firstIndex(of: character) else { throw .malformed }
      digit = UInt128(place)
      hasDigits = true
    }
    guard section < 1 << 40, middle < 1 << 60 else { throw .malformed }
  }

  private mutating func closedSection() -> UInt128 {
    defer { (section, digit) = (0, nil) }
    return section + (digit ?? 0)
  }

  private mutating func lastDigit() throws(CapitalNumeralError) -> UInt128 {
    guard let digit, section == 0 else { throw .malformed }
    self.digit = nil
    return digit
  }

  /// What was summed up, once every digit has found its unit.
  func amount() throws(CapitalNumeralError) -> Fen {
    guard hasDigits || lacksOne, digit == nil, section == 0, yuan != nil || (high == 0 && middle == 0 && jiao + fen > 0) else {
      throw .malformed
    }
    let magnitude = (yuan ?? 0) * 100 + jiao * 10 + fen
    guard let positive = Int128(exactly: magnitude), let count = Int64(exactly: isNegative ? -positive : positive) else {
      throw .outOfRange
    }
    return Fen(count)
  }
}
