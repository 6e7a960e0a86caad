// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

@Suite("Shape and schema")
struct ShapeSchemaTests {
  static let document: JSON = [
    "total": "575610.00", "measure": ["score": "71.666"],
    "payments": [
      ["id": "first", "share": "30%", "of": "total", "due": ["by": "2019-10-10"], "says": ["zh": "首款", "en": "first"]],
      [
        "id": "last", "fixed": "57561.00", "last": true, "needs": ["signed"],
        "due": ["earliest": [["by": "2020-10-31"], ["latest": [["after": ["invoiceReceived"], "days": 10], ["by": "2020-10-01"]]]]],
      ],
    ],
    "grades": ["优秀": "30000.00", "差": "-10000.00"], "marks": [["kind": "incident", "rule": "late"], ["value": 3, "kind": "grade"]],
  ]

  @Test("a validator that knows only the schema agrees with the decoder, but for the rules a schema cannot say")
  func agreement() throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    let instances = (0..<1500).map { place in
      (0..<(place == 0 ? 0 : Int.random(in: 1...2, using: &random))).reduce(Self.document) { json, _ in Self.mutated(json, using: &random) }
    }
    let schema = Sample.Contract.shape.schema
    let answer = try #require(try Oracle.ask("json_schema", ["schema": schema, "instances": .array(instances)]).array)
    var valid = 0
    for (instance, isValid) in zip(instances, answer) {
      let faults = Sample.Contract.shape.decode(instance).faults
      // An amount's bounds and the uniqueness of ids are beyond a schema.
      let sayable = faults.filter { $0.code != "duplicate" && !($0.code == "out-of-range" && $0.pointer == "/total") }
      #expect(isValid.bool == sayable.isEmpty, "seed \(seed): \(String(decoding: instance.bytes, as: UTF8.self)) \(faults)")
      if faults.isEmpty { valid += 1 }
    }
    #expect(Sample.Contract.shape.decode(instances[0]).faults.isEmpty)
    #expect(valid > 50)
  }

  /// The document with one value replaced, taken away, renamed or added somewhere.
  private static func mutated(_ json: JSON, using random: inout SeededGenerator) -> JSON {
    let isHere = Int.random(in: 0..<3, using: &random) == 0
    switch json {
    case .object(var object):
      guard let member = object.members.randomElement(using: &random) else { return .object(["x": 1]) }
      if !isHere {
        object[member.name] = mutated(member.value, using: &random)
        return .object(object)
      }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: object[member.name] = nil
      case 1: object[names.randomElement(using: &random) ?? "x"] = value(using: &random)
      case 2:
        object[member.name] = nil
        object[names.randomElement(using: &random) ?? "x"] = member.value
      default: object[member.name] = value(using: &random)
      }
      return .object(object)
    case .array(var elements):
      guard let place = elements.indices.randomElement(using: &random) else { return [value(using: &random)] }
      if !isHere {
        elements[place] = mutated(elements[place], using: &random)
      } else if Bool.random(using: &random) {
        elements.remove(at: place)
      } else {
        elements.append(elements[place])
      }
      return .array(elements)
    default: return value(using: &random)
    }
  }

  private static let names = [
    "id", "says", "fixed", "share", "of", "due", "last", "needs", "by", "after", "days", "earliest", "latest", "kind", "rule", "value",
    "amount", "total", "payments", "grades", "marks", "measure", "score", "zh", "en", "x",
  ]

  private static let values: [JSON] = [
    nil, true, 0, 3, 7, -1, 1_000_000, "", "a", "A", "first", "30%", "-2%", "1.5", "01.5", "1.555", "100.00", "2020-02-29", "2021-02-29",
    "total", "signed", "always", "incident", "grade", [], ["signed"], [1], [:], ["by": "2020-01-01"], ["fixed": "1.00"], "1000000.01",
    ["zh": "甲", "en": "a"], ["score": "1.0001"], ["score": "80"],
  ]

  private static func value(using random: inout SeededGenerator) -> JSON { values.randomElement(using: &random) ?? .null }
}

extension Result where Failure == Faults {
  fileprivate var faults: [Fault] {
    switch self {
    case .success: []
    case .failure(let faults): faults.list
    }
  }
}
