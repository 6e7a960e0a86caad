// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Support
import Testing

@testable import Postgres

@Suite("Values", .blockingBriefly)
struct ValueTests {
  /// A value and how PostgreSQL spells it.
  struct Case: Sendable, CustomStringConvertible {
    let bind: Bind
    let type: String
    let spelling: String?

    var description: String { "\(type) \(spelling ?? "NULL")" }
  }

  static let cases: [Case] = [
    Case(bind: .bool(true), type: "boolean", spelling: "true"),
    Case(bind: .int4(.min), type: "integer", spelling: "-2147483648"),
    Case(bind: .int8(.max), type: "bigint", spelling: "9223372036854775807"),
    Case(bind: .text(""), type: "text", spelling: ""),
    Case(bind: .text("接诉即办 'a' \\ \"b\""), type: "text", spelling: "接诉即办 'a' \\ \"b\""),
    Case(bind: .utf8(Array("工单".utf8)), type: "text", spelling: "工单"),
    Case(bind: .bytea([0, 1, 254, 255]), type: "bytea", spelling: "\\x0001feff"),
    Case(
      bind: .uuid(high: 0x0192_a3b4_c5d6_7e8f, low: 0x8123_4567_89ab_cdef), type: "uuid", spelling: "0192a3b4-c5d6-7e8f-8123-456789abcdef"),
    Case(bind: .date(0), type: "date", spelling: "1970-01-01"),
    Case(bind: .date(20_778), type: "date", spelling: "2026-11-21"),
    Case(bind: .date(-1), type: "date", spelling: "1969-12-31"),
    Case(bind: .timestamptz(0), type: "timestamp with time zone", spelling: "1970-01-01 00:00:00+00"),
    Case(bind: .timestamptz(1_795_223_696_123_456), type: "timestamp with time zone", spelling: "2026-11-21 01:14:56.123456+00"),
    Case(bind: .jsonb(Array(#"{"b": [1, null], "a": "工"}"#.utf8)), type: "jsonb", spelling: #"{"a": "工", "b": [1, null]}"#),
    Case(bind: .jsonpath("$.a[*] ? (@ > 1)"), type: "jsonpath", spelling: #"$."a"[*]?(@ > 1)"#),
    Case(bind: .numeric("-12345678901234567890.0100"), type: "numeric", spelling: "-12345678901234567890.0100"),
    Case(bind: .null(.uuid), type: "uuid", spelling: nil),
    Case(bind: .optional(nil as String?, .text) { .text($0) }, type: "text", spelling: nil),
    Case(bind: .optional(5, .int4) { .int4($0) }, type: "integer", spelling: "5"),
    Case(bind: .boolArray([true, nil, false]), type: "boolean[]", spelling: "{t,NULL,f}"),
    Case(bind: .int4Array([]), type: "integer[]", spelling: "{}"),
    Case(bind: .int4Array([1, nil, -3]), type: "integer[]", spelling: "{1,NULL,-3}"),
    Case(bind: .int8Array([.max]), type: "bigint[]", spelling: "{9223372036854775807}"),
    Case(bind: .textArray(["", nil, "a,b", "NULL"]), type: "text[]", spelling: #"{"",NULL,"a,b","NULL"}"#),
    Case(bind: .byteaArray([[], [1]]), type: "bytea[]", spelling: #"{"\\x","\\x01"}"#),
    Case(bind: .uuidArray([(1, 2), nil]), type: "uuid[]", spelling: "{00000000-0000-0001-0000-000000000002,NULL}"),
    Case(bind: .dateArray([0, nil]), type: "date[]", spelling: "{1970-01-01,NULL}"),
    Case(bind: .timestamptzArray([0]), type: "timestamp with time zone[]", spelling: #"{"1970-01-01 00:00:00+00"}"#),
    Case(bind: .jsonbArray([Array("1".utf8), nil]), type: "jsonb[]", spelling: "{1,NULL}"),
  ]

  @Test("a value is the same as itself and as no other; of arrays other than of texts it is not known")
  func sameness() {
    for (number, one) in Self.cases.enumerated() {
      for (place, other) in Self.cases.enumerated() {
        let isKnown =
          switch one.bind {
          case .boolArray, .int4Array, .int8Array, .byteaArray, .uuidArray, .dateArray, .timestamptzArray, .jsonbArray: false
          default: true
          }
        let isOne = one.type == other.type && one.spelling == other.spelling
        #expect(one.bind.isSame(as: other.bind) == (isKnown && isOne), "\(number) \(one) and \(place) \(other)")
      }
    }
    #expect(!Bind.text("e\u{301}").isSame(as: .text("é")) && !Bind.null(.text).isSame(as: .null(.date)))
  }

  @Test("PostgreSQL reads each value as it was meant")
  func written() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      for value in Self.cases {
        // Not prepared twice under one name: the types differ.
        let read = Query<(String, String?)>("SELECT pg_typeof($1)::text, ($1)::text", [value.bind]) { row throws(DecodingFailure) in
          (try row.text(0), try row.optional(1, row.text))
        }
        let answer = try await fixture.lanes.first(read, in: .platform)
        #expect(answer?.0 == value.type)
        #expect(answer?.1 == value.spelling)
      }
    }
  }

  @Test("each value that is sent comes back the same")
  func returned() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      func same<Value: Equatable>(_ value: Value, _ bind: Bind, _ read: (Row) throws -> Value) async throws {
        let rows = try await fixture.lanes.rows(Statement("SELECT $1, NULL", [bind]), in: .platform)
        #expect(try read(rows[0]) == value)
        #expect(!rows[0].isNull(0))
        #expect(rows[0].isNull(1))
      }
      try await same(true, .bool(true)) { try $0.bool(0) }
      try await same(-7, .int4(-7)) { try $0.int32(0) }
      try await same(-7, .int4(-7)) { try $0.int64(0) }
      try await same(.min, .int8(.min)) { try $0.int64(0) }
      try await same("中文", .text("中文")) { try $0.text(0) }
      try await same([1, 0, 255], .bytea([1, 0, 255])) { try $0.bytea(0) }
      try await same([1, 2], .uuid(high: 1, low: 2)) { row in [try row.uuid(0).high, try row.uuid(0).low] }
      try await same(-40_000, .date(-40_000)) { try $0.date(0) }
      try await same(-1, .timestamptz(-1)) { try $0.timestampMicroseconds(0) }
      try await same(Array("[1, 2]".utf8), .jsonb(Array("[1,2]".utf8))) { Array(try $0.jsonBytes(0)) }
      try await same([nil, true], .boolArray([nil, true])) { try $0.boolArray(0) }
      try await same([], .int4Array([])) { try $0.int32Array(0) }
      try await same([1, nil], .int4Array([1, nil])) { try $0.int32Array(0) }
      try await same([nil, .min], .int8Array([nil, .min])) { try $0.int64Array(0) }
      try await same(["", nil, "x"], .textArray(["", nil, "x"])) { try $0.textArray(0) }
      try await same([[], nil, [9]], .byteaArray([[], nil, [9]])) { try $0.byteaArray(0) }
      try await same([3, nil], .uuidArray([(3, 4), nil])) { try $0.uuidArray(0).map { $0?.high } }
      try await same([-1, nil], .dateArray([-1, nil])) { try $0.dateArray(0) }
      try await same([-1, nil], .timestamptzArray([-1, nil])) { try $0.timestampMicrosecondsArray(0) }
      try await same([Array("{}".utf8), nil], .jsonbArray([Array("{}".utf8), nil])) { try $0.jsonArray(0) }
    }
  }

  @Test(
    "a numeric is read with all its digits",
    arguments: [
      "0", "0.00", "1", "-1", "10000", "100000000", "9999", "0.0001", "0.00001", "123456.789", "-0.5", "419750.00", "1e20",
      "12345.6789012345",
      "100000000000000000000.000000001",
    ])
  func numeric(spelling: String) async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      let query = Query<(String, String)>("SELECT $1, ($1)::text", [.numeric(spelling)]) { row throws(DecodingFailure) in
        (try row.numeric(0), try row.text(1))
      }
      let answer = try #require(try await fixture.lanes.first(query, in: .platform))
      #expect(answer.0 == answer.1)
    }
  }

  @Test("rows of many columns can be made from arrays in one statement")
  func unnest() async throws {
    try await Fixture.with(schema: "CREATE TABLE thing (id uuid, name text, day date, fen int8)") { (fixture: Fixture) async throws in
      let count = 5000
      let insert = Statement(
        "INSERT INTO thing SELECT * FROM unnest($1::uuid[], $2::text[], $3::date[], $4::int8[])",
        [
          .uuidArray((0..<count).map { (0, UInt64($0)) }), .textArray((0..<count).map { $0 % 7 == 0 ? nil : "n\($0)" }),
          .dateArray((0..<count).map { Int32($0) }), .int8Array((0..<count).map { Int64($0) }),
        ])
      #expect(try await fixture.lanes.rows(insert, in: .tenant(1), .write).affected == count)
      #expect(
        try await fixture.number("SELECT sum(fen)::int8 FROM thing WHERE name IS NOT NULL") == (0..<5000).filter { $0 % 7 > 0 }.reduce(0, +)
      )
    }
  }

  @Test("a value of another kind than expected is an error that names the column")
  func refused() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      let rows = try await fixture.lanes.rows(
        Statement("SELECT 1::int4, NULL::text, 'NaN'::numeric, ARRAY[[1]]::int4[], 'x'::text"), in: .platform)
      let row = rows[0]
      #expect(throws: DecodingFailure.type(column: 0, found: .int4)) { try row.text(0) }
      #expect(throws: DecodingFailure.type(column: 0, found: .int4)) { try row.uuid(0) }
      #expect(throws: DecodingFailure.null(column: 1)) { try row.text(1) }
      #expect(throws: DecodingFailure.value(column: 2)) { try row.numeric(2) }
      #expect(throws: DecodingFailure.value(column: 3)) { try row.int32Array(3) }
      #expect(throws: DecodingFailure.type(column: 4, found: .text)) { try row.int64(4) }
      let several = Query<Int32>("SELECT generate_series(1, 2)") { row throws(DecodingFailure) in try row.int32(0) }
      await #expect(throws: PostgresError.decoding(.rowCount(2))) { try await fixture.lanes.first(several, in: .platform) }
      #expect(try await fixture.lanes.query(several, in: .platform) == [1, 2])
    }
  }

  @Test("literals that are put together are one text, wherever they are put together")
  func composed() {
    let columns: SQL = "a, b"
    func make() -> SQL { "SELECT \(columns) FROM thing" }
    #expect(make() == make())
    #expect(make().description == "SELECT a, b FROM thing")
    #expect(Set([make(), make(), columns]).count == 2)
  }

  @Test("a queue gives back what it took, in order, however it grows")
  func ring() {
    var ring = Ring<Int>()
    var model: [Int] = []
    for step in 0..<20_000 {
      // A walk that mostly grows, then mostly shrinks.
      if step * 7919 % 10 < (step < 10_000 ? 7 : 3) {
        ring.append(step)
        model.append(step)
      } else {
        #expect(ring.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
      }
      guard ring.count == model.count, ring.first == model.first else {
        Issue.record("they differ after step \(step)")
        return
      }
    }
    #expect(ring.removeAll() == model)
    #expect(ring.isEmpty)
  }
}
