// SPDX-License-Identifier: Apache-2.0

/// Chance that can be had again: SplitMix64, a stream of its own for each order.
struct DemoChance: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// - Parameters:
  ///   - seed: the year's.
  ///   - place: which stream of it.
  init(seed: UInt64, place: Int) {
    state = seed
    state = next() &+ UInt64(place) &* 0xD1B5_4A32_D192_ED03
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// A number below a bound; 0 for a bound that is not positive.
  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// A number of a range in which low ones are more frequent.
  mutating func low(_ range: ClosedRange<Int>) -> Int {
    let (one, other) = (below(range.count), below(range.count))
    return range.lowerBound + min(one, other)
  }

  /// Whether something happens that happens so often in a thousand times.
  mutating func happens(_ often: Int) -> Bool { below(1000) < often }

  /// One of a list that is not empty.
  mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

  /// One of several, each as often as its weight says; nil where none weighs anything.
  mutating func weighed<Element>(_ list: [Element], by weight: (Element) -> Int) -> Element? {
    var place = below(list.reduce(0) { $0 + weight($1) })
    for element in list {
      place -= weight(element)
      if place < 0 { return element }
    }
    return nil
  }
}
