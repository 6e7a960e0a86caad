// SPDX-License-Identifier: Apache-2.0
import Base

/// The document against the text: whatever an item says in figures stands in the clause that it cites, and the other way round.
extension TextLint {
  func claims() -> [Finding] {
    var findings: [Finding] = []
    var absent: Set<String> = []
    for claim in DocumentClaims(paper).claims {
      guard let figures = figures(citing: claim.clause) else {
        if absent.insert(claim.clause).inserted {
          findings.append(
            Finding(
              .clauseNotInText, claim.clause, "clause.\(claim.clause)", at: claim.pointer, values: [Words.both(claim.clause)],
              zh: "原文中没有配置所引的 \(claim.clause)。", en: "The text has no \(claim.clause), which the document cites."))
        }
        continue
      }
      if let finding = claim.finding(in: figures) { findings.append(finding) }
    }
    return findings + signingDates() + names()
  }

  /// The dates of signing stand on the cover or the seals' page, as the document says.
  private func signingDates() -> [Finding] {
    document.terms.signing.dates.enumerated().compactMap { index, date in
      let passage = date.place == .cover ? passages.first : passages.last
      guard let passage, !passage.figures.dates.contains(where: { $0.date == date.on }) else { return nil }
      let printed = Words.days(passage.figures.dates.map(\.date))
      return Finding(
        .dateNotInText, passage.label, "signing.\(index)", at: "/signing/dates/\(index)/on", values: [Words.day(date.on), printed],
        zh: "配置的签订日期 \(date.on) 在\(passage.label)上找不到（该处是“\(printed.zh)”）。",
        en: "The date of signing \(date.on) is not printed there (\(passage.label): “\(printed.en)”).")
    }
  }

  /// The parties' names and addresses stand somewhere in the text.
  private func names() -> [Finding] {
    let all = PaperLint.bare(passages.map(\.words).joined())
    var findings: [Finding] = []
    for (party, signatory) in [(Party.office, document.terms.office), (.vendor, document.terms.vendor)] {
      let pointer = "/parties/\(party.rawValue)"
      let clause = document.terms.signing.citation.clause
      if !all.contains(PaperLint.bare(signatory.name)) {
        findings.append(
          Finding(
            .nameNotInText, clause, party.rawValue, at: pointer + "/name", values: [Words.both(signatory.name)],
            zh: "原文中没有\(party.name.zh)名称“\(signatory.name)”。", en: "The text does not name \(party.name.en) “\(signatory.name)”."))
      }
      for (index, address) in signatory.addresses.enumerated() where !all.contains(PaperLint.bare(address.text)) {
        findings.append(
          Finding(
            .addressNotInText, clause, "\(party.rawValue).\(index)", at: "\(pointer)/addresses/\(index)",
            values: [Words.both(address.text)], zh: "原文中没有\(party.name.zh)的地址“\(address.text)”。",
            en: "The text does not have the address “\(address.text)” of \(party.name.en)."))
      }
    }
    return findings
  }

  /// Amounts and shares that a clause prints oftener than the document accounts for while it lacks another: one stands for the other.
  func exchanged() -> [Finding] {
    let claims = DocumentClaims(paper).claims
    var findings: [Finding] = []
    for clause in Set(claims.map(\.clause)).sorted() {
      let places = ClauseNumber.citations(in: clause).flatMap(\.places)
      guard let figures = figures(citing: clause) else { continue }
      let inside = claims.filter { claim in
        let cited = ClauseNumber.citations(in: claim.clause).flatMap(\.places)
        return !cited.isEmpty && cited.allSatisfy { one in places.contains { $0.contains(one) } }
      }
      let amounts = Self.unequal(
        inside.compactMap { claim in if case .amount(let fen) = claim.figure { (claim.item, fen) } else { nil } },
        figures.flatMap { $0.amounts.map(\.amount) })
      if let (over, under) = amounts {
        findings.append(Self.exchange(.amountNotInText, clause, Words.money(under), Words.money(over)))
      }
      let shares = Self.unequal(
        inside.compactMap { claim in
          switch claim.figure {
          case .share(let share), .weight(let share, _): (claim.item, share)
          default: nil
          }
        }, figures.flatMap { $0.shares.map(\.share) })
      if let (over, under) = shares {
        findings.append(Self.exchange(.shareNotInText, clause, Words.both(under.text), Words.both(over.text)))
      }
    }
    return findings
  }

  /// A value that is printed oftener than it is claimed beside one that is printed less often, each at least once.
  private static func unequal<Value: Hashable & Comparable>(_ claimed: [(item: String, value: Value)], _ printed: [Value]) -> (
    over: Value, under: Value
  )? {
    var seen: Set<[AnyHashable]> = []
    var balance: [Value: (claimed: Int, printed: Int)] = [:]
    for claim in claimed where seen.insert([claim.item, claim.value]).inserted { balance[claim.value, default: (0, 0)].claimed += 1 }
    for value in printed { balance[value, default: (0, 0)].printed += 1 }
    let over = balance.filter { $0.value.claimed > 0 && $0.value.printed > $0.value.claimed }.keys.min()
    let under = balance.filter { $0.value.printed > 0 && $0.value.printed < $0.value.claimed }.keys.min()
    guard let over, let under else { return nil }
    return (over, under)
  }

  private static func exchange(_ code: Finding.Code, _ clause: String, _ under: Text, _ over: Text) -> Finding {
    Finding(
      code, clause, "exchanged.\(clause)", values: [under, over],
      zh: "\(clause) 中 \(over.zh) 比配置多一处而 \(under.zh) 少一处，或有一处写错。",
      en: "\(clause) prints \(over.en) once more than the document has it, and \(under.en) once less: one may stand for the other.")
  }

  /// Amounts, shares and dates that the text prints and nothing in the document accounts for.
  func unclaimed() -> [Finding] {
    let claims = DocumentClaims(paper)
    var findings: [Finding] = []
    for passage in passages {
      for (index, money) in passage.figures.amounts.enumerated() where !claims.amounts.contains(money.amount) {
        findings.append(
          Finding(
            .amountNotInDocument, passage.label, "text.\(passage.label).amount.\(index)", values: [Words.money(money.amount)],
            zh: "原文此处的 \(money.amount.grouped) 元在配置中没有对应。",
            en: "The text names \(money.amount.grouped) yuan here, which nothing in the document accounts for."))
      }
      for (index, part) in passage.figures.shares.enumerated() where !claims.shares.contains(part.share) {
        findings.append(
          Finding(
            .shareNotInDocument, passage.label, "text.\(passage.label).share.\(index)", values: [Words.both(part.share.text)],
            zh: "原文此处的 \(part.share) 在配置中没有对应。",
            en: "The text names \(part.share) here, which nothing in the document accounts for."))
      }
      for (index, day) in passage.figures.dates.enumerated() where !claims.dates.contains(day.date) {
        findings.append(
          Finding(
            .dateNotInDocument, passage.label, "text.\(passage.label).date.\(index)", values: [Words.day(day.date)],
            zh: "原文此处的日期 \(day.date) 在配置中没有对应。",
            en: "The text names \(day.date) here, which nothing in the document accounts for."))
      }
    }
    return findings
  }
}
