// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// A look of the timer at people whose shifts are over, or of whom marks came in or were corrected: their shifts are judged, what is found
/// proposes the incidents that the office's rules name, and what is found no longer is withdrawn where nobody has decided it.
///
/// All of it happens in the transaction that holds the people's books; whoever records a mark waits for it. So each is proposed once.
package struct AttendanceLook: Sendable {
  /// How many people are looked at in one transaction.
  private static let batch: Int32 = 100
  /// How much time of a person is judged at once.
  private static let stretch: Int64 = 366 * Instant.day

  let tenant: TenantID
  let now: Instant
  let keeper: ClockKeeper
  let identity: @Sendable (Instant) -> UUIDv7

  package init(in tenant: TenantID, at now: Instant, _ keeper: ClockKeeper, identity: @escaping @Sendable (Instant) -> UUIDv7) {
    (self.tenant, self.now, self.keeper, self.identity) = (tenant, now, keeper, identity)
  }

  /// The offices in which somebody's shifts are to be judged.
  package static func dueTenants(at now: Instant) -> Query<DueTenant> {
    Query("SELECT tenant, since FROM attendance_due_tenants($1)", [.instant(now)], decode: DueTenant.decode)
  }

  /// Judges, in a transaction in the office's context, those who wait longest.
  ///
  /// - Returns: at how many people it looked.
  package func perform(by transaction: Transaction) async throws -> Int {
    let claims = try await transaction.query(claims)
    guard !claims.isEmpty else { return 0 }
    let revisions = RosterRulesStore.revisions(in: tenant)
    let windows = claims.map { AttendanceStore.Window($0.person, $0.from.plus(-ShiftStore.longest)..<$0.to) }
    let answers = try await transaction.rows([revisions.statement] + AttendanceStore.statements(windows, in: tenant))
    let rules = try RosterRulesStore.revisions(answers[0].decoded(by: revisions))
    let sheets = try AttendanceStore.sheets(answers.dropFirst())
    let office = try await keeper.clocks(of: tenant, by: transaction)
    var findings = AttendanceFindings(office, at: now)
    var judged: [UUIDv7] = []
    var closings: [Closing] = []
    for claim in claims {
      guard let sheet = sheets[claim.person] else {
        closings.append(Closing(claim, last: nil, pending: nil, now))
        continue
      }
      var last: Instant?
      var pending: Instant?
      for entry in sheet.entries(rules) where entry.planned.shift.interval.upperBound > claim.from {
        let due = entry.rules.judged(entry.planned.shift.interval)
        if due > now || entry.planned.shift.interval.upperBound > claim.to {
          if pending == nil { pending = due }
        } else {
          if pending == nil { last = entry.planned.shift.interval.upperBound }
          judged.append(entry.planned.id)
          findings.take(entry, of: sheet, identity)
        }
      }
      closings.append(Closing(claim, last: last, pending: pending, now))
    }
    var statements = [close(closings)]
    if !judged.isEmpty {
      statements.append(
        IncidentStore.withdraw(
          [.attendance], of: judged, but: findings.proposals.map(\.number),
          because: "按现有打卡和更正，此项不再成立。 Not found any more by the marks and corrections as they are.", at: now, in: tenant))
    }
    if !findings.proposals.isEmpty {
      statements += [IncidentStore.propose(findings.proposals, at: now, in: tenant), tell(of: findings.proposals)]
    }
    _ = try await transaction.rows(statements)
    return claims.count
  }

  // MARK: The books

  /// A person whose book is locked.
  private struct Claim: Sendable {
    let person: String
    /// Shifts that ended before have been judged.
    let from: Instant
    /// Shifts that end after this are left for the next look.
    let to: Instant
  }

  private var claims: Query<Claim> {
    let now = now
    return Query(
      """
      SELECT person, judge_from FROM attendance_book WHERE tenant_id = $1 AND next_at <= $2 ORDER BY next_at, person LIMIT $3
      FOR UPDATE SKIP LOCKED
      """, [.int4(tenant.number), .instant(now), .int4(Self.batch)]
    ) { row throws(DecodingFailure) in
      let from = try row.instant(1)
      return Claim(person: try row.text(0), from: from, to: min(max(now, from), from.plus(Self.stretch)))
    }
  }

  /// What a book says when its person was looked at.
  private struct Closing: Sendable {
    let person: String
    let from: Instant
    /// Nil where the next shift decides.
    let next: Instant?
    /// From where on the next shift is to be sought.
    let after: Instant

    /// - Parameters:
    ///   - last: the end of the last shift that was judged, those before it having been too.
    ///   - pending: when the first that was left is to be judged.
    init(_ claim: Claim, last: Instant?, pending: Instant?, _ now: Instant) {
      (person, after) = (claim.person, claim.to.plus(AttendanceStore.around))
      if claim.to < now {
        (from, next) = (claim.to, now)
      } else {
        (from, next) = (last ?? claim.from, pending)
      }
    }
  }

  private func close(_ closings: [Closing]) -> Statement {
    Statement(
      """
      UPDATE attendance_book b SET judge_from = n.judge_from, next_at = coalesce(
        n.next_at,
        (SELECT s.ends_at FROM shift s WHERE s.tenant_id = $1 AND s.person = n.person AND (s.person, s.starts_at) >= (n.person, n.after)
          AND s.state = 'planned' ORDER BY s.starts_at LIMIT 1),
        'infinity')
      FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) AS n (person, judge_from, next_at, after)
      WHERE b.tenant_id = $1 AND b.person = n.person
      """,
      [
        .int4(tenant.number), .textArray(closings.map(\.person)), .timestamptzArray(closings.map(\.from.microseconds)),
        .timestamptzArray(closings.map { $0.next?.microseconds }), .timestamptzArray(closings.map(\.after.microseconds)),
      ])
  }
}

/// What shifts come to, as incidents to be proposed.
private struct AttendanceFindings {
  private struct Day: Hashable {
    let contract: String
    let day: CivilDate
  }

  private let office: OfficeClocks
  private let now: Instant
  /// The kinds of incidents that a contract speaks of on a day, none where it does not provide for that day.
  private var kinds: [Day: [IncidentKind]] = [:]
  private(set) var proposals: [IncidentStore.SystemProposal] = []

  init(_ office: OfficeClocks, at now: Instant) { (self.office, self.now) = (office, now) }

  mutating func take(_ entry: AttendanceSheet.Entry, of sheet: AttendanceSheet, _ identity: (Instant) -> UUIDv7) {
    let shift = entry.planned.shift
    guard let duty = entry.attendance.duty else { return }
    for found in entry.attendance.found {
      guard let name = found.incident, let kind = kinds(of: shift).first(where: { $0.id == name }), kind.subject != .order else { continue }
      let says = entry.says(found)
      let marks = sheet.marks(of: entry).filter(\.isEffective).prefix(50)
      proposals.append(
        IncidentStore.SystemProposal(
          id: identity(now), contract: shift.contract, kind: kind, occurred: duty.lowerBound, about: .person(shift.person),
          description: says.zh + "\n" + says.en,
          evidence: [
            [
              "kind": "shift", "reference": .string("\(entry.planned.id)"),
              "note": .string("\(shift.post) \(shift.interval.lowerBound)…\(shift.interval.upperBound)"),
            ]
          ] + marks.map { ["kind": "clockMark", "reference": .string($0.recorded.reference)] }, source: .attendance,
          number: found.number(of: entry.planned.id)))
    }
  }

  private mutating func kinds(of shift: DutyShift) -> [IncidentKind] {
    let day = Day(contract: shift.contract, day: shift.interval.lowerBound.date)
    if let known = kinds[day] { return known }
    let found = office.covers(day.day, day.contract) ? office.paper(of: day.contract, on: day.day)?.document.appraisal.incidents : nil
    kinds[day] = found ?? []
    return found ?? []
  }
}

extension AttendanceSheet.Entry {
  /// A finding in words.
  fileprivate func says(_ found: ShiftAttendance.Found) -> Text {
    let shift = planned.shift
    let over = rules.rule(of: found.finding)?.over ?? 0
    let time = "\(shift.interval.lowerBound)…\(shift.interval.upperBound)"
    let seen = Text(
      zh: (attendance.arrived.map { "到岗 \($0)" } ?? "无到岗打卡") + (attendance.left.map { "，离岗 \($0)" } ?? ""),
      en: (attendance.arrived.map { "in \($0)" } ?? "no mark of coming in") + (attendance.left.map { ", out \($0)" } ?? ""))
    return Text(
      zh: "\(shift.person) 在 \(shift.post) 的班次 \(time)：\(found.finding.name.zh) \(found.minutes) 分钟（\(seen.zh)；超过 \(over) 分钟即认定）。",
      en:
        "\(shift.person) on the shift of \(shift.post) \(time): \(found.finding.name.en), \(found.minutes) minutes (\(seen.en); found when over \(over) minutes)."
    )
  }
}

extension Instant {
  fileprivate func plus(_ microseconds: Int64) -> Instant { Instant(microseconds: self.microseconds + microseconds) ?? self }
}
