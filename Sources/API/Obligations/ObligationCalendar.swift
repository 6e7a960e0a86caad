// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// What falls due under the contracts of an office that somebody may see, by its dates.
struct ObligationCalendar: Sendable {
  struct Item: Sendable {
    let contract: String
    let title: Text
    let obligation: Obligation

    func write(on day: CivilDate, to writer: inout JSONWriter) {
      writer.beginObject()
      writer.key("contract")
      writer.string(contract)
      writer.key("title")
      writer.text(title)
      obligation.writeMembers(on: day, to: &writer)
      writer.endObject()
    }
  }

  let items: [Item]
  /// The contracts whose obligations cannot be worked out, and why.
  let unknown: [(contract: String, problem: SettlementError)]

  /// Reads the contracts one by one.
  init(
    of membership: Membership, at now: Instant, _ services: Services, where admits: (Obligation) -> Bool
  ) async throws {
    let tenant = membership.tenant
    var items: [Item] = []
    var unknown: [(String, SettlementError)] = []
    for contract in try await services.lanes.query(ContractStore.list(in: tenant), in: .tenant(tenant.number))
    where membership.sees(contract: contract.id) {
      guard let dossier = try await services.dossiers.dossier(of: contract.id, in: tenant, on: services.lanes) else { continue }
      do throws(SettlementError) {
        for obligation in try dossier.settlement(asOf: now.date).obligations(at: now) where admits(obligation) {
          items.append(Item(contract: contract.id, title: contract.title, obligation: obligation))
        }
      } catch {
        unknown.append((contract.id, error))
      }
    }
    self.items = items.sorted { a, b in
      let (left, right) = (ObligationPlace(a.obligation), ObligationPlace(b.obligation))
      return left != right ? left < right : a.contract < b.contract
    }
    self.unknown = unknown
  }

  func writeUnknown(to writer: inout JSONWriter) {
    writer.beginArray()
    for (contract, problem) in unknown {
      writer.beginObject()
      writer.key("contract")
      writer.string(contract)
      writer.key("code")
      writer.string(problem.code)
      writer.key("text")
      writer.text(problem.text)
      writer.endObject()
    }
    writer.endArray()
  }
}
