// SPDX-License-Identifier: Apache-2.0
import Base

extension StatementSnapshot.Document {
  static let shape: Shape<Self> = .object(
    Field("name", .string(minLength: 1, maxLength: 64)), Field("revision", .integer(1...1_000_000)),
    Field("sha256", .string(minLength: 64, maxLength: 64))
  ) { Self(name: $0, revision: $1, sha256: $2) }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("name")
    writer.string(name)
    writer.key("revision")
    writer.integer(revision)
    writer.key("sha256")
    writer.string(sha256)
    writer.endObject()
  }
}

extension StatementSnapshot.Year {
  static let shape: Shape<Self> = .object(
    Field("days", CalendarYear.shape), Field("sha256", .string(minLength: 64, maxLength: 64))
  ) { Self(year: $0, sha256: $1) }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("days")
    year.write(to: &writer)
    writer.key("sha256")
    writer.string(sha256)
    writer.endObject()
  }
}

extension StatementSnapshot.Inputs {
  static let shape: Shape<Self> = .object(
    Field("facts", .array(of: Fact.shape, max: 1_000_000)),
    Field("papers", .array(of: StatementSnapshot.Document.shape, min: 1, max: 1000)),
    Field("calendar", .array(of: StatementSnapshot.Year.shape, max: 2000)),
    Field("packs", .array(of: StatementSnapshot.Document.shape, max: 10_000)),
    Field("confirmed", .array(of: ConfirmedStatement.shape, max: 10_000))
  ) { Self(facts: $0, papers: $1, calendar: $2, packs: $3, confirmed: $4) }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("facts")
    writer.beginArray()
    for fact in facts { fact.write(to: &writer) }
    writer.endArray()
    writer.key("papers")
    writer.beginArray()
    for paper in papers { paper.write(to: &writer) }
    writer.endArray()
    writer.key("calendar")
    writer.beginArray()
    for year in calendar { year.write(to: &writer) }
    writer.endArray()
    writer.key("packs")
    writer.beginArray()
    for pack in packs { pack.write(to: &writer) }
    writer.endArray()
    writer.key("confirmed")
    writer.beginArray()
    for statement in confirmed { statement.write(to: &writer) }
    writer.endArray()
    writer.endObject()
  }
}

extension StatementSnapshot {
  /// Its own form, version 1.
  package static let shape: Shape<StatementSnapshot> = .object(
    "statementSnapshot", about: Text(zh: "确认时冻结的结算单及其依据。", en: "A statement as it was confirmed, and what it was computed from."),
    Field("format", .integer(1...1)), Field("contract", .code), Field("payment", .string(minLength: 1, maxLength: 200)),
    Field("asOf", .date), Field("inputs", Inputs.shape), Field("statement", .any)
  ) { (_: Int, contract, payment, asOf, inputs, statement) in
    StatementSnapshot(contract: contract, payment: payment, asOf: asOf, inputs: inputs, statement: statement)
  }

  package var json: JSON {
    var writer = JSONWriter(capacity: 1 << 16)
    writer.beginObject()
    writer.key("format")
    writer.integer(Self.format)
    writer.key("contract")
    writer.string(contract)
    writer.key("payment")
    writer.string(payment)
    writer.key("asOf")
    writer.date(asOf)
    writer.key("inputs")
    inputs.write(to: &writer)
    writer.key("statement")
    writer.value(statement)
    writer.endObject()
    // What we have written is JSON.
    return (try? JSON.parse(writer.bytes)) ?? .null
  }
}
