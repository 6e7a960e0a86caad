// SPDX-License-Identifier: Apache-2.0

/// Where pairs of characters stand among orders that were gathered together: for each pair how far every place lies behind the one before,
/// two octets each, the higher first.
package enum OrderPlaces {
  /// The places that several pairs have in common, in ascending order.
  ///
  /// - Parameters:
  ///   - pairs: their steps; the shortest first is fastest.
  ///   - base: the place before the first of the orders.
  package static func common(_ pairs: some Sequence<[UInt8]>, behind base: Int32) -> [Int32] {
    var common: [Int32]?
    for steps in pairs {
      guard let known = common else {
        common = places(steps, behind: base)
        continue
      }
      if known.isEmpty { break }
      common = kept(known, of: steps, behind: base)
    }
    return common ?? []
  }

  private static func places(_ steps: [UInt8], behind base: Int32) -> [Int32] {
    var (places, place): ([Int32], Int32) = ([], base)
    places.reserveCapacity(steps.count / 2)
    for index in stride(from: 0, to: steps.count - 1, by: 2) {
      place += Int32(steps[index]) << 8 | Int32(steps[index + 1])
      places.append(place)
    }
    return places
  }

  /// Those of some places that a pair has too.
  private static func kept(_ known: [Int32], of steps: [UInt8], behind base: Int32) -> [Int32] {
    var (kept, place, next): ([Int32], Int32, Int) = ([], base, 0)
    for index in stride(from: 0, to: steps.count - 1, by: 2) {
      place += Int32(steps[index]) << 8 | Int32(steps[index + 1])
      while known[next] < place {
        next += 1
        if next == known.count { return kept }
      }
      if known[next] == place { kept.append(place) }
    }
    return kept
  }
}
