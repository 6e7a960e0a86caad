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
}
