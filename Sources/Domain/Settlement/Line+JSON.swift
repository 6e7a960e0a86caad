// SPDX-License-Identifier: Apache-2.0
import Base

extension Line {
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("kind")
    writer.string(kind.rawValue)
    writer.key("rule")
    writer.string(rule)
    writer.members(of: citation)
    writer.key("formula")
    writer.text(formula)
    if let basis {
      writer.key("basis")
      writer.beginObject()
      writer.key("of")
      writer.string(basis.basis.rawValue)
      writer.key("name")
      writer.text(basis.basis.name)
      writer.key("amount")
      writer.exact(basis.amount)
      writer.endObject()
    }
    if let quantity {
      writer.key("quantity")
      writer.beginObject()
      writer.key("value")
      writer.string(Words.number(quantity))
      writer.key("exact")
      writer.string(quantity.fraction)
      if let unit {
        writer.key("unit")
        writer.text(unit)
      }
      writer.endObject()
    }
    if let rate {
      writer.key("rate")
      writer.string(rate)
    }
    writer.key("bounds")
    writer.beginArray()
    for bound in bounds {
      writer.beginObject()
      writer.key("end")
      writer.string(bound.isCeiling ? "ceiling" : "floor")
      writer.key("limit")
      writer.exact(bound.limit)
      writer.key("words")
      writer.text(bound.words)
      writer.endObject()
    }
    writer.endArray()
    writer.key("unrounded")
    writer.exact(unrounded)
    writer.key("amount")
    writer.fen(amount)
    if let owedBy {
      writer.key("owedBy")
      writer.string(owedBy.rawValue)
    }
    writer.key("facts")
    writer.identities(facts)
    writer.key("revision")
    writer.integer(revision)
    writer.key("day")
    writer.date(day)
    if let correction {
      writer.key("corrects")
      writer.beginObject()
      writer.key("payment")
      writer.string(correction.payment)
      writer.key("name")
      writer.text(correction.name)
      writer.endObject()
    }
    writer.endObject()
  }
}
