// SPDX-License-Identifier: Apache-2.0
import Base

/// An item of an office, known by its key among those of its kind.
package protocol OfficeItem: Sendable {
  static var kind: TenantPlan.Kind { get }

  /// What it is found again by.
  var key: String { get }

  /// Whether it says the same as another of its key.
  func isSame(as other: Self) -> Bool

  /// In what it differs from an earlier one of its key, for a person to read.
  func change(from old: Self) -> Text?
}

extension OfficeItem {
  package func change(from old: Self) -> Text? { nil }
}

extension OfficeItem where Self: Equatable {
  package func isSame(as other: Self) -> Bool { self == other }
}

/// The items of one kind that are stored and not wanted, wanted and not stored, or both and not the same.
package struct Difference<Item: OfficeItem>: Sendable {
  package struct Change: Sendable {
    package let from: Item
    package let to: Item
  }

  package private(set) var added: [Item] = []
  package private(set) var changed: [Change] = []
  package private(set) var removed: [Item] = []
  package private(set) var unchanged = 0

  /// Compares by key; of several items with one key the first counts.
  package init(from stored: [Item], to wanted: [Item]) {
    let old = Dictionary(stored.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var keys: Set<String> = []
    for item in wanted where keys.insert(item.key).inserted {
      guard let earlier = old[item.key] else {
        added.append(item)
        continue
      }
      if item.isSame(as: earlier) { unchanged += 1 } else { changed.append(Change(from: earlier, to: item)) }
    }
    removed = stored.filter { !keys.contains($0.key) }
  }

  package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }

  /// The items as they are to be, whether new or changed.
  package var written: [Item] { added + changed.map(\.to) }

  var entries: [TenantPlan.Entry] {
    added.map { TenantPlan.Entry(kind: Item.kind, name: $0.key, action: .added, detail: nil) }
      + changed.map { TenantPlan.Entry(kind: Item.kind, name: $0.to.key, action: .changed, detail: $0.to.change(from: $0.from)) }
      + removed.map { TenantPlan.Entry(kind: Item.kind, name: $0.key, action: Item.kind.leaving, detail: nil) }
  }
}

extension JSON {
  /// Where two documents begin to differ, as JSON pointers, in the order of this one's members; at most `limit` of them.
  package func differences(from old: JSON, limit: Int = 3) -> [String] {
    var pointers: [String] = []
    collect(from: old, at: "", limit, &pointers)
    return pointers
  }

  private func collect(from old: JSON, at pointer: String, _ limit: Int, _ pointers: inout [String]) {
    guard pointers.count < limit else { return }
    switch (old, self) {
    case (.object(let before), .object(let after)):
      for name in after.names + before.names.filter({ after[$0] == nil }) {
        let place = JSONPointer.appending(name, to: pointer)
        guard let new = after[name], let former = before[name] else {
          if pointers.count < limit { pointers.append(place) }
          continue
        }
        new.collect(from: former, at: place, limit, &pointers)
      }
    case (.array(let before), .array(let after)):
      for index in 0..<max(before.count, after.count) {
        let place = "\(pointer)/\(index)"
        guard before.indices.contains(index), after.indices.contains(index) else {
          if pointers.count < limit { pointers.append(place) }
          return
        }
        after[index].collect(from: before[index], at: place, limit, &pointers)
      }
    default:
      if canonical != old.canonical { pointers.append(pointer) }
    }
  }
}
