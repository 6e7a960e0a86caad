// SPDX-License-Identifier: Apache-2.0

/// What a predicate says, as far as it can be known without an order.
indirect enum PathCondition: Hashable {
  case constant(Bool)
  case test(PathTest)
  case all([PathCondition])
  case any([PathCondition])
  /// Something that only PostgreSQL can judge.
  case opaque

  /// The ways in which it can hold, each a list of tests that must all hold; nil where that is not known or there are too many.
  var ways: [[PathTest]]? {
    switch self {
    case .constant(let holds): return holds ? [[]] : []
    case .test(let test): return [[test]]
    case .opaque: return nil
    case .any(let parts):
      var ways: [[PathTest]] = []
      for part in parts {
        guard let more = part.ways else { return nil }
        ways += more
      }
      return ways.count <= Self.bound ? ways : nil
    case .all(let parts):
      var ways: [[PathTest]] = [[]]
      for part in parts {
        guard let more = part.ways, ways.count * more.count <= Self.bound else { return nil }
        ways = ways.flatMap { way in more.map { way + $0 } }
      }
      return ways
    }
  }

  private static let bound = 256

  /// Every comparison that stands in it.
  var tests: [PathTest] {
    switch self {
    case .constant, .opaque: []
    case .test(let test): [test]
    case .all(let parts), .any(let parts): parts.flatMap(\.tests)
    }
  }
}

extension [PathTest] {
  /// Whether the tests cannot all hold; nil where that is not known.
  var contradict: Bool? {
    var isKnown = true
    for (place, test) in enumerated() {
      for other in dropFirst(place + 1) {
        switch test.excludes(other) {
        case true?: return true
        case false?: break
        case nil: isKnown = false
        }
      }
    }
    return isKnown ? false : nil
  }

  /// Whether they cannot all hold without all of the others holding too.
  func imply(_ others: [PathTest]) -> Bool { others.allSatisfy { other in contains { $0.implies(other) } } }
}
