// SPDX-License-Identifier: Apache-2.0
import Base

/// Penalties and rewards: priced twice, beyond their bounds, beyond their cap, beyond a tenth of the price.
extension PaperLint {
  /// Incidents that cost twice because two rules measure them and neither yields.
  func doublePricing() -> [Finding] {
    var seen: [String: Consequence] = [:]
    var findings: [Finding] = []
    for (index, rule) in appraisal.consequences.enumerated() where rule.charge != nil {
      for kind in rule.measure.incidentKinds {
        guard let first = seen.updateValue(rule, forKey: kind), !rule.yieldsTo.contains(first.id), !first.yieldsTo.contains(rule.id) else {
          continue
        }
        findings.append(
          Finding(
            .pricedTwice, rule.citation.clause, "\(rule.id).\(kind)", at: "/consequences/\(index)",
            values: [Words.both(first.id), Words.both(rule.id)],
            zh: "情形“\(kind)”同时由“\(first.id)”（\(first.citation.clause)）和“\(rule.id)”计价。",
            en: "The incident “\(kind)” is priced by both “\(first.id)” (\(first.citation.clause)) and “\(rule.id)”."))
      }
    }
    return findings
  }

  // MARK: bounds

  /// Least amounts above the most.
  func bounds() -> [Finding] {
    var findings: [Finding] = []
    for (index, rule) in appraisal.consequences.enumerated() {
      guard let charge = rule.charge else { continue }
      var pairs: [(least: Amount?, most: Amount?, place: String)] = [
        (charge.bounds.perCase?.atLeast, charge.bounds.perCase?.atMost, "bounds/case"),
        (charge.bounds.perPayment?.atLeast, charge.bounds.perPayment?.atMost, "bounds/payment"),
        (charge.bounds.perContract?.atLeast, charge.bounds.perContract?.atMost, "bounds/contract"),
      ]
      if case .range(let from, let to, _) = charge.tariff { pairs.append((from, to, "map/range")) }
      for pair in pairs {
        guard let least = pair.least.flatMap(money), let most = pair.most.flatMap(money), least > most else { continue }
        findings.append(
          Finding(
            .boundsCrossed, rule.citation.clause, "\(rule.id).\(pair.place)", at: "/consequences/\(index)/pays/\(pair.place)",
            values: [Words.money(least), Words.money(most)], zh: "下限 \(Words.figures(least)) 元高于上限 \(Words.figures(most)) 元，无法计算。",
            en: "The least, \(Words.figures(least)) yuan, is above the most, \(Words.figures(most)) yuan: nothing can be computed."))
      }
    }
    return findings
  }

  // MARK: caps

  func caps() -> [Finding] {
    var findings: [Finding] = []
    for (index, cap) in appraisal.caps.enumerated() {
      guard let most = money(cap.atMost) else { continue }
      let rules = cap.rules.compactMap { id in appraisal.consequences.first { $0.id == id } }
      let known = rules.compactMap { rule in greatest(rule).map { (rule, $0) } }
      let sum = known.reduce(ExactAmount.zero) { (try? $0 + $1.1) ?? $0 }
      if sum > most {
        let parts = known.map { "\($0.0.id) \(Words.figures($0.1))" }.joined(separator: " + ")
        findings.append(
          Finding(
            .penaltiesAboveCap, cap.citation.clause, cap.id, at: "/caps/\(index)", values: [Words.money(sum), Words.money(most)],
            zh: "上限 \(Words.figures(most)) 元之下的违约金各发生一次即合计 \(Words.figures(sum)) 元（\(parts)）。",
            en: "Each happening once, the penalties under the cap of \(Words.figures(most)) yuan come to \(Words.figures(sum)) (\(parts)).")
        )
      }
      let open = rules.filter(\.isOpen)
      if !open.isEmpty {
        let list = open.map { "\($0.id) (\($0.citation.clause))" }.joined(separator: ", ")
        findings.append(
          Finding(
            .openUnderCap, cap.citation.clause, cap.id, at: "/caps/\(index)", values: [Words.money(most), Words.both(list)],
            zh: "上限 \(Words.figures(most)) 元同样限制本身没有上限的金额：\(list)。",
            en: "The cap of \(Words.figures(most)) yuan also limits amounts that have no bound of their own: \(list)."))
      }
    }
    return findings
  }

  /// What one case of a rule can come to, where the paper says it.
  private func greatest(_ rule: Consequence) -> ExactAmount? {
    guard let charge = rule.charge, !rule.isOpen else { return nil }
    if let bound = (charge.bounds.perContract?.atMost ?? charge.bounds.perPayment?.atMost ?? charge.bounds.perCase?.atMost) {
      return money(bound)
    }
    guard !rule.measure.isOfLateness else { return nil }
    return charge.tariff.amounts.compactMap(money).max()
  }

  // MARK: rewards

  /// What the best grade in every month adds to the price; the law lets additional procurement go to a tenth of it
  /// (Government Procurement Law art. 49).
  func rewards() -> [Finding] {
    var findings: [Finding] = []
    for (index, rule) in appraisal.consequences.enumerated() {
      guard case .grade(let id) = rule.measure, let charge = rule.charge, charge.owedBy == .office,
        let series = appraisal.grades.first(where: { $0.id == id }), case .table(let table) = charge.tariff,
        let best = table.entries.compactMap({ entry in money(entry.value).map { (entry.name, $0) } }).max(by: { $0.1 < $1.1 }),
        best.1 > .zero
      else { continue }
      let times =
        switch series.pace {
        case .month: TermMonth.months(in: terms.term.range, anchor: terms.term.range.first, alignment: .term).count
        case .period: (try? Schedule(lint.contract, packs: lint.packs, life: .asAgreed))?.payments.count ?? 0
        }
      guard let sum = try? best.1 * Rational(times), let share = try? sum.fen / Rational(terms.total.amount.count),
        let tenth = try? Rational(1, over: 10), share > tenth, let permille = try? (share * 1000).rounded()
      else { continue }
      let percent = "\(permille / 10).\(permille % 10)%"
      findings.append(
        Finding(
          .rewardsAboveTenth, rule.citation.clause, rule.id, at: "/consequences/\(index)",
          values: [Words.money(sum), Words.both(percent)],
          zh: "\(times) 次都评为“\(best.0)”将多付 \(Words.figures(sum)) 元，为总价的 \(percent)。",
          en: "\(times) times “\(best.0)” would add \(Words.figures(sum)) yuan, \(percent) of the price."))
    }
    return findings
  }
}

extension Consequence {
  /// Whether its amount is whatever an incident carries, with no bound.
  var isOpen: Bool {
    guard let charge else { return false }
    if [charge.bounds.perCase, charge.bounds.perPayment, charge.bounds.perContract].contains(where: { $0?.atMost != nil }) { return false }
    if case .range(_, nil, _) = charge.tariff { return true }
    return charge.tariff.amounts.contains { if case .share(_, of: .stake) = $0 { true } else { false } }
  }
}
