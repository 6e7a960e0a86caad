// SPDX-License-Identifier: Apache-2.0
import Base

extension ScoreSheet {
  /// The score of a filled form: the marks of each section in the measure of its weight, to six decimals where it does not end before.
  ///
  /// - Parameter marks: for every item, by its id, the points of one of its options.
  /// - Throws: every item that is missing, unknown, or marked with points that are no option; pointers are into `/marks`.
  package func score(of marks: OrderedMap<Rational>) throws(Faults) -> Rational {
    var faults: [Fault] = []
    let items = sections.flatMap(\.items)
    for name in marks.names where !items.contains(where: { $0.id == name }) {
      faults.append(.unknown(JSONPointer.appending(name, to: "/marks"), name, items.map(\.id), Text(zh: "评分项", en: "item of the form")))
    }
    var score = Rational.zero
    do throws(ArithmeticError) {
      for section in sections {
        var sum = Rational.zero
        var full = Rational.zero
        for item in section.items {
          full = try full + item.full
          guard let points = marks[item.id] else {
            faults.append(
              .missing(
                JSONPointer.appending(item.id, to: "/marks"), zh: "缺少“\(item.title.zh)”的得分。", en: "“\(item.title.en)” has no mark."))
            continue
          }
          if !item.options.contains(where: { $0.points == points }) {
            let options = item.options.map { Words.number($0.points) }.joined(separator: ", ")
            faults.append(
              Fault(
                pointer: JSONPointer.appending(item.id, to: "/marks"), code: "not-in-list",
                detail: Text(zh: "“\(item.title.zh)”可选：\(options)。", en: "“\(item.title.en)” takes one of: \(options).")))
          }
          sum = try sum + points
        }
        score = try score + (full == section.weight || full == .zero ? sum : sum * section.weight / full)
      }
      score = try Rational((score * 1_000_000).rounded()) / 1_000_000
    } catch {
      faults.append(.range("/marks", zh: "得分超出可表示的范围。", en: "A mark is out of range."))
    }
    guard faults.isEmpty else { throw Faults(faults) }
    return score
  }
}
