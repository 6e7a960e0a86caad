// SPDX-License-Identifier: Apache-2.0

/// The known name that was probably meant.
package enum NearestName {
  /// The candidate with the least editing distance, when that is small for its length; the first of several.
  static func to(_ name: String, among candidates: [String]) -> String? {
    let written = Array(name.lowercased().unicodeScalars.prefix(40))
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let known = Array(candidate.lowercased().unicodeScalars)
      let distance = distance(written, known)
      if distance <= max(1, min(written.count, known.count) / 3), distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for row in 0..<a.count {
      var current = [row + 1]
      for column in 0..<b.count {
        var least = min(last[column] + (a[row] == b[column] ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] { least = min(least, before[column - 1] + 1) }
        current.append(least)
      }
      (before, last) = (last, current)
    }
    return last[b.count]
  }

  /// A list of names for a sentence, and the guess where there is one.
  package static func hint(for name: String, among known: [String]) -> Text {
    if known.isEmpty { return Text(zh: "此处没有可用的名称。", en: "None is known here.") }
    let guess = to(name, among: known)
    let list = known.prefix(40)
    let more = known.count > list.count
    return Text(
      zh: (guess.map { "您是否想写“\($0)”？" } ?? "") + "可用：\(list.joined(separator: "、"))\(more ? "……" : "")。",
      en: (guess.map { "Did you mean “\($0)”? " } ?? "") + "Known: \(list.joined(separator: ", "))\(more ? ", …" : "").")
  }

  /// What was written, cut where it is too long to repeat.
  package static func quoted(_ name: String) -> String {
    let scalars = name.unicodeScalars
    return scalars.count <= 40 ? name : String(String.UnicodeScalarView(scalars.prefix(40))) + "…"
  }
}
