// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// What the orders of a demonstration go by in one office: its people, its units, its contracts, its clocks, its tables.
struct DemoOffice: Sendable {
  let tenant: TenantID
  let code: String
  let orders: DemoFile.Orders
  let texts: DemoTexts
  let cast: DemoCast
  let departments: [DepartmentStore.Department]
  /// Those in use, the latest first.
  let contracts: [ContractStore.Row]
  let clocks: OfficeClocks
  /// Whether a table of the office's finds the category of what comes without one.
  let classifies: Bool
  let seed: UInt64

  init(
    _ tenant: TenantStore.Tenant, _ orders: DemoFile.Orders, _ texts: DemoTexts, seed: UInt64, at now: Instant, by transaction: Transaction
  ) async throws {
    (self.tenant, code, self.orders, self.texts) = (tenant.id, tenant.code, orders, texts)
    let grants = try await transaction.query(MembershipStore.page(after: nil, limit: .max, at: now, in: tenant.id))
    cast = DemoCast(grants, try await transaction.query(RoleStore.list(in: tenant.id)))
    departments = try await transaction.query(DepartmentStore.list(in: tenant.id))
    contracts = try await transaction.query(ContractStore.list(in: tenant.id)).filter { $0.state == .active }
      .sorted { $0.vendorFrom > $1.vendorFrom }
    clocks = try await ClockKeeper().clocks(of: tenant.id, by: transaction)
    classifies = try await transaction.query(RuleTableStore.inForce(on: now.date, in: tenant.id)).contains {
      $0.purpose == RuleTable.Purpose.classification.rawValue
    }
    // Offices differ under the same seed.
    self.seed = tenant.code.utf8.reduce(seed &+ 0x51_7C_C1_B7) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// The contract under which an order of a day is worked on, as an intake chooses it.
  func contract(on day: CivilDate) -> String? {
    contracts.first { $0.vendorFrom <= day && $0.vendorUntil.map { day <= $0 } ?? true }?.id
  }

  /// The checks of the contract as of the day on which an order came in.
  func rules(under contract: String?, on day: CivilDate) -> OrderRules {
    contract.flatMap { clocks.paper(of: $0, on: day) }.map { OrderRules($0.document.service.levels) } ?? OrderRules()
  }

  /// Whether somebody sees the orders of a unit: it is theirs or lies below theirs.
  func sees(_ member: DemoCast.Member, _ department: String?) -> Bool {
    guard let own = member.department else { return true }
    var place = department
    while let code = place {
      if code == own { return true }
      place = departments.first { $0.code == code }?.parent
    }
    return false
  }
}
