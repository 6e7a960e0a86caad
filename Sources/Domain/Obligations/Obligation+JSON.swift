// SPDX-License-Identifier: Apache-2.0
import Base

extension Obligation {
  /// Writes the members, sentences in both languages, without braces, so that whoever lists several contracts can say whose it is.
  ///
  /// - Parameter day: to which what is late is counted.
  package func writeMembers(on day: CivilDate, to writer: inout JSONWriter) {
    writer.key("id")
    writer.string(id)
    writer.key("kind")
    writer.string(kind.rawValue)
    writer.key("item")
    writer.string(item)
    writer.key("bearer")
    writer.string(bearer.rawValue)
    writer.key("state")
    writer.string(state.rawValue)
    writer.members(of: citation)
    writer.key("revision")
    writer.integer(revision)
    if let payment {
      writer.key("payment")
      writer.string(payment)
    }
    if let subject {
      writer.key("subject")
      writer.string(subject)
    }
    writer.key("due")
    if let due { due.write(to: &writer) } else { writer.null() }
    writer.key("satisfiedBy")
    writer.texts(doneBy)
    writer.key("missing")
    writer.texts(missing)
    writer.key("deems")
    if let deems { writer.text(deems) } else { writer.null() }
    writer.key("consequences")
    writer.beginArray()
    for consequence in consequences {
      writer.beginObject()
      writer.key("rule")
      writer.string(consequence.rule)
      writer.members(of: consequence.citation)
      writer.endObject()
    }
    writer.endArray()
    if let money {
      writer.key("payable")
      writer.fen(money.payable)
      writer.key("paid")
      writer.fen(money.paid)
    }
    writer.key("done")
    if let done {
      writer.beginObject()
      writer.key("on")
      writer.date(done.day)
      writer.key("facts")
      writer.identities(done.facts)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.key("daysLate")
    writer.integer(state == .missed ? daysLate(on: day) : 0)
    writer.key("waiver")
    if let waiver { writer.string("\(waiver)") } else { writer.null() }
  }
}

extension JSONWriter {
  fileprivate mutating func texts(_ texts: [Text]) {
    beginArray()
    for text in texts { self.text(text) }
    endArray()
  }
}
