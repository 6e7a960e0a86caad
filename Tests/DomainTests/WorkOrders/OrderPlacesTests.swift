// SPDX-License-Identifier: Apache-2.0
import Domain
import Testing

@Suite("Places that pairs of characters have in common")
struct OrderPlacesTests {
  private func steps(_ places: [Int32], behind base: Int32) -> [UInt8] {
    var (steps, last): ([UInt8], Int32) = ([], base)
    for place in places {
      steps += [UInt8((place - last) >> 8), UInt8((place - last) & 255)]
      last = place
    }
    return steps
  }

  @Test("are those that stand in each, in ascending order, whichever pair comes first")
  func common() {
    let seed = SeededGenerator.freshSeed
    var chance = SeededGenerator(seed: seed)
    for round in 0..<200 {
      let base = Int32(round * 8192)
      var pairs: [[Int32]] = []
      for _ in 0..<Int.random(in: 1...4, using: &chance) {
        var places: [Int32] = []
        for place in 1...8192 as ClosedRange<Int32> where Int.random(in: 0..<(round % 40 + 2), using: &chance) == 0 {
          places.append(base + place)
        }
        pairs.append(places)
      }
      var common = Set(pairs[0])
      for places in pairs.dropFirst() { common.formIntersection(places) }
      let expected = common.sorted()
      #expect(OrderPlaces.common(pairs.map { steps($0, behind: base) }, behind: base) == expected, "seed \(seed)")
    }
  }

  @Test("are none where a pair stands nowhere, and where nothing is asked for")
  func none() {
    #expect(OrderPlaces.common([steps([7, 9], behind: 3), []], behind: 3).isEmpty)
    #expect(OrderPlaces.common([[], steps([7, 9], behind: 3)], behind: 3).isEmpty)
    #expect(OrderPlaces.common([], behind: 3).isEmpty)
  }
}
