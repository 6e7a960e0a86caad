// SPDX-License-Identifier: Apache-2.0
import Base

/// Dates: of signing, of effect, and the length of the term.
extension PaperLint {
  func dates() -> [Finding] { signing() + effect() + length() }

  private func signing() -> [Finding] {
    let (signing, range) = (terms.signing, terms.term.range)
    let dates = Set(signing.dates.map(\.on)).sorted()
    var findings: [Finding] = []
    if dates.count > 1 {
      findings.append(
        Finding(
          .signingDatesDiffer, signing.citation.clause, signing.id, at: "/signing/dates", values: dates.map(Words.day),
          zh: "签订日期不一：\(Words.days(dates).zh)；按 \(signing.effective) 生效。",
          en: "The dates of signing differ: \(Words.days(dates).en); it is taken to be in effect from \(signing.effective)."))
    }
    guard let first = dates.first else { return findings }
    if first > range.last {
      findings.append(
        Finding(
          .signedAfterTerm, signing.citation.clause, signing.id, at: "/signing/dates", values: [Words.day(first), Words.day(range.last)],
          zh: "签订于 \(first)，晚于服务期满日 \(range.last)。", en: "It was signed on \(first), after its own term had ended on \(range.last)."))
    } else if first > range.first {
      findings.append(
        Finding(
          .signedAfterStart, signing.citation.clause, signing.id, at: "/signing/dates", values: [Words.day(first), Words.day(range.first)],
          zh: "签订于 \(first)，晚于服务起始日 \(range.first)。", en: "It was signed on \(first), after the service began on \(range.first)."))
    }
    return findings
  }

  /// The day of effect is one that the paper gives.
  private func effect() -> [Finding] {
    let known = Set(terms.signing.dates.map(\.on)).union([terms.term.range.first])
    var findings: [Finding] = []
    func check(_ day: CivilDate, _ subject: String, _ pointer: String, _ clause: String, _ allowed: Set<CivilDate>) {
      guard !allowed.contains(day) else { return }
      findings.append(
        Finding(
          .effectUnsigned, clause, subject, at: pointer, values: [Words.day(day), Words.days(allowed.sorted())],
          zh: "生效日 \(day) 既非签订日也非服务起始日。", en: "It takes effect on \(day), which is no date of signing and not the first day of service."))
    }
    check(terms.signing.effective, terms.signing.id, "/signing/effective", terms.signing.citation.clause, known)
    if document.revision.kind == .original {
      check(
        document.revision.effectiveFrom, "revision", "/revision/effectiveFrom", document.revision.citation.clause,
        known.union([terms.signing.effective]))
    }
    return findings
  }

  private func length() -> [Finding] {
    let range = terms.term.range
    var findings: [Finding] = []
    for (index, stated) in terms.term.stated.enumerated() {
      guard let end = range.first.last(after: stated.span), end != range.last else { continue }
      findings.append(
        Finding(
          .termLength, stated.clause, "\(terms.term.id).\(index)", at: "/term/stated/\(index)",
          values: [stated.span.text, Text(zh: "\(range.days) 天", en: "\(range.days) days")],
          zh: "称期限为 \(stated.span.text.zh)，而 \(range) 是 \(range.days) 天（\(stated.span.text.zh)应至 \(end)）。",
          en: "The term is called \(stated.span.text.en), and \(range) is \(range.days) days (\(stated.span.text.en) would end on \(end)).")
      )
    }
    if terms.term.stated.isEmpty, let years = (1...20).first(where: { (try? range.first.adding(months: 12 * $0)) == range.last }) {
      findings.append(
        Finding(
          .termDayOver, terms.term.citation.clause, terms.term.id, at: "/term",
          values: [
            Text(zh: "\(range.days) 天", en: "\(range.days) days"), Text(zh: "\(years) 年", en: years == 1 ? "a year" : "\(years) years"),
          ],
          zh: "\(range) 是 \(years) 年又一天（首尾两日都计）。",
          en: "\(range) is \(years == 1 ? "a year" : "\(years) years") and a day, both ends counted."))
    }
    return findings
  }
}

extension CivilDate {
  /// The last day of a term of this length that begins on this day; `nil` for lengths that are no terms.
  fileprivate func last(after span: Span) -> CivilDate? {
    let next: CivilDate? =
      switch span.unit {
      case .years: try? adding(months: 12 * Int(span.count))
      case .months: try? adding(months: Int(span.count))
      case .days: try? adding(days: Int(span.count))
      case .minutes, .hours, .workingDays: nil
      }
    return next.flatMap { CivilDate(day: Int($0.day) - 1) }
  }
}
