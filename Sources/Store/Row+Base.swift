// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

extension Row {
  /// A `uuid` that is one of ours.
  package func identifier(_ column: Int) throws(DecodingFailure) -> UUIDv7 {
    let halves = try uuid(column)
    guard let identifier = UUIDv7(high: halves.high, low: halves.low) else { throw .value(column: column) }
    return identifier
  }

  /// A finite `timestamptz`.
  package func instant(_ column: Int) throws(DecodingFailure) -> Instant {
    guard let instant = Instant(microseconds: try timestampMicroseconds(column)) else { throw .value(column: column) }
    return instant
  }

  package func civilDate(_ column: Int) throws(DecodingFailure) -> CivilDate {
    guard let date = CivilDate(day: Int(try date(column))) else { throw .value(column: column) }
    return date
  }

  package func fen(_ column: Int) throws(DecodingFailure) -> Fen { Fen(try int64(column)) }

  package func tenant(_ column: Int) throws(DecodingFailure) -> TenantID {
    guard let tenant = TenantID(try int32(column)) else { throw .value(column: column) }
    return tenant
  }

  /// A `jsonb` as a value.
  package func json(_ column: Int) throws(DecodingFailure) -> JSON {
    let bytes = Array(try jsonBytes(column))
    do throws(JSONError) {
      return try JSON.parse(bytes)
    } catch {
      throw .value(column: column)
    }
  }

  /// The elements of a `text[]`, none of which is NULL.
  package func texts(_ column: Int) throws(DecodingFailure) -> [String] {
    var texts: [String] = []
    for element in try textArray(column) {
      guard let element else { throw .value(column: column) }
      texts.append(element)
    }
    return texts
  }
}

extension SQLState {
  /// The error that undoes a transaction when a row is no longer what the caller read (the function `demand`).
  package static let changed: SQLState = "JS001"
  /// The error that undoes a transaction when something stands on record already that can be there but once.
  package static let alreadyRecorded: SQLState = "JS002"
  /// The error that undoes a step of an order taken in time by its own time, when a clock of the order was told as missed before it was written.
  package static let clockTold: SQLState = "JS004"
}

extension Bind {
  package static func uuid(_ identifier: UUIDv7) -> Bind { .uuid(high: identifier.high, low: identifier.low) }
  package static func instant(_ instant: Instant) -> Bind { .timestamptz(instant.microseconds) }
  package static func civilDate(_ date: CivilDate) -> Bind { .date(Int32(date.day)) }

  /// Where a page of a list by descending identifiers begins; the greatest of all for the first page.
  package static func descending(_ after: UUIDv7?) -> Bind { after.map { .uuid($0) } ?? .uuid(high: .max, low: .max) }

  /// The least identifier that can be made at an instant: none that is older than it lies behind.
  package static func identifiers(from instant: Instant) -> Bind { .uuid(UUIDv7(at: instant, random: 0)) }

  /// A value as `jsonb`.
  package static func json(_ json: JSON) -> Bind {
    var writer = JSONWriter()
    writer.value(json)
    return .jsonb(writer.bytes)
  }
}

extension JSONWriter {
  // Columns that may be NULL, written straight from the row.

  package mutating func text(_ row: Row, _ column: Int) throws(DecodingFailure) {
    if row.isNull(column) { null() } else { utf8(try row.textBytes(column)) }
  }

  package mutating func uuid(_ row: Row, _ column: Int) {
    if row.isNull(column) { null() } else { uuid(bytes: row.rawBytes(column)) }
  }

  package mutating func instant(_ row: Row, _ column: Int) throws(DecodingFailure) {
    if row.isNull(column) { null() } else { instant(try row.instant(column)) }
  }

  package mutating func date(_ row: Row, _ column: Int) throws(DecodingFailure) {
    if row.isNull(column) { null() } else { date(try row.civilDate(column)) }
  }

  package mutating func fen(_ row: Row, _ column: Int) throws(DecodingFailure) {
    if row.isNull(column) { null() } else { fen(try row.fen(column)) }
  }
}
