// SPDX-License-Identifier: Apache-2.0
import Base

/// How a source writes times, in Shanghai: `yyyy年M月d日 HH:mm`, `dd/MM/yyyy`, `yyyyMMddHHmmss`.
///
/// `yyyy` is a year, `M` a month, `d` a day, `H` an hour, `m` a minute and `s` a second; a single letter stands for one or two digits, two for
/// exactly two. Everything else stands for itself.
package struct DatePattern: Sendable, Hashable {
  private enum Part: Sendable, Hashable {
    case number(Character, digits: ClosedRange<Int>)
    case literal(Character)
  }

  /// As it is written.
  package let text: String
  private let parts: [Part]

  /// - Returns: nil for what names no day, half a time, one thing twice, or numbers that run into each other.
  package init?(_ text: String) {
    var parts: [Part] = []
    var rest = text[...]
    while let character = rest.first {
      guard "yMdHms".contains(character) else {
        parts.append(.literal(character))
        rest = rest.dropFirst()
        continue
      }
      let run = rest.prefix { $0 == character }.count
      guard character == "y" ? run == 4 : run <= 2 else { return nil }
      // A number of one or two digits that another follows has no end.
      if case .number(_, let digits)? = parts.last, digits.count > 1 { return nil }
      parts.append(.number(character, digits: character == "y" ? 4...4 : run...2))
      rest = rest.dropFirst(run)
    }
    let named = parts.compactMap { if case .number(let letter, _) = $0 { letter } else { nil } }
    guard Set(named).count == named.count, named.contains("y"), named.contains("M"), named.contains("d") else { return nil }
    guard named.contains("H") == named.contains("m"), !named.contains("s") || named.contains("H") else { return nil }
    self.text = text
    self.parts = parts
  }

  /// The time that a cell says, the day's beginning where it says no hour; nil for what is written otherwise, or is no time.
  package func instant(_ cell: String) -> Instant? {
    var found: [Character: Int] = [:]
    var rest = cell[...]
    for part in parts {
      switch part {
      case .literal(let character):
        guard rest.first == character else { return nil }
        rest = rest.dropFirst()
      case .number(let letter, let digits):
        let run = rest.prefix(digits.upperBound).prefix { $0.isASCII && $0.isNumber }
        guard digits.contains(run.count), let number = Int(run) else { return nil }
        found[letter] = number
        rest = rest.dropFirst(run.count)
      }
    }
    guard rest.isEmpty, let year = found["y"], let month = found["M"], let day = found["d"],
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    guard let hour = found["H"], let minute = found["m"] else { return Instant(date) }
    return CivilTime(hour: hour, minute: minute, second: found["s"] ?? 0).map { Instant(date, $0) }
  }
}
