// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

@Suite("Money")
struct MoneyTests {
  @Test(
    "yuan are read as decimals with at most two places and printed with two",
    arguments: [
      ("2098750.00", 209_875_000, "2098750.00"), ("0", 0, "0.00"), ("-0.5", -50, "-0.50"), ("100", 10_000, "100.00"), ("0.07", 7, "0.07"),
      ("-600000.00", -60_000_000, "-600000.00"), ("92233720368547758.07", .max, "92233720368547758.07"),
      ("-92233720368547758.08", .min, "-92233720368547758.08"),
    ] as [(String, Int64, String)])
  func yuan(_ text: String, _ fen: Int64, _ printed: String) {
    #expect(Fen(yuan: text) == Fen(fen))
    #expect(Fen(fen).yuan == printed)
  }

  @Test(
    "what is no amount is refused",
    arguments: [
      "", "-", ".", "1.", ".5", "01", "00", "1.234", "1e3", "+1", " 1", "1 ", "1,000.00", "１", "--1", "1-", "1.2.3", "92233720368547758.08",
      "99999999999999999999999999999999999999", "1.0a",
    ])
  func noYuan(_ text: String) {
    #expect(Fen(yuan: text) == nil)
  }

  @Test("amounts are grouped for people")
  func grouped() {
    #expect(Fen(209_875_000).grouped == "2,098,750.00")
    #expect(Fen(-10_000_005).grouped == "-100,000.05")
    #expect(Fen(99_999).grouped == "999.99")
    #expect(Fen(0).grouped == "0.00")
  }

  @Test("arithmetic that does not fit throws and never traps")
  func overflow() throws {
    #expect(try Fen(5) + Fen(-7) == Fen(-2))
    #expect(throws: ArithmeticError.overflow) { try Fen(.max) + Fen(1) }
    #expect(throws: ArithmeticError.overflow) { try Fen(.min) - Fen(1) }
    #expect(throws: ArithmeticError.overflow) { try Fen(.min).negated() }
    #expect(throws: ArithmeticError.overflow) { try Fen(.max).times(2) }
    #expect(throws: ArithmeticError.overflow) { try Fen.sum([Fen(.max), Fen(.max)]) }
    #expect(throws: ArithmeticError.overflow) { try (Fen(.max) * Rational(2)).rounded() }
    #expect(throws: ArithmeticError.overflow) { try Rational(.max, over: 1) + 1 }
    #expect(throws: ArithmeticError.overflow) { try Rational(.max, over: 1) * 2 }
    #expect(throws: ArithmeticError.overflow) { try Rational(.min, over: 1) }
    #expect(throws: ArithmeticError.overflow) { try Rational(-(1 << 64), over: 1) * Rational(1 << 63, over: 1) }
    #expect(throws: ArithmeticError.divisionByZero) { try Rational(1, over: 0) }
    #expect(throws: ArithmeticError.divisionByZero) { try Rational(1) / 0 }
    #expect(try Rational(.min, over: .min) == 1)
  }

  @Test(
    "a share is exact and prints as it was written",
    arguments: [
      ("50%", "50%", 1, 2), ("0.05%", "0.05%", 1, 2000), ("万分之五", "0.05%", 1, 2000), ("千分之3", "0.3%", 3, 1000),
      ("百分之三十", "30%", 3, 10), ("百分之十二", "12%", 3, 25), ("-2%", "-2%", -1, 50), ("0%", "0%", 0, 1), ("100.50%", "100.5%", 201, 200),
      ("百分之一百零五", "105%", 21, 20),
    ] as [(String, String, Int128, Int128)])
  func share(_ text: String, _ printed: String, _ numerator: Int128, _ denominator: Int128) throws {
    let share = try #require(Share(text))
    #expect(share.value == (try Rational(numerator, over: denominator)))
    #expect(share.text == printed)
    #expect(Share(share.text) == share)
  }

  @Test(
    "what is no share is refused",
    arguments: ["", "%", "50", "50 %", "5%%", "1e2%", "0.123456789%", "百分之", "百分之零五", "百分之五五", "万分之十百", "十分之一", "百分之三十零"])
  func noShare(_ text: String) {
    #expect(Share(text) == nil)
  }

  @Test("shares have short spellings in code")
  func shareSpellings() {
    #expect(Share.percent(30) == Share("30%"))
    #expect(Share.perMyriad(5) == Share("0.05%"))
    #expect(Share.percent(-2) < Share.percent(0))
  }

  @Test("there is one rounding, half away from zero")
  func rounding() throws {
    for (numerator, denominator, fen) in [(5, 2, 3), (-5, 2, -3), (7, 3, 2), (-7, 3, -2), (8, 3, 3), (1, 2, 1), (-1, 2, -1), (49, 100, 0)] {
      #expect(try Rational(Int128(numerator), over: Int128(denominator)).rounded() == Int64(fen))
    }
    #expect(try (Fen(yuan: "866000.00")! * Share("0.05%")! * 30).rounded() == Fen(yuan: "12990.00"))
    #expect(try (Fen(yuan: "419750.00")! / 12).rounded() == Fen(yuan: "34979.17"))
  }

  @Test("an unrounded amount shows itself as a decimal or as a fraction")
  func exactAmount() throws {
    let third = try Fen(yuan: "-2500.00")! / 3
    #expect(third.yuan == "-833.33…")
    #expect(third.yuanFraction == "-2500/3")
    #expect(try third.rounded() == Fen(-83_333))
    #expect(!third.isWhole)
    let half = try Fen(5) / 2
    #expect(half.yuan == "0.025")
    #expect(try (Fen(1) / 3).yuan == "0.00…")
    #expect(ExactAmount(Fen(12_300)).yuan == "123.00")
    #expect(ExactAmount(Fen(12_300)).isWhole)
  }

  @Test("rationals order and compute as fractions do")
  func rational() throws {
    let random = SeededGenerator.freshSeed
    var generator = SeededGenerator(seed: random)
    for _ in 0..<2000 {
      let numbers = (0..<4).map { _ in Int128.random(in: -1000...1000, using: &generator) }
      guard numbers[1] != 0, numbers[3] != 0 else { continue }
      let (a, b) = (try Rational(numbers[0], over: numbers[1]), try Rational(numbers[2], over: numbers[3]))
      #expect(try a + b - b == a, "seed \(random)")
      if b != 0 { #expect(try a * b / b == a, "seed \(random)") }
      let difference = try a - b
      #expect((a < b) == difference.isNegative, "seed \(random)")
      let part = try a - Rational(a.floor, over: 1)
      #expect(part >= 0 && part < 1, "seed \(random)")
    }
    #expect(Rational(decimal: "71.5") == (try Rational(143, over: 2)))
    #expect(Rational(decimal: "-0.0") == 0)
    #expect(try Rational(430, over: 6).decimal(places: 3) == "71.666…")
    #expect(try Rational(1, over: 3).decimal() == "0.3…")
    #expect(try Rational(5, over: 1).decimal(places: 0) == "5")
  }
}
