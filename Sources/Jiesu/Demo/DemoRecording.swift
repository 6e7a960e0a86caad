// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// Records the facts of a demonstration for an office: once for each contract that has none yet, judged as the API judges them.
struct DemoRecording {
  let session: CommandSession
  let tenant: TenantStore.Tenant
  /// The file the records stand in, for faults.
  let file: String
  let records: [DemoFile.Record]

  /// - Returns: how many were recorded.
  func load() async throws -> Int {
    try await session.write(in: .tenant(tenant.id.number)) { transaction in
      var count = 0
      var notes = CommandNotes(session)
      for (contract, places) in Dictionary(grouping: records.indices, by: { records[$0].contract }).sorted(by: { $0.key < $1.key }) {
        guard try await transaction.first(FactStore.hasAny(of: contract, in: tenant.id)) == false else { continue }
        guard let dossier = try await Dossier.read(of: contract, in: tenant.id, by: transaction) else {
          throw fault(places[0], Fault(pointer: "/contract", code: "unknown-reference", detail: Fault.noContract(contract).detail))
        }
        let check = try dossier.check(on: session.now.date)
        for place in places {
          if let first = check.faults(in: records[place].fact).first { throw fault(place, first.within("/fact")) }
          _ = try await transaction.rows(try await statements(place, dossier, transaction, &notes))
          count += 1
        }
      }
      return count
    }
  }

  private func fault(_ place: Int, _ fault: Fault) -> FileFaults {
    FileFaults(list: [FileFault(file: file, fault: fault.within("/records/\(place)"))])
  }

  private func user(_ login: String, _ place: Int, _ member: String, _ transaction: Transaction) async throws -> UserStore.User {
    guard let user = try await transaction.first(UserStore.one(login: login)) else {
      throw fault(
        place,
        Fault(
          pointer: "/\(member)", code: "unknown-reference",
          detail: Text(zh: "没有登录名“\(login)”。", en: "There is no login “\(login)”.")))
    }
    return user
  }

  private func statements(
    _ place: Int, _ dossier: Dossier, _ transaction: Transaction, _ notes: inout CommandNotes
  ) async throws -> [Statement] {
    let record = records[place]
    let recorder = try await user(record.by, place, "by", transaction)
    let id = notes.identity()
    guard case .incident(let incident) = record.fact.body, let login = record.decidedBy, let at = record.fact.at else {
      let fact = FactStore.New(
        id: id, content: record.fact, kind: record.fact.body.resource, contract: record.contract, note: nil, user: recorder.id,
        side: recorder.side.rawValue, at: session.now)
      return FactStore.add(fact, in: tenant.id) + [
        notes.office("fact.record", "fact", "\(id)", ["contract": .string(record.contract)], in: tenant.id)
      ]
    }
    let content = Incident.Proposal(
      contract: record.contract, occurredAt: at, incident: incident, description: "", evidence: [], source: "demo", externalNumber: nil)
    let proposer: Incident.Proposer = recorder.side == .office ? .office : .vendor
    var setter: UserStore.User?
    if let name = record.setBy { setter = try await user(name, place, "setBy", transaction) }
    let decider = try await user(login, place, "decidedBy", transaction)
    let isOpen = IncidentCheck(dossier.contract).leavesOpen(incident, on: record.fact.on)
    guard isOpen == (setter != nil), !isOpen || record.note != nil else {
      throw fault(
        place,
        Fault(
          pointer: "/setBy", code: "bad-combination",
          detail: Text(
            zh: "金额或分数由甲方裁量的（且只有这样的）须有 setBy，并附理由 note。",
            en: "An incident whose amount or points are the office's to set, and only one, has setBy, with a note that says why.")))
    }
    var version: Int32 = 1
    var statements = [IncidentStore.add(content, id: id, by: recorder.id, side: proposer, at: session.now, in: tenant.id)]
    for (who, member) in [(setter, "setBy"), (decider, "decidedBy")] {
      guard let who else { continue }
      let life = IncidentLife(
        state: .proposed, proposedSide: proposer, proposedBy: recorder.id, setBy: version == 1 ? nil : setter?.id)
      let step = IncidentStore.Step(on: id, version: version, by: who.id, note: record.note, at: session.now)
      let confirmation: IncidentLife.Confirmation
      do throws(IncidentLife.Refusal) {
        confirmation = try life.confirmation(by: who.id, of: who.side, isOpen: isOpen, isAgreed: true, at: session.now)
      } catch {
        throw fault(place, Fault(pointer: "/\(member)", code: error.code, detail: error.text))
      }
      switch confirmation {
      case .set: statements += IncidentStore.set(step, amount: incident.amount, points: incident.points, in: tenant.id)
      case .confirmed:
        guard let period = try dossier.schedule(on: session.now.date).payment(taking: incident, on: record.fact.on, under: dossier.contract)
        else {
          throw fault(place, Fault(pointer: "/fact/on", code: "no-period", detail: Text(zh: "没有所属的一期。", en: "No payment takes it in.")))
        }
        let confirmed = IncidentStore.Confirmed(
          contract: record.contract, occurredAt: at, incident: incident, period: period.id, correctsConfirmed: false)
        statements += IncidentStore.confirm(step, confirmed, in: tenant.id)
      }
      version += 1
    }
    return statements + [notes.office("incident.confirmed", "incident", "\(id)", ["contract": .string(record.contract)], in: tenant.id)]
  }
}

extension FactBody {
  /// The resource of the API under which a fact of this body is kept.
  fileprivate var resource: String {
    if case .event(let event) = self, event.name == .known(.accepted) || event.name == .known(.rejected) { return "acceptance" }
    return kind
  }
}
