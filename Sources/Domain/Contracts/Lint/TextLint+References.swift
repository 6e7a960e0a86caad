// SPDX-License-Identifier: Apache-2.0
import Base

/// Clauses that point at clauses: whether these are there, and treat what is sought, as far as a machine can know it.
extension TextLint {
  func references() -> [Finding] {
    var findings: [Finding] = []
    var followed = 0
    for passage in passages {
      for reference in PrintedReference.all(in: passage.figures.bare) where followed < Self.greatestReferences {
        followed += 1
        let subject = "text.\(passage.label)>\(reference.written)"
        switch reference.place.part {
        case .annex(let number):
          if text.annexes[number] == nil { findings.append(PaperLint.absent("附件\(number)", from: passage.label)) }
        case .cover: break
        case .body:
          guard let target = target(of: reference, from: passage) else {
            findings.append(PaperLint.missing(reference.written, from: passage.label, subject))
            continue
          }
          if let finding = elsewhere(reference, target, from: passage, subject) { findings.append(finding) }
        }
      }
    }
    // A clause may cite an annex many times.
    var seen: Set<String> = []
    return findings.filter { seen.insert("\($0.code.rawValue) \($0.subject)").inserted && !isKnown($0) } + unprinted()
  }

  /// Whether the document shows the same thing of the same annex, whichever clauses it names.
  private func isKnown(_ finding: Finding) -> Bool {
    known.contains { $0.code == finding.code && finding.code == .annexAbsent && $0.subject == finding.subject }
  }

  /// Where a reference leads: in an annex first to the annex's own clause.
  private func target(of reference: PrintedReference, from passage: Passage) -> ClauseNumber? {
    if let part = passage.place?.part, part != .body {
      let own = ClauseNumber(part, reference.place.steps)
      if text.has(own) { return own }
    }
    return text.has(reference.place) ? reference.place : nil
  }

  /// A reference whose sentence seeks something that the clause it names does not speak of.
  private func elsewhere(
    _ reference: PrintedReference, _ target: ClauseNumber, from passage: Passage, _ subject: String
  ) -> Finding? {
    guard !reference.isKnown(in: known, from: passage.place), let sought = SoughtMatter.first(in: reference.continuation) else {
      return nil
    }
    let words = passages.filter { other in
      other.place.map { target.contains($0) } ?? false && other.place != passage.place
    }.map { PrintedCharacters.string($0.figures.bare) }
    guard !words.isEmpty, !words.contains(where: { passage in sought.answers.contains { passage.contains($0) } }) else { return nil }
    let title = text.clauses.first { $0.place == target }?.words.split(separator: "\n").first.map(String.init) ?? ""
    return PaperLint.elsewhere(
      reference.written, from: passage.label, expects: sought.name, finds: Words.both("“\(title.prefix(20))”"), subject)
  }

  /// References of the document that the text's clause does not print.
  private func unprinted() -> [Finding] {
    document.paper.references.enumerated().compactMap { index, reference in
      guard let to = ClauseNumber(citing: reference.to), let cited = figures(citing: reference.from) else { return nil }
      let printed = cited.flatMap { PrintedReference.all(in: $0.bare) }
      if printed.contains(where: { $0.place == to || $0.place.article == to && $0.place.steps.count > 1 }) { return nil }
      let list = Words.both(printed.map(\.written).joined(separator: ", "))
      return Finding(
        .referenceNotInText, reference.from, "\(reference.from)>\(reference.to)", at: "/paper/references/\(index)",
        values: [Words.both(reference.to), list],
        zh: "配置称 \(reference.from) 引“\(reference.to)”，原文该条引的是“\(list.zh)”。",
        en: "The document has \(reference.from) refer to “\(reference.to)”; the text's clause refers to “\(list.en)”.")
    }
  }
}

/// A clause named in a passage: 第三条, 第四款第5条, 2.2条, 附件1.
struct PrintedReference {
  let place: ClauseNumber
  let written: String
  /// The next characters of the sentence.
  let continuation: String

  /// Whether the document shows already that this reference leads elsewhere.
  func isKnown(in findings: [Finding], from: ClauseNumber?) -> Bool {
    findings.contains { finding in
      guard finding.code == .referenceTopic, let arrow = finding.subject.firstIndex(of: ">") else { return false }
      return ClauseNumber(citing: finding.subject[..<arrow]) == from
        && ClauseNumber(citing: finding.subject[finding.subject.index(after: arrow)...]) == place
    }
  }

  static func all(in bare: [Unicode.Scalar]) -> [PrintedReference] {
    var references: [PrintedReference] = []
    var place = 0
    while place < bare.count {
      if let (steps, part, end) = read(bare, at: place) {
        let sentence = bare[end...].prefix { !"。;\n".unicodeScalars.contains($0) }.prefix(16)
        references.append(
          PrintedReference(
            place: ClauseNumber(part, steps), written: PrintedCharacters.string(bare[place..<end]),
            continuation: PrintedCharacters.string(sentence)))
        place = end
      } else {
        place += 1
      }
    }
    return references
  }

  private static func read(_ bare: [Unicode.Scalar], at place: Int) -> (steps: [Int], part: ClauseNumber.Part, end: Int)? {
    // What follows 》 is a clause of the law or the paper named before it.
    if place > 0, bare[place - 1] == "》" { return nil }
    var rest = bare[place...]
    if rest.starts(with: "附件".unicodeScalars) {
      rest = rest.dropFirst(2)
      guard let number = ClauseNumber.number(at: &rest), number > 0, number < 100 else { return nil }
      return ([], .annex(number), rest.startIndex)
    }
    if bare[place] == "第" { return ordinal(bare, at: place) }
    return dotted(bare, at: place)
  }

  /// 第三条, 第12.1条款, 第四款第5条
  private static func ordinal(_ bare: [Unicode.Scalar], at place: Int) -> (steps: [Int], part: ClauseNumber.Part, end: Int)? {
    var rest = bare[place...]
    var steps: [Int] = []
    var units: [Unicode.Scalar] = []
    while rest.first == "第" {
      var next = rest.dropFirst()
      guard let number = ClauseNumber.number(at: &next) else { break }
      var numbers = [number]
      while next.first == "." {
        var more = next.dropFirst()
        guard let step = ClauseNumber.number(at: &more) else { break }
        numbers.append(step)
        next = more
      }
      guard let unit = next.first, "条款项".unicodeScalars.contains(unit) else { break }
      next = next.dropFirst()
      if unit == "条", next.first == "款" { next = next.dropFirst() }
      steps += numbers
      units.append(unit)
      rest = next
    }
    // 第二款 alone is a paragraph of whatever is spoken of.
    guard units.contains("条"), !steps.contains(0), steps.count <= 8 else { return nil }
    return (steps, .body, rest.startIndex)
  }

  /// 2.2条, 根据2.2
  private static func dotted(_ bare: [Unicode.Scalar], at place: Int) -> (steps: [Int], part: ClauseNumber.Part, end: Int)? {
    guard PrintedCharacters.digit(bare[place]) != nil, place == 0 || !isNumeric(bare[place - 1]) else { return nil }
    var rest = bare[place...]
    var steps: [Int] = []
    while let number = ClauseNumber.number(at: &rest), number > 0, number < 200 {
      steps.append(number)
      guard rest.first == ".", let digit = rest.dropFirst().first, PrintedCharacters.digit(digit) != nil else { break }
      rest = rest.dropFirst()
    }
    guard steps.count > 1, steps.count <= 8 else { return nil }
    if let unit = rest.first, "条款项".unicodeScalars.contains(unit) {
      rest = rest.dropFirst()
      if unit == "条", rest.first == "款" { rest = rest.dropFirst() }
      return (steps, .body, rest.startIndex)
    }
    let before = bare[max(0, place - 2)..<place]
    guard ["根据", "按照", "依据", "依照", "违反", "参见"].contains(PrintedCharacters.string(before)),
      !(rest.first.map { "%万亿元年月日号.,".unicodeScalars.contains($0) || PrintedCharacters.digit($0) != nil } ?? false)
    else { return nil }
    return (steps, .body, rest.startIndex)
  }

  private static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
    PrintedCharacters.digit(scalar) != nil || "第.,".unicodeScalars.contains(scalar)
  }
}

/// What a sentence seeks behind a reference, and the words one of which a clause about it has.
private struct SoughtMatter {
  let name: Text
  let words: [String]
  let answers: [String]

  private static let all = [
    SoughtMatter(name: Topic.notices.name, words: ["地址"], answers: ["地址", "住所"]),
    SoughtMatter(name: Topic.breach.name, words: ["责任"], answers: ["责任", "违约", "赔偿"]),
    SoughtMatter(name: Topic.delivery.name, words: ["交付"], answers: ["交付", "提交", "验收"]),
    SoughtMatter(name: Topic.payment.name, words: ["支付", "付款", "款项", "费用", "服务费", "价款"], answers: ["付", "费", "款"]),
    SoughtMatter(name: Topic.scope.name, words: ["服务内容", "工作内容"], answers: ["内容", "服务"]),
    SoughtMatter(name: Topic.appraisal.name, words: ["考核", "惩罚", "奖惩", "扣款", "扣减"], answers: ["考核", "惩", "扣", "奖"]),
    SoughtMatter(name: Topic.acceptance.name, words: ["验收"], answers: ["验收"]),
    SoughtMatter(name: Topic.nonSolicitation.name, words: ["聘用"], answers: ["聘"]),
    SoughtMatter(name: Topic.confidentiality.name, words: ["保密"], answers: ["保密", "泄"]),
    SoughtMatter(name: Topic.forceMajeure.name, words: ["不可抗力"], answers: ["不可抗力"]),
    SoughtMatter(name: Topic.disputes.name, words: ["争议"], answers: ["争议", "诉讼", "仲裁"]),
  ]

  /// What is named first.
  static func first(in sentence: String) -> SoughtMatter? {
    all.compactMap { matter in
      matter.words.compactMap { sentence.firstRange(of: $0)?.lowerBound }.min().map { (matter, $0) }
    }.min { $0.1 < $1.1 }?.0
  }
}
