// SPDX-License-Identifier: Apache-2.0
import Base

/// What a passage names in figures: amounts, shares, spans, dates and bare numbers, however they are spaced and written.
struct PrintedFigures: Sendable {
  struct Money: Sendable, Hashable {
    let amount: Fen
    /// Where it stands in the passage's bare characters.
    let place: Range<Int>
  }

  struct Part: Sendable, Hashable {
    let share: Share
    let place: Range<Int>
  }

  struct Day: Sendable, Hashable {
    let date: CivilDate
    let place: Range<Int>
  }

  /// An amount in capital numerals.
  struct Capitals: Sendable, Hashable {
    let written: String
    let place: Range<Int>
  }

  /// The passage in narrow characters without blanks.
  let bare: [Unicode.Scalar]
  private(set) var amounts: [Money] = []
  private(set) var shares: [Part] = []
  private(set) var dates: [Day] = []
  private(set) var capitals: [Capitals] = []
  /// Dates of days that there are not: 2月30日.
  private(set) var impossibleDates: [String] = []
  private(set) var spans: Set<Span> = []
  /// Every number by itself, in Arabic digits or as it is spoken.
  private(set) var numbers: Set<Rational> = []

  init(_ text: some StringProtocol) {
    bare = PrintedCharacters.bare(text)
    var place = 0
    while place < bare.count {
      let next = step(at: place)
      place = max(next, place + 1)
    }
    findCapitals()
  }

  /// Takes up what begins at a place.
  ///
  /// - Returns: where the next thing can begin.
  private mutating func step(at place: Int) -> Int {
    let scalar = bare[place]
    if PrintedCharacters.digit(scalar) != nil { return arabic(at: place) }
    if let scale = fraction(at: place) { return spokenShare(at: place, scale) }
    if PrintedCharacters.isSpoken(scalar) { return spoken(at: place) }
    return place + 1
  }

  // MARK: Arabic digits

  private mutating func arabic(at start: Int) -> Int {
    if let day = date(at: start) {
      dates.append(day)
      return day.place.upperBound
    }
    if let end = impossibleDate(at: start) {
      impossibleDates.append(string(start..<end))
      return end
    }
    guard let (value, end) = decimal(at: start) else {
      return bare[start...].firstIndex { PrintedCharacters.digit($0) == nil } ?? bare.count
    }
    numbers.insert(value)
    if has("%", at: end) {
      if let share = Share(string(start..<end) + "%") { shares.append(Part(share: share, place: start..<end + 1)) }
      return end + 1
    }
    if let (scale, length) = yuan(at: end) {
      addMoney(value, scale, start..<end + length)
      return end + length
    }
    if isMoneySign(before: start) { addMoney(value, 1, start..<end) }
    // 500-1000元: the first end has the unit of the second.
    if end < bare.count, Self.dashes.contains(bare[end]), let (_, other) = decimal(at: end + 1), let (scale, _) = yuan(at: other) {
      addMoney(value, scale, start..<end)
    }
    addSpan(value, unitAt: end)
    return end
  }

  private mutating func addMoney(_ yuan: Rational, _ scale: Int64, _ place: Range<Int>) {
    guard let fen = try? yuan * Rational(scale * 100), fen.isInteger, let count = Int64(exactly: fen.numerator) else { return }
    amounts.append(Money(amount: Fen(count), place: place))
  }

  private mutating func addSpan(_ value: Rational, unitAt place: Int) {
    guard value.isInteger, let count = UInt32(exactly: value.numerator), count > 0, count < 1_000_000 else { return }
    for (word, unit, scale) in Self.units where has(word, at: place) {
      spans.insert(Span(count * scale, unit))
      return
    }
  }

  private static let units: [(String, Span.Unit, UInt32)] = [
    ("个工作日", .workingDays, 1), ("工作日", .workingDays, 1), ("个自然日", .days, 1), ("分钟", .minutes, 1), ("个小时", .hours, 1), ("小时", .hours, 1),
    ("个月", .months, 1), ("周", .days, 7), ("日", .days, 1), ("天", .days, 1), ("年", .years, 1),
  ]

  private static let dashes: Set<Unicode.Scalar> = Set("-~—–至".unicodeScalars)

  /// A decimal, with its thousands set apart or not.
  private func decimal(at start: Int) -> (value: Rational, end: Int)? {
    var digits = ""
    var end = start
    while end < bare.count {
      if PrintedCharacters.digit(bare[end]) != nil {
        digits.unicodeScalars.append(bare[end])
      } else if bare[end] == ",", isGroup(at: end + 1) {
        // Passed over.
      } else if bare[end] == ".", !digits.contains("."), end + 1 < bare.count, PrintedCharacters.digit(bare[end + 1]) != nil {
        digits += "."
      } else {
        break
      }
      end += 1
      guard digits.utf8.count <= 24 else { return nil }
    }
    let trimmed = digits.drop { $0 == "0" }
    let usual = trimmed.isEmpty || trimmed.hasPrefix(".") ? "0" + trimmed : String(trimmed)
    return Rational(decimal: usual).map { ($0, end) }
  }

  /// Three digits and then none: a group of thousands.
  private func isGroup(at place: Int) -> Bool {
    guard place + 3 <= bare.count, bare[place..<place + 3].allSatisfy({ PrintedCharacters.digit($0) != nil }) else { return false }
    return place + 3 == bare.count || PrintedCharacters.digit(bare[place + 3]) == nil
  }

  /// How many yuan the unit behind a number is worth, and how long it is.
  private func yuan(at place: Int) -> (scale: Int64, length: Int)? {
    for (word, scale) in [("元", Int64(1)), ("圆", 1), ("万元", 10_000), ("万圆", 10_000), ("亿元", 100_000_000)] where has(word, at: place) {
      return (scale, word.unicodeScalars.count)
    }
    return nil
  }

  private func isMoneySign(before place: Int) -> Bool {
    guard place > 0 else { return false }
    if bare[place - 1] == "¥" { return true }
    let words = bare[max(0, place - 4)..<place]
    return words.ends(with: "人民币".unicodeScalars) || words.ends(with: "人民币:".unicodeScalars)
  }

  // MARK: dates

  /// `2024年3月5日`, `2024.3.5`, `2024-03-05`, `2024/3/5`.
  private func date(at start: Int) -> Day? {
    guard let (year, afterYear) = integer(at: start), (1900...2200).contains(year), afterYear < bare.count else { return nil }
    let mark = bare[afterYear]
    let second: Unicode.Scalar
    switch mark {
    case "年": second = "月"
    case ".", "-", "/": second = mark
    default: return nil
    }
    guard let (month, afterMonth) = integer(at: afterYear + 1), afterMonth < bare.count, bare[afterMonth] == second,
      let (day, afterDay) = integer(at: afterMonth + 1), let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    let hasUnit = has("日", at: afterDay) || has("号", at: afterDay)
    return Day(date: date, place: start..<afterDay + (hasUnit ? 1 : 0))
  }

  /// `2026年2月30日`: written as a date, and no day.
  private func impossibleDate(at start: Int) -> Int? {
    guard let (year, afterYear) = integer(at: start), (1900...2200).contains(year), has("年", at: afterYear),
      let (_, afterMonth) = integer(at: afterYear + 1), has("月", at: afterMonth), let (_, afterDay) = integer(at: afterMonth + 1),
      has("日", at: afterDay) || has("号", at: afterDay)
    else { return nil }
    return afterDay + 1
  }

  private func integer(at start: Int) -> (value: Int, end: Int)? {
    var value = 0
    var end = start
    while end < bare.count, let digit = PrintedCharacters.digit(bare[end]) {
      guard end - start < 6 else { return nil }
      value = value * 10 + digit
      end += 1
    }
    return end > start ? (value, end) : nil
  }

  // MARK: spoken numbers

  /// 百分之, 千分之, 万分之: how long the words are.
  private func fraction(at place: Int) -> Int? {
    for word in ["百分之", "千分之", "万分之"] where has(word, at: place) { return 3 }
    return nil
  }

  private mutating func spokenShare(at start: Int, _ length: Int) -> Int {
    let end = bare[(start + length)...].firstIndex { !PrintedCharacters.isSpoken($0) && PrintedCharacters.digit($0) == nil } ?? bare.count
    if end - start < 16, let share = Share(string(start..<end)) { shares.append(Part(share: share, place: start..<end)) }
    return end
  }

  private mutating func spoken(at start: Int) -> Int {
    let end = bare[start...].firstIndex { !PrintedCharacters.isSpoken($0) } ?? bare.count
    guard end - start <= 9, let value = SpokenNumber.value(of: string(start..<end)) else { return end }
    let number = Rational(value)
    numbers.insert(number)
    addSpan(number, unitAt: end)
    if let (scale, unit) = yuan(at: end) { addMoney(number, scale, start..<end + unit) }
    return end
  }

  // MARK: capital numerals

  /// Runs of numerals that say an amount: they have a capital digit and end in 元, 整, 角 or 分.
  private mutating func findCapitals() {
    var place = 0
    while place < bare.count {
      guard Self.numerals.contains(bare[place]) else {
        place += 1
        continue
      }
      let end = bare[place...].firstIndex { !Self.numerals.contains($0) } ?? bare.count
      let run = bare[place..<end]
      if run.count >= 3, run.count <= 60, run.contains(where: Self.capitalDigits.contains), run.contains("元") || run.contains("圆") {
        capitals.append(Capitals(written: string(place..<end), place: place..<end))
      }
      place = end
    }
  }

  private static let capitalDigits: Set<Unicode.Scalar> = Set("壹贰叁肆伍陆柒捌玖貳參陸".unicodeScalars)
  private static let numerals: Set<Unicode.Scalar> = Set(
    "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整负圆正萬億貳參陸一二三四五六七八九十百千〇两弍".unicodeScalars)

  // MARK: characters

  func has(_ word: String, at place: Int) -> Bool {
    place <= bare.count && bare[place...].starts(with: word.unicodeScalars)
  }

  func string(_ range: Range<Int>) -> String { PrintedCharacters.string(bare[range]) }
}

extension BidirectionalCollection where Element == Unicode.Scalar {
  /// Whether the last characters are these.
  func ends(with word: String.UnicodeScalarView) -> Bool { reversed().starts(with: word.reversed()) }
}
