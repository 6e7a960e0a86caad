// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Clock marks of an office's people, and the shifts that they are for; the statements run in the office's context.
package enum AttendanceStore {
  /// Somebody whose marks may be recorded.
  package struct Attendee: Sendable {
    package let code: String
    /// The first day of their organisation's first contract, or of their first post where that is earlier; nil where there is neither.
    package let since: CivilDate?
  }

  /// Of the codes, those of people whom the caller may know of.
  ///
  /// - Parameter organisation: of a vendor's people, theirs; nil for the office's.
  package static func people(_ codes: [String], of organisation: String?, in tenant: TenantID) -> Query<Attendee> {
    Query(
      """
      SELECT code, least(
        (SELECT min(vendor_from) FROM contract c WHERE c.tenant_id = $1
          AND (c.vendor = s.organisation OR EXISTS (SELECT FROM organisation o WHERE o.code = s.organisation AND o.kind = 'office'))),
        (SELECT min(assigned_from) FROM staff_assignment a WHERE a.tenant_id = $1 AND a.person = s.code))
      FROM staff_member s WHERE tenant_id = $1 AND code = ANY ($2) AND ($3 = '' OR organisation = $3)
      """,
      [.int4(tenant.number), .textArray(codes), .text(organisation ?? "")]
    ) { row throws(DecodingFailure) in Attendee(code: try row.text(0), since: try row.optional(1, row.civilDate)) }
  }

  // MARK: Recording

  // Whose marks they are comes from the staff, not from the parameters: whoever is there has a code that need not be checked for each mark.
  // A book that says all of it already is locked and not written anew, so that whoever judges meanwhile is waited for.
  private static let record: SQL = """
    WITH put AS (
      INSERT INTO clock_mark (tenant_id, person, at, direction, device, external_number, source, batch_id, recorded_by, recorded_at)
      SELECT $1, s.code, n.at, n.direction, n.device, n.external_number, $7, $8, $9, $10
      FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) AS n (person, at, direction, device, external_number)
      JOIN staff_member s ON s.tenant_id = $1 AND s.code = n.person
      ON CONFLICT DO NOTHING RETURNING person, at),
    noted AS (
      INSERT INTO attendance_book AS b (tenant_id, person, judge_from, next_at)
      SELECT $1, person, min(at) - interval '4 hours 1 second', $11::timestamptz FROM put GROUP BY person ORDER BY person
      ON CONFLICT (tenant_id, person) DO UPDATE
        SET judge_from = least(b.judge_from, excluded.judge_from), next_at = least(b.next_at, excluded.next_at)
        WHERE excluded.judge_from < b.judge_from OR excluded.next_at < b.next_at)
    SELECT count(*) FROM put
    """

  /// Records marks of people whom the office knows; those that are there already are left alone. The shifts that they may belong to are judged again.
  ///
  /// - Parameters:
  ///   - batch: the file that they come from.
  ///   - look: when the timer is to judge those shifts.
  /// - Returns: how many are new.
  package static func record(
    _ marks: [RecordedMark], of batch: UUIDv7? = nil, by user: UUIDv7, at now: Instant, look: Instant, in tenant: TenantID
  ) -> Query<Int> {
    Query(
      record,
      [
        .int4(tenant.number), .textArray(marks.map(\.person)), .timestamptzArray(marks.map(\.mark.at.microseconds)),
        .textArray(marks.map(\.mark.direction.rawValue)), .textArray(marks.map(\.device)), .textArray(marks.map(\.externalNumber)),
        .text((batch == nil ? RecordedMark.Source.api : .import).rawValue), .optional(batch, .uuid) { .uuid($0) }, .uuid(user),
        .instant(now), .instant(look),
      ]
    ) { row throws(DecodingFailure) in Int(try row.int64(0)) }
  }

  private static let fresh: SQL = """
    SELECT count(DISTINCT (n.person, n.at, n.direction)) FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS n (person, at, direction)
    WHERE NOT EXISTS (
      SELECT FROM clock_mark m WHERE m.tenant_id = $1 AND m.person = n.person AND m.at = n.at AND m.direction = n.direction)
    """

  /// How many of some marks ``record(_:of:by:at:look:in:)`` would find to be new.
  package static func fresh(_ marks: [RecordedMark], in tenant: TenantID) -> Query<Int> {
    Query(
      fresh,
      [
        .int4(tenant.number), .textArray(marks.map(\.person)), .timestamptzArray(marks.map(\.mark.at.microseconds)),
        .textArray(marks.map(\.mark.direction.rawValue)),
      ]
    ) { row throws(DecodingFailure) in Int(try row.int64(0)) }
  }

  private static let look: SQL = """
    INSERT INTO attendance_book AS b (tenant_id, person, judge_from, next_at)
    SELECT $1, person, min(at) - interval '4 hours 1 second', $4 FROM unnest($2::text[], $3::timestamptz[]) AS n (person, at)
    GROUP BY person ORDER BY person
    ON CONFLICT (tenant_id, person) DO UPDATE
      SET judge_from = least(b.judge_from, excluded.judge_from), next_at = least(b.next_at, excluded.next_at)
    """

  /// Has the timer judge again, from an instant on, the shifts that a person's marks of a time may belong to.
  package static func look(at marks: [(person: String, at: Instant)], from look: Instant, in tenant: TenantID) -> Statement {
    Statement(
      Self.look,
      [
        .int4(tenant.number), .textArray(marks.map(\.person)), .timestamptzArray(marks.map(\.at.microseconds)), .instant(look),
      ])
  }

  private static let lookAnew: SQL = """
    WITH begun AS MATERIALIZED (
      SELECT least(
        (SELECT min(m.at) FROM attendance_book b CROSS JOIN LATERAL (
          SELECT at FROM clock_mark WHERE tenant_id = $1 AND person = b.person ORDER BY at LIMIT 1) m WHERE b.tenant_id = $1),
        (SELECT min(occurred_at) FROM incident WHERE tenant_id = $1 AND source = 'attendance' AND external_number IS NOT NULL))
        - interval '4 hours 1 second' AS at),
    held AS (SELECT person FROM attendance_book WHERE tenant_id = $1 ORDER BY person FOR UPDATE)
    UPDATE attendance_book b
    SET judge_from = least(judge_from, CASE WHEN begun.at IS NOT NULL THEN greatest(begun.at, $2) END), next_at = '-infinity'
    FROM held, begun WHERE b.tenant_id = $1 AND b.person = held.person
    """

  /// Has the timer judge everybody's shifts again from a day on, since other rules hold for them; not those that were over before the office's
  /// attendance began, with the first mark or the first that was missed.
  package static func look(from day: CivilDate, in tenant: TenantID) -> Statement {
    Statement(lookAnew, [.int4(tenant.number), .instant(Instant(day))])
  }

  // MARK: Reading

  /// A person, and the shifts that are asked for: those that begin in the time.
  package struct Window: Sendable {
    package let person: String
    package let time: Range<Instant>

    package init(_ person: String, _ time: Range<Instant>) { (self.person, self.time) = (person, time) }
  }

  /// A planned shift.
  package struct Planned: Sendable, Hashable {
    package let id: UUIDv7
    package let shift: DutyShift
  }

  // The time is compared together with the person, so that no index but theirs serves it: while a table has no statistics yet, one by time
  // alone looks as good, and reads everybody's shifts for each person.
  private static let shifts: SQL = """
    SELECT s.id, s.person, s.contract_id, s.post, s.starts_at, s.ends_at
    FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS n (person, earliest, latest)
    CROSS JOIN LATERAL (
      SELECT * FROM shift s WHERE s.tenant_id = $1 AND s.person = n.person AND (s.person, s.starts_at) >= (n.person, n.earliest)
        AND (s.person, s.starts_at) < (n.person, n.latest) AND s.state = 'planned' ORDER BY s.starts_at, s.id) s
    """
  private static let marks: SQL = """
    SELECT m.person, m.at, m.direction, m.source, m.device, m.external_number
    FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS n (person, earliest, latest)
    CROSS JOIN LATERAL (
      SELECT * FROM clock_mark m WHERE m.tenant_id = $1 AND m.person = n.person AND m.at >= n.earliest AND m.at < n.latest
      ORDER BY m.at, m.direction) m
    """
  private static let corrections: SQL = """
    SELECT c.id, c.person, c.at, c.direction, c.kind
    FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS n (person, earliest, latest)
    JOIN mark_correction c ON c.tenant_id = $1 AND c.person = n.person AND c.at >= n.earliest AND c.at < n.latest AND c.state = 'approved'
    ORDER BY c.decided_at, c.id
    """
  private static let leave: SQL = """
    SELECT l.person, l.starts_at, least(l.ends_at, l.back_at)
    FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS n (person, earliest, latest)
    JOIN staff_leave l ON l.tenant_id = $1 AND l.person = n.person AND l.ends_at > n.earliest AND l.starts_at < n.latest
      AND least(l.ends_at, l.back_at) > n.earliest AND l.state = 'approved'
    ORDER BY l.person, l.starts_at
    """

  /// Further than a shift and the marks around it reach.
  static let around: Int64 = 32 * Instant.hour

  /// What people's attendance is judged by: their shifts that begin in a time, the neighbours of those, and all that counts around them.
  ///
  /// - Parameter windows: one of a person.
  package static func statements(_ windows: [Window], in tenant: TenantID) -> [Statement] {
    func binds(_ before: Int64, _ after: Int64) -> [Bind] {
      [
        .int4(tenant.number), .textArray(windows.map(\.person)),
        .timestamptzArray(windows.map { $0.time.lowerBound.microseconds - before }),
        .timestamptzArray(windows.map { $0.time.upperBound.microseconds + after }),
      ]
    }
    // A neighbour may begin as long before as a shift and the time without one can be together; marks reach as far again.
    return [
      Statement(shifts, binds(around, around)), Statement(marks, binds(ShiftAttendance.reach, around)),
      Statement(corrections, binds(ShiftAttendance.reach, around)), Statement(leave, binds(around, around)),
    ]
  }

  /// Puts together what the statements gave, by person.
  package static func sheets(_ answers: ArraySlice<Rows>) throws -> [String: AttendanceSheet] {
    let answers = Array(answers)
    var shifts: [String: [Planned]] = [:]
    for row in answers[0] {
      let (start, end) = (try row.instant(4), try row.instant(5))
      guard start < end else { throw DecodingFailure.value(column: 5) }
      let shift = DutyShift(person: try row.text(1), contract: try row.text(2), post: try row.text(3), interval: start..<end)
      shifts[shift.person, default: []].append(Planned(id: try row.identifier(0), shift: shift))
    }
    var marks: [String: [RecordedMark]] = [:]
    for row in answers[1] {
      let mark = RecordedMark(
        person: try row.text(0), ClockMark(at: try row.instant(1), try row.word(2)), source: try row.word(3),
        device: try row.optional(4, row.text), externalNumber: try row.optional(5, row.text))
      marks[mark.person, default: []].append(mark)
    }
    var corrections: [String: [MarkCorrection]] = [:]
    for row in answers[2] {
      let correction = MarkCorrection(
        id: try row.identifier(0), person: try row.text(1), ClockMark(at: try row.instant(2), try row.word(3)), try row.word(4))
      corrections[correction.person, default: []].append(correction)
    }
    var leave: [String: [Range<Instant>]] = [:]
    for row in answers[3] {
      let (start, end) = (try row.instant(1), try row.instant(2))
      guard start < end else { throw DecodingFailure.value(column: 2) }
      leave[try row.text(0), default: []].append(start..<end)
    }
    var sheets: [String: AttendanceSheet] = [:]
    for (person, planned) in shifts {
      sheets[person] = AttendanceSheet(
        shifts: planned, marks: StandingMark.all(marks[person] ?? [], corrected: corrections[person] ?? []), leave: leave[person] ?? [])
    }
    return sheets
  }
}

/// One person's shifts of a time with the marks around them.
package struct AttendanceSheet: Sendable {
  /// In the order of time.
  package let shifts: [AttendanceStore.Planned]
  package let marks: [StandingMark]
  package let leave: [Range<Instant>]

  /// A shift of it with what it comes to.
  package struct Entry: Sendable {
    package let planned: AttendanceStore.Planned
    package let rules: AttendanceRules
    package let attendance: ShiftAttendance
  }

  /// Judges the shifts by the rules that hold on the day on which each begins; those of days without such rules are left out.
  package func entries(_ revisions: [RosterBook.Revision]) -> [Entry] {
    var rules: [AttendanceRules?] = []
    let judged = AttendanceReview.judge(
      shifts.map(\.shift.interval), by: marks.filter(\.isEffective).map(\.recorded.mark), leave: leave
    ) { shift in
      let found = RosterBook.inForce(on: shift.lowerBound.date, among: revisions)?.rules.attendance
      rules.append(found)
      return found
    }
    return zip(zip(shifts, rules), judged).compactMap { entry, attendance in
      guard let rules = entry.1, let attendance else { return nil }
      return Entry(planned: entry.0, rules: rules, attendance: attendance)
    }
  }

  /// The marks that belong to a shift, with those that do not count any more.
  package func marks(of entry: Entry) -> [StandingMark] {
    marks.filter { entry.attendance.window.contains($0.recorded.mark.at) }
  }
}

extension RosterRulesStore {
  /// The revisions as the roster goes by them.
  ///
  /// - Throws: as ``rules(_:)``.
  package static func revisions(_ stored: [Revision]) throws(StoredDocumentError) -> [RosterBook.Revision] {
    var revisions: [RosterBook.Revision] = []
    for revision in stored {
      revisions.append(
        RosterBook.Revision(number: Int(revision.number), effectiveFrom: revision.effectiveFrom, rules: try rules(revision)))
    }
    return revisions
  }
}
