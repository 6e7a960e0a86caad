// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Domain

@Suite("Permissions")
struct PermissionTests {
  @Test("a set holds exactly what was put in, for every permission there is")
  func membership() {
    for permission in Permission.allCases {
      let set = PermissionSet([permission])
      #expect(Permission.allCases.filter(set.contains) == [permission])
    }
    #expect(PermissionSet(Permission.allCases).members == Permission.allCases)
    #expect(Permission.allCases.count <= 128)
  }

  @Test("a token's scopes never add to what its user's roles allow")
  func scopes() {
    let roles = PermissionSet([.incidentRead, .contractRead])
    let scopes = PermissionSet([.incidentRead, .incidentDecide])
    #expect(roles.intersection(scopes).members == [.incidentRead])
  }
}
