// SPDX-License-Identifier: Apache-2.0
import Base

extension ContractDocument {
  /// What can be loaded but does not add up; pointers are into the document.
  ///
  /// - Parameter packs: for plans that are paid by evaluation cycles.
  package func warnings(packs: RulePacks) -> [Fault] {
    printedWarnings() + planWarnings(packs) + sheetWarnings() + incidentWarnings()
  }

  private static func warning(_ pointer: String, _ code: String, zh: String, en: String) -> Fault {
    Fault(pointer: pointer, code: code, detail: Text(zh: zh, en: en))
  }

  // MARK: amounts

  /// Both spellings of each printed amount, and the amount it stands for.
  private func printedWarnings() -> [Fault] {
    var warnings: [Fault] = []
    func check(_ printed: [PrintedAmount], _ pointer: String, _ meant: ExactAmount?) {
      for (index, amount) in printed.enumerated() {
        let place = "\(pointer)/printed/\(index)"
        if let meant, ExactAmount(amount.figures) != meant {
          warnings.append(
            Self.warning(
              place + "/figures", "amount-mismatch", zh: "印为 \(amount.figures.grouped) 元，按条款应为 \(Words.figures(meant)) 元。",
              en: "It is printed as \(amount.figures.grouped) yuan; by the clause it is \(Words.figures(meant)) yuan."))
        }
        guard let capitals = amount.capitals else { continue }
        do throws(CapitalNumeralError) {
          let reading = try CapitalNumerals.read(capitals)
          if reading.amount != amount.figures {
            warnings.append(
              Self.warning(
                place + "/capitals", "spellings-differ", zh: "大写读作 \(reading.amount.grouped) 元，数字为 \(amount.figures.grouped) 元。",
                en: "In capital numerals it reads \(reading.amount.grouped) yuan, in figures \(amount.figures.grouped) yuan."))
          }
          for variant in reading.variants where variant.isIrregular {
            warnings.append(
              Self.warning(
                place + "/capitals", "irregular-numeral", zh: "“\(variant.written)”应写作“\(variant.standard)”。",
                en: "“\(variant.written)” should be written “\(variant.standard)”."))
          }
        } catch {
          warnings.append(Self.warning(place + "/capitals", "unreadable-numeral", zh: error.text.zh, en: error.text.en))
        }
      }
    }
    check(terms.total.printed, "/total", ExactAmount(terms.total.amount))
    for (index, payment) in terms.payments.enumerated() { check(payment.printed, "/payments/\(index)", price(of: payment)) }
    if let holdOver = terms.holdOver, case .monthly(let fee) = holdOver.fee { check(holdOver.printed, "/holdOver", ExactAmount(fee)) }
    return warnings
  }

  private func price(of payment: Payment) -> ExactAmount? {
    switch payment.amount {
    case .fixed(let fen): ExactAmount(fen)
    case .share(let share, _): try? terms.total.amount * share
    }
  }

  /// Whether the payments of the plan come to the total.
  private func planWarnings(_ packs: RulePacks) -> [Fault] {
    guard let contract = try? Contract(chainOf: self), let schedule = try? Schedule(contract, packs: packs, life: .asAgreed) else {
      return []
    }
    var sum = ExactAmount.zero
    for scheduled in schedule.payments {
      guard let payment = scheduled.payment, var price = price(of: payment) else { continue }
      if case .every(let periodicity) = payment.rhythm, periodicity.cut == .byDays, let period = scheduled.period,
        let full = scheduled.fullPeriod,
        let part = try? Rational(Int128(period.days), over: Int128(full.days))
      {
        price = (try? price * part) ?? price
      }
      sum = (try? sum + price) ?? sum
    }
    guard let payable = try? sum.rounded(), payable != terms.total.amount else { return [] }
    return [
      Self.warning(
        "/payments", "plan-mismatch", zh: "各笔付款合计 \(payable.grouped) 元，总价为 \(terms.total.amount.grouped) 元。",
        en: "The payments come to \(payable.grouped) yuan, the total is \(terms.total.amount.grouped) yuan.")
    ]
  }

  // MARK: forms and incidents

  private func sheetWarnings() -> [Fault] {
    var warnings: [Fault] = []
    func compare(_ parts: [Rational], _ whole: Rational, _ pointer: String) {
      guard let sum = try? parts.reduce(Rational.zero, { try $0 + $1 }), sum != whole else { return }
      warnings.append(
        Self.warning(
          pointer, "points-mismatch", zh: "各部分合计 \(Words.number(sum)) 分，满分为 \(Words.number(whole)) 分。",
          en: "The parts come to \(Words.number(sum)) points, the whole is \(Words.number(whole))."))
    }
    for (index, sheet) in appraisal.sheets.enumerated() {
      compare(sheet.sections.map(\.weight), sheet.full, "/sheets/\(index)")
      for (place, section) in sheet.sections.enumerated() {
        compare(section.items.map(\.full), section.weight, "/sheets/\(index)/sections/\(place)")
        for (number, item) in section.items.enumerated() {
          guard let best = item.options.map(\.points).max(), best != item.full else { continue }
          compare([best], item.full, "/sheets/\(index)/sections/\(place)/items/\(number)")
        }
      }
    }
    return warnings
  }

  /// Incidents that cost twice because two rules measure them and neither yields.
  private func incidentWarnings() -> [Fault] {
    var seen: [String: Consequence] = [:]
    var warnings: [Fault] = []
    for (index, rule) in appraisal.consequences.enumerated() where rule.charge != nil {
      for kind in rule.measure.incidentKinds {
        guard let first = seen.updateValue(rule, forKey: kind), !rule.yieldsTo.contains(first.id), !first.yieldsTo.contains(rule.id) else {
          continue
        }
        warnings.append(
          Self.warning(
            "/consequences/\(index)", "priced-twice", zh: "情形“\(kind)”同时由“\(first.id)”和“\(rule.id)”计价。",
            en: "The incident “\(kind)” is priced by both “\(first.id)” and “\(rule.id)”."))
      }
    }
    return warnings
  }
}

extension Contract {
  /// A paper on its own, whatever it amends.
  fileprivate init(chainOf document: ContractDocument) throws(ChainError) {
    guard document.revision.kind == .original else { throw .badOriginal }
    try self.init([document])
  }
}
