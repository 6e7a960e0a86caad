// SPDX-License-Identifier: Apache-2.0
import Base

/// Who is named in a contract's own words, where they are, and who pays whom.
extension TextLint {
  /// One address in both sides' places, on the cover or the seals' page.
  func addresses() -> [Finding] {
    guard !known.contains(where: { $0.code == .sameAddress }) else { return [] }
    for passage in [passages.first, passages.last].compactMap({ $0 }) {
      let addresses = passage.words.split(separator: "\n").compactMap { line -> String? in
        let bare = PrintedCharacters.string(PrintedCharacters.bare(line))
        guard let label = bare.firstRange(of: "地址:") else { return nil }
        let address = PaperLint.bare(String(bare[label.upperBound...]))
        return address.unicodeScalars.count >= 6 ? address : nil
      }
      if addresses.count == 2, addresses[0] == addresses[1] { return [PaperLint.sameAddress(addresses[0], in: passage.label)] }
    }
    return []
  }

  /// Organisations that stand on a line of their own and are neither side.
  func strangers() -> [Finding] {
    let parties = [document.terms.office.name, document.terms.vendor.name].map(PaperLint.bare)
    let named = Set(known.filter { $0.code == .strangerNamed }.compactMap(\.values.first?.zh).map(PaperLint.bare))
    var findings: [Finding] = []
    for passage in passages {
      for line in passage.words.split(separator: "\n") {
        let name = PaperLint.bare(String(line))
        guard Self.isOrganisation(name), !named.contains(name), !parties.contains(where: { $0.contains(name) || name.contains($0) }) else {
          continue
        }
        findings.append(paper.stranger(name, in: passage.label, "stranger.\(name)"))
      }
    }
    return findings
  }

  /// Nothing but a name: a place at its beginning, a kind of organisation at its end, no point inside.
  private static func isOrganisation(_ line: String) -> Bool {
    let scalars = Array(line.unicodeScalars)
    guard (8...40).contains(scalars.count), kinds.contains(where: line.hasSuffix),
      scalars.prefix(8).contains(where: { "省市区县州国".unicodeScalars.contains($0) })
    else { return false }
    return scalars.allSatisfy { (0x4E00...0x9FFF).contains($0.value) || PrintedCharacters.digit($0) != nil }
  }

  private static let kinds = ["委员会", "人民政府", "办事处", "有限公司", "有限责任公司", "股份公司", "集团", "中心", "事务所", "管理局", "财政局", "研究院"]

  /// A side that has a right in a sentence and pays itself at its end: 甲方有权…，向甲方支付….
  func selfPayments() -> [Finding] {
    var findings: [Finding] = []
    for passage in passages {
      for (index, sentence) in passage.figures.bare.split(whereSeparator: { "。;".unicodeScalars.contains($0) }).enumerated() {
        let words = PrintedCharacters.string(sentence)
        for (own, other) in [("甲方", "乙方"), ("乙方", "甲方")] {
          guard let payment = ["向\(own)支付", "向\(own)赔偿"].compactMap({ words.firstRange(of: $0) }).first,
            let subject = words[..<payment.lowerBound].ranges(of: "\(own)有权").last,
            !words[subject.upperBound..<payment.lowerBound].contains(other)
          else { continue }
          findings.append(
            Finding(
              .paysItself, passage.label, "text.\(passage.label).\(index)", values: [Words.both(String(words[payment])), Words.both(own)],
              zh: "这一句以\(own)为主语，却写“\(words[payment])”：\(own)付给自己。",
              en: "The sentence is about \(own == "甲方" ? "the office" : "the vendor") and ends in “\(words[payment])”: it pays itself."))
        }
      }
    }
    return findings
  }

  /// Penalties, by the word 违约金, whose amount has no bound of its own beside a cap that limits it.
  func cappedPenalties() -> [Finding] {
    var findings: [Finding] = []
    for cap in document.appraisal.caps {
      guard let most = paper.money(cap.atMost) else { continue }
      for (index, rule) in document.appraisal.consequences.enumerated() where cap.rules.contains(rule.id) && rule.isOpen {
        let cited = ClauseNumber.citations(in: rule.citation.clause).flatMap(\.places).compactMap(text.words(at:))
        guard !cited.isEmpty, cited.allSatisfy({ $0.contains("违约金") }) else { continue }
        findings.append(
          Finding(
            .penaltyUnderCap, rule.citation.clause, "\(cap.id).\(rule.id)", at: "/consequences/\(index)",
            values: [Words.money(most), Words.both(cap.citation.clause)],
            zh: "违约金“\(rule.id)”没有上限，而 \(cap.citation.clause) 把全部责任限于 \(Words.figures(most)) 元。",
            en: "The penalty “\(rule.id)” has no bound, and \(cap.citation.clause) limits all liability to \(Words.figures(most)) yuan."))
      }
    }
    return findings
  }
}
