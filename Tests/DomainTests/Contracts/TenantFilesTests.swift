// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("The directories of the offices")
struct TenantFilesTests {
  @Test("every office's directory decodes without a fault")
  func decodes() throws {
    let tenants = try RepositoryFiles.tenants()
    #expect(tenants.count >= 5)
    for code in tenants {
      let files = try RepositoryFiles.tenant(code)
      #expect(files.office.code == code)
      #expect(!files.contracts.isEmpty)
    }
  }

  @Test("the rule packs and the calendars decode, and each part of a pack says where it comes from")
  func packs() throws {
    let packs = try RepositoryFiles.rulePacks()
    let day = try #require(CivilDate("2025-08-08"))
    #expect(packs.cycle(on: day)?.months == 2)
    #expect(packs.gradeLimits(on: day).map(\.grade) == ["2h", "24h", "7d", "15d"])
  }
}
