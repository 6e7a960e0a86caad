// SPDX-License-Identifier: Apache-2.0
import Base

/// What a later paper changes, item by item, for somebody who has both papers on the desk.
package struct RevisionDiff: Sendable {
  package enum Action: String, Sendable, Hashable, CaseIterable { case added, removed, changed }

  /// One thing about an item that is not the same; `nil` where a paper says nothing of it.
  package struct Facet: Sendable, Hashable {
    package let name: Text
    package let from: Text?
    package let to: Text?
  }

  package struct Change: Sendable, Hashable {
    /// As the member of the document is called.
    package let section: String
    package let title: Text
    /// The item's name; empty for what is no item: the title, the parties, the paper itself.
    package let item: String
    package let action: Action
    /// Where it stands on either paper.
    package let clauses: (from: String?, to: String?)
    package let says: (from: Text?, to: Text?)
    package let facets: [Facet]

    package static func == (a: Change, b: Change) -> Bool {
      a.section == b.section && a.item == b.item && a.action == b.action && a.clauses == b.clauses && a.says == b.says
        && a.facets == b.facets
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(section)
      hasher.combine(item)
    }
  }

  package let changes: [Change]

  /// Compares two papers of one contract, as JSON: both were read by the document's shape before.
  package init(from old: JSON, to new: JSON) {
    var changes: [Change] = []
    for (section, title) in Self.sections {
      let (before, after) = (old[section], new[section])
      if let list = before?.array ?? after?.array {
        changes += Self.items(section, title, before?.array ?? [], after?.array ?? [], isOfItems: list.allSatisfy { $0["id"] != nil })
      } else if before != nil || after != nil {
        if let change = Self.change(section, title, before, after) { changes.append(change) }
      }
    }
    self.changes = changes
  }

  private static func items(_ section: String, _ title: Text, _ before: [JSON], _ after: [JSON], isOfItems: Bool) -> [Change] {
    func name(_ item: JSON) -> String { item["id"]?.string ?? "" }
    let names = after.map(name) + before.map(name).filter { id in !after.contains { name($0) == id } }
    return names.compactMap { id in
      change(section, title, before.first { name($0) == id }, after.first { name($0) == id })
    }
  }

  private static func change(_ section: String, _ title: Text, _ before: JSON?, _ after: JSON?) -> Change? {
    func clause(_ item: JSON?) -> String? { item?["clause"]?.string }
    func says(_ item: JSON?) -> Text? { item?["says"].flatMap(Text.init(json:)) }
    let action: Action
    let facets: [Facet]
    switch (before, after) {
    case (nil, let item?), (let item?, nil):
      action = before == nil ? .added : .removed
      // What is new or gone is told by what it comes to; its sentence says the rest.
      facets = Self.facets(before, after, member: section, of: item)
    case (let before?, let after?):
      if before == after { return nil }
      facets = Self.facets(before, after, member: section, of: after)
      guard !facets.isEmpty else { return nil }
      action = .changed
    case (nil, nil): return nil
    }
    return Change(
      section: section, title: title, item: (after ?? before)?["id"]?.string ?? "", action: action,
      clauses: (clause(before), clause(after)), says: (says(before), says(after)), facets: facets)
  }

  private static func facets(_ before: JSON?, _ after: JSON?, member: String, of item: JSON) -> [Facet] {
    var walk = FacetWalk()
    if case .object = item {
      walk.members(
        before ?? [:], after ?? [:], label: nil, leavingOut: before == nil || after == nil ? ["id", "clause", "says", "reading"] : [])
    } else {
      walk.compare(before, after, member: member, label: MemberWords.label(member))
    }
    return walk.facets
  }

  /// The document's members in the order in which a person would read them.
  private static let sections: [(String, Text)] = [
    "title", "number", "revision", "parties", "signing", "term", "total", "payments", "audit", "carryOver", "retention", "holdOver",
    "renewal",
    "consequences", "caps", "incidents", "scores", "grades", "sheets", "events", "duties", "levels", "staffing", "provisions", "paper",
  ].map { ($0, MemberWords.label($0)) }
}

/// Walks through two JSON values side by side and puts into words what is not the same.
private struct FacetWalk {
  var facets: [RevisionDiff.Facet] = []

  mutating func members(_ old: JSON, _ new: JSON, label: Text?, leavingOut hidden: Set<String>) {
    guard case .object(let before) = old, case .object(let after) = new else { return }
    for name in after.names + before.names.filter({ after[$0] == nil }) where !hidden.contains(name) {
      let own = MemberWords.label(name)
      compare(before[name], after[name], member: name, label: label.map { $0 + Text(zh: "·", en: ", ") + own } ?? own)
    }
  }

  mutating func compare(_ old: JSON?, _ new: JSON?, member: String, label: Text) {
    guard old != new, old?.canonical != new?.canonical else { return }
    let (before, after) = (old.map { MemberWords.words($0, of: member) }, new.map { MemberWords.words($0, of: member) })
    // A value that has words of its own on both papers is told whole.
    if before.map({ $0 != nil }) ?? true, after.map({ $0 != nil }) ?? true {
      facets.append(RevisionDiff.Facet(name: label, from: before ?? nil, to: after ?? nil))
      return
    }
    switch (old, new) {
    case (.object?, .object?), (nil, .object?), (.object?, nil): members(old ?? [:], new ?? [:], label: label, leavingOut: [])
    case (.array?, .array?), (nil, .array?), (.array?, nil): elements(old?.array ?? [], new?.array ?? [], member: member, label: label)
    default: facets.append(RevisionDiff.Facet(name: label, from: old.map(MemberWords.plain), to: new.map(MemberWords.plain)))
    }
  }

  /// Elements that have names are matched by them, the others by their place.
  private mutating func elements(_ before: [JSON], _ after: [JSON], member: String, label: Text) {
    func name(_ element: JSON) -> String? {
      for key in ["id", "grade", "at", "clause", "name", "number"] { if let name = element[key]?.string { return name } }
      return nil
    }
    let names = (before + after).map(name)
    let areNamed = !names.contains(nil) && Set(before.map(name)).count == before.count && Set(after.map(name)).count == after.count
    let keys = areNamed ? after.map(name) + before.map(name).filter { key in !after.contains { name($0) == key } } : []
    if areNamed {
      for key in keys {
        compare(
          before.first { name($0) == key }, after.first { name($0) == key }, member: member + "[]",
          label: label + Words.both("“\(key ?? "")”"))
      }
    } else {
      for index in 0..<max(before.count, after.count) {
        compare(
          before.indices.contains(index) ? before[index] : nil, after.indices.contains(index) ? after[index] : nil, member: member + "[]",
          label: label + Words.both(" \(index + 1)"))
      }
    }
  }
}

extension Text {
  /// Reads `{"zh": …, "en": …}`.
  init?(json: JSON) {
    guard let zh = json["zh"]?.string, let en = json["en"]?.string else { return nil }
    self.init(zh: zh, en: en)
  }
}
