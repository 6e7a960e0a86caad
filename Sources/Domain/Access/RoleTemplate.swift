// SPDX-License-Identifier: Apache-2.0
import Base

/// A role as `deploy/roles.json` offers it: an office starts with these, and may change and copy them in files of its own.
package struct RoleTemplate: Sendable, Equatable {
  package let code: String
  package let side: Side
  package let title: Text
  package let permissions: [Permission]

  package init(code: String, side: Side, title: Text, permissions: [Permission]) {
    self.code = code
    self.side = side
    self.title = title
    self.permissions = permissions
  }

  /// What roles are called: `office.leader`.
  package static let codeShape = Shape<String>.string(
    minLength: 1, maxLength: 64,
    pattern: TextPattern(
      "^[a-z][a-z-]*([.][a-z][a-z-]*)*$", meaning: Text(zh: "以点相连的小写单词", en: "lower-case words joined by dots"), holds: isCode))

  package static let shape = Shape<RoleTemplate>.object(
    "role",
    Field("code", codeShape),
    Field("side", .enumeration(Side.self)), Field("title", Text.shape),
    Field("permissions", .array(of: .enumeration(Permission.self)))
  ) { RoleTemplate(code: $0, side: $1, title: $2, permissions: $3) }
  .refine { role in
    // A permission counts only in the context it is made for: a role that mixes them would promise what it cannot give.
    role.permissions.enumerated().compactMap { place, permission in
      permission.isPlatform == (role.side == .platform)
        ? nil
        : Fault(
          pointer: "/permissions/\(place)", code: "wrong-side",
          detail: Text(
            zh: "“\(permission.rawValue)”不能属于\(role.side == .platform ? "平台" : "单位")角色。",
            en: "“\(permission.rawValue)” cannot belong to \(role.side == .platform ? "a platform" : "an office") role."))
    }
  }

  /// A file of roles: `{"roles": […]}`, each code once.
  package static let fileShape = Shape<[RoleTemplate]>.object(
    "roles", Field("roles", .array(of: shape, max: 200, uniqueBy: "code") { $0.code }))

  private static func isCode(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { word in
      word.first.map { $0 &- UInt8(ascii: "a") < 26 } ?? false
        && word.allSatisfy { $0 &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "-") }
    }
  }
}
