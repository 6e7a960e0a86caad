// SPDX-License-Identifier: Apache-2.0
import Base

/// Amounts: both spellings of each that is printed, what it stands for, and what it was meant to be a part of.
extension PaperLint {
  func printedAmounts() -> [Finding] {
    var findings = compare(terms.total.printed, at: "/total", of: terms.total.id, with: ExactAmount(terms.total.amount))
    for (index, payment) in terms.payments.enumerated() {
      findings += compare(payment.printed, at: "/payments/\(index)", of: payment.id, with: money(payment.amount))
    }
    if let holdOver = terms.holdOver, case .monthly(let fee) = holdOver.fee {
      findings += compare(holdOver.printed, at: "/holdOver", of: holdOver.id, with: ExactAmount(fee))
    }
    return findings
  }

  private func compare(_ printed: [PrintedAmount], at pointer: String, of item: String, with meant: ExactAmount?) -> [Finding] {
    var findings: [Finding] = []
    for (index, amount) in printed.enumerated() {
      let (place, subject) = ("\(pointer)/printed/\(index)", "\(item).printed.\(index)")
      if let meant, ExactAmount(amount.figures) != meant {
        findings.append(
          Finding(
            .amountMismatch, amount.clause, subject, at: place + "/figures", values: [Words.money(amount.figures), Words.money(meant)],
            zh: "印为 \(amount.figures.grouped) 元，按条款应为 \(Words.figures(meant)) 元。",
            en: "It is printed as \(amount.figures.grouped) yuan; by the clause it is \(Words.figures(meant)) yuan."))
      }
      if let capitals = amount.capitals {
        findings += Self.spellings(capitals, amount.figures, in: amount.clause, subject, at: place + "/capitals")
      }
    }
    return findings
  }

  /// An amount in figures beside the same one in capital numerals.
  static func spellings(_ capitals: String, _ figures: Fen?, in clause: String, _ subject: String, at pointer: String = "") -> [Finding] {
    do throws(CapitalNumeralError) {
      let reading = try CapitalNumerals.read(capitals)
      var findings: [Finding] = []
      if let figures, reading.amount != figures {
        findings.append(
          Finding(
            .spellingsDiffer, clause, subject, at: pointer, values: [Words.both(capitals), Words.money(figures)],
            zh: "大写“\(capitals)”读作 \(reading.amount.grouped) 元，数字为 \(figures.grouped) 元。",
            en: "“\(capitals)” reads \(reading.amount.grouped) yuan, the figures say \(figures.grouped) yuan."))
      }
      for variant in reading.variants where variant.isIrregular {
        findings.append(
          Finding(
            .irregularNumeral, clause, "\(subject).\(variant.kind.rawValue)", at: pointer,
            values: [Words.both(variant.written), Words.both(variant.standard)],
            zh: variant.written.isEmpty
              ? "大写金额缺“\(variant.standard)”；按其余读得 \(reading.amount.grouped) 元。"
              : "大写金额中的“\(variant.written)”应写作“\(variant.standard)”；按此读得 \(reading.amount.grouped) 元。",
            en: variant.written.isEmpty
              ? "“\(variant.standard)” is missing in the capital numerals; they are read as \(reading.amount.grouped) yuan."
              : "“\(variant.written)” in the capital numerals should be written “\(variant.standard)”; they are read as \(reading.amount.grouped) yuan."
          ))
      }
      return findings
    } catch {
      return [
        Finding(
          .unreadableNumeral, clause, subject, at: pointer, values: [Words.both(capitals), figures.map { Words.money($0) } ?? Words.none],
          zh: "读不出大写金额“\(capitals)”：\(error.text.zh)", en: "“\(capitals)” cannot be read as an amount: \(error.text.en)")
      ]
    }
  }

  // MARK: parts that were meant

  /// Fixed sums that are nearly, and not quite, a round share of a fee: somebody meant the share.
  func missedShares() -> [Finding] {
    var bases: [(name: Text, amount: ExactAmount)] = [(Basis.total.name, ExactAmount(terms.total.amount))]
    if let month = FeeBook(lint.contract).month(revision) { bases.append((Basis.monthFee.name, month)) }
    if let holdOver = terms.holdOver, case .monthly(let fee) = holdOver.fee {
      bases.append((Text(zh: "月服务费", en: "the monthly fee"), ExactAmount(fee)))
    }
    var findings: [Finding] = []
    for (index, rule) in appraisal.consequences.enumerated() {
      guard let charge = rule.charge else { continue }
      for (part, amount) in charge.tariff.amounts.enumerated() {
        guard case .fixed(let fen) = amount, fen > .zero, !fen.count.isMultiple(of: Self.roundSum) else { continue }
        let near = bases.flatMap { basis in Self.usualShares.compactMap { Self.nearly(fen, $0, of: basis) } }
        guard let best = near.min(by: { $0.distance < $1.distance }), best.distance > .zero else { continue }
        findings.append(
          Finding(
            .shareMissed, rule.citation.clause, "\(rule.id).\(part)", at: "/consequences/\(index)",
            values: [Words.money(fen), Words.money(best.meant)],
            zh: "\(fen.grouped) 元接近但不等于\(best.name.zh)的 \(best.share)（\(best.meant.grouped) 元）；按所印金额执行。",
            en:
              "\(fen.grouped) yuan is nearly, and not quite, \(best.share) of \(best.name.en) (\(best.meant.grouped) yuan); the printed sum counts."
          ))
      }
    }
    return findings
  }

  /// A sum that nobody computed: whole hundreds of yuan.
  private static let roundSum: Int64 = 10_000
  private static let usualShares: [Share] = [1, 2, 3, 5, 10, 15, 20, 25, 30, 50].map { Share.percent($0) }

  private struct Near {
    let name: Text
    let share: Share
    let meant: Fen
    let distance: Rational
  }

  private static func nearly(_ fen: Fen, _ share: Share, of basis: (name: Text, amount: ExactAmount)) -> Near? {
    guard let exact = try? basis.amount * share.value, let meant = try? exact.rounded(), meant > .zero,
      let gap = try? fen - meant, let distance = try? Rational(Int128(gap.count.magnitude), over: Int128(meant.count)),
      let limit = try? Rational(1, over: 200), distance < limit
    else { return nil }
    return Near(name: basis.name, share: share, meant: meant, distance: distance)
  }

  /// A monthly figure that is the price divided by another number of months than the term has.
  func monthlyFigures() -> [Finding] {
    var figures: [(fee: Fen, clause: String, item: String, pointer: String)] = []
    if let holdOver = terms.holdOver, case .monthly(let fee) = holdOver.fee {
      figures.append((fee, holdOver.citation.clause, holdOver.id, "/holdOver"))
    }
    if let month = terms.total.month { figures.append((month, terms.total.citation.clause, terms.total.id + ".month", "/total/month")) }
    let months = terms.term.range.wholeMonths
    return figures.compactMap { figure in
      guard
        let divisor = (1...60).first(where: { (try? (terms.total.amount / Rational($0)).rounded()) == figure.fee }), divisor != months
      else { return nil }
      let length = termLength
      return Finding(
        .monthDivisor, figure.clause, figure.item, at: figure.pointer,
        values: [Text(zh: "总价 ÷ \(divisor)", en: "total ÷ \(divisor)"), length],
        zh: "每月 \(figure.fee.grouped) 元是总价的 \(divisor) 分之一，而期限为\(length.zh)。",
        en: "\(figure.fee.grouped) yuan a month is the total by \(divisor), and the term is \(length.en).")
    }
  }

  /// `5 个月零 5 天`
  var termLength: Text {
    let range = terms.term.range
    if let months = range.wholeMonths { return Text(zh: " \(months) 个月", en: "\(months) months") }
    let whole = (0...1200).last { (try? range.first.adding(months: $0)).map { $0.day <= range.last.day + 1 } ?? false } ?? 0
    let rest = (try? range.first.adding(months: whole)).map { Int(range.last.day) + 1 - Int($0.day) } ?? 0
    return Text(zh: " \(whole) 个月零 \(rest) 天", en: "\(whole) months and \(rest) days")
  }
}

extension Tariff {
  /// Every amount it speaks of.
  var amounts: [Amount] {
    switch self {
    case .each(let amount), .steps(_, _, _, let amount): [amount]
    case .bands(let bands): bands.map(\.pays)
    case .table(let table): table.entries.map(\.value)
    case .range(let from, let to, _): [from] + (to.map { [$0] } ?? [])
    }
  }
}
