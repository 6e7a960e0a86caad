// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import FoundationEssentials
import Testing

@Suite("One fault in a contract")
struct SeededFaultTests {
  /// A contract's two sides, as they are without a fault of ours.
  struct Pair {
    let name: String
    let source: String
    let words: String
    let assignments: [StaffList.Assignment]
  }

  enum Kind: CaseIterable { case amount, numeral, share, date, reference }

  private static func pairs() throws -> [Pair] {
    var pairs = [Pair(name: "xikou", source: try InventedContract.source(), words: try InventedContract.words(), assignments: [])]
    for (tenant, words) in try SharedContracts.words() ?? [] {
      pairs.append(
        Pair(
          name: tenant, source: try Doctored.source(tenant), words: words, assignments: try RepositoryFiles.tenant(tenant).staff.assignments
        ))
    }
    return pairs
  }

  @Test("of every kind, in the document or in the text, is found: thirty of them, the seed in the output")
  func thirty() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["JIESU_SEED"].flatMap { UInt64($0) } ?? SeededGenerator.freshSeed
    let count = environment["JIESU_FAULTS"].flatMap { Int($0) } ?? 30
    print("seeded faults: JIESU_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    let pairs = try Self.pairs()
    let packs = try RepositoryFiles.rulePacks()
    var known: [String: Set<String>] = [:]
    func standings(_ pair: Pair, _ source: String, _ words: String) throws -> Set<String>? {
      guard let document = try? Doctored.document(source) else { return nil }
      let lint = Lint(try Contract([document]), packs: packs, assignments: pair.assignments, text: ContractText(words))
      return Set(lint.findings().map { $0.id + "\n" + $0.standing })
    }
    var planted = 0
    while planted < count {
      let pair = pairs[Int.random(in: 0..<pairs.count, using: &random)]
      let kind = Kind.allCases[planted % Kind.allCases.count]
      let isInText = planted / Kind.allCases.count % 2 == 1
      let original = isInText ? pair.words : pair.source
      let places = isInText ? Places.inText(kind, original, of: pair.source) : Places.inDocument(kind, original)
      guard let place = places.randomElement(using: &random), let changed = Places.change(kind, original, at: place, using: &random) else {
        continue
      }
      let before = try known[pair.name] ?? standings(pair, pair.source, pair.words) ?? []
      known[pair.name] = before
      // A document that cannot be read with the fault in it was refused, which is no less.
      guard let after = try standings(pair, isInText ? pair.source : changed, isInText ? changed : pair.words) else { continue }
      let line = Places.around(place, in: original)
      #expect(
        !after.subtracting(before).isEmpty,
        "\(pair.name), \(kind), \(isInText ? "text" : "document"): “\(line)” became “\(Places.around(place, in: changed))” (JIESU_SEED=\(seed))"
      )
      planted += 1
    }
  }
}

/// Where a fault can be planted.
private enum Places {
  /// Values in a document, by the members that carry them.
  static func inDocument(_ kind: SeededFaultTests.Kind, _ source: String) -> [Range<String.Index>] {
    let members: [String] =
      switch kind {
      case .amount: [#""fixed": ""#, #""figures": ""#, #""monthly": ""#, #""amount": ""#]
      case .numeral: [#""capitals": ""#]
      case .share: [#""share": ""#, #""increaseAtMost": ""#]
      case .date: [#""on": ""#, #""from": "2"#, #""to": "2"#]
      case .reference: [#""in": ""#]
      }
    return members.flatMap { member in
      source.ranges(of: member).compactMap { range -> Range<String.Index>? in
        let start = member.hasSuffix("2") ? source.index(before: range.upperBound) : range.upperBound
        guard let end = source[start...].firstIndex(of: "\"") else { return nil }
        if kind == .reference {
          // Where it leads to.
          guard let to = source[end...].firstRange(of: #""to": ""#), source.distance(from: end, to: to.lowerBound) < 4,
            let last = source[to.upperBound...].firstIndex(of: "\"")
          else { return nil }
          return to.upperBound..<last
        }
        let value = source[start..<end]
        // Nothing, and everything, stand on no paper.
        return value == "0.00" || value == "100%" || value == "0%" ? nil : start..<end
      }
    }
  }

  /// Figures in a text; references only where the document knows them.
  static func inText(_ kind: SeededFaultTests.Kind, _ words: String, of source: String) -> [Range<String.Index>] {
    switch kind {
    case .amount: return runs(in: words, of: "0123456789０１２３４５６７８９,.，．").filter { isMoney($0, in: words) }
    case .numeral:
      return runs(in: words, of: "零壹贰叁肆伍陆柒捌玖拾佰仟千万亿元角分整").filter { words[$0].contains("元") && words[$0].count > 2 }
    case .share:
      return runs(in: words, of: "0123456789").filter { words[$0.upperBound...].drop { $0 == " " }.hasPrefix("%") }
        + ["万分之", "百分之"].flatMap { word in
          words.ranges(of: word).map { $0.upperBound..<words.index(after: $0.upperBound) }
        }
    case .date:
      return runs(in: words, of: "0123456789").filter { run in
        var before = words[..<run.lowerBound]
        while before.last == " " { before = before.dropLast() }
        return before.hasSuffix("月") && words[run.upperBound...].drop { $0 == " " }.hasPrefix("日")
      }
    case .reference:
      let known = source.ranges(of: #""to": "第"#).compactMap { range in
        source[range.upperBound...].prefix { $0 != "\"" }
      }.map { "第" + $0 }
      return Set(known).sorted().flatMap { article in
        words.ranges(of: article).filter { range in words[..<range.lowerBound].hasSuffix("本合同") || words[..<range.lowerBound].hasSuffix("按")
        }
      }
    }
  }

  private static func isMoney(_ run: Range<String.Index>, in words: String) -> Bool {
    guard words[run].contains(where: \.isNumber), words[run].last?.isNumber ?? false, words[run].first?.isNumber ?? false else {
      return false
    }
    let after = words[run.upperBound...].drop { $0 == " " }
    if after.hasPrefix("元") || after.hasPrefix("万元") { return true }
    var before = words[..<run.lowerBound]
    while before.last == " " { before = before.dropLast() }
    return before.hasSuffix("¥") || before.hasSuffix("￥")
  }

  private static func runs(in words: String, of characters: String) -> [Range<String.Index>] {
    let set = Set(characters)
    var runs: [Range<String.Index>] = []
    var place = words.startIndex
    while let start = words[place...].firstIndex(where: set.contains) {
      let end = words[start...].firstIndex { !set.contains($0) } ?? words.endIndex
      runs.append(start..<end)
      place = end
    }
    return runs
  }

  /// The text with one character of a place made another that reads as well; nil where nothing can be made of it.
  static func change(
    _ kind: SeededFaultTests.Kind, _ text: String, at place: Range<String.Index>, using random: inout SeededGenerator
  ) -> String? {
    let alphabets = kind == .reference ? ["123456789", "一二三四五六七八九"] : ["0123456789", "０１２３４５６７８９", "壹贰叁肆伍陆柒捌玖", "一二三四五六七八九"]
    let digits = text[place].indices.compactMap { index in alphabets.first { $0.contains(text[index]) }.map { (index, Array($0)) } }
    guard let (index, alphabet) = digits.randomElement(using: &random) else { return nil }
    let others = alphabet.filter { $0 != text[index] && !($0 == "0" || $0 == "０") }
    guard let other = others.randomElement(using: &random) else { return nil }
    var changed = text
    changed.replaceSubrange(index...index, with: [other])
    return changed
  }

  static func around(_ place: Range<String.Index>, in text: String) -> String {
    let start = text.index(place.lowerBound, offsetBy: -12, limitedBy: text.startIndex) ?? text.startIndex
    let line = text[start...].prefix(text.distance(from: start, to: place.lowerBound) + 28)
    return String(line.map { $0.isNewline ? " " : $0 })
  }
}
