// SPDX-License-Identifier: Apache-2.0
import Base

/// The telephones of a citizen's field, as the city's exports have it: one or several, each perhaps with an extension 分机.
extension Citizen {
  static let phoneField: Shape<String> = .string(
    minLength: 3, maxLength: 80,
    pattern: TextPattern(
      #"^[0-9０-９+() ＋（）　－\-\s、，,;；/／#＃.:：A-Za-z转接分机号]*[0-9０-９][0-9０-９+() ＋（）　－\-\s、，,;；/／#＃.:：A-Za-z转接分机号]*$"#,
      meaning: Text(
        zh: "电话号码，可带分机（转801、-801、ext801），多个以、，；/或空格分开",
        en: "a telephone number, perhaps with an extension (转801, -801, ext801), several apart by commas, semicolons, slashes or blanks")
    ) { telephones(in: $0) != nil })

  /// The digits of each telephone, the first of the field first; without extensions.
  package var telephones: [[UInt8]] { phone.map { Self.telephones(in: $0) ?? [Self.digits($0)] } ?? [] }

  /// The digits of a telephone, half width, without the country's code: two ways of writing one number are the same.
  package static func digits(_ phone: some StringProtocol) -> [UInt8] {
    let digits = phone.unicodeScalars.compactMap(digit)
    return digits.count == 13 && digits.starts(with: "86".utf8) ? Array(digits.dropFirst(2)) : digits
  }

  /// A digit as it is typed, half or full width, as its half-width octet.
  private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar.value {
    case 0x30...0x39: UInt8(scalar.value)
    case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10 + 0x30)
    default: nil
    }
  }

  // MARK: Several in one field

  private static let marks: Set<Character> = ["、", "，", ",", ";", "；", "/", "／"]

  /// The digits of each telephone of a field, without extensions; nil for what is none.
  ///
  /// A blank or a mark stands between two telephones only where each of them is whole: `010 6555 1234` is one.
  static func telephones(in field: String) -> [[UInt8]]? {
    let pieces = withPlainExtensions(field).split { marks.contains($0) }.map { $0.split(whereSeparator: \.isWhitespace) }
    if let whole = whole(of: pieces.flatMap(\.self)) { return whole }
    var found: [[UInt8]] = []
    for piece in pieces {
      if let whole = whole(of: piece) {
        found += whole
      } else {
        guard let one = Telephone(piece.joined(separator: " ")) else { return nil }
        found.append(one.digits)
      }
    }
    return found.isEmpty ? nil : found
  }

  /// The telephones that words come to, each as soon as it is whole; nil where something is left over.
  private static func whole(of words: [Substring]) -> [[UInt8]]? {
    var found: [[UInt8]] = []
    var open = ""
    for word in words {
      open += open.isEmpty ? String(word) : " \(word)"
      guard let telephone = Telephone(open), telephone.isWhole else { continue }
      found.append(telephone.digits)
      open = ""
    }
    return open.isEmpty && !found.isEmpty ? found : nil
  }

  // MARK: Extensions

  /// Whatever says that an extension follows, as it is written: `转801`, `转分机 801`, `ext. 801`.
  private static let extensionWords = ["转分机", "转接", "分机号", "分机", "转", "extension", "ext", "x", "#", "＃"]

  /// A field in which `#` says that an extension follows, with no blank before or behind it.
  private static func withPlainExtensions(_ field: String) -> String {
    var plain = ""
    var rest = field.lowercased()[...]
    while let character = rest.first {
      guard let word = extensionWords.first(where: { rest.hasPrefix($0) }) else {
        plain.append(character)
        rest = rest.dropFirst()
        continue
      }
      while plain.last?.isWhitespace == true { plain.removeLast() }
      plain.append("#")
      rest = rest.dropFirst(word.count).drop { $0.isWhitespace || ".:：".contains($0) }
    }
    return plain
  }

  /// One telephone as it is written.
  private struct Telephone {
    let digits: [UInt8]
    /// Whether it can be dialled from anywhere in the city as it stands, so that what follows is another.
    let isWhole: Bool

    private static let dashes: Set<Character> = ["-", "－"]
    private static let signs: Set<Character> = ["+", "＋", "(", ")", "（", "）", " ", "-", "－"]
    private static let longestExtension = 6

    /// - Parameter text: an extension stands behind `#`, or behind a dash where a whole number stands before it.
    init?(_ text: String) {
      let parts = text.split(separator: "#", omittingEmptySubsequences: false)
      let digits = Citizen.digits(parts[0])
      guard parts[0].allSatisfy({ Self.isDigit($0) || Self.signs.contains($0) }), digits.count >= 3 else { return nil }
      if parts.count > 1 {
        guard parts.count == 2, 1...Self.longestExtension ~= parts[1].count, parts[1].allSatisfy(Self.isDigit) else { return nil }
      } else if !Self.isWhole(digits), let dash = text.lastIndex(where: Self.dashes.contains) {
        let number = text[..<dash]
        // The number's last digits stand together: `65551234-801`, where `0571-8765-4321` has three groups of one number.
        if 1...Self.longestExtension ~= text[dash...].dropFirst().count, text[dash...].dropFirst().allSatisfy(Self.isDigit),
          number.reversed().prefix(while: Self.isDigit).count >= 7, Self.isWhole(Citizen.digits(number))
        {
          (self.digits, isWhole) = (Citizen.digits(number), true)
          return
        }
      }
      (self.digits, isWhole) = (digits, Self.isWhole(digits))
    }

    private static func isDigit(_ character: Character) -> Bool {
      character.unicodeScalars.count == 1 && character.unicodeScalars.first.flatMap(Citizen.digit) != nil
    }

    /// A mobile number, a local one, one with its area code (three digits 010 and 02x, four else), or one of the services 400 and 800.
    private static func isWhole(_ digits: [UInt8]) -> Bool {
      guard let first = digits.first else { return false }
      switch first {
      case UInt8(ascii: "0"):
        return digits.count == 11 && digits[1] != UInt8(ascii: "0") || digits.count == 12 && digits[1] > UInt8(ascii: "2")
      case UInt8(ascii: "1"): return digits.count == 11 && digits[1] >= UInt8(ascii: "3")
      default:
        let isService = digits.starts(with: "400".utf8) || digits.starts(with: "800".utf8)
        return digits.count == 8 || digits.count == (isService ? 10 : 7)
      }
    }
  }
}
