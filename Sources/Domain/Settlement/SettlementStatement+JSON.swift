// SPDX-License-Identifier: Apache-2.0
import Base

extension JSONWriter {
  /// Writes `{"zh": …, "en": …}`.
  mutating func text(_ text: Text) {
    beginObject()
    key("zh")
    string(text.zh)
    key("en")
    string(text.en)
    endObject()
  }

  mutating func identities(_ ids: [UUIDv7]) {
    beginArray()
    for id in ids { string(id.description) }
    endArray()
  }

  /// Writes `clause`, `says` and `reading`.
  mutating func members(of citation: Citation) {
    key("clause")
    string(citation.clause)
    key("says")
    text(citation.says)
    if let reading = citation.reading {
      key("reading")
      text(reading)
    }
  }

  /// Writes an amount before its rounding: `{"yuan": "833.33…", "exact": "2500/3"}`.
  mutating func exact(_ amount: ExactAmount) {
    beginObject()
    key("yuan")
    string(amount.yuan)
    key("exact")
    string(amount.yuanFraction)
    endObject()
  }
}

extension SettlementStatement {
  /// Writes the whole statement, its sentences in both languages, so that what is kept of it needs no reader's language.
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("contract")
    writer.string(contract)
    writer.key("title")
    writer.text(title)
    writer.key("office")
    writer.string(office)
    writer.key("vendor")
    writer.string(vendor)
    writer.key("payment")
    write(payment, to: &writer)
    writer.key("asOf")
    writer.date(asOf)
    writer.key("definitive")
    writer.bool(isDefinitive)
    writer.key("lines")
    write(lines, to: &writer)
    writer.key("payable")
    writer.fen(payable)
    writer.key("payableCapitals")
    writer.string(CapitalNumerals.text(payable))
    writer.key("due")
    due.write(to: &writer)
    writer.key("paid")
    writer.fen(paid)
    writer.key("unpaid")
    writer.fen(unpaid)
    writer.key("carriedOut")
    writer.fen(carriedOut)
    writer.key("retained")
    writer.fen(retained)
    writer.key("claims")
    write(claims, to: &writer)
    writer.key("claimed")
    writer.fen(claimed)
    writer.key("rights")
    writer.beginArray()
    for right in rights { right.write(to: &writer) }
    writer.endArray()
    writer.key("pending")
    writer.beginArray()
    for item in pending { item.write(to: &writer) }
    writer.endArray()
    writer.key("revisions")
    writer.beginArray()
    for revision in revisions { revision.write(to: &writer) }
    writer.endArray()
    writer.endObject()
  }

  private func write(_ payment: ScheduledPayment, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.string(payment.id)
    writer.key("name")
    writer.text(payment.name)
    if let period = payment.period {
      writer.key("from")
      writer.date(period.first)
      writer.key("to")
      writer.date(period.last)
    }
    writer.key("revision")
    writer.integer(payment.revision)
    writer.endObject()
  }

  private func write(_ lines: [Line], to writer: inout JSONWriter) {
    writer.beginArray()
    for line in lines { line.write(to: &writer) }
    writer.endArray()
  }
}

extension SettlementStatement.Due {
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("kind")
    switch self {
    case .by(let due):
      writer.string("by")
      writer.key("date")
      writer.date(due.lastDay)
      writer.key("end")
      writer.instant(due.end)
      writer.key("explanation")
      writer.text(due.explanation)
      writer.key("steps")
      writer.beginArray()
      for step in due.steps { writer.step(step) }
      writer.endArray()
      writer.key("facts")
      writer.identities(due.facts)
    case .from(let day, let explanation):
      writer.string("from")
      writer.key("date")
      writer.date(day)
      writer.key("explanation")
      writer.text(explanation)
    case .waiting(let events):
      writer.string("waiting")
      writer.key("for")
      writer.beginArray()
      for event in events { writer.text(event) }
      writer.endArray()
    case .unknown(let explanation):
      writer.string("unknown")
      writer.key("explanation")
      writer.text(explanation)
    }
    writer.endObject()
  }
}

extension JSONWriter {
  /// Writes how one deadline was counted, its reasons in both languages.
  fileprivate mutating func step(_ step: DeadlineExplanation) {
    beginObject()
    switch step.basis {
    case .day(let day): origin("day", day, nil)
    case .afterDay(let day, let span): origin("after", day, span)
    case .beforeDay(let day, let span): origin("before", day, span)
    case .afterMoment(let moment, let span): origin("after", moment.date, span)
    case .beforeMoment(let moment, let span): origin("before", moment.date, span)
    }
    key("notCounted")
    days(step.notCounted)
    key("madeUp")
    beginArray()
    for day in step.madeUp { date(day) }
    endArray()
    if let rolledFrom = step.rolledFrom {
      key("rolledFrom")
      date(rolledFrom)
      key("rolledOver")
      days(step.rolledOver)
    }
    key("lastDay")
    date(step.lastDay)
    endObject()
  }

  private mutating func origin(_ basis: String, _ day: CivilDate, _ span: Span?) {
    key("basis")
    string(basis)
    key("from")
    date(day)
    if let span {
      key("span")
      value(span.json)
    }
  }

  private mutating func days(_ runs: [DaysOff]) {
    beginArray()
    for run in runs {
      beginObject()
      key("from")
      date(run.first)
      key("to")
      date(run.last)
      key("reason")
      text(run.holiday ?? Text(zh: "周末", en: "weekend"))
      endObject()
    }
    endArray()
  }
}

extension ArisenRight {
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("rule")
    writer.string(rule)
    writer.members(of: citation)
    writer.key("holders")
    writer.beginArray()
    for holder in holders { writer.string(holder.rawValue) }
    writer.endArray()
    writer.key("right")
    writer.string(act.rawValue)
    writer.key("since")
    writer.date(since)
    if let notice {
      writer.key("notice")
      writer.value(notice.json)
    }
    writer.key("explanation")
    writer.text(explanation)
    writer.key("facts")
    writer.identities(facts)
    writer.key("revision")
    writer.integer(revision)
    writer.endObject()
  }
}

extension Pending {
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("code")
    writer.string(code)
    if let rule {
      writer.key("rule")
      writer.string(rule)
    }
    writer.key("text")
    writer.text(text)
    writer.endObject()
  }
}

extension ContractDocument.Revision {
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("kind")
    writer.string(kind.rawValue)
    writer.key("effectiveFrom")
    writer.date(effectiveFrom)
    writer.members(of: citation)
    writer.endObject()
  }
}
