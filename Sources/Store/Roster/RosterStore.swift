// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What a roster is worked out from beside its rules: who may be put on it, and what each does already; the statements run in the office's context.
package enum RosterStore {
  /// A post that somebody holds for a time.
  package struct Held: Sendable {
    package let person: String
    package let qualification: RosterPerson.Qualification
  }

  /// Time off that was approved.
  package struct Away: Sendable {
    package let person: String
    package let time: Range<Instant>
  }

  /// Who holds a post of the contracts on some of the days.
  package static func held(of contracts: [String], in days: DateRange, in tenant: TenantID) -> Query<Held> {
    Query(
      """
      SELECT person, contract_id, post, assigned_from, least(assigned_to, ended_on) FROM staff_assignment \
      WHERE tenant_id = $1 AND contract_id = ANY ($2) AND assigned_from <= $4 \
      AND least(assigned_to, ended_on, 'infinity') >= greatest(assigned_from, $3) \
      ORDER BY person, contract_id, post, assigned_from
      """, [.int4(tenant.number), .textArray(contracts), .civilDate(days.first), .civilDate(days.last)]
    ) { row throws(DecodingFailure) in
      let from = try row.civilDate(3)
      return Held(
        person: try row.text(0),
        qualification: RosterPerson.Qualification(
          contract: try row.text(1), post: try row.text(2), days: DateRange(from, orThrough: try row.optional(4, row.civilDate) ?? .last)))
    }
  }

  /// The time off that was approved and overlaps a time.
  package static func away(in time: Range<Instant>, in tenant: TenantID) -> Query<Away> {
    Query(
      """
      SELECT person, starts_at, least(ends_at, back_at) FROM staff_leave \
      WHERE tenant_id = $1 AND ends_at > $2 AND least(ends_at, back_at) > $2 AND starts_at < $3 AND state = 'approved' \
      ORDER BY person, starts_at
      """, [.int4(tenant.number), .instant(time.lowerBound), .instant(time.upperBound)]
    ) { row throws(DecodingFailure) in
      let (start, end) = (try row.instant(1), try row.instant(2))
      guard start < end else { throw .value(column: 2) }
      return Away(person: try row.text(0), time: start..<end)
    }
  }

  /// Puts people together with the posts that they hold and their time off; posts that follow each other without a day between are one.
  package static func people(_ held: [Held], _ away: [Away]) -> [RosterPerson] {
    let leave = Dictionary(grouping: away, by: \.person).mapValues { $0.map(\.time) }
    var people: [RosterPerson] = []
    var index = 0
    while index < held.count {
      let code = held[index].person
      var qualifications: [RosterPerson.Qualification] = []
      while index < held.count, held[index].person == code {
        let next = held[index].qualification
        if let last = qualifications.last, last.contract == next.contract, last.post == next.post,
          last.days.last.day + 1 >= next.days.first.day
        {
          qualifications[qualifications.count - 1] = RosterPerson.Qualification(
            contract: last.contract, post: last.post, days: DateRange(last.days.first, orThrough: max(last.days.last, next.days.last)))
        } else {
          qualifications.append(next)
        }
        index += 1
      }
      people.append(RosterPerson(code: code, qualifications: qualifications, leave: leave[code] ?? []))
    }
    return people
  }

  // MARK: Taking turns

  /// How often each person's shifts and leave have changed within a time: the sum of their versions, which only grows.
  package struct Age: Sendable {
    package let person: String
    package let age: Int64
  }

  package static func ages(in time: Range<Instant>, in tenant: TenantID) -> Query<Age> {
    Query(
      """
      SELECT person, sum(version)::bigint FROM (SELECT person, version FROM shift \
      WHERE tenant_id = $1 AND starts_at >= $2 AND starts_at < $3 \
      UNION ALL SELECT person, version FROM staff_leave WHERE tenant_id = $1 AND ends_at > $2) AS changes GROUP BY person
      """, [.int4(tenant.number), .instant(time.lowerBound), .instant(time.upperBound)]
    ) { row throws(DecodingFailure) in Age(person: try row.text(0), age: try row.int64(1)) }
  }

  /// Has whoever changes something of these people's rosters wait for this transaction, and fails with `SQLState.changed` where something has
  /// changed since their ages were read.
  package static func hold(_ people: [String], age: Int64, in time: Range<Instant>, in tenant: TenantID) -> [Statement] {
    [
      lock(people, in: tenant),
      Statement(
        """
        SELECT demand((SELECT coalesce(sum(version), 0) FROM shift \
        WHERE tenant_id = $1 AND person = ANY ($2) AND starts_at >= $3 AND starts_at < $4) \
        + (SELECT coalesce(sum(version), 0) FROM staff_leave WHERE tenant_id = $1 AND person = ANY ($2) AND ends_at > $3) = $5, 'JS001')
        """,
        [
          .int4(tenant.number), .textArray(people), .instant(time.lowerBound), .instant(time.upperBound), .int8(age),
        ]),
    ]
  }

  /// Has whoever changes something of these people's rosters wait for this transaction.
  static func lock(_ people: [String], in tenant: TenantID) -> Statement {
    Statement(
      "SELECT code FROM staff_member WHERE tenant_id = $1 AND code = ANY ($2) ORDER BY code FOR NO KEY UPDATE",
      [.int4(tenant.number), .textArray(people)])
  }
}
