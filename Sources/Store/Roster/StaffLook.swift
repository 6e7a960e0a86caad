// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// A look of the timer at the posts of one contract: places that fell vacant are opened as demands and told, who begins in somebody's place
/// meets the demand, and whoever left with nothing cleared is told of.
///
/// All of it happens in the transaction that holds the contract's book, so each is told once.
package struct StaffLook: Sendable {
  let tenant: TenantID
  let now: Instant
  let identity: @Sendable (Instant) -> UUIDv7

  package init(in tenant: TenantID, at now: Instant, identity: @escaping @Sendable (Instant) -> UUIDv7) {
    (self.tenant, self.now, self.identity) = (tenant, now, identity)
  }

  /// The offices in which a contract's posts are to be looked at.
  package static func dueTenants(at now: Instant) -> Query<DueTenant> {
    Query("SELECT tenant, since FROM staff_due_tenants($1)", [.instant(now)], decode: DueTenant.decode)
  }

  /// A contract that is to be looked at, its book locked.
  private struct Claim: Sendable {
    let contract: String
    /// Whether nobody has looked before: what was over by then is noticed and not told.
    let isNew: Bool
  }

  private var claim: Query<Claim> {
    Query(
      """
      SELECT contract_id, is_new FROM staff_book WHERE tenant_id = $1 AND next_at <= $2 ORDER BY next_at, contract_id LIMIT 1
      FOR UPDATE SKIP LOCKED
      """, [.int4(tenant.number), .instant(now)]
    ) { row throws(DecodingFailure) in Claim(contract: try row.text(0), isNew: try row.bool(1)) }
  }

  private func close(_ contract: String) throws -> Statement {
    Statement(
      "UPDATE staff_book SET is_new = false, next_at = $3 WHERE tenant_id = $1 AND contract_id = $2",
      [.int4(tenant.number), .text(contract), .instant(Instant(try now.date.adding(days: 1)))])
  }

  /// Postings whose end was not noticed yet.
  private func unclosed(_ contract: String) -> Query<Posting.Key> {
    Query(
      "SELECT person, post, assigned_from FROM staff_assignment WHERE tenant_id = $1 AND contract_id = $2 AND closed_at IS NULL",
      [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in Posting.Key(person: try row.text(0), post: try row.text(1), from: try row.civilDate(2)) }
  }

  private func close(_ gone: [Posting], of contract: String) -> Statement {
    Statement(
      """
      UPDATE staff_assignment a SET closed_at = $3 FROM unnest($4::text[], $5::text[], $6::date[]) AS g (person, post, first)
      WHERE a.tenant_id = $1 AND a.contract_id = $2 AND a.person = g.person AND a.post = g.post AND a.assigned_from = g.first
      """,
      [
        .int4(tenant.number), .text(contract), .instant(now), .textArray(gone.map(\.person)), .textArray(gone.map(\.post)),
        .dateArray(gone.map(\.from.day)),
      ])
  }

  /// Looks, in a transaction in the office's context, at the contract that waits longest for it.
  ///
  /// - Returns: how much it did; none when nothing waits that another server has not taken up.
  package func perform(by transaction: Transaction) async throws -> Int {
    guard let claim = try await transaction.first(claim) else { return 0 }
    let contract = claim.contract
    let (postings, demands, clearances, unclosed) = (
      PostingStore.list(of: contract, in: tenant), StaffDemandStore.standing(of: contract, in: tenant),
      ClearanceStore.standing(of: contract, in: tenant), unclosed(contract)
    )
    let answers = try await transaction.rows([postings.statement, demands.statement, clearances.statement, unclosed.statement])
    var statements = [try close(contract)]
    if let dossier = try await Dossier.read(of: contract, in: tenant, by: transaction) {
      let people = try answers[0].decoded(by: postings).map(\.posting)
      let rows = try answers[1].decoded(by: demands)
      let staffing = dossier.staffing(on: now.date)
      let watch = StaffWatch(staffing, postings: people, demands: rows.map(\.demand), on: now.date)
      statements += opened(watch, staffing, contract)
      statements += met(watch, rows, dossier.contract)
      let open = Set(try answers[3].decoded(by: unclosed))
      let gone = watch.gone.filter { open.contains($0.key) }
      if !gone.isEmpty {
        statements.append(close(gone, of: contract))
        let cleared = try answers[2].decoded(by: clearances)
        let uncleared = gone.filter { posting in
          !claim.isNew && !cleared.contains { $0.person == posting.person && $0.done >= posting.from }
        }
        if !uncleared.isEmpty { statements.append(told(uncleared, contract)) }
      }
    }
    _ = try await transaction.rows(statements)
    return statements.count
  }

  /// The places that fell vacant, each a demand; where the contract gives it a clock, with the event that starts it.
  private func opened(_ watch: StaffWatch, _ staffing: Staffing?, _ contract: String) -> [Statement] {
    guard !watch.vacancies.isEmpty else { return [] }
    let rule = staffing?.demands.first { $0.kind == .vacancy }
    var statements: [Statement] = []
    var notices: [NoticeStore.New] = []
    for vacancy in watch.vacancies {
      let id = identity(now)
      let subject = vacancy.posting?.person ?? "\(id)"
      var fact: UUIDv7?
      if let rule {
        let opened = event(rule.opens, on: vacancy.on, about: subject, contract, note: "岗位空缺 / The post fell vacant: \(vacancy.post)")
        statements += FactStore.add(opened.fact, in: tenant)
        fact = opened.id
      }
      let demand = StaffDemand(
        id: id, kind: .vacancy, post: vacancy.post, posting: vacancy.posting, on: vacancy.on, state: .open, left: nil, successor: nil)
      statements.append(
        StaffDemandStore.add(
          StaffDemandStore.New(
            demand, of: contract, reason: "岗位空缺 / The post fell vacant.", evidence: [], openedFact: fact, user: nil), at: now, in: tenant))
      notices.append(NoticeStore.New(id: identity(now), kind: "vacancy.opened", subject: "\(id)", data: vacancy.telling(rule)))
    }
    statements.append(NoticeStore.add(notices, about: "staff-demand", of: contract, to: .both, needing: .staffRead, at: now, in: tenant))
    return statements
  }

  /// The demands that somebody who begins today, or began while nobody looked, has met.
  private func met(_ watch: StaffWatch, _ rows: [StaffDemandStore.Row], _ contract: Contract) -> [Statement] {
    watch.met.flatMap { met -> [Statement] in
      guard let row = rows.first(where: { $0.demand.id == met.demand }) else { return [] }
      var progress = StaffDemandStore.Progress()
      progress.metOn = met.on
      var statements: [Statement] = []
      if row.openedFact != nil, let rule = contract.demandRule(row.demand.kind, on: row.demand.on) {
        let filled = event(rule.filled, on: met.on, about: row.subject, row.contract, note: row.reason)
        statements += FactStore.add(filled.fact, in: tenant)
        progress.filledFact = filled.id
      }
      return statements + [StaffDemandStore.put(progress, of: met.demand, in: tenant)]
    }
  }

  private func event(
    _ event: ContractEvent, on day: CivilDate, about subject: String, _ contract: String, note: String
  ) -> (id: UUIDv7, fact: FactStore.New) {
    let id = identity(now)
    return (
      id,
      FactStore.New(
        id: id, content: FactContent(on: day, body: .event(FactBody.Event(event, subject: subject))), kind: "event", contract: contract,
        note: note, user: nil, side: "system", at: now)
    )
  }

  private func told(_ uncleared: [Posting], _ contract: String) -> Statement {
    let notices = uncleared.map { posting in
      NoticeStore.New(
        id: identity(now), kind: "clearance.missing", subject: posting.person,
        data: [
          "post": .string(posting.post), "lastDay": .string("\(posting.last ?? now.date)"),
          "text": Text(
            zh: "人员已离岗，尚未登记资料归还和数据销毁。",
            en: "The person has left, and neither the return of materials nor the destruction of data is on record."
          ).json,
        ])
    }
    return NoticeStore.add(notices, about: "staff", of: contract, to: .both, needing: .staffRead, at: now, in: tenant)
  }
}

extension StaffDemandStore.Row {
  /// What the contract's events about it name.
  package var subject: String { demand.posting?.person ?? "\(demand.id)" }
}

extension StaffWatch.Vacancy {
  fileprivate func telling(_ rule: Staffing.Demand?) -> JSON {
    var data: JSONObject = [
      "post": .string(post), "on": .string("\(on)"),
      "text": (Text(zh: "岗位“\(post)”空缺。", en: "The post “\(post)” is vacant. ") + (rule?.citation.says ?? Text(zh: "", en: ""))).json,
    ]
    data["person"] = posting.map { .string($0.person) }
    data["clause"] = rule.map { .string($0.citation.clause) }
    return .object(data)
  }
}

extension Dossier {
  /// The staffing rule of a day on which service is due.
  fileprivate func staffing(on day: CivilDate) -> Staffing? {
    ServiceLife(facts, asOf: day).isDue(on: day, under: contract) ? contract.inForce(on: day).service.staffing : nil
  }
}

extension Contract {
  /// What the paper of a day says of a kind of demand.
  package func demandRule(_ kind: Staffing.Demand.Kind, on day: CivilDate) -> Staffing.Demand? {
    inForce(on: day).service.staffing?.demands.first { $0.kind == kind }
  }
}
