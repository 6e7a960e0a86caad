// SPDX-License-Identifier: Apache-2.0
import Base

// A proposal as it is kept until somebody decides on it: slots once each, and who stands in which by their places.

extension RosterProposal {
  package var document: JSON {
    var places: [Slot: Int] = [:]
    var slots: [Slot] = []
    func place(_ slot: Slot) -> JSON {
      if let known = places[slot] { return .integer(known) }
      places[slot] = slots.count
      slots.append(slot)
      return .integer(slots.count - 1)
    }
    let placed = placements.map { place($0.slot) }
    let open: [JSON] = open.enumerated().map { index, open in
      var object: JSONObject = [
        "slot": place(open.slot), "missing": .integer(open.missing),
        "hindered": .array(
          (index < Self.explained ? open.hindrances : []).map { ["person": .string($0.person), "by": .string($0.by.rawValue)] }),
      ]
      if let proof = open.proof { object["proof"] = .integer(proof) }
      return .object(object)
    }
    return [
      "slots": .array(slots.map(\.document)), "placedSlots": .array(placed), "placedPeople": .array(placements.map { .string($0.person) }),
      "open": .array(open), "proofs": .array(proofs.map(\.document)),
    ]
  }

  /// Of how many open slots it is kept what stood against everybody.
  package static let explained = 100

  private struct StoredOpen: Sendable {
    let slot: Int
    let missing: Int
    let hindered: [Hindered]
    let proof: Int?
  }

  private static let hindered: Shape<Hindered> = .object(Field("person", .code), Field("by", .enumeration(Hindrance.self))) {
    Hindered(person: $0, by: $1)
  }

  private static let storedOpen: Shape<StoredOpen> = .object(
    Field("slot", .integer(0...most)), Field("missing", .integer(1...10_000)), Field("hindered", .array(of: hindered, max: most)),
    Field(optional: "proof", .integer(0...most))
  ) { StoredOpen(slot: $0, missing: $1, hindered: $2, proof: $3) }

  /// How many slots, placements or people one may have.
  private static let most = 200_000

  /// What `document` writes.
  package static let documentShape: Shape<RosterProposal> = Shape<([Slot], [Int], [String], [StoredOpen], [RosterProof])>.object(
    Field("slots", .array(of: Slot.documentShape, max: most)), Field("placedSlots", .array(of: .integer(0...most), max: most)),
    Field("placedPeople", .array(of: .code, max: most)), Field("open", .array(of: storedOpen, max: most)),
    Field("proofs", .array(of: RosterProof.documentShape, max: most))
  ) { ($0, $1, $2, $3, $4) }.convert { slots, placedSlots, placedPeople, open, proofs in
    guard placedSlots.count == placedPeople.count, (placedSlots + open.map(\.slot)).allSatisfy(slots.indices.contains) else {
      return .failure(Fault(code: "unknown-reference", detail: Text(zh: "班次不存在。", en: "There is no such slot.")))
    }
    return .success(
      RosterProposal(
        placements: zip(placedSlots, placedPeople).map { Placement(slot: slots[$0], person: $1) },
        open: open.map { Open(slot: slots[$0.slot], missing: $0.missing, hindrances: $0.hindered, proof: $0.proof) }, proofs: proofs))
  }
}

extension Slot {
  fileprivate var document: JSON {
    var object: JSONObject = [
      "contract": .string(contract), "post": .string(post), "pattern": .string(pattern), "shift": .string(shift),
      "from": .integer(interval.lowerBound.microseconds), "to": .integer(interval.upperBound.microseconds), "people": .integer(people),
    ]
    if let crew { object["crew"] = .integer(crew) }
    return .object(object)
  }

  fileprivate static let documentShape: Shape<Slot> = Shape<(String, String, String, String, Range<Instant>, Int, Int?)>.object(
    Field("contract", .code), Field("post", .code), Field("pattern", .code), Field("shift", .code), time,
    Field("people", .integer(1...10_000)),
    Field(optional: "crew", .integer(0...1000))
  ) { ($0, $1, $2, $3, $4, $5, $6) }.map { contract, post, pattern, shift, time, people, crew in
    Slot(
      contract: contract, post: post, pattern: pattern, shift: shift, day: time.lowerBound.date, interval: time, people: people, crew: crew)
  }

  /// A time by the microseconds of its ends.
  fileprivate static let time = Field<Range<Instant>>.group(Field("from", microseconds), Field("to", microseconds)) {
    $0..<max($0, $1)
  }

  private static let microseconds: Shape<Instant> = Shape<Int64>.integer(.min ... .max).convert { number in
    guard let instant = Instant(microseconds: number) else {
      return .failure(Fault(code: "out-of-range", detail: Text(zh: "超出可表示的范围。", en: "It is out of range.")))
    }
    return .success(instant)
  }
}

extension RosterProof {
  fileprivate var document: JSON {
    [
      "contract": .string(contract), "post": .string(post), "from": .integer(time.lowerBound.microseconds),
      "to": .integer(time.upperBound.microseconds), "slots": .integer(slots), "needed": .integer(needed),
      "method": .string(method.rawValue), "people": .array(people.map { ["person": .string($0.person), "places": .integer($0.places)] }),
      "rules": .array(rules.map { .string($0.rawValue) }),
    ]
  }

  private static let person: Shape<Most> = .object(Field("person", .code), Field("places", .integer(0...100_000))) {
    Most(person: $0, places: $1)
  }

  fileprivate static let documentShape: Shape<RosterProof> = .object(
    Field("contract", .code), Field("post", .code), Slot.time, Field("slots", .integer(1...100_000)),
    Field("needed", .integer(1...1_000_000)), Field("method", .enumeration(Method.self)), Field("people", .array(of: person, max: 100_000)),
    Field("rules", .array(of: .enumeration(Hindrance.self), max: 10))
  ) {
    RosterProof(contract: $0, post: $1, time: $2, slots: $3, needed: $4, method: $5, people: $6, rules: $7)
  }
}
