// SPDX-License-Identifier: Apache-2.0

/// A set of kinds of JSON value.
struct JSONKinds: OptionSet, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ kind: JSON.Kind) {
    switch kind {
    case .null: self = .null
    case .boolean: self = .boolean
    case .number: self = .number
    case .string: self = .string
    case .array: self = .array
    case .object: self = .object
    }
  }

  static let null = JSONKinds(rawValue: 1)
  static let boolean = JSONKinds(rawValue: 2)
  static let number = JSONKinds(rawValue: 4)
  static let string = JSONKinds(rawValue: 8)
  static let array = JSONKinds(rawValue: 16)
  static let object = JSONKinds(rawValue: 32)
  static let any = JSONKinds(rawValue: 63)
}

/// Where a decoder stands in the JSON, and the faults it has found so far.
struct Reading: Sendable {
  private enum Token: Sendable {
    case member(String)
    case element(Int)
  }

  /// How many faults are told at most: a hopeless document need not be listed whole.
  static let faultLimit = 100

  private(set) var faults: [Fault] = []
  private var path: [Token] = []

  /// The JSON pointer (RFC 6901) of where it stands.
  var pointer: String {
    path.reduce(into: "") { pointer, token in
      switch token {
      case .member(let name): pointer = JSONPointer.appending(name, to: pointer)
      case .element(let index): pointer += "/\(index)"
      }
    }
  }

  mutating func within<Result>(_ name: String, _ body: (inout Reading) -> Result) -> Result {
    path.append(.member(name))
    defer { path.removeLast() }
    return body(&self)
  }

  mutating func within<Result>(_ index: Int, _ body: (inout Reading) -> Result) -> Result {
    path.append(.element(index))
    defer { path.removeLast() }
    return body(&self)
  }

  mutating func fail(_ code: String, zh: String, en: String) { fail(Fault(code: code, detail: Text(zh: zh, en: en))) }

  /// Records a fault whose pointer is relative to where it stands.
  mutating func fail(_ fault: Fault) {
    guard faults.count < Self.faultLimit else { return }
    faults.append(fault.within(pointer))
  }

  /// Records that a value is of a kind that cannot fit.
  mutating func failKind(_ json: JSON, expected: JSONKinds) {
    let wanted = JSON.Kind.allCases.filter { expected.isSuperset(of: JSONKinds($0)) }.map(\.words)
    fail(
      "wrong-type",
      zh: "此处应为\(wanted.map(\.zh).joined(separator: "或"))，而不是\(json.kind.words.zh)。",
      en: "This must be \(wanted.map(\.en).joined(separator: " or ")), not \(json.kind.words.en).")
  }
}

extension JSON.Kind {
  var words: Text {
    switch self {
    case .null: Text(zh: "空值 null", en: "null")
    case .boolean: Text(zh: "布尔值", en: "a boolean")
    case .number: Text(zh: "数字", en: "a number")
    case .string: Text(zh: "字符串", en: "a string")
    case .array: Text(zh: "数组", en: "an array")
    case .object: Text(zh: "对象", en: "an object")
    }
  }
}
