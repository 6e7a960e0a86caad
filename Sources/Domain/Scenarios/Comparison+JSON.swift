// SPDX-License-Identifier: Apache-2.0
import Base

extension Comparison {
  /// Writes the comparison, its sentences in both languages: totals, what differs payment by payment and line by line, rights, and both
  /// sides' statements whole.
  package func write(to writer: inout JSONWriter) throws(ArithmeticError) {
    writer.beginObject()
    writer.key("asOf")
    writer.date(asOf)
    writer.key("assumed")
    writer.beginArray()
    for fact in assumed { fact.write(to: &writer) }
    writer.endArray()
    writer.key("payable")
    try writer.sides(payable())
    writer.key("claimed")
    try writer.sides(claimed())
    writer.key("payments")
    writer.beginArray()
    for payment in payments { try payment.write(to: &writer) }
    writer.endArray()
    writer.key("claims")
    writer.beginArray()
    for payment in payments {
      for line in payment.lines where line.section == .claims { try line.write(to: &writer, payment: payment.payment.id) }
    }
    writer.endArray()
    writer.key("corrections")
    writer.beginArray()
    for line in corrections { try line.write(to: &writer, payment: nil) }
    writer.endArray()
    writer.key("rights")
    writer.beginObject()
    for (name, rights) in [("opened" as StaticString, opened), ("closed", closed)] {
      writer.key(name)
      writer.beginArray()
      for right in rights { right.write(to: &writer) }
      writer.endArray()
    }
    writer.endObject()
    writer.key("pending")
    writer.beginArray()
    for item in pending { item.write(to: &writer) }
    writer.endArray()
    writer.key("statements")
    writer.beginObject()
    for (name, statements) in [("without" as StaticString, without), ("with", with)] {
      writer.key(name)
      writer.beginArray()
      for statement in statements { statement.write(to: &writer) }
      writer.endArray()
    }
    writer.endObject()
    writer.endObject()
  }
}

extension Comparison.PaymentChange {
  fileprivate func write(to writer: inout JSONWriter) throws(ArithmeticError) {
    writer.beginObject()
    writer.key("payment")
    writer.string(payment.id)
    writer.key("name")
    writer.text(payment.name)
    writer.key("changed")
    writer.bool(!isSame)
    writer.key("payable")
    try writer.sides((without?.payable ?? .zero, with?.payable ?? .zero))
    writer.key("claimed")
    try writer.sides((without?.claimed ?? .zero, with?.claimed ?? .zero))
    writer.key("due")
    writer.beginObject()
    for (name, statement) in [("without" as StaticString, without), ("with", with)] {
      writer.key(name)
      if let statement { statement.due.write(to: &writer) } else { writer.null() }
    }
    writer.endObject()
    writer.key("lines")
    writer.beginArray()
    for line in lines { try line.write(to: &writer, payment: nil) }
    writer.endArray()
    writer.endObject()
  }
}

extension Comparison.LineChange {
  /// What speaks for it: the line with the assumptions, or the one that falls away.
  var line: Line? { with ?? without }

  fileprivate func write(to writer: inout JSONWriter, payment: String?) throws(ArithmeticError) {
    writer.beginObject()
    if let payment {
      writer.key("payment")
      writer.string(payment)
    }
    writer.key("section")
    writer.string(section.rawValue)
    if let line {
      writer.key("kind")
      writer.string(line.kind.rawValue)
      writer.key("rule")
      writer.string(line.rule)
      writer.members(of: line.citation)
    }
    writer.key("amount")
    try writer.sides((without?.amount ?? .zero, with?.amount ?? .zero))
    for (name, line) in [("without" as StaticString, without), ("with", with)] {
      writer.key(name)
      if let line { line.write(to: &writer) } else { writer.null() }
    }
    writer.endObject()
  }
}

extension JSONWriter {
  /// `{"without": …, "with": …, "difference": …}`
  fileprivate mutating func sides(_ amounts: (without: Fen, with: Fen)) throws(ArithmeticError) {
    beginObject()
    key("without")
    fen(amounts.without)
    key("with")
    fen(amounts.with)
    key("difference")
    fen(try amounts.with - amounts.without)
    endObject()
  }
}
