// SPDX-License-Identifier: Apache-2.0
import Base

extension RevisionDiff.Facet {
  /// `金额：由 100,000.00 元 改为 120,000.00 元`
  package var sentence: Text {
    switch (from, to) {
    case (let from?, let to?): Text(zh: "\(name.zh)：由 \(from.zh) 改为 \(to.zh)", en: "\(name.en): from \(from.en) to \(to.en)")
    case (nil, let to?): Text(zh: "\(name.zh)：\(to.zh)", en: "\(name.en): \(to.en)")
    case (let from?, nil): Text(zh: "\(name.zh)：原为 \(from.zh)，不再约定", en: "\(name.en): was \(from.en), no longer said")
    case (nil, nil): name
    }
  }
}

extension RevisionDiff.Change {
  /// What it is and where it stands: `付款“month”（条款 4.1）修改`
  package var heading: Text {
    let place: Text
    switch clauses {
    case (let from?, let to?) where from != to: place = Text(zh: "（条款 \(from) → \(to)）", en: " (clause \(from) → \(to))")
    case (_, let clause?), (let clause?, nil): place = Text(zh: "（条款 \(clause)）", en: " (clause \(clause))")
    case (nil, nil): place = Words.none
    }
    let name = item.isEmpty ? Words.none : Text(zh: "“\(item)”", en: " “\(item)”")
    return title + name + place + Text(zh: action.words.zh, en: " " + action.words.en)
  }

  /// The heading and everything that differs, in one sentence.
  package var sentence: Text {
    var sentence = heading
    if action != .changed, let says = says.to ?? says.from { sentence = sentence + Text(zh: "：", en: ": ") + says }
    guard !facets.isEmpty else { return sentence }
    return sentence + Text(zh: action == .changed ? "：" : " ", en: action == .changed ? ": " : " ")
      + Words.list(facets.map { action == .changed ? $0.sentence : $0.plain }, zh: "；", en: "; ")
  }
}

extension RevisionDiff.Facet {
  /// What is new or gone: `金额 100,000.00 元`
  fileprivate var plain: Text { name + Words.both(" ") + (to ?? from ?? Words.none) }
}

extension RevisionDiff.Action {
  var words: Text {
    switch self {
    case .added: Text(zh: "新增", en: "added")
    case .removed: Text(zh: "删除", en: "removed")
    case .changed: Text(zh: "修改", en: "changed")
    }
  }
}

extension RevisionDiff {
  /// The difference as plain text for a terminal.
  package func rendered(in language: Language) -> String {
    guard !changes.isEmpty else { return Text(zh: "两份文本没有差别。\n", en: "The two papers do not differ.\n")[language] }
    var page = ""
    for change in changes {
      page += "- \(change.heading[language])\n"
      if change.action != .changed, let says = change.says.to ?? change.says.from { page += "    \(says[language])\n" }
      for facet in change.facets { page += "    \((change.action == .changed ? facet.sentence : facet.plain)[language])\n" }
    }
    return page
  }

  /// Writes the changes, each with its sentence and its parts in both languages.
  package func writeChanges(to writer: inout JSONWriter) {
    writer.beginArray()
    for change in changes { change.write(to: &writer) }
    writer.endArray()
  }
}

extension RevisionDiff.Change {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("section")
    writer.string(section)
    writer.key("title")
    writer.text(title)
    writer.key("item")
    if item.isEmpty { writer.null() } else { writer.string(item) }
    writer.key("action")
    writer.string(action.rawValue)
    writer.key("clause")
    writer.sides(clauses.from, clauses.to) { $1.string($0) }
    writer.key("says")
    writer.sides(says.from, says.to) { $1.text($0) }
    writer.key("sentence")
    writer.text(sentence)
    writer.key("facets")
    writer.beginArray()
    for facet in facets {
      writer.beginObject()
      writer.key("name")
      writer.text(facet.name)
      writer.key("from")
      if let from = facet.from { writer.text(from) } else { writer.null() }
      writer.key("to")
      if let to = facet.to { writer.text(to) } else { writer.null() }
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}

extension JSONWriter {
  /// `{"from": …, "to": …}`, null where there is none.
  fileprivate mutating func sides<Value>(_ from: Value?, _ to: Value?, _ write: (Value, inout JSONWriter) -> Void) {
    beginObject()
    key("from")
    if let from { write(from, &self) } else { null() }
    key("to")
    if let to { write(to, &self) } else { null() }
    endObject()
  }
}
