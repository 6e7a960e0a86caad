// SPDX-License-Identifier: Apache-2.0
import Base

/// A unit that handles orders, in the office's tree.
package struct Department: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable { case department, village, community, unit }

  package let code: String
  package let name: Text
  package let kind: Kind
  package let parent: String?

  private static let one: Shape<Department> = .object(
    "department", about: Text(zh: "承办单位。", en: "A unit that handles orders."),
    Field("code", .code), Field("name", Text.shape), Field("kind", .enumeration(Kind.self)), Field(optional: "parent", .code)
  ) { Department(code: $0, name: $1, kind: $2, parent: $3) }

  /// The form of `departments.json`; every parent is there, and none is its own ancestor.
  package static let fileShape: Shape<[Department]> = Shape<[Department]>.object(
    Field("departments", .array(of: one, max: 5000, uniqueBy: "code", key: \.code))
  ) { $0 }.refine { departments in
    let parents = Dictionary(departments.map { ($0.code, $0.parent) }, uniquingKeysWith: { first, _ in first })
    return departments.enumerated().compactMap { index, department in
      guard let parent = department.parent else { return nil }
      let pointer = "/departments/\(index)/parent"
      if parents[parent] == nil {
        return Fault(
          pointer: pointer, code: "unknown-reference", detail: Text(zh: "没有部门“\(parent)”。", en: "There is no department “\(parent)”."))
      }
      var ancestor: String? = parent
      for _ in departments {
        guard let code = ancestor else { return nil }
        if code == department.code {
          return Fault(pointer: pointer, code: "circular-reference", detail: Text(zh: "上级关系成环。", en: "It is its own ancestor."))
        }
        ancestor = parents[code] ?? nil
      }
      return nil
    }
  }
}
