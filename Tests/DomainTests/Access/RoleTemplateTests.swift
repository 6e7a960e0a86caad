// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Testing

@testable import Domain

@Suite("Role templates")
struct RoleTemplateTests {
  private func faults(_ text: String) -> [String] {
    switch RoleTemplate.fileShape.decode(bytes: Array(text.utf8)) {
    case .success: []
    case .failure(let faults): faults.list.map { "\($0.pointer) \($0.code)" }
    }
  }

  @Test("the roles that a deployment starts with can be read, and each office's side has what it needs to work")
  func shipped() throws {
    let path = String(#filePath.dropLast("Tests/DomainTests/Access/RoleTemplateTests.swift".count)) + "deploy/roles.json"
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    let roles = try RoleTemplate.fileShape.decode(bytes: bytes).get()
    #expect(roles.count == 11)
    #expect(roles.filter { $0.side == .platform }.map(\.code) == ["platform.admin", "platform.auditor"])
    // Every permission is somebody's, and the two decisions on money lie with one side each.
    for permission in Permission.allCases {
      #expect(roles.contains { $0.permissions.contains(permission) }, "nobody holds \(permission.rawValue)")
    }
    for role in roles where role.side == .vendor {
      #expect(
        !role.permissions.contains(.incidentDecide) && !role.permissions.contains(.gradeDecide), "\(role.code) decides for the office")
    }
  }

  @Test("a role may not mix what counts on the platform with what counts in an office")
  func sides() {
    let title = #""title": {"zh": "甲", "en": "A"}"#
    #expect(
      faults(#"{"roles": [{"code": "a", "side": "office", \#(title), "permissions": ["incident.read", "tenant.apply"]}]}"#)
        == ["/roles/0/permissions/1 wrong-side"])
    #expect(
      faults(#"{"roles": [{"code": "a", "side": "platform", \#(title), "permissions": ["incident.read"]}]}"#)
        == ["/roles/0/permissions/0 wrong-side"])
  }

  @Test("a role's code stands once, in lower-case words")
  func codes() {
    let rest = #""side": "office", "title": {"zh": "甲", "en": "A"}, "permissions": []"#
    #expect(faults(#"{"roles": [{"code": "a.b-c", \#(rest)}, {"code": "a.b-c", \#(rest)}]}"#) == ["/roles/1/code duplicate"])
    for code in ["", "A", "a..b", ".a", "a.", "a b", "1"] {
      #expect(faults(#"{"roles": [{"code": "\#(code)", \#(rest)}]}"#).count == 1)
    }
  }
}
