// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// An office's roster rules, and whether its posts are covered.
enum RosterRoutes {
  static func all(_ services: Services) -> [Route] { [rules(services), revision(services), coverage(services)] }

  // MARK: Rules

  private static func rules(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/roster/rules", .tenant(.shiftRead),
      Operation(
        "getRosterRules", Text(zh: "排班规则：各版本与今日有效的全文", en: "The roster rules: their revisions, and what is in force today"),
        answer: { definitions in
          [
            "type": "object", "required": ["revisions"],
            "properties": [
              "revisions": ["type": "array", "items": Listing.named(RosterRulesStore.Revision.members)(&definitions)],
              "inForce": ["type": "integer"], "rules": RosterRules.fileShape.schema(collecting: &definitions),
            ],
          ]
        })
    ) { call in
      let revisions = try await stored(call, services)
      var writer = JSONWriter(capacity: 1 << 13)
      writer.beginObject()
      writer.key("revisions")
      writer.beginArray()
      for revision in revisions {
        writer.beginObject()
        revision.writeMembers(to: &writer)
        writer.endObject()
      }
      writer.endArray()
      if let inForce = revisions.inForce(on: call.now.date) {
        writer.key("inForce")
        writer.integer(inForce.number)
        writer.key("rules")
        writer.value(inForce.document)
      }
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }

  private static func revision(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/roster/rules/{revision}", .tenant(.shiftRead),
      Operation(
        "getRosterRulesRevision", Text(zh: "排班规则的一个版本", en: "One revision of the roster rules"),
        answer: { RosterRules.fileShape.schema(collecting: &$0) })
    ) { call in
      try await stored(call, services).document(numberedBy: 1, call)
    }
  }

  private static func stored(_ call: Call, _ services: Services) async throws -> [RosterRulesStore.Revision] {
    let tenant = try call.office.tenant
    return try await services.lanes.query(RosterRulesStore.revisions(in: tenant), in: .tenant(tenant.number))
  }

  // MARK: Coverage

  private static func coverage(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/roster/coverage", .tenant(.shiftRead),
      Operation(
        "getCoverage",
        Text(
          zh: "各岗位每一时刻须有与实有人数之差：缺口、谁可补、其余人为何不可",
          en:
            "For every instant the people each post must have against those it has: the gaps, who could fill them, and why the others cannot"
        ),
        query: RosterDesk.dayParameters + [
          .init("contract", Text(zh: "只看此合同", en: "Of this contract only")),
          .init(
            "explain", Text(zh: "至多为多少个空缺班次列出人选，默认 100", en: "For how many open slots at most people are named, 100 unless told"),
            schema: ["type": "integer", "minimum": 0, "maximum": 1000, "default": 100]),
        ], answer: coverageSchema)
    ) { call in
      let query = call.request.target.query
      let days = try RosterDesk.days(query)
      let explained = try explained(query)
      let desk = try await RosterDesk(call, services, of: query["contract"])
      let tenant = try call.office.tenant
      let duty = try await services.lanes.query(ShiftStore.duty(in: days.time, in: tenant), in: .tenant(tenant.number))
      let slots = try desk.wanted(in: days)
      let gaps = Coverage.gaps(between: slots, and: duty.map(\.shift).filter { desk.contracts.contains($0.contract) }, in: days.time)
      let standIns = gaps.isEmpty || explained == 0 ? nil : try await desk.staff(for: days).standIns
      return Response.json(answer(gaps, slots, standIns, explained, days, in: call.language))
    }
  }

  private static func explained(_ query: HTTP.Query) throws -> Int {
    guard let text = query["explain"] else { return 100 }
    guard let count = Int(text), (0...1000).contains(count) else {
      throw Problem.badQuery("explain", Text(zh: "explain 须为 0 到 1000 的整数。", en: "explain must be a whole number from 0 to 1000."))
    }
    return count
  }

  private static func answer(
    _ gaps: [Coverage.Gap], _ slots: [Slot], _ standIns: StandIns?, _ explained: Int, _ days: DateRange, in language: Language
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: 1024 + gaps.count * 512)
    var left = explained
    writer.beginObject()
    writer.key("from")
    writer.date(days.first)
    writer.key("to")
    writer.date(days.last)
    writer.key("missingMinutes")
    writer.integer(gaps.reduce(0) { $0 + $1.minutes * $1.missing })
    writer.key("gaps")
    writer.beginArray()
    for gap in gaps {
      writer.beginObject()
      writer.key("contract")
      writer.string(gap.contract)
      writer.key("post")
      writer.string(gap.post)
      writer.key("from")
      writer.instant(gap.interval.lowerBound)
      writer.key("to")
      writer.instant(gap.interval.upperBound)
      writer.key("required")
      writer.integer(gap.required)
      writer.key("present")
      writer.integer(gap.present)
      writer.key("open")
      writer.beginArray()
      for slot in Coverage.openings(of: gap, in: slots) {
        writer.beginObject()
        writer.members(of: slot)
        writer.key("missing")
        writer.integer(slot.people)
        if let standIns, left > 0 {
          left -= 1
          let (able, hindered) = standIns.judge(slot)
          writer.key("able")
          writer.strings(able)
          writer.key("hindered")
          writer.hindered(hindered, in: language)
        }
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  private static let coverageSchema: Operation.Schematic = { _ in
    let text: JSON = ["type": "string"]
    let time: JSON = ["type": "string", "format": "date-time"]
    let count: JSON = ["type": "integer"]
    let hindered: JSON = [
      "type": "object", "required": ["person", "by", "says"], "properties": ["person": text, "by": text, "says": text],
    ]
    let slot: JSON = [
      "type": "object", "required": ["contract", "post", "pattern", "shift", "from", "to", "missing"],
      "properties": [
        "contract": text, "post": text, "pattern": text, "shift": text, "from": time, "to": time, "missing": count,
        "able": ["type": "array", "items": text], "hindered": ["type": "array", "items": hindered],
      ],
    ]
    let gap: JSON = [
      "type": "object", "required": ["contract", "post", "from", "to", "required", "present", "open"],
      "properties": [
        "contract": text, "post": text, "from": time, "to": time, "required": count, "present": count,
        "open": ["type": "array", "items": slot],
      ],
    ]
    return [
      "type": "object", "required": ["from", "to", "missingMinutes", "gaps"],
      "properties": [
        "from": ["type": "string", "format": "date"], "to": ["type": "string", "format": "date"], "missingMinutes": count,
        "gaps": ["type": "array", "items": gap],
      ],
    ]
  }
}
