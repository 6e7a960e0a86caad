// SPDX-License-Identifier: Apache-2.0
import Base

/// A roster that fills the slots of a time without breaking a rule, or says for what it cannot.
///
/// The slots are filled in the order of time, each with whoever may take it, their crew's turn first, then those who have worked least. A slot
/// for which nobody is left takes somebody from other slots whose places others can take, several steps deep; where slots stay open, it is
/// tried anew in other orders. What is then still open is explained, with a proof where there is one that nothing else could have been done.
package struct RosterProposal: Sendable {
  /// Somebody on a slot.
  package struct Placement: Sendable, Hashable {
    package let slot: Slot
    package let person: String

    package init(slot: Slot, person: String) { (self.slot, self.person) = (slot, person) }
  }

  /// A slot for which people are missing, and why each of those who might take it may not.
  package struct Open: Sendable, Hashable {
    package let slot: Slot
    package let missing: Int
    package let hindrances: [Hindered]
    /// The proof, by its place, that no roster fills this slot together with its neighbours; nil where none was found.
    package let proof: Int?

    /// Whether no roster at all fills every slot around it.
    package var isCertain: Bool { proof != nil }
  }

  /// Somebody qualified who may not take a slot.
  package struct Hindered: Sendable, Hashable {
    package let person: String
    package let by: Hindrance
  }

  package let placements: [Placement]
  package let open: [Open]
  /// Why slots cannot be filled, whatever one does.
  package let proofs: [RosterProof]

  /// Whether every slot is filled.
  package var isComplete: Bool { open.isEmpty }

  init(placements: [Placement], open: [Open], proofs: [RosterProof]) {
    (self.placements, self.open, self.proofs) = (placements, open, proofs)
  }

  /// How many orders are tried where slots stay open.
  private static let attempts = 6

  /// - Parameters:
  ///   - slots: what is to be filled.
  ///   - people: who may be put on it.
  ///   - rest: what nobody's shifts may break.
  ///   - known: duty that stands already, before and after the slots' time too, so that rest is kept at the borders.
  package init(filling slots: [Slot], with people: [RosterPerson], _ rest: RosterRules.Rest, known: [DutyShift] = []) {
    let ordered = slots.sorted {
      ($0.interval.lowerBound, $0.contract, $0.post, $0.shift, $0.crew ?? 0) < (
        $1.interval.lowerBound, $1.contract, $1.post, $1.shift, $1.crew ?? 0
      )
    }
    var best = RosterFilling(ordered, people, rest, known)
    best.fill()
    let prover = RosterProver(ordered, people, rest, known)
    var (proofs, places) = ([RosterProof](), [Int: Int]())
    if best.missing > 0 {
      (proofs, places) = prover.proofs(for: best.open)
      var attempt = 1
      // Where each open slot is proved to be one too many, another order brings little.
      while best.missing > 0, places.count < best.open.count, attempt < Self.attempts {
        var other = RosterFilling(ordered, people, rest, known, order: attempt)
        other.fill()
        if other.missing < best.missing {
          best = other
          (proofs, places) = prover.proofs(for: best.open)
        }
        attempt += 1
      }
    }
    // The last resort: to try every way, as far as that goes.
    if best.missing > 0, places.count < best.open.count, let all = prover.filled() {
      (placements, open, self.proofs) = (all, [], [])
      return
    }
    placements = best.placements
    self.proofs = proofs
    open = best.open.map { index in
      Open(slot: ordered[index], missing: best.missing(at: index), hindrances: best.hindrances(index), proof: places[index])
    }
  }
}
