// SPDX-License-Identifier: Apache-2.0
import Base

extension OfficeState.Description: OfficeItem {
  package static var kind: TenantPlan.Kind { .office }
  package var key: String { code }

  package func isSame(as other: Self) -> Bool {
    kind == other.kind && name == other.name && organisation == other.organisation && settings.canonical == other.settings.canonical
  }
}

extension Organisation: OfficeItem {
  package static var kind: TenantPlan.Kind { .organisation }
  package var key: String { code }
  package func change(from old: Self) -> Text? { .change(from: old.name, to: name) }
}

extension OfficeState.Unit: OfficeItem {
  package static var kind: TenantPlan.Kind { .department }
  package var key: String { code }
  package func change(from old: Self) -> Text? { old.name == name ? nil : .change(from: old.name, to: name) }
}

extension RoleTemplate: OfficeItem {
  package static var kind: TenantPlan.Kind { .role }
  package var key: String { code }

  /// The permissions that came and went.
  package func change(from old: Self) -> Text? {
    let came = permissions.filter { !old.permissions.contains($0) }.map { "+" + $0.rawValue }
    let went = old.permissions.filter { !permissions.contains($0) }.map { "-" + $0.rawValue }
    let list = (came + went).joined(separator: " ")
    return list.isEmpty ? nil : Text(zh: list, en: list)
  }
}

extension OfficeState.Agreement: OfficeItem {
  package static var kind: TenantPlan.Kind { .contract }
  package var key: String { id }

  package func change(from old: Self) -> Text? {
    if vendor != old.vendor { return .change(from: Text(zh: old.vendor, en: old.vendor), to: Text(zh: vendor, en: vendor)) }
    if access == old.access { return nil }
    return Text(zh: "乙方可见期：", en: "the vendor sees the office: ")
      + .change(from: Text(zh: "\(old.access)", en: "\(old.access)"), to: Text(zh: "\(access)", en: "\(access)"))
  }
}

extension OfficeState.Paper: OfficeItem {
  package static var kind: TenantPlan.Kind { .revision }
  package var key: String { "\(contract)/\(effectiveFrom)" }
  package func isSame(as other: Self) -> Bool { document.digest == other.document.digest }
}

extension OfficeState.Post: OfficeItem {
  package static var kind: TenantPlan.Kind { .post }
  package var key: String { "\(contract)/\(code)" }

  package func change(from old: Self) -> Text? {
    places == old.places ? nil : .change(from: Text(zh: "\(old.places)", en: "\(old.places)"), to: Text(zh: "\(places)", en: "\(places)"))
  }
}

extension StaffList.Person: OfficeItem {
  package static var kind: TenantPlan.Kind { .person }
  package var key: String { code }
}

extension StaffList.Assignment: OfficeItem {
  package static var kind: TenantPlan.Kind { .assignment }
  package var key: String { "\(contract)/\(post)/\(person)/\(from)" }

  package func change(from old: Self) -> Text? {
    let (before, after) = (old.to.map { "\($0)" } ?? "…", to.map { "\($0)" } ?? "…")
    return .change(from: Text(zh: before, en: before), to: Text(zh: after, en: after))
  }
}

extension OfficeState.Grant: OfficeItem {
  package static var kind: TenantPlan.Kind { .grant }
  package var key: String { "\(person)/\(role)" }
}

extension OfficeState.Rules: OfficeItem {
  package static var kind: TenantPlan.Kind { .rules }
  package var key: String { purpose }
  package func isSame(as other: Self) -> Bool { document.digest == other.document.digest }
  package func change(from old: Self) -> Text? { document.change(from: old.document) }
}

extension OfficeState.Roster: OfficeItem {
  package static var kind: TenantPlan.Kind { .roster }
  package var key: String { "roster" }
  package func isSame(as other: Self) -> Bool { document.digest == other.document.digest }
  package func change(from old: Self) -> Text? { document.change(from: old.document) }
}

extension OfficeState.Filed: OfficeItem {
  package static var kind: TenantPlan.Kind { .file }
  package var key: String { path }
  package func isSame(as other: Self) -> Bool { digest == other.digest }

  /// The places at which the documents begin to differ.
  package func change(from old: Self) -> Text? {
    let pointers = json.differences(from: old.json, limit: 4)
    let list = pointers.prefix(3).joined(separator: " ") + (pointers.count > 3 ? " …" : "")
    return Text(zh: list, en: list)
  }
}

extension Text {
  fileprivate static func change(from old: Text, to new: Text) -> Text { old + Text(zh: " → ", en: " → ") + new }
}
