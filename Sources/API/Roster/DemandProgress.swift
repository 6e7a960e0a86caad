// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// What somebody's coming or leaving means for the demands about a contract's people: the events of the contract that it brings about.
struct DemandProgress {
  let desk: StaffDesk
  let call: Call
  let services: Services

  /// No day before this one counts: the vendor's word counts from the day on which it is on record, the office's for the day it names.
  private var recorded: CivilDate? {
    get throws { try call.office.membership.side == .office ? nil : call.now.date }
  }

  /// The demand that a posting is to meet: the one named, the one about whose place is taken, or the oldest vacancy of the post.
  ///
  /// - Throws: 422 for a name that is none of an open demand of the post.
  func demand(_ name: UUIDv7?, for key: Posting.Key, replacing replaced: Posting.Key?) throws -> StaffDemandStore.Row? {
    let open = desk.demands.filter { $0.demand.state == .open && $0.demand.post == key.post && $0.demand.successor == nil }
    if let name {
      guard let row = open.first(where: { $0.demand.id == name }), row.demand.posting?.person != key.person else {
        throw Problem(
          Faults([
            Fault(
              pointer: "/demand", code: "unknown-reference",
              detail: Text(zh: "该岗位没有此项未了的要求。", en: "No such demand is open on the post."))
          ]))
      }
      return row
    }
    if let replaced { return open.first { $0.demand.posting == replaced } }
    return open.first { $0.demand.kind == .vacancy }
  }

  /// What is to be written when somebody takes the place that a demand is about.
  func coming(_ key: Posting.Key, _ row: StaffDemandStore.Row) throws -> [Statement] {
    var progress = StaffDemandStore.Progress()
    progress.successor = key
    return try statements(row, &progress)
  }

  /// What is to be written when somebody leaves a post: the demand about them comes further, and one that they were to meet is as it was.
  func leaving(_ key: Posting.Key, on day: CivilDate, of contract: String) throws -> [Statement] {
    let tenant = try call.office.tenant
    var statements = [StaffDemandStore.forget(successor: key, of: contract, in: tenant)]
    guard let row = desk.demands.first(where: { $0.demand.state == .open && $0.demand.posting == key }) else { return statements }
    var progress = StaffDemandStore.Progress()
    let left = max(day, row.demand.on, try recorded ?? day)
    progress.left = left
    if let event = rule(of: row)?.left {
      let fact = try fact(event, on: left, row)
      statements += FactStore.add(fact, in: tenant)
      progress.leftFact = fact.id
    }
    return try statements + self.statements(row, &progress)
  }

  private func rule(of row: StaffDemandStore.Row) -> Staffing.Demand? {
    row.openedFact == nil ? nil : desk.contract.demandRule(row.demand.kind, on: row.demand.on)
  }

  private func statements(_ row: StaffDemandStore.Row, _ progress: inout StaffDemandStore.Progress) throws -> [Statement] {
    let tenant = try call.office.tenant
    let successor = progress.successor ?? row.demand.successor
    var statements: [Statement] = []
    progress.metOn = row.demand.metOn(
      left: progress.left ?? row.demand.left, successor: successor, recorded: try recorded, today: call.now.date)
    if let met = progress.metOn, let rule = rule(of: row) {
      let fact = try fact(rule.filled, on: met, row)
      statements += FactStore.add(fact, in: tenant)
      progress.filledFact = fact.id
    }
    return statements + [StaffDemandStore.put(progress, of: row.demand.id, in: tenant)]
  }

  private func fact(_ event: ContractEvent, on day: CivilDate, _ row: StaffDemandStore.Row) throws -> FactStore.New {
    FactStore.New(
      id: services.identities.next(at: call.now), content: FactContent(on: day, body: .event(FactBody.Event(event, subject: row.subject))),
      kind: "event", contract: row.contract, note: row.reason, user: nil, side: "system", at: call.now)
  }
}
