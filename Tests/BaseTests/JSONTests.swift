// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

@Suite("JSON")
struct JSONTests {
  @Test(
    "a text that RFC 8259 allows is read and written back the same",
    arguments: [
      "null", "true", "false", "0", "-0", "-12.50e+3", "1E400", "\"\"", "\"房山\"", "[]", "{}", "[[],{}]",
      #"{"b":1,"a":[true,null,"x"],"":0}"#, #""\"\\\b\f\n\r\t\u0001""#, "\"𝄞\"", "12345678901234567890.12345678901234567890",
    ])
  func roundTrip(_ text: String) throws {
    #expect(String(decoding: try JSON.parse(text).bytes, as: UTF8.self) == text)
  }

  @Test("escapes stand for their characters, surrogate pairs for one")
  func escapes() throws {
    #expect(try JSON.parse(#""a\/\u0041\u00e9\u623F\ud834\udd1e\u0000z""#) == .string("a/Aé房𝄞\u{0}z"))
  }

  @Test(
    "a text that RFC 8259 refuses is refused with its reason and place",
    arguments: [
      ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("\u{FEFF}1", .byteOrderMark, 0), ("01", .badNumber, 1), ("-", .badNumber, 1),
      ("1.", .badNumber, 2), ("1e", .badNumber, 2), ("1e+", .badNumber, 3), (".5", .unexpectedByte, 0), ("+1", .unexpectedByte, 0),
      ("NaN", .unexpectedByte, 0), ("nul", .unexpectedEnd, 3), ("nulL", .unexpectedByte, 3), ("'a'", .unexpectedByte, 0),
      ("\"a", .unexpectedEnd, 2), ("\"\n\"", .controlCharacter, 1), (#""\x""#, .badEscape, 1), (#""\u12G4""#, .badEscape, 1),
      (#""\u12"#, .unexpectedEnd, 5), (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1),
      (#""\ud800\u0041""#, .loneSurrogate, 1), (#""\ud800\ud800""#, .loneSurrogate, 1), (#""\n"#, .unexpectedEnd, 3),
      ("[1,]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3), ("[", .unexpectedEnd, 1), ("{\"a\"}", .unexpectedByte, 4),
      ("{\"a\":1,}", .unexpectedByte, 7), ("{a:1}", .unexpectedByte, 1), ("{\"a\":1,\"a\":2}", .duplicateName, 7),
      ("1 1", .trailingBytes, 2), ("{} x", .trailingBytes, 3), ("/**/1", .unexpectedByte, 0), ("\u{00A0}1", .unexpectedByte, 0),
    ] as [(String, JSONError.Reason, Int)])
  func refusal(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
  }

  @Test(
    "bytes that are not UTF-8 are refused inside strings",
    arguments: [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE6, 0x88], [0xFF]] as [[UInt8]])
  func invalidUTF8(_ bytes: [UInt8]) {
    for prefix in [[], Array(#"\n"#.utf8)] {
      let quote: [UInt8] = [UInt8(ascii: "\"")]
      let error = #expect(throws: JSONError.self) { try JSON.parse(quote + prefix + bytes + quote) }
      #expect(error?.reason == .invalidUTF8)
    }
  }

  @Test("nesting is bounded")
  func depth() throws {
    let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try JSON.parse(nested(64))
    #expect(throws: JSONError.self) { try JSON.parse(nested(65)) }
    #expect(throws: JSONError.self) { try JSON.parse(String(repeating: "{\"a\":", count: 100_000)) }
    _ = try JSON.parse("[{}]", maximumDepth: 2)
    #expect(throws: JSONError.self) { try JSON.parse("[{}]", maximumDepth: 1) }
  }

  @Test("an error says line and column in characters")
  func place() throws {
    let error = try #require(#expect(throws: JSONError.self) { try JSON.parse("{\n  \"房\": 01}") })
    #expect((error.line, error.column) == (2, 9))
    #expect(error.text.en == "Line 2, column 9: this is not how JSON writes a number.")
    #expect(error.text.zh.contains("第 2 行第 9 列"))
  }

  @Test("a wide object finds every name, refuses a second one, and forgets what is removed")
  func wideObject() throws {
    let names = (0..<100).map { "name\($0)" }
    let text = "{" + names.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}"
    var object = try #require(try JSON.parse(text).object)
    #expect(object.names == names)
    #expect(names.allSatisfy { object[$0] == .string($0) })
    #expect(throws: JSONError.self) { try JSON.parse(text.dropLast() + ",\"name7\":1}") }
    object["name3"] = nil
    object["name4"] = 4
    #expect(object["name3"] == nil && object["name4"] == 4 && object["name99"] == "name99" && object.count == 99)
  }

  @Test(
    "the canonical form is one for one meaning",
    arguments: [
      (#"{ "b": 1, "a": {"z":0,"y":[2, 1]} }"#, #"{"a":{"y":[2,1],"z":0},"b":1}"#),
      (
        #"[1.0, 1e2, 0.10, -0, 12E-2, 100000000000000000000, 1e21, 1.5e-7, 0.000001, 123456789.25]"#,
        #"[1,100,0.1,0,0.12,100000000000000000000,1e+21,1.5e-7,0.000001,123456789.25]"#
      ),
      ("{\"\u{FF61}\":1,\"\u{1D11E}\":2}", "{\"\u{1D11E}\":2,\"\u{FF61}\":1}"),
      ("[1e99999999999999]", "[1e99999999999999]"), ("[0.00]", "[0]"), ("[-120.5e1]", "[-1205]"),
    ])
  func canonical(_ text: String, _ canonical: String) throws {
    #expect(String(decoding: try JSON.parse(text).canonical, as: UTF8.self) == canonical)
  }

  @Test("a pointer leads to its value, tilde and slash escaped")
  func pointer() throws {
    let json = try JSON.parse(#"{"a/b":{"m~n":[10,{"":true}]}}"#)
    let pointer = JSONPointer.appending("m~n", to: JSONPointer.appending("a/b", to: ""))
    #expect(pointer == "/a~1b/m~0n")
    #expect(json.value(at: pointer + "/0") == 10)
    #expect(json.value(at: pointer + "/1/") == true)
    #expect(json.value(at: "") == json)
    for nowhere in ["a", "/a", pointer + "/2", pointer + "/00", pointer + "/-1", "/a~2b", "/a~", pointer + "/0/0"] {
      #expect(json.value(at: nowhere) == nil)
    }
  }

  @Test("whatever value is written is read back equal")
  func property() throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let value = Self.value(depth: 4, using: &random)
      #expect(try JSON.parse(value.bytes) == value, "seed \(seed)")
      #expect(try JSON.parse(value.canonical).canonical == value.canonical, "seed \(seed)")
    }
  }

  private static func value(depth: Int, using random: inout SeededGenerator) -> JSON {
    switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
    case 3: return .string(string(using: &random))
    case 4: return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth: depth - 1, using: &random) })
    default:
      return .object(
        JSONObject(
          (0..<Int.random(in: 0..<20, using: &random)).map { _ in
            .init(name: string(using: &random), value: value(depth: depth - 1, using: &random))
          }))
    }
  }

  private static func string(using random: inout SeededGenerator) -> String {
    var string = ""
    for _ in 0..<Int.random(in: 0..<12, using: &random) {
      let bound: UInt32 = [0x80, 0x800, 0x10000, 0x110000].randomElement(using: &random) ?? 0x80
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<bound, using: &random)) { string.unicodeScalars.append(scalar) }
    }
    return string
  }
}

@Suite("JSON writer")
struct JSONWriterTests {
  private func written(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test("commas stand between values and nowhere else")
  func commas() {
    let text = written {
      $0.beginObject()
      $0.key("a")
      $0.beginArray()
      $0.beginObject()
      $0.endObject()
      $0.integer(-7)
      $0.null()
      $0.beginArray()
      $0.endArray()
      $0.bool(true)
      $0.endArray()
      $0.key(escaping: "b\"")
      $0.string("房\n")
      $0.key("c")
      $0.raw(Array("[1]".utf8))
      $0.endObject()
    }
    #expect(text == #"{"a":[{},-7,null,[],true],"b\"":"房\n","c":[1]}"#)
  }

  @Test("every control character is escaped, from raw bytes as from strings")
  func escaping() throws {
    let all = String(String.UnicodeScalarView((0..<0x250).compactMap(Unicode.Scalar.init)))
    let fromBytes = written { writer in Array(all.utf8).withUnsafeBytes { writer.utf8($0) } }
    #expect(fromBytes == written { $0.string(all) })
    #expect(try JSON.parse(fromBytes) == .string(all))
  }

  @Test("an escape is found wherever it stands among the bytes looked at together")
  func escapePlaces() throws {
    for before in 0..<20 {
      for middle in ["\"", "\\", "\u{1}", "\u{1F}", "\u{7F}", "é", "房", "\u{80}", "!", "#", "[", "]"] {
        for filler in ["a", "房", "\u{FF}"] {
          let text = String(repeating: filler, count: before) + middle + String(repeating: filler, count: 17) + middle
          #expect(try JSON.parse(written { $0.string(text) }) == .string(text))
        }
      }
    }
  }

  @Test("integers reach both ends of 64 bits", arguments: [0, 9, 10, -1, .max, .min] as [Int64])
  func integers(_ value: Int64) {
    #expect(written { $0.integer(value) } == String(value))
  }

  @Test("the platform's own values have their form")
  func values() throws {
    let date = try #require(CivilDate("2026-04-07"))
    let moment = Instant(date, try #require(CivilTime("09:30")))
    let later = try moment.adding(microseconds: 5)
    let uuid = try #require(UUIDv7("0190163d-8694-739b-aea5-966c26f8ad91"))
    let text = written {
      $0.beginArray()
      $0.fen(Fen(41_975_000))
      $0.fen(Fen(-7))
      $0.date(date)
      $0.instant(moment)
      $0.instant(later)
      $0.uuid(uuid)
      $0.endArray()
    }
    #expect(
      text == #"[{"fen":41975000,"yuan":"419750.00"},{"fen":-7,"yuan":"-0.07"},"2026-04-07","2026-04-07T09:30:00+08:00","#
        + #""2026-04-07T09:30:00.000005+08:00","0190163d-8694-739b-aea5-966c26f8ad91"]"#)
    #expect(written { writer in uuid.bytes.withUnsafeBytes { writer.uuid(bytes: $0) } } == "\"\(uuid)\"")
  }
}
