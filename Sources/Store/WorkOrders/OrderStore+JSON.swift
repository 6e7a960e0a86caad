// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

extension OrderStore {
  /// Writes what an order's row says, as members of an object.
  package static func writeMembers(of order: WorkOrder, to writer: inout JSONWriter) {
    writer.key("id")
    writer.string("\(order.id)")
    writer.key("version")
    writer.integer(order.version)
    writer.key("stage")
    writer.string(order.stage.rawValue)
    writer.key("waits")
    writer.beginArray()
    for wait in order.waits.map(\.rawValue).sorted() { writer.string(wait) }
    writer.endArray()
    writer.key("source")
    writer.string(order.source.rawValue)
    writer.key("externalNumber")
    writer.string(order.externalNumber)
    writeFacts(of: order, to: &writer)
    writeDecisions(of: order, to: &writer)
    writer.key("times")
    write(order.times, to: &writer)
    writer.key("reportedAt")
    write(order.reportedAt, to: &writer)
    writer.key("reportedDue")
    write(order.reportedDue, to: &writer)
  }

  private static func writeFacts(of order: WorkOrder, to writer: inout JSONWriter) {
    writer.key("contract")
    write(order.contract, to: &writer)
    writer.key("grade")
    writer.string(order.grade)
    writer.key("category")
    write(order.category, to: &writer)
    writer.key("area")
    write(order.area, to: &writer)
    writer.key("community")
    write(order.community, to: &writer)
    writer.key("title")
    writer.string(order.title)
    writer.key("tags")
    writer.beginArray()
    for tag in order.tags { writer.string(tag) }
    writer.endArray()
    writer.key("attributes")
    writer.value(order.attributes)
    writer.key("department")
    write(order.department, to: &writer)
    writer.key("seat")
    write(order.seat.map { "\($0)" }, to: &writer)
    writer.key("repeats")
    write(order.repeats.map { "\($0)" }, to: &writer)
  }

  private static func writeDecisions(of order: WorkOrder, to writer: inout JSONWriter) {
    writer.key("special")
    writer.bool(order.isSpecial)
    writer.key("approval")
    writer.string(order.approval.rawValue)
    writer.key("outsideRemit")
    writer.bool(order.isOutsideRemit)
    writer.key("exclusion")
    writer.string(order.exclusion.rawValue)
    writer.key("appeal")
    writer.string(order.appeal.rawValue)
    writer.key("appealDue")
    write(order.appealDue.map { "\($0)" }, to: &writer)
    writer.key("contacted")
    if let contacted = order.isContacted { writer.bool(contacted) } else { writer.null() }
    writer.key("resolution")
    write(order.resolution?.rawValue, to: &writer)
    writer.key("satisfaction")
    write(order.satisfaction?.rawValue, to: &writer)
    writer.key("zeroScore")
    writer.bool(order.isZeroScore)
    writer.key("callbackAttempts")
    writer.integer(order.callbackAttempts)
    writer.key("urges")
    writer.integer(order.urges)
    writer.key("reopenings")
    writer.integer(order.reopenings)
  }

  private static func write(_ times: WorkOrder.Times, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("received")
    writer.instant(times.received)
    func put(_ name: StaticString, _ time: Instant?) {
      guard let time else { return }
      writer.key(name)
      writer.instant(time)
    }
    put("signed", times.signed)
    put("verified", times.verified)
    put("dispatched", times.dispatched)
    put("handling", times.handling)
    put("replied", times.replied)
    put("audited", times.audited)
    put("calledBack", times.calledBack)
    put("closed", times.closed)
    put("archived", times.archived)
    put("returned", times.returned)
    put("hung", times.hung)
    put("progress", times.progress)
    put("changed", times.changed)
    writer.endObject()
  }

  private static func write(_ word: String?, to writer: inout JSONWriter) {
    if let word { writer.string(word) } else { writer.null() }
  }

  private static func write(_ time: Instant?, to writer: inout JSONWriter) {
    if let time { writer.instant(time) } else { writer.null() }
  }

  private static func words<Word: RawRepresentable>(_ words: [Word]) -> JSON where Word.RawValue == String {
    ["type": "string", "enum": .array(words.map { .string($0.rawValue) })]
  }

  private static let optionalWord: JSON = ["type": ["string", "null"]]
  private static let moment: JSON = ["type": ["string", "null"], "format": "date-time"]

  /// The schema of what ``writeMembers(of:to:)`` writes, with the masked citizen.
  package static let schema: JSON = [
    "type": "object",
    "required": ["id", "version", "stage", "waits", "source", "externalNumber", "grade", "title", "tags", "attributes", "times"],
    "properties": [
      "id": ["type": "string", "format": "uuid"], "version": ["type": "integer"], "stage": words(OrderStage.allCases),
      "waits": ["type": "array", "items": words(OrderState.allCases)], "source": words(OrderSource.allCases),
      "externalNumber": ["type": "string"], "contract": optionalWord, "grade": ["type": "string"], "category": optionalWord,
      "area": optionalWord, "community": optionalWord, "title": ["type": "string"],
      "tags": ["type": "array", "items": ["type": "string"]], "attributes": ["type": "object"], "department": optionalWord,
      "seat": optionalWord, "repeats": optionalWord, "special": ["type": "boolean"], "approval": words(OrderDecision.allCases),
      "outsideRemit": ["type": "boolean"], "exclusion": words(OrderDecision.allCases), "appeal": words(OrderDecision.allCases),
      "appealDue": optionalWord, "contacted": ["type": ["boolean", "null"]], "resolution": optionalWord, "satisfaction": optionalWord,
      "zeroScore": ["type": "boolean"], "callbackAttempts": ["type": "integer"], "urges": ["type": "integer"],
      "reopenings": ["type": "integer"], "times": ["type": "object", "additionalProperties": ["type": "string", "format": "date-time"]],
      "reportedAt": moment, "reportedDue": moment,
      "citizen": ["type": "object", "properties": ["name": optionalWord, "phone": optionalWord, "address": optionalWord]],
      "content": ["type": "string"], "keyComplainant": optionalWord, "likeness": ["type": "integer", "minimum": 0, "maximum": 100],
      "possible": [
        "type": "array", "items": ["type": "string", "enum": .array(OrderStep.allCases.compactMap { $0.verb.map { .string($0) } })],
      ],
    ],
  ]
}
