// SPDX-License-Identifier: Apache-2.0
import Base

extension ClockExplanation {
  /// Writes the clock as the API shows it: the rule, where it stands, how its end came about, and the sentence for people.
  package func write(to writer: inout JSONWriter, in language: Language) {
    let rule = clock.rule
    writer.beginObject()
    writer.key("rule")
    writer.string(rule.id)
    writer.key("number")
    writer.integer(clock.number)
    writer.key("source")
    writer.string(rule.source.kind.rawValue)
    writer.key("document")
    writer.string(rule.source.code)
    writer.key("revision")
    if rule.source.kind == .contract { writer.integer(rule.source.revision) } else { writer.null() }
    writer.key("clause")
    writer.string(rule.citation.clause)
    writer.key("says")
    writer.string(rule.citation.says[language])
    writer.key("reading")
    if let reading = rule.citation.reading { writer.string(reading[language]) } else { writer.null() }
    writer.key("owner")
    writer.string(rule.owner.rawValue)
    writer.key("to")
    writer.string(rule.to.rawValue)
    writer.key("state")
    writer.string(clock.state.rawValue)
    writeTimes(to: &writer)
    writer.key("explanation")
    writeCourse(to: &writer, in: language)
    writer.endObject()
  }

  private func writeTimes(to writer: inout JSONWriter) {
    func put(_ name: StaticString, _ instant: Instant?) {
      writer.key(name)
      if let instant { writer.instant(instant) } else { writer.null() }
    }
    put("start", clock.started)
    put("due", clock.deadline?.due)
    put("outside", clock.deadline?.outside)
    put("warnAt", clock.deadline?.warning)
    put("endedAt", clock.ended)
    writer.key("lateSeconds")
    if let late { writer.integer(late / 1_000_000) } else { writer.null() }
  }

  private func writeCourse(to writer: inout JSONWriter, in language: Language) {
    writer.beginObject()
    writer.key("from")
    switch clock.rule.start {
    case .event(let event, let asReported):
      writer.string(event.rawValue)
      writer.key("asReported")
      writer.bool(asReported)
    case .state(let state): writer.string(state.rawValue)
    }
    writer.key("limit")
    writer.value(clock.limit.span.json)
    writer.key("time")
    if clock.limit.span.isOfMoments { writer.string(clock.limit.time.rawValue) } else { writer.string("calendar") }
    writer.key("pauses")
    writer.beginArray()
    for pause in clock.pauses {
      writer.beginObject()
      writer.key("state")
      writer.string(pause.state.rawValue)
      writer.key("from")
      writer.instant(pause.from)
      writer.key("to")
      if let to = pause.to { writer.instant(to) } else { writer.null() }
      writer.key("reason")
      writer.string(pause.state.noun[language])
      writer.endObject()
    }
    writer.endArray()
    if let trace { writeSkipped(trace, to: &writer, in: language) }
    if let missingYear {
      writer.key("missingYear")
      writer.integer(missingYear)
    }
    writer.key("text")
    writer.string(text[language])
    writer.endObject()
  }

  /// What was passed over, and why.
  private func writeSkipped(_ trace: ClockTrace, to writer: inout JSONWriter, in language: Language) {
    writer.key("skipped")
    writer.beginArray()
    for gap in trace.offDuty {
      Self.write("\(gap.from)", "\(gap.to)", Text(zh: "非值守时间", en: "off duty"), to: &writer, in: language)
    }
    for days in trace.pausedDays where days.count > 0 {
      Self.write("\(days.range.first)", "\(days.range.last)", Text(zh: "暂停", en: "paused"), to: &writer, in: language)
    }
    for run in trace.notCounted + trace.rolledOver {
      Self.write("\(run.first)", "\(run.last)", run.holiday ?? Text(zh: "周末", en: "weekend"), to: &writer, in: language)
    }
    writer.endArray()
    if let rolledFrom = trace.rolledFrom {
      writer.key("rolledFrom")
      writer.date(rolledFrom)
    }
    if let left = trace.left {
      writer.key("leftSeconds")
      writer.integer(left / 1_000_000)
    }
  }

  private static func write(_ from: String, _ to: String, _ reason: Text, to writer: inout JSONWriter, in language: Language) {
    writer.beginObject()
    writer.key("from")
    writer.string(from)
    writer.key("to")
    writer.string(to)
    writer.key("reason")
    writer.string(reason[language])
    writer.endObject()
  }
}
