// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

/// A small contract language with everything a shape can do in it.
enum Sample {
  enum Event: String, CaseIterable { case signed, effective, invoiceReceived }

  struct Item: Equatable {
    var id: String
    var says: Text?
  }

  static let item = Field.group(Field("id", .code), Field(optional: "says", Text.shape)) { Item(id: $0, says: $1) }

  indirect enum Due: Equatable {
    case by(CivilDate)
    case after([Event], days: Int)
    case earliest([Due])
    case latest([Due])

    static let shape: Shape<Due> = .oneOf(
      "due", about: Text(zh: "到期日。", en: "When it is due."),
      Alternative("by", .date) { .by($0) },
      Alternative("after", Field("after", .array(of: .enumeration(Event.self), min: 1)), Field("days", .integer(0...3660))) {
        .after($0, days: $1)
      },
      Alternative("earliest", .array(of: .reference(Due.shape), min: 2)) { .earliest($0) },
      Alternative("latest", .array(of: .reference(Due.shape), min: 2)) { .latest($0) })
  }

  enum Amount: Equatable {
    case fixed(Fen)
    case share(Share, of: String)

    static let field = Field<Amount>.oneOf(
      Alternative("fixed", .fen) { .fixed($0) },
      Alternative("share", Field("share", .share), Field("of", .enumeration([("total", "total"), ("period", "period")]))) {
        .share($0, of: $1)
      })
  }

  struct Payment: Equatable {
    var item: Item
    var amount: Amount
    var due: Due?
    var isLast: Bool
    var needs: [Event]

    static let shape: Shape<Payment> = .object(
      "payment", Sample.item, Amount.field, Field(optional: "due", Due.shape), Field("last", .bool, default: false),
      Field("needs", .array(of: .enumeration()), default: [])
    ) { Payment(item: $0, amount: $1, due: $2, isLast: $3, needs: $4) }
  }

  enum Mark: Equatable {
    case incident(String, Fen?)
    case grade(Int)

    static let shape: Shape<Mark> = .object(
      "mark",
      .tagged(
        by: "kind", Alternative("incident", Field("rule", .code), Field(optional: "amount", .fen)) { .incident($0, $1) },
        Alternative("grade", Field("value", .integer(1...5))) { .grade($0) }))
  }

  enum Measure: Equatable {
    case always
    case score(Rational)

    static let shape: Shape<Measure> = .either(
      .constant("always", .always), .object(Field("score", .decimal(places: 3))) { .score($0) })
  }

  struct Contract: Equatable {
    var total: Fen
    var payments: [Payment]
    var grades: OrderedMap<Fen>
    var marks: [Mark]
    var measure: Measure?

    static let shape: Shape<Contract> = .object(
      "contract", about: Text(zh: "合同。", en: "A contract."), Field("total", .fen(Fen(0)...Fen(100_000_000))),
      Field("payments", .array(of: Payment.shape, min: 1, uniqueBy: "id") { $0.item.id }),
      Field("grades", .map(keys: .string(minLength: 1, maxLength: 10), of: .fen), default: [:]),
      Field("marks", .array(of: Mark.shape), default: []), Field(optional: "measure", Measure.shape)
    ) { Contract(total: $0, payments: $1, grades: $2, marks: $3, measure: $4) }
  }
}

@Suite("Shape")
struct ShapeTests {
  private func faults<Value>(_ shape: Shape<Value>, _ text: String) -> [String] {
    switch shape.decode(bytes: Array(text.utf8)) {
    case .success: []
    case .failure(let faults): faults.list.map { "\($0.code) \($0.pointer)" }
    }
  }

  @Test("a document of every construct is read")
  func everything() throws {
    let text = """
      {"total": "575610.00", "measure": {"score": "71.666"},
       "payments": [
         {"id": "first", "share": "30%", "of": "total", "due": {"by": "2019-10-10"}, "says": {"zh": "首款", "en": "first"}},
         {"id": "last", "fixed": "57561.00", "last": true, "needs": ["signed"],
          "due": {"earliest": [{"by": "2020-10-31"}, {"latest": [{"after": ["invoiceReceived"], "days": 10}, {"by": "2020-10-01"}]}]}}],
       "grades": {"优秀": "30000.00", "差": "-10000.00"},
       "marks": [{"kind": "incident", "rule": "late"}, {"value": 3, "kind": "grade"}]}
      """
    let contract = try Sample.Contract.shape.decode(bytes: Array(text.utf8)).get()
    #expect(contract.total == Fen(57_561_000))
    #expect(contract.payments[0].item == .init(id: "first", says: Text(zh: "首款", en: "first")))
    #expect(contract.payments[0].amount == .share(.percent(30), of: "total"))
    #expect(contract.payments[0].isLast == false && contract.payments[0].needs == [])
    #expect(
      contract.payments[1].due
        == .earliest([.by(try date("2020-10-31")), .latest([.after([.invoiceReceived], days: 10), .by(try date("2020-10-01"))])]))
    #expect(contract.grades.names == ["优秀", "差"] && contract.grades["差"] == Fen(-1_000_000))
    #expect(contract.marks == [.incident("late", nil), .grade(3)])
    #expect(contract.measure == .score(Rational(decimal: "71.666")!))
  }

  @Test("all faults of a document are found at once, each with its pointer and code")
  func allFaults() {
    let text = """
      {"totl": "1.00", "measure": "never",
       "payments": [
         {"id": "First!", "share": "30", "of": "totale", "due": {"by": "2019-02-30"}},
         {"id": "a", "fixed": 5, "share": "1%", "due": {"earliest": [{"by": "2020-10-31"}]}},
         {"id": "a", "of": "total", "due": {"earliest": [{"after": [], "days": 1.5}, {"afer": ["signed"]}, []]}, "last": "yes"},
         {"id": "b", "fixed": "1.00", "of": "total", "due": {"after": ["signd"], "days": 4000}, "needs": null}],
       "grades": {"": "1.00", "好": "1.001"},
       "marks": [{"kind": "incident", "value": 1}, {"kind": "party"}, {"rule": "late"}, {"kind": "grade", "value": 6, "a/b": 0}]}
      """
    #expect(
      faults(Sample.Contract.shape, text) == [
        "missing-member /total", "bad-format /payments/0/id", "bad-format /payments/0/share", "not-in-list /payments/0/of",
        "bad-format /payments/0/due/by", "conflicting-members /payments/1", "wrong-count /payments/1/due/earliest",
        "missing-alternative /payments/2", "wrong-count /payments/2/due/earliest/0/after", "wrong-type /payments/2/due/earliest/0/days",
        "missing-alternative /payments/2/due/earliest/1", "unknown-member /payments/2/due/earliest/1/afer",
        "wrong-type /payments/2/due/earliest/2", "wrong-type /payments/2/last", "not-in-list /payments/3/due/after/0",
        "out-of-range /payments/3/due/days", "wrong-type /payments/3/needs", "unknown-member /payments/3/of", "wrong-length /grades/",
        "bad-format /grades/好", "missing-member /marks/0/rule", "unknown-member /marks/0/value", "not-in-list /marks/1/kind",
        "missing-member /marks/2/kind", "out-of-range /marks/3/value", "unknown-member /marks/3/a~1b", "not-in-list /measure",
        "unknown-member /totl",
      ])
  }

  @Test("rules beyond the schema are told where they belong")
  func refinements() {
    let payments = #"{"total":"1.00","payments":[{"id":"a","fixed":"1"},{"id":"b","fixed":"1"},{"id":"a","fixed":"1"}]}"#
    #expect(faults(Sample.Contract.shape, payments) == ["duplicate /payments/2/id"])
    #expect(faults(Sample.Contract.shape, #"{"total":"1000000.01","payments":[{"id":"a","fixed":"1"}]}"#) == ["out-of-range /total"])
    let even = Shape<[Int]>.array(of: .integer(0...9)).convert { numbers -> Result<Int, Fault> in
      let odd = numbers.firstIndex { !$0.isMultiple(of: 2) }
      return odd.map { .failure(Fault(pointer: "/\($0)", code: "odd", detail: Text(zh: "奇数", en: "odd"))) }
        ?? .success(numbers.reduce(0, +))
    }
    #expect(even.decode([2, 4]) == .success(6))
    #expect(faults(.object(Field("n", even)) { $0 }, #"{"n":[2,3]}"#) == ["odd /n/1"])
  }

  @Test("an unknown name is answered with what was probably meant and with what is known, in both languages")
  func hints() throws {
    let text = #"{"total":"1.00","payments":[{"id":"a","fixed":"1","neds":[]}]}"#
    guard case .failure(let faults) = Sample.Contract.shape.decode(bytes: Array(text.utf8)) else {
      Issue.record("must be refused")
      return
    }
    #expect(
      faults.list.map(\.detail) == [
        Text(
          zh: "没有名为“neds”的成员。您是否想写“needs”？可用：id、says、fixed、due、last、needs。",
          en: "There is no member “neds” here. Did you mean “needs”? Known: id, says, fixed, due, last, needs.")
      ])
    #expect(NearestName.to("invoiceRecieved", among: ["signed", "invoiceReceived"]) == "invoiceReceived")
    #expect(NearestName.to("x", among: ["signed", "y"]) == "y")
    #expect(NearestName.to("completely", among: ["different"]) == nil)
    #expect(NearestName.to("", among: ["different"]) == nil)
    #expect(NearestName.to("Total", among: ["total"]) == "total")
  }

  @Test("bytes that are no JSON are one fault with their place")
  func badJSON() {
    #expect(faults(Sample.Contract.shape, "{") == ["bad-json "])
  }

  @Test("no more than a hundred faults are told")
  func faultLimit() {
    let many = "[" + Array(repeating: "0", count: 5000).joined(separator: ",") + "]"
    #expect(faults(.array(of: .bool), many).count == 100)
  }

  @Test("null is none only where a shape says so")
  func null() {
    #expect(Shape.object(Field("a", Shape.bool.nullable)) { $0 }.decode(["a": nil]) == .success(nil))
    #expect(faults(.object(Field(optional: "a", .bool)) { $0 }, #"{"a":null}"#) == ["wrong-type /a"])
  }

  @Test("strings are counted in code points and never hold NUL")
  func strings() {
    let shape = Shape.string(minLength: 2, maxLength: 3)
    #expect(shape.decode("房山区") == .success("房山区"))
    #expect(shape.decode("𝄞𝄞𝄞") == .success("𝄞𝄞𝄞"))
    #expect(faults(shape, "\"房\"") == ["wrong-length "])
    for blank in ["  ", "　　", "\\n\\t", "\u{A0} "] { #expect(faults(shape, "\"\(blank)\"") == ["blank "]) }
    #expect(faults(shape, "\" 房\"").isEmpty && faults(.string(maxLength: 3), "\"  \"").isEmpty)
    #expect(faults(shape, "\"abcd\"") == ["wrong-length "])
    #expect(faults(shape, #""a\u0000""#) == ["bad-format "])
    #expect(faults(.code, "\"-a\"") == ["bad-format "])
    #expect(faults(.code, "\"\"") == ["wrong-length "])
  }

  @Test("integers are plain and within their type", arguments: ["1.0", "1e2", "\"1\"", "128", "-129", "99999999999999999999"])
  func integers(_ text: String) {
    #expect(faults(Shape<Int8>.integer(.min ... .max), text).count == 1)
  }

  @Test("the schema defines each named shape once and refers to it, also from inside itself")
  func schema() throws {
    let schema = Sample.Contract.shape.schema(in: .en)
    #expect(schema["$ref"] == "#/$defs/contract")
    let definitions = try #require(schema["$defs"]?.object)
    #expect(definitions.names == ["contract", "payment", "text", "due", "mark"])
    #expect(definitions["contract"]?["description"] == "A contract.")
    #expect(definitions["contract"]?["required"] == ["total", "payments"])
    #expect(definitions["contract"]?["additionalProperties"] == false)
    #expect(definitions["payment"]?["unevaluatedProperties"] == false)
    #expect(definitions["payment"]?["properties"]?["last"] == ["type": "boolean", "default": false])
    #expect(definitions["due"]?["oneOf"]?[2]?["properties"]?["earliest"]?["items"] == ["$ref": "#/$defs/due"])
    #expect(definitions["mark"]?["oneOf"]?[1]?["properties"]?["kind"] == ["const": "grade"])
    #expect(Sample.Contract.shape.schema.value(at: "/$defs/contract/description") == "合同。\nA contract.")
  }

  @Test("two values under one name are noticed")
  func conflicts() {
    var definitions = SchemaDefinitions(prefix: "#/components/schemas/", language: .zh)
    let pair = Shape.object(Field("a", Shape.bool.named("x")), Field("b", Shape.date.named("x"))) { a, b in a }
    #expect(pair.schema(collecting: &definitions)["properties"]?["a"] == ["$ref": "#/components/schemas/x"])
    #expect(definitions.conflicts == ["x"])
  }
}
