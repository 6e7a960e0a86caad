// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// The words of a demonstration's orders: templates, what fills them, names of people; all invented.
struct DemoTexts: Sendable {
  /// A sentence with places for words: `{社区}{位置}积水`.
  struct Phrase: Sendable {
    fileprivate enum Part: Sendable {
      case words(String)
      case slot(String)
    }

    fileprivate let parts: [Part]
  }

  /// What an order of a category may say.
  struct Template: Sendable {
    let title: Phrase
    let content: Phrase
    let tags: [String]
    /// The order's attribute `kind`; nil leaves it to chance.
    let kind: String?
    /// Whether it is a mass incident.
    let isMass: Bool
  }

  struct Category: Sendable {
    let name: String
    let weight: Int
    /// How often it is of each grade.
    let grades: [(grade: String, weight: Int)]
    /// In which months it comes; in every one where there is none.
    let months: [Int]
    let texts: [Template]
  }

  let surnames: [String]
  let givenNames: [String]
  let categories: [Category]
  private let slots: [String: [String]]
  private let words: [String: [Phrase]]

  /// What the place of an order is called in phrases; the others are filled by chance.
  static let place = "社区"

  /// The words that steps and answers need; each must have some.
  private static let needed = [
    "verified", "outsideRemit", "returned", "approvalAsked", "approved", "approvalRefused", "urged", "progressReported", "citizenAwaited",
    "citizenAnswered", "hung", "resumed", "handling", "result", "audited", "replyRejected", "callbackFailed", "satisfied", "basically",
    "dissatisfied", "exclusionAsked", "exclusionDecided", "appealed", "appealDecided", "reopened",
  ]

  /// A phrase with its places filled.
  func fill(_ phrase: Phrase, at place: String, _ chance: inout DemoChance) -> String {
    var text = ""
    for part in phrase.parts {
      switch part {
      case .words(let words): text += words
      case .slot(Self.place): text += place
      case .slot(let name): if let list = slots[name] { text += chance.pick(list) }
      }
    }
    return text
  }

  /// What somebody says at a step.
  func words(_ step: String, at place: String, _ chance: inout DemoChance) -> String {
    guard let list = words[step], !list.isEmpty else { return step }
    return fill(chance.pick(list), at: place, &chance)
  }
}

extension DemoTexts {
  private static let phrase: Shape<Phrase> = Shape<String>.string(minLength: 1, maxLength: 1000).convert { text in
    var parts: [Phrase.Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        return .failure(Fault(code: "bad-format", detail: Text(zh: "缺少“}”。", en: "A } is missing.")))
      }
      if open > rest.startIndex { parts.append(.words(String(rest[..<open]))) }
      parts.append(.slot(String(rest[rest.index(after: open)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.words(String(rest))) }
    return .success(Phrase(parts: parts))
  }

  private static let label: Shape<String> = .string(minLength: 1, maxLength: 60)

  private static let template: Shape<Template> = .object(
    Field("title", phrase), Field("content", phrase), Field("tags", .array(of: label, max: 10), default: []),
    Field(optional: "kind", label),
    Field("mass", .bool, default: false)
  ) { Template(title: $0, content: $1, tags: $2, kind: $3, isMass: $4) }

  private static let weights: Shape<OrderedMap<Int>> = .map(keys: label, of: .integer(1...1000), min: 1, max: 20)

  private static let category: Shape<Category> = .object(
    Field("name", label), Field("weight", .integer(1...1000)), Field("grades", weights),
    Field("months", .array(of: .integer(1...12), max: 12), default: []), Field("texts", .array(of: template, min: 1, max: 100))
  ) { name, weight, grades, months, texts in
    Category(name: name, weight: weight, grades: grades.entries.map { ($0.name, $0.value) }, months: months, texts: texts)
  }

  private static let names: Shape<[String]> = .array(of: .string(minLength: 1, maxLength: 10), min: 1, max: 1000)
  private static let fillings: Shape<OrderedMap<[String]>> = .map(keys: label, of: .array(of: .string(maxLength: 200), min: 1, max: 1000))
  private static let sayings: Shape<OrderedMap<[Phrase]>> = .map(keys: label, of: .array(of: phrase, min: 1, max: 1000))

  /// The form of `deploy/demo-orders/*.json`.
  static let shape: Shape<DemoTexts> = Shape<DemoTexts>.object(
    "demoTexts", about: Text(zh: "演示工单的文字。", en: "The words of a demonstration's orders."),
    Field("says", Text.shape), Field("surnames", names), Field("givenNames", names), Field("slots", fillings),
    Field("categories", .array(of: category, min: 1, max: 200)), Field("words", sayings)
  ) { _, surnames, givenNames, slots, categories, words in
    DemoTexts(
      surnames: surnames, givenNames: givenNames, categories: categories,
      slots: Dictionary(slots.entries.map { ($0.name, $0.value) }) { first, _ in first },
      words: Dictionary(words.entries.map { ($0.name, $0.value) }) { first, _ in first })
  }.refine { texts in
    texts.missing.map { Fault(code: "unknown-reference", detail: Text(zh: "没有“\($0)”的文字。", en: "There are no words for “\($0)”.")) }
  }

  /// What phrases and steps ask for and nothing fills; a month without a category, too.
  private var missing: [String] {
    let phrases = categories.flatMap { $0.texts.flatMap { [$0.title, $0.content] } } + words.values.flatMap { $0 }
    var missing: [String] = []
    for case .slot(let name) in phrases.flatMap(\.parts) where name != Self.place && slots[name] == nil && !missing.contains(name) {
      missing.append(name)
    }
    missing += Self.needed.filter { words[$0] == nil }
    for month in 1...12 where !categories.contains(where: { $0.months.isEmpty || $0.months.contains(month) }) { missing.append("\(month)") }
    return missing
  }
}
