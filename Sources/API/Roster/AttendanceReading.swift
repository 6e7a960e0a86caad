// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// Shifts with their marks and with what they come to, as answers show them.
struct AttendanceReading {
  /// What a shift comes to, and the sheet that its marks are on.
  private typealias Judged = (entry: AttendanceSheet.Entry, sheet: AttendanceSheet)

  let shifts: [ShiftStore.Stored]
  /// By the shifts' identifiers; without those of which the rules say nothing.
  private let entries: [UUIDv7: Judged]
  /// By their numbers.
  private let incidents: [String: IncidentStore.Numbered]

  /// Reads what shifts come to.
  ///
  /// - Parameter proposed: whether also which incidents were proposed of it.
  init(_ shifts: [ShiftStore.Stored], proposed: Bool = true, in tenant: TenantID, _ services: Services) async throws {
    self.shifts = shifts
    guard !shifts.isEmpty else {
      (entries, incidents) = ([:], [:])
      return
    }
    var times: [String: Range<Instant>] = [:]
    for shift in shifts.map(\.duty.shift) {
      let (start, end) = (shift.interval.lowerBound, shift.interval.upperBound)
      times[shift.person] = times[shift.person].map { min($0.lowerBound, start)..<max($0.upperBound, end) } ?? start..<end
    }
    let context = Context.tenant(tenant.number)
    let revisions = RosterRulesStore.revisions(in: tenant)
    let answers = try await services.lanes.rows(
      [revisions.statement] + AttendanceStore.statements(times.map { .init($0.key, $0.value) }, in: tenant), in: context, .read)
    let rules = try RosterRulesStore.revisions(answers[0].decoded(by: revisions))
    let asked = Set(shifts.map(\.id))
    var entries: [UUIDv7: Judged] = [:]
    for sheet in try AttendanceStore.sheets(answers.dropFirst()).values {
      for entry in sheet.entries(rules) where asked.contains(entry.planned.id) {
        entries[entry.planned.id] = (entry, sheet)
      }
    }
    self.entries = entries
    let numbers = proposed ? entries.values.flatMap { entry, _ in entry.attendance.found.map { $0.number(of: entry.planned.id) } } : []
    let found =
      numbers.isEmpty ? [] : try await services.lanes.query(IncidentStore.numbered(numbers, source: .attendance, in: tenant), in: context)
    incidents = Dictionary(found.map { ($0.number, $0) }) { first, _ in first }
  }

  /// The shifts of a contract that evidence names, with what they come to now.
  init(evidence: [JSON], of contract: String, in tenant: TenantID, _ services: Services) async throws {
    let ids = evidence.filter { $0["kind"] == "shift" }.compactMap { $0["reference"]?.string.flatMap { UUIDv7($0) } }
    let shifts = ids.isEmpty ? [] : try await services.lanes.query(ShiftStore.several(ids, in: tenant), in: .tenant(tenant.number))
    // Who writes evidence may name what they do not see.
    try await self.init(shifts.filter { $0.duty.shift.contract == contract }, in: tenant, services)
  }

  private func marks(of stored: ShiftStore.Stored) -> [StandingMark] {
    entries[stored.id].map { entry, sheet in sheet.marks(of: entry) } ?? []
  }

  /// What a shift of it comes to; nil where the rules say nothing of attendance.
  func entry(of stored: ShiftStore.Stored) -> AttendanceSheet.Entry? { entries[stored.id]?.entry }

  /// Writes a shift of it with its marks and findings.
  func write(_ stored: ShiftStore.Stored, at now: Instant, to writer: inout JSONWriter) {
    let shift = stored.duty.shift
    let entry = entry(of: stored)
    writer.beginObject()
    writer.key("shift")
    writer.uuid(stored.id)
    writer.key("person")
    writer.string(shift.person)
    writer.key("contract")
    writer.string(shift.contract)
    writer.key("post")
    writer.string(shift.post)
    writer.key("startsAt")
    writer.instant(shift.interval.lowerBound)
    writer.key("endsAt")
    writer.instant(shift.interval.upperBound)
    let judged = entry.map { $0.rules.judged(shift.interval) }
    let isJudged = judged.map { $0 <= now } ?? false
    let attendance = entry?.attendance
    writer.key("duty")
    if let entry, let duty = entry.attendance.duty {
      writer.string(duty == shift.interval ? "whole" : "shortened")
    } else if entry != nil {
      writer.string("onLeave")
    } else {
      writer.null()
    }
    writer.key("judged")
    writer.bool(isJudged)
    writer.key("judgedFrom")
    if let judged { writer.instant(judged) } else { writer.null() }
    writer.key("arrivedAt")
    if let at = attendance?.arrived { writer.instant(at) } else { writer.null() }
    writer.key("leftAt")
    if let at = attendance?.left { writer.instant(at) } else { writer.null() }
    writer.key("marks")
    writer.beginArray()
    for mark in marks(of: stored) { writer.mark(mark) }
    writer.endArray()
    writer.key("findings")
    writer.beginArray()
    for found in isJudged ? attendance?.found ?? [] : [] {
      let incident = incidents[found.number(of: stored.id)]
      writer.beginObject()
      writer.key("finding")
      writer.string(found.finding.rawValue)
      writer.key("minutes")
      writer.integer(found.minutes)
      writer.key("rule")
      writer.beginObject()
      writer.key("over")
      writer.integer(entry?.rules.rule(of: found.finding)?.over ?? 0)
      writer.key("incident")
      writer.optional(found.incident)
      writer.endObject()
      writer.key("incident")
      if let incident { writer.uuid(incident.id) } else { writer.null() }
      writer.key("incidentState")
      writer.optional(incident?.state.rawValue)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  /// A shift of it as a value.
  func json(_ stored: ShiftStore.Stored, at now: Instant) throws(JSONError) -> JSON {
    var writer = JSONWriter(capacity: 1024)
    write(stored, at: now, to: &writer)
    return try JSON.parse(writer.bytes)
  }

  /// A shift of it and its marks in words.
  func words(_ stored: ShiftStore.Stored) -> Text {
    let shift = stored.duty.shift
    let marks = self.marks(of: stored).filter(\.isEffective).map(\.recorded.mark)
    let time = "\(shift.person) \(shift.post) \(shift.interval.lowerBound)…\(shift.interval.upperBound)"
    let zh = marks.map { "\($0.at) \($0.direction == .entering ? "到岗" : "离岗")" }.joined(separator: "、")
    let en = marks.map { "\($0.direction.rawValue) \($0.at)" }.joined(separator: ", ")
    return Text(zh: "；班次 \(time)，打卡：\(marks.isEmpty ? "无" : zh)", en: "; shift \(time), marks: \(marks.isEmpty ? "none" : en)")
  }
}

extension JSONWriter {
  /// A clock mark as it stands after corrections.
  mutating func mark(_ mark: StandingMark) {
    beginObject()
    key("at")
    instant(mark.recorded.mark.at)
    key("direction")
    string(mark.recorded.mark.direction.rawValue)
    key("source")
    string(mark.recorded.source.rawValue)
    key("device")
    optional(mark.recorded.device)
    key("externalNumber")
    optional(mark.recorded.externalNumber)
    key("voided")
    bool(!mark.isEffective)
    key("correction")
    if let correction = mark.correction { uuid(correction) } else { null() }
    endObject()
  }
}
