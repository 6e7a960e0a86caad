// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Chance that can be had again from its seed: SplitMix64.
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// A new seed for each run, or the one that `JIESU_PROPERTY_SEED` brings back.
  package static var freshSeed: UInt64 {
    getenv("JIESU_PROPERTY_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: .min ... .max)
  }
}
