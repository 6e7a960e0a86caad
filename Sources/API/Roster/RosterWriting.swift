// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

// How answers tell of rosters.

extension JSONWriter {
  /// The members that say which slot is meant.
  mutating func members(of slot: Slot) {
    key("contract")
    string(slot.contract)
    key("post")
    string(slot.post)
    key("pattern")
    string(slot.pattern)
    key("shift")
    string(slot.shift)
    key("from")
    instant(slot.interval.lowerBound)
    key("to")
    instant(slot.interval.upperBound)
  }

  /// Who may not, and why.
  mutating func hindered(_ list: [RosterProposal.Hindered], in language: Language) {
    beginArray()
    for one in list {
      beginObject()
      key("person")
      string(one.person)
      key("by")
      string(one.by.rawValue)
      key("says")
      string(one.by.text[language])
      endObject()
    }
    endArray()
  }

  /// A slot that could not be filled, and what stood against everybody.
  mutating func open(_ open: RosterProposal.Open, in language: Language) {
    beginObject()
    members(of: open.slot)
    key("people")
    integer(open.slot.people)
    key("missing")
    integer(open.missing)
    key("certain")
    bool(open.isCertain)
    key("proof")
    if let proof = open.proof { integer(proof) } else { null() }
    key("hindered")
    hindered(open.hindrances, in: language)
    endObject()
  }

  /// What could not be filled, with the proofs that the open slots refer to by their place.
  mutating func shortfall(of proposal: RosterProposal, in language: Language) {
    key("openCount")
    integer(proposal.open.count)
    key("open")
    beginArray()
    for open in proposal.open.prefix(RosterProposal.explained) { self.open(open, in: language) }
    endArray()
    key("proofs")
    beginArray()
    for proof in proposal.proofs { self.proof(proof, in: language) }
    endArray()
  }

  private mutating func proof(_ proof: RosterProof, in language: Language) {
    beginObject()
    key("contract")
    string(proof.contract)
    key("post")
    string(proof.post)
    key("from")
    instant(proof.time.lowerBound)
    key("to")
    instant(proof.time.upperBound)
    key("slots")
    integer(proof.slots)
    key("needed")
    integer(proof.needed)
    key("available")
    integer(proof.available)
    key("method")
    string(proof.method.rawValue)
    key("rules")
    strings(proof.rules.map(\.rawValue))
    key("people")
    beginArray()
    for one in proof.people {
      beginObject()
      key("person")
      string(one.person)
      key("places")
      integer(one.places)
      endObject()
    }
    endArray()
    key("says")
    string(proof.text[language])
    endObject()
  }
}
