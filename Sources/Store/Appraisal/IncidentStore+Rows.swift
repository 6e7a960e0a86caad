// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension IncidentStore {
  /// What the row of an incident says beside what the API shows of it.
  package struct Head: Sendable {
    package let id: UUIDv7
    package let contract: String
    package let occurredAt: Instant
    package let incident: FactBody.Incident
    package let state: Incident.State
    package let proposedSide: Incident.Proposer
    package let proposedBy: UUIDv7?
    package let setBy: UUIDv7?
    package let setReason: String?
    package let decidedBy: UUIDv7?
    package let decidedAt: Instant?
    package let isAnswered: Bool
    package let isUpheld: Bool
    package let period: String?
    package let version: Int32
    let answering: Answering?

    /// How far it has come.
    ///
    /// - Parameters:
    ///   - rule: the office's rule of disputes.
    ///   - calendar: says when times run out.
    /// - Throws: `missingYear` where the calendar does not reach so far.
    package func life(by rule: AppraisalRule, _ calendar: WorkingCalendar) throws(CalendarError) -> IncidentLife {
      var settledFrom: Instant?
      if let decidedAt, let span = rule.disputeWithin { settledFrom = try calendar.deadline(span, after: decidedAt).outside }
      return IncidentLife(
        state: state, proposedSide: proposedSide, proposedBy: proposedBy, setBy: setBy, decidedBy: decidedBy, isAnswered: isAnswered,
        isUpheld: isUpheld, silentFrom: try answering?.end(by: calendar), settledFrom: settledFrom)
    }
  }

  /// The vendor's time to answer, as it stood when the incident was proposed.
  struct Answering: Sendable {
    let from: Instant
    let span: Span

    /// The first instant that is too late.
    func end(by calendar: WorkingCalendar) throws(CalendarError) -> Instant { try calendar.deadline(span, after: from).outside }
  }

  private static func answering(_ row: Row) throws(DecodingFailure) -> Answering? {
    if row.isNull(25) { return nil }
    guard case .success(let span) = Span.shape.decode(try row.json(25)) else { throw .value(column: 25) }
    return Answering(from: try row.instant(26), span: span)
  }

  package static func head(_ row: Row) throws(DecodingFailure) -> Head {
    let points = try row.optional(7, row.text)
    let breaching = try row.optional(21, row.text)
    return Head(
      id: try row.identifier(0), contract: try row.text(1), occurredAt: try row.instant(4),
      incident: FactBody.Incident(
        kind: try row.text(2), subject: try row.optional(5, row.text), quantity: Int(try row.int32(8)),
        amount: try row.optional(6, row.fen),
        points: points.flatMap { Rational(decimal: $0) }, by: breaching.flatMap(Party.init)),
      state: try row.word(3), proposedSide: try row.word(13), proposedBy: try row.optional(14, row.identifier),
      setBy: try row.optional(22, row.identifier), setReason: try row.optional(24, row.text),
      decidedBy: try row.optional(16, row.identifier), decidedAt: try row.optional(17, row.instant), isAnswered: !row.isNull(27),
      isUpheld: !row.isNull(32), period: try row.optional(31, row.text), version: try row.int32(20), answering: try answering(row))
  }

  /// An incident as a table of them shows it.
  package struct Listed: Sendable {
    package let head: Head
    package let description: String
    package let proposed: Instant
    /// What whoever decided wrote.
    package let note: String?
  }

  package static func listed(_ row: Row) throws(DecodingFailure) -> Listed {
    Listed(head: try head(row), description: try row.text(9), proposed: try row.instant(15), note: try row.optional(18, row.text))
  }

  /// What proves it.
  package static func evidence(_ row: Row) throws(DecodingFailure) -> [JSON] { try row.json(10).array ?? [] }

  package static func version(_ row: Row) throws(DecodingFailure) -> Int32 { try row.int32(20) }

  /// Whether the vendor may still be asked for an answer, so that a calendar is needed to say until when.
  package static func awaitsAnswer(_ row: Row) throws(DecodingFailure) -> Bool {
    try row.text(3) == Incident.State.proposed.rawValue && !row.isNull(25) && row.isNull(27)
  }

  /// Writes an incident as the API shows it, straight from the row.
  ///
  /// - Parameter calendar: says until when the vendor may answer; that is null without one.
  package static func write(_ row: Row, by calendar: WorkingCalendar?, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    try writeMembers(row, by: calendar, to: &writer)
    writer.endObject()
  }

  /// Writes the members of an incident, without braces.
  package static func writeMembers(_ row: Row, by calendar: WorkingCalendar?, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.key("id")
    writer.uuid(bytes: row.rawBytes(0))
    writer.key("contract")
    writer.utf8(try row.textBytes(1))
    writer.key("incident")
    writer.utf8(try row.textBytes(2))
    writer.key("state")
    writer.utf8(try row.textBytes(3))
    writer.key("occurredAt")
    try writer.instant(row, 4)
    writer.key("subject")
    try writer.text(row, 5)
    writer.key("amount")
    try writer.fen(row, 6)
    writer.key("points")
    try writer.text(row, 7)
    writer.key("by")
    try writer.text(row, 21)
    writer.key("quantity")
    writer.integer(try row.int32(8))
    writer.key("description")
    writer.utf8(try row.textBytes(9))
    writer.key("evidence")
    writer.raw(try row.jsonBytes(10))
    writer.key("source")
    writer.utf8(try row.textBytes(11))
    writer.key("externalNumber")
    try writer.text(row, 12)
    writer.key("proposedSide")
    writer.utf8(try row.textBytes(13))
    writer.key("proposedBy")
    writer.uuid(row, 14)
    writer.key("proposedAt")
    try writer.instant(row, 15)
    writer.key("setBy")
    writer.uuid(row, 22)
    writer.key("setReason")
    try writer.text(row, 24)
    try writeAnswer(row, by: calendar, to: &writer)
    writer.key("decidedBy")
    writer.uuid(row, 16)
    writer.key("decidedAt")
    try writer.instant(row, 17)
    writer.key("decisionNote")
    try writer.text(row, 18)
    writer.key("period")
    try writer.text(row, 31)
    writer.key("fact")
    // What was confirmed once has a fact of its name, also after it was reversed.
    let state: Incident.State = try row.word(3)
    if state.wasConfirmed { writer.uuid(bytes: row.rawBytes(0)) } else { writer.null() }
    writer.key("upheldBy")
    writer.uuid(row, 32)
    writer.key("recordedAt")
    try writer.instant(row, 19)
    writer.key("version")
    writer.integer(try row.int32(20))
  }

  private static func writeAnswer(_ row: Row, by calendar: WorkingCalendar?, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.key("answerBefore")
    // A year that the calendar does not know yet leaves the time open.
    if let calendar, let end = try answering(row).flatMap({ try? $0.end(by: calendar) }) { writer.instant(end) } else { writer.null() }
    writer.key("answer")
    guard !row.isNull(27) else { return writer.null() }
    writer.beginObject()
    writer.key("at")
    try writer.instant(row, 27)
    writer.key("by")
    writer.uuid(row, 28)
    writer.key("admits")
    writer.bool(try row.bool(29))
    writer.key("text")
    try writer.text(row, 30)
    writer.endObject()
  }

  /// The schema of what `write` writes.
  package static let schema: JSON = [
    "type": "object",
    "required": [
      "id", "contract", "incident", "state", "occurredAt", "quantity", "description", "evidence", "source", "recordedAt", "version",
    ],
    "properties": [
      "id": ["type": "string", "format": "uuid"], "contract": ["type": "string"], "incident": ["type": "string"],
      "state": ["type": "string", "enum": .array(Incident.State.allCases.map { .string($0.rawValue) })],
      "occurredAt": ["type": "string", "format": "date-time"], "subject": ["type": ["string", "null"]],
      "amount": ["type": ["object", "null"], "properties": ["fen": ["type": "integer"], "yuan": ["type": "string"]]],
      "points": ["type": ["string", "null"]], "by": ["type": ["string", "null"]], "quantity": ["type": "integer"],
      "description": ["type": "string"],
      "evidence": ["type": "array"], "source": ["type": "string"], "externalNumber": ["type": ["string", "null"]],
      "proposedSide": ["type": "string"], "proposedBy": ["type": ["string", "null"]],
      "proposedAt": ["type": "string", "format": "date-time"], "setBy": ["type": ["string", "null"]],
      "setReason": ["type": ["string", "null"]], "answerBefore": ["type": ["string", "null"]],
      "answer": [
        "type": ["object", "null"],
        "properties": [
          "at": ["type": "string"], "by": ["type": "string"], "admits": ["type": "boolean"], "text": ["type": ["string", "null"]],
        ],
      ], "decidedBy": ["type": ["string", "null"]],
      "decidedAt": ["type": ["string", "null"]], "decisionNote": ["type": ["string", "null"]], "period": ["type": ["string", "null"]],
      "fact": ["type": ["string", "null"]], "upheldBy": ["type": ["string", "null"]],
      "recordedAt": ["type": "string", "format": "date-time"], "version": ["type": "integer"],
    ],
  ]
}
