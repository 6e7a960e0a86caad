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
    if let login = record.decidedBy {
      let decider = try await user(login, place, "decidedBy", transaction)
      switch record.fact.body {
      case .score(_, _, _, let value):
        return try sheet(place, id, value, filledBy: recorder, countersignedBy: decider, dossier, &notes)
      case .grade(_, _, let grade): return try self.grade(place, id, grade, proposedBy: recorder, decidedBy: decider, dossier, &notes)
      default: break
      }
    }
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

// MARK: What two people of an office agree to

extension DemoRecording {
  private func agree(_ place: Int, _ refuse: () throws(AppraisalRefusal) -> Void) throws {
    do throws(AppraisalRefusal) {
      try refuse()
    } catch {
      throw fault(place, Fault(pointer: "/decidedBy", code: error.code, detail: error.text))
    }
  }

  /// The payment that takes a score or a grade in.
  private func payment(_ place: Int, _ dossier: Dossier) throws -> String {
    let body = records[place].fact.body
    guard let payment = try dossier.schedule(on: session.now.date).payment(taking: body, under: dossier.contract) else {
      throw fault(place, Fault(pointer: "/fact/period", code: "no-period", detail: Text(zh: "没有所属的一期。", en: "No payment takes it in.")))
    }
    return payment.id
  }

  private func fact(_ place: Int, _ id: UUIDv7, by user: UserStore.User, sheet: JSON? = nil) -> FactStore.New {
    let record = records[place]
    return FactStore.New(
      id: id, content: record.fact, kind: record.fact.body.kind, contract: record.contract, note: record.note, sheet: sheet, user: user.id,
      side: user.side.rawValue, at: session.now)
  }

  private func sheet(
    _ place: Int, _ id: UUIDv7, _ value: Rational, filledBy filler: UserStore.User, countersignedBy second: UserStore.User,
    _ dossier: Dossier, _ notes: inout CommandNotes
  ) throws -> [Statement] {
    let record = records[place]
    guard case .score(let series, let period, let subject, _) = record.fact.body else { return [] }
    let filled = FilledSheet(
      series: series, period: period, subject: subject, on: record.fact.on, score: record.marks.map { .marks($0) } ?? .value(value),
      opinion: record.note)
    let found: (value: Rational, form: ScoreSheet?)
    do throws(Faults) {
      found = try filled.value(under: dossier.contract)
    } catch {
      throw FileFaults(list: error.list.map { FileFault(file: file, fault: $0.within("/records/\(place)")) })
    }
    guard found.value == value else {
      throw fault(
        place,
        Fault(
          pointer: "/fact/value", code: "out-of-range",
          detail: Text(zh: "各项合计为 \(found.value.decimal())。", en: "The marks come to \(found.value.decimal()).")))
    }
    let payment = try payment(place, dossier)
    try agree(place) { () throws(AppraisalRefusal) in
      try SheetLife(state: .draft, filledBy: filler.id).checkSigning(by: filler.id, of: filler.side)
      try SheetLife(state: .signed, filledBy: filler.id).checkCountersigning(by: second.id, of: second.side)
    }
    func step(_ version: Int32, _ user: UserStore.User) -> ScoreSheetStore.Step {
      ScoreSheetStore.Step(on: id, version: version, by: user.id, at: session.now)
    }
    let form = found.form
    var sheet: JSON?
    if let form, let marks = record.marks { sheet = ["sheet": .string(form.id), "marks": marks.json] }
    return ScoreSheetStore.add(filled, form: form?.id, value: value, of: record.contract, step(0, filler), in: tenant.id)
      + ScoreSheetStore.sign(step(1, filler), in: tenant.id)
      + ScoreSheetStore.countersign(
        step(2, second), fact(place, id, by: second, sheet: sheet), taking: payment, correctsConfirmed: false, in: tenant.id) + [
        notes.office("score-sheet.countersign", "score-sheet", "\(id)", ["contract": .string(record.contract)], in: tenant.id)
      ]
  }

  private func grade(
    _ place: Int, _ id: UUIDv7, _ grade: String, proposedBy proposer: UserStore.User, decidedBy decider: UserStore.User,
    _ dossier: Dossier, _ notes: inout CommandNotes
  ) throws -> [Statement] {
    let record = records[place]
    guard case .grade(let series, let period, _) = record.fact.body, let reason = record.note else { return [] }
    let payment = try payment(place, dossier)
    try agree(place) { () throws(AppraisalRefusal) in
      _ = try GradeLife(state: .proposed, proposedBy: proposer.id, grade: grade).checkDecision(
        grade, by: decider.id, of: decider.side, reason: nil)
    }
    func event(isDecided: Bool, by user: UserStore.User) -> FactStore.New? {
      dossier.contract.event(ofGrade: series, period, isDecided: isDecided, on: record.fact.on).map { content in
        FactStore.New(
          id: notes.identity(), content: content, kind: "event", contract: record.contract, note: nil, user: user.id,
          side: user.side.rawValue, at: session.now)
      }
    }
    let new = GradeStore.New(
      id: id, of: record.contract, series: series, period: period, grade: grade, reason: reason, evidence: [], by: proposer.id,
      event: event(isDecided: false, by: proposer))
    return GradeStore.add(new, at: session.now, in: tenant.id)
      + GradeStore.decide(
        grade, version: 1, reason: nil, fact(place, id, by: decider), event: event(isDecided: true, by: decider), by: decider.id,
        taking: payment, correctsConfirmed: false, in: tenant.id) + [
        notes.office("grade.decide", "grade", "\(id)", ["contract": .string(record.contract)], in: tenant.id)
      ]
  }
}

extension FactBody {
  /// The resource of the API under which a fact of this body is kept.
  fileprivate var resource: String {
    if case .event(let event) = self, event.name == .known(.accepted) || event.name == .known(.rejected) { return "acceptance" }
    return kind
  }
}
