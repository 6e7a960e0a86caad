// SPDX-License-Identifier: Apache-2.0
import Base

extension RuleTable {
  /// What can be stored but is probably not meant; pointers are into the table.
  ///
  /// Known without any order: rows that no order reaches, rows that overlap with another outcome, predicates that never hold, members that no
  /// order has, a table that decides nothing.
  ///
  /// - Parameter attributes: what orders are known to have beyond the members of every order's document.
  package func warnings(attributes: Set<String> = []) -> [Fault] {
    let predicates = rows.map { Predicate($0.when) }
    var warnings = purposeWarnings()
    for (index, predicate) in predicates.enumerated() {
      warnings += Self.warnings(on: predicate, attributes, at: "/rows/\(index)/when")
      warnings += reachWarnings(on: index, predicates)
    }
    return Array((warnings + overlapWarnings(predicates)).prefix(Self.bound))
  }

  /// How many warnings are told, and how many rows are compared with each other.
  private static let bound = 200

  private static func warning(_ pointer: String, _ code: String, zh: String, en: String) -> Fault {
    Fault(pointer: pointer, code: code, detail: Text(zh: zh, en: en))
  }

  private func purposeWarnings() -> [Fault] {
    let column = purpose.column
    guard !columns.contains(where: { $0.id == column }) else { return [] }
    return [
      Self.warning(
        "/columns", "decides-nothing", zh: "此用途取列“\(column)”，表中没有这一列。",
        en: "For this purpose the column “\(column)” decides, and the table has none.")
    ]
  }

  // MARK: one predicate

  private static func warnings(on predicate: Predicate, _ attributes: Set<String>, at pointer: String) -> [Fault] {
    var warnings: [Fault] = []
    for name in predicate.members where OrderMember(rawValue: name) == nil && !attributes.contains(name) {
      let known = OrderMember.allCases.map(\.rawValue)
      warnings.append(
        warning(
          pointer, "unknown-member", zh: "工单没有“\(name)”这一项；可用：\(known.joined(separator: "、"))。",
          en: "No order has “\(name)”; known: \(known.joined(separator: ", "))."))
    }
    if predicate.isCondition == false, !predicate.isTruthMember {
      warnings.append(
        warning(
          pointer, "never-holds", zh: "这是取值的路径而非条件，从不成立；条件须作比较，或写 exists(…)。",
          en: "This is a path to a value and no condition, so it never holds; compare something, or write exists(…)."))
    }
    for test in predicate.condition.tests {
      guard let form = OrderMember(rawValue: test.member)?.form, let misfit = form.misfit(test) else { continue }
      warnings.append(Fault(pointer: pointer, code: "never-holds", detail: misfit))
    }
    if let ways = predicate.condition.ways, ways.allSatisfy({ $0.contradict == true }) {
      warnings.append(warning(pointer, "never-holds", zh: "条件自相矛盾，从不成立。", en: "The condition contradicts itself and never holds."))
    }
    return warnings
  }

  // MARK: rows among each other

  private func reachWarnings(on index: Int, _ predicates: [Predicate]) -> [Fault] {
    let predicate = predicates[index]
    for (earlier, other) in predicates[..<index].enumerated() where other.covers(predicate) {
      let row = rows[earlier].id
      return [
        Self.warning(
          "/rows/\(index)", "unreachable", zh: "凡使此行成立者，已由前面的行“\(row)”决定。",
          en: "Whatever makes this row hold is decided by the row “\(row)” before it.")
      ]
    }
    return []
  }

  private func overlapWarnings(_ predicates: [Predicate]) -> [Fault] {
    let ways = predicates.prefix(Self.bound).map(\.condition.ways)
    var warnings: [Fault] = []
    for (index, mine) in ways.enumerated() {
      guard let mine else { continue }
      for (earlier, theirs) in ways[..<index].enumerated() {
        guard let theirs, !sameOutcome(rows[earlier].then, rows[index].then), !predicates[earlier].covers(predicates[index]),
          mine.contains(where: { way in theirs.contains { (way + $0).contradict == false } })
        else { continue }
        warnings.append(
          Self.warning(
            "/rows/\(index)", "overlap", zh: "可与行“\(rows[earlier].id)”同时成立而结果不同；届时以前者为准。",
            en: "It can hold together with the row “\(rows[earlier].id)”, which then decides and says something else."))
      }
    }
    return warnings
  }

  /// Members that no order need have: attributes, if anything.
  package var attributesAskedFor: [String] {
    var seen: Set<String> = []
    return rows.flatMap { Predicate($0.when).members }.filter { OrderMember(rawValue: $0) == nil && seen.insert($0).inserted }
  }

  /// What past orders show: the later row held for them too, and says something else.
  package func overlap(of first: Int, with later: Int, orders: Int, example: String) -> Fault? {
    guard rows.indices.contains(first), rows.indices.contains(later), !sameOutcome(rows[first].then, rows[later].then) else { return nil }
    return Self.warning(
      "/rows/\(later)", "overlap-seen",
      zh: "已有 \(orders) 件工单（如 \(example)）同时符合行“\(rows[first].id)”，以该行为准，而结果不同。",
      en: "It holds for \(orders) orders (such as \(example)) that the row “\(rows[first].id)” decides, and says something else.")
  }

  /// Whether two outcomes say the same, in whatever order.
  package func sameOutcome(_ a: OrderedMap<JSON>, _ b: OrderedMap<JSON>) -> Bool { columns.allSatisfy { a[$0.id] == b[$0.id] } }
}

extension RuleTable.Purpose {
  /// The column whose value the purpose takes; the others are noted beside it.
  package var column: String {
    switch self {
    case .classification: "category"
    case .dispatch: "department"
    case .specialCase: "approval"
    case .exclusion: "exclude"
    case .urgency: "grade"
    }
  }
}

extension Predicate {
  /// `$.special` alone: holds where the member is true.
  fileprivate var isTruthMember: Bool {
    members.count == 1 && members.allSatisfy { OrderMember(rawValue: $0)?.form == .truth } && text.filter { $0 != " " } == "$.\(members[0])"
  }

  /// Whether this certainly holds wherever the other does.
  fileprivate func covers(_ other: Predicate) -> Bool {
    if PathToken.words(of: text).map({ $0 == PathToken.words(of: other.text) }) ?? (text == other.text) { return true }
    guard let mine = condition.ways, let others = other.condition.ways, !others.isEmpty else { return condition == .constant(true) }
    return others.allSatisfy { way in mine.contains { way.imply($0) } }
  }
}

extension OrderMember.Form {
  /// Why a test of such a member never holds; nil where it may.
  fileprivate func misfit(_ test: PathTest) -> Text? {
    let name = test.member
    switch (self, test.literal) {
    case (_, .null): return nil
    case (.text, .text), (.texts, .text), (.number, .number), (.truth, .truth): return nil
    default:
      return Text(
        zh: "“\(name)”是\(words.zh)，与此字面值比较从不成立。", en: "“\(name)” is \(words.en), and comparing it with this literal never holds.")
    }
  }

  fileprivate var words: Text {
    switch self {
    case .text: Text(zh: "文字", en: "a text")
    case .texts: Text(zh: "一列文字", en: "a list of texts")
    case .number: Text(zh: "数字", en: "a number")
    case .truth: Text(zh: "真假值", en: "a truth value")
    }
  }
}
