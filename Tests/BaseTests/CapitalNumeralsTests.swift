// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

@Suite("Capital numerals")
struct CapitalNumeralsTests {
  /// The examples of the central bank's rules, of the contracts, and the edges.
  static let table: [(String, String)] = [
    ("1409.50", "壹仟肆佰零玖元伍角"), ("6007.14", "陆仟零柒元壹角肆分"), ("1680.32", "壹仟陆佰捌拾元叁角贰分"), ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"), ("325.04", "叁佰贰拾伍元零肆分"), ("4197500.00", "肆佰壹拾玖万柒仟伍佰元整"),
    ("349791.67", "叁拾肆万玖仟柒佰玖拾壹元陆角柒分"), ("10000005.05", "壹仟万零伍元零伍分"), ("2146320.00", "贰佰壹拾肆万陆仟叁佰贰拾元整"),
    ("575610.00", "伍拾柒万伍仟陆佰壹拾元整"), ("1166400.00", "壹佰壹拾陆万陆仟肆佰元整"), ("2228000.00", "贰佰贰拾贰万捌仟元整"), ("0.00", "零元整"),
    ("0.05", "伍分"), ("0.50", "伍角"), ("0.15", "壹角伍分"), ("10.00", "壹拾元整"), ("10.05", "壹拾元零伍分"), ("10.50", "壹拾元伍角"), ("1010.00", "壹仟零壹拾元整"),
    ("100000000.00", "壹亿元整"), ("100000001.00", "壹亿零壹元整"), ("100010000.50", "壹亿零壹万元伍角"), ("100005000.00", "壹亿零伍仟元整"),
    ("1010010000.00", "壹拾亿壹仟零壹万元整"), ("1000000000005.00", "壹万亿零伍元整"), ("-800.00", "负捌佰元整"),
    ("92233720368547758.07", "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"),
  ]

  @Test("an amount is written by the rules and read back", arguments: table)
  func rules(_ yuan: String, _ capitals: String) throws {
    let amount = try #require(Fen(yuan: yuan))
    #expect(amount.capitals == capitals)
    #expect(try CapitalNumerals.read(capitals) == CapitalReading(amount: amount, variants: []))
  }

  @Test(
    "the rules' other spellings are read without a word",
    arguments: [
      ("壹仟陆佰捌拾元零叁角贰分", "1680.32"), ("壹拾万柒仟元零伍角叁分", "107000.53"), ("壹拾万零柒仟元伍角叁分", "107000.53"), ("壹拾元零伍角整", "10.50"),
      ("人民币 贰佰贰拾贰万\n捌仟元整", "2228000.00"), ("壹拾亿零壹仟零壹万元整", "1010010000.00"),
      ("壹亿伍仟元整", "100005000.00"),
    ])
  func permitted(_ capitals: String, _ yuan: String) throws {
    #expect(try CapitalNumerals.read(capitals) == CapitalReading(amount: try #require(Fen(yuan: yuan)), variants: []))
  }

  @Test(
    "known variants are read and named",
    arguments: [
      ("叁拾肆万玖千柒佰玖拾壹元陆角柒分", "349791.67", ["informal 千>仟"]), ("贰佰萬圆正", "2000000.00", ["equivalent 萬>万", "equivalent 圆>元", "equivalent 正>整"]),
      ("三百二十五元四分", "325.04", ["informal 三>叁", "informal 百>佰", "informal 二>贰", "informal 十>拾", "informal 五>伍", "informal 四>肆", "zero >零"]),
      ("拾万元整", "100000.00", ["one 拾>壹拾"]), ("壹佰元", "100.00", ["whole >整"]), ("壹佰元零伍分整", "100.05", ["whole 整>"]),
      ("壹仟肆佰玖元伍角", "1409.50", ["zero >零"]), ("壹万零伍仟元整", "15000.00", ["zero 零>"]), ("零元伍角", "0.50", ["zero 零>"]),
      ("壹佰零拾元整", "110.00", ["one 拾>壹拾", "zero 零>"]), ("壹億零零伍元整", "100000005.00", ["equivalent 億>亿", "zero 零>"]),
    ])
  func variants(_ capitals: String, _ yuan: String, _ variants: [String]) throws {
    let reading = try CapitalNumerals.read(capitals)
    #expect(reading.amount == Fen(yuan: yuan))
    #expect(reading.variants.map { "\($0.kind.rawValue) \($0.written)>\($0.standard)" } == variants)
  }

  @Test(
    "what is no amount is refused",
    arguments: [
      ("", .empty), (" 人民币 ", .empty), ("壹佰x元整", .unknownCharacter("x")), ("100元整", .unknownCharacter("1")), ("壹佰", .malformed),
      ("壹佰万整", .malformed), ("元整", .malformed), ("整", .malformed), ("壹贰元整", .malformed), ("佰元整", .malformed), ("壹拾壹佰元整", .malformed),
      ("壹佰贰佰元整", .malformed), ("壹万贰万元整", .malformed), ("壹元贰元整", .malformed), ("壹元整贰角", .malformed), ("壹分贰角", .malformed),
      ("壹角贰角", .malformed),
      ("壹佰负元整", .malformed), ("负", .malformed), ("负零元整", .malformed), ("伍", .malformed), ("壹元零角", .malformed), ("壹拾角", .malformed),
      ("玖亿亿亿元整", .outOfRange), ("壹拾亿亿元整", .outOfRange), ("整壹元", .malformed), ("壹整元", .malformed),
    ] as [(String, CapitalNumeralError)])
  func refused(_ text: String, _ error: CapitalNumeralError) {
    #expect(throws: error) { try CapitalNumerals.read(text) }
  }

  @Test("reading undoes writing, and every optional 零 with it")
  func inverse() throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    for _ in 0..<4000 {
      let amount = Self.amount(digits: Int.random(in: 1...18, using: &random), using: &random)
      let text = CapitalNumerals.text(amount, optionalZeros: Int.random(in: CapitalNumerals.OptionalZero.all, using: &random))
      #expect(try CapitalNumerals.read(text) == CapitalReading(amount: amount, variants: []), "seed \(seed): \(amount)")
    }
    for amount in [Fen(.max), Fen(.min), Fen(-1)] { #expect(try CapitalNumerals.read(amount.capitals).amount == amount) }
  }

  @Test("writing agrees with cn2an")
  func oracle() throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    // cn2an takes at most 16 digits before the point.
    let amounts = (0..<3000).map { _ in Self.amount(digits: Int.random(in: 1...17, using: &random), using: &random) }
    let answer = try #require(try Oracle.ask("capital_numerals", .array(amounts.map { .string($0.yuan) })).array)
    // Over four empty places of 万 it leaves out the 零, as the rules allow.
    for (amount, expected) in zip(amounts, answer) where amount.capitals != expected.string {
      let other = CapitalNumerals.text(amount, optionalZeros: CapitalNumerals.OptionalZero.emptyMyriads)
      #expect(other == expected.string, "seed \(seed): \(amount)")
    }
  }

  /// An amount with many zeros in it, where the rules are.
  private static func amount(digits: Int, using random: inout SeededGenerator) -> Fen {
    var count: Int64 = 0
    for _ in 0..<digits { count = count * 10 + (Bool.random(using: &random) ? 0 : Int64.random(in: 0...9, using: &random)) }
    return Fen(count)
  }
}
