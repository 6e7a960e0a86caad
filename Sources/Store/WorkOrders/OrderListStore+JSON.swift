// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension OrderListStore {
  /// Writes a row of a page.
  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    try writeMembers(row, to: &writer)
    writer.endObject()
  }

  /// Writes a row of a page as members of an object: those that `OrderStore.writeMembers` writes of an order, straight from the columns.
  package static func writeMembers(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.key("id")
    writer.uuid(row, 0)
    writer.key("version")
    writer.integer(try row.int32(7))
    writer.key("stage")
    try writer.text(row, 8)
    writer.key("waits")
    writer.beginArray()
    if try row.textBytes(23).spells("asked") { writer.string("awaitingApproval") }
    if try row.bool(26) { writer.string("awaitingCitizen") }
    if try row.textBytes(27).spells("asked") { writer.string("awaitingExclusion") }
    if try row.bool(25) { writer.string("hung") }
    writer.endArray()
    writer.key("source")
    try writer.text(row, 1)
    writer.key("externalNumber")
    try writer.text(row, 2)
    try writeFacts(row, to: &writer)
    try writeDecisions(row, to: &writer)
    writer.key("times")
    try writeTimes(row, to: &writer)
    writer.key("reportedAt")
    try writer.instant(row, 5)
    writer.key("reportedDue")
    try writer.instant(row, 6)
    writer.key("citizen")
    writer.beginObject()
    writer.key("name")
    try writer.text(row, OrderStore.columnCount)
    writer.key("phone")
    try writer.text(row, OrderStore.columnCount + 1)
    writer.key("address")
    try writer.text(row, OrderStore.columnCount + 2)
    writer.endObject()
  }

  private static func writeFacts(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.key("contract")
    try writer.text(row, 3)
    writer.key("grade")
    try writer.text(row, 10)
    writer.key("category")
    try writer.text(row, 11)
    writer.key("area")
    try writer.text(row, 12)
    writer.key("community")
    try writer.text(row, 13)
    writer.key("title")
    try writer.text(row, 14)
    writer.key("tags")
    writer.beginArray()
    for tag in try row.texts(15) { writer.string(tag) }
    writer.endArray()
    writer.key("attributes")
    writer.raw(try row.jsonBytes(16))
    writer.key("department")
    try writer.text(row, 17)
    writer.key("seat")
    writer.uuid(row, 18)
    writer.key("repeats")
    writer.uuid(row, 36)
  }

  private static func writeDecisions(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.key("special")
    writer.bool(try row.bool(22))
    writer.key("approval")
    try writer.text(row, 23)
    writer.key("outsideRemit")
    writer.bool(try row.bool(24))
    writer.key("exclusion")
    try writer.text(row, 27)
    writer.key("appeal")
    try writer.text(row, 28)
    writer.key("appealDue")
    try writer.date(row, 29)
    writer.key("contacted")
    let isContacted = try row.optional(30, row.bool)
    if let isContacted { writer.bool(isContacted) } else { writer.null() }
    writer.key("resolution")
    try writer.text(row, 31)
    writer.key("satisfaction")
    try writer.text(row, 32)
    writer.key("zeroScore")
    // A NULL spells nothing.
    writer.bool(isContacted == false && row.rawBytes(31).spells("unsolved") && row.rawBytes(32).spells("dissatisfied"))
    writer.key("callbackAttempts")
    writer.integer(try row.int32(33))
    writer.key("urges")
    writer.integer(try row.int32(34))
    writer.key("reopenings")
    writer.integer(try row.int32(35))
  }

  private static func writeTimes(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("received")
    writer.instant(try row.instant(4))
    func put(_ name: StaticString, _ column: Int) throws(DecodingFailure) {
      guard !row.isNull(column) else { return }
      writer.key(name)
      writer.instant(try row.instant(column))
    }
    try put("signed", 37)
    try put("verified", 38)
    try put("dispatched", 39)
    try put("handling", 40)
    try put("replied", 41)
    try put("audited", 42)
    try put("calledBack", 43)
    try put("closed", 44)
    try put("archived", 45)
    try put("returned", 46)
    try put("hung", 47)
    try put("progress", 48)
    writer.key("changed")
    writer.instant(try row.instant(49))
    writer.endObject()
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these are the bytes of a word.
  fileprivate func spells(_ word: StaticString) -> Bool {
    count == word.utf8CodeUnitCount && elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }
}
