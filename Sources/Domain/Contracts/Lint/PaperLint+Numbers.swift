// SPDX-License-Identifier: Apache-2.0
import Base

/// The paper as a document: its clauses' numbers, what they point at, the annexes they cite.
extension PaperLint {
  func numbering() -> [Finding] {
    let paper = document.paper
    var entries: [ClauseSequence.Entry] = []
    var findings: [Finding] = []
    var last = 0
    for number in paper.numbering {
      if let place = ClauseNumber(citing: number) {
        entries.append(ClauseSequence.Entry(place: place, label: number, mayBeginAnew: false))
        last = place.steps.first ?? last
      } else {
        // Its neighbours say which number was meant.
        last += 1
        let place = ClauseNumber(.body, [last])
        entries.append(ClauseSequence.Entry(place: place, label: number, mayBeginAnew: false))
        findings.append(ClauseSequence.misprint(number, in: place.written, at: "/paper/numbering"))
      }
    }
    let implied = paper.headings.compactMap { ClauseNumber(citing: $0.number) }
    return findings + ClauseSequence(entries, implied: implied).findings(at: "/paper/numbering")
  }

  func references() -> [Finding] {
    let paper = document.paper
    let headings = paper.headings.compactMap { heading in ClauseNumber(citing: heading.number).map { ($0, heading.about) } }
    let known = paper.numbering.compactMap { ClauseNumber(citing: $0) } + headings.map(\.0) + citedPlaces
    var findings: [Finding] = []
    for (index, reference) in paper.references.enumerated() {
      let (subject, pointer) = ("\(reference.from)>\(reference.to)", "/paper/references/\(index)")
      guard let place = ClauseNumber(citing: reference.to) else { continue }
      guard known.contains(where: { place.contains($0) || $0 == place }) else {
        findings.append(Self.missing(reference.to, from: reference.from, subject, at: pointer))
        continue
      }
      guard let about = headings.first(where: { $0.0 == place })?.1, about != reference.about else { continue }
      findings.append(
        Self.elsewhere(reference.to, from: reference.from, expects: reference.about.name, finds: about.name, subject, at: pointer))
    }
    return findings
  }

  /// Where the document's items stand.
  private var citedPlaces: [ClauseNumber] {
    document.citedClauses.flatMap { ClauseNumber.citations(in: $0).flatMap(\.places) }
  }

  static func missing(_ to: String, from: String, _ subject: String, at pointer: String = "") -> Finding {
    Finding(
      .referenceMissing, from, subject, at: pointer, values: [Words.both(to)],
      zh: "所引“\(to)”在合同中不存在。", en: "It refers to “\(to)”, which the contract does not have.")
  }

  static func elsewhere(
    _ to: String, from: String, expects: Text, finds: Text, _ subject: String, at pointer: String = ""
  ) -> Finding {
    Finding(
      .referenceTopic, from, subject, at: pointer, values: [Words.both(to) + Text(zh: "：", en: ": ") + expects, finds],
      zh: "引“\(to)”而意在\(expects.zh)，该条所涉却是\(finds.zh)。", en: "It refers to “\(to)” for \(expects.en), and that clause is about \(finds.en)."
    )
  }

  func annexes() -> [Finding] {
    document.paper.annexes.enumerated().filter { !$0.element.isAttached }.map { index, annex in
      Self.absent(annex.name, from: annex.citedIn.joined(separator: ", "), at: "/paper/annexes/\(index)")
    }
  }

  static func absent(_ name: String, from clauses: String, at pointer: String = "") -> Finding {
    Finding(
      .annexAbsent, clauses, "annex.\(name)", at: pointer, values: [Words.both(name)],
      zh: "引用的“\(name)”未附于合同。", en: "“\(name)” is cited and not attached.")
  }
}

/// Clause numbers in the order of the paper, looked over for one that comes twice and one that is left out.
struct ClauseSequence {
  struct Entry {
    let place: ClauseNumber
    let label: String
    /// Whether a list may start from one again under the same clause.
    let mayBeginAnew: Bool
  }

  private let entries: [Entry]
  private let implied: [ClauseNumber]

  /// - Parameter implied: clauses that are known to be there though their numbers are not in the list.
  init(_ entries: [Entry], implied: [ClauseNumber] = []) {
    self.entries = entries
    self.implied = implied
  }

  func findings(at pointer: String = "") -> [Finding] { doubled(pointer) + skipped(pointer) }

  private func doubled(_ pointer: String) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<ClauseNumber> = []
    for entry in entries where !seen.insert(entry.place).inserted {
      if entry.mayBeginAnew, entry.place.steps.last == 1 {
        // Another list under the same clause: its numbers are new ones.
        let parent = ClauseNumber(entry.place.part, Array(entry.place.steps.dropLast()))
        seen = seen.filter { !parent.contains($0) || $0 == parent }
        seen.insert(entry.place)
        continue
      }
      findings.append(
        Finding(
          .numberDoubled, entry.label, "number.\(entry.label)", at: pointer, values: [Words.both(entry.label)],
          zh: "编号 \(entry.label) 出现两次。", en: "The number \(entry.label) stands twice."))
    }
    return findings
  }

  private func skipped(_ pointer: String) -> [Finding] {
    var children: [ClauseNumber: Set<Int>] = [:]
    var labels: [ClauseNumber: String] = [:]
    for place in entries.map(\.place) + implied {
      var steps = place.steps
      while let last = steps.popLast() { children[ClauseNumber(place.part, steps), default: []].insert(last) }
    }
    for entry in entries { labels[entry.place] = labels[entry.place] ?? entry.label }
    var findings: [Finding] = []
    for (parent, numbers) in children {
      let sorted = numbers.sorted()
      for (before, after) in zip([0] + sorted, sorted) where after > before + 1 {
        let place = ClauseNumber(parent.part, parent.steps + [after])
        let left = (before + 1..<after).map { ClauseNumber(parent.part, parent.steps + [$0]).written }
        let label = labels[place] ?? place.written
        findings.append(
          Finding(
            .numberSkipped, label, "number.\(place.written)", at: pointer,
            values: [Words.both(left.joined(separator: ", ")), Words.both(label)],
            zh: "编号跳过了 \(left.joined(separator: "、"))，其后是 \(label)。",
            en: "The numbers leave out \(left.joined(separator: ", ")) before \(label)."))
      }
    }
    return findings.sorted { $0.subject < $1.subject }
  }

  static func misprint(_ printed: String, in clause: String, at pointer: String = "") -> Finding {
    Finding(
      .numberMisprinted, clause, "number.\(printed)", at: pointer, values: [Words.both(printed), Words.both(clause)],
      zh: "“\(printed)”不成编号，按 \(clause) 认读。", en: "“\(printed)” is no number; it is read as \(clause).")
  }
}

extension ClauseNumber {
  /// The place in one way of writing: `3.2.1`, `附件1 2.1`, 第三条 for an article.
  var written: String {
    let numbers =
      steps.count == 1 && part == .body ? "第\(Self.spoken(steps[0]))条" : steps.map(String.init).joined(separator: ".")
    switch part {
    case .cover: return "封面"
    case .body: return numbers
    case .annex(let number): return steps.isEmpty ? "附件\(number)" : "附件\(number) \(numbers)"
    }
  }
}
