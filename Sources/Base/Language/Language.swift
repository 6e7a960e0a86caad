// SPDX-License-Identifier: Apache-2.0

/// The languages of every message a person may read.
package enum Language: String, Sendable, Hashable, CaseIterable {
  case zh, en

  /// The tag of RFC 5646, as `Content-Language` says it.
  package var tag: String {
    switch self {
    case .zh: "zh-CN"
    case .en: "en"
    }
  }

  /// Picks the language that an `Accept-Language` value (RFC 9110 §12.5.4) likes best.
  ///
  /// Chinese where the header is absent, malformed or likes neither; a tie goes to what is named first; `q=0` excludes.
  package static func negotiate(_ acceptLanguage: String?) -> Language {
    guard let acceptLanguage else { return .zh }
    var best: (language: Language, weight: Int)?
    var excluded: Set<Language> = []
    var named: Set<Language> = []
    var wildcard = 0
    for item in acceptLanguage.split(separator: ",") {
      let parts = item.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
      guard let range = parts.first, let weight = weight(parts.dropFirst()) else { continue }
      if range == "*" {
        wildcard = max(wildcard, weight)
        continue
      }
      guard let language = Language(range: range) else { continue }
      named.insert(language)
      if weight == 0 {
        excluded.insert(language)
      } else if weight > best?.weight ?? 0 {
        best = (language, weight)
      }
    }
    if wildcard > best?.weight ?? 0, let other = allCases.first(where: { !named.contains($0) }) { return other }
    return best?.language ?? allCases.first { !excluded.contains($0) } ?? .zh
  }

  private init?(range: Substring) {
    let primary = range.prefix { $0 != "-" }.lowercased()
    self.init(rawValue: primary)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start.prefix(0) }
    return start[...end]
  }

  /// The weight in thousandths: 1000 without a `q`, `nil` when the `q` is malformed.
  private static func weight(_ parameters: ArraySlice<Substring>) -> Int? {
    for parameter in parameters {
      guard parameter.hasPrefix("q=") || parameter.hasPrefix("Q=") else { continue }
      let value = parameter.dropFirst(2)
      let halves = value.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      let fraction = halves.count > 1 ? halves[1] : ""
      guard let whole = halves.first, whole == "0" || whole == "1", fraction.utf8.count <= 3,
        fraction.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 })
      else { return nil }
      let thousandths = Int(fraction + String(repeating: "0", count: 3 - fraction.utf8.count)) ?? 0
      return whole == "1" ? (thousandths == 0 ? 1000 : nil) : thousandths
    }
    return 1000
  }
}
