// SPDX-License-Identifier: Apache-2.0
import Base

/// What the city decides for everybody, from a date: evaluation cycles, weights of the three rates, limits of urgency.
package struct RulePack: Sendable, Hashable {
  /// The weights of response, resolution and satisfaction in the composite.
  package struct Weights: Sendable, Hashable {
    package let response: Share
    package let resolution: Share
    package let satisfaction: Share
  }

  /// How long an order of one urgency may take.
  package struct GradeLimit: Sendable, Hashable {
    package let grade: String
    package let within: Span
    package let says: Text
  }

  /// Where one of its parts comes from.
  package struct Provenance: Sendable, Hashable {
    package let of: String
    package let source: String
    package let read: CivilDate
    package let says: Text
  }

  package let id: String
  package let from: CivilDate
  package let authority: Text
  package let says: Text
  /// The length of an evaluation cycle in months.
  package let cycleMonths: Int?
  package let weights: Weights?
  package let gradeLimits: [GradeLimit]
  package let provenance: [Provenance]
}

extension RulePack {
  private static let parts = ["cycle", "weights", "gradeLimits"]

  private static let weights: Shape<Weights> = .object(
    Field("response", .share), Field("resolution", .share), Field("satisfaction", .share)
  ) { Weights(response: $0, resolution: $1, satisfaction: $2) }

  private static let limit: Shape<GradeLimit> = .object(
    Field("grade", .string(minLength: 1, maxLength: 20)), Field("within", Span.shape), Field("says", Text.shape)
  ) { GradeLimit(grade: $0, within: $1, says: $2) }

  private static let source: Shape<Provenance> = .object(
    Field("of", .enumeration(parts.map { ($0, $0) })), Field("source", .string(minLength: 1, maxLength: 500)), Field("read", .date),
    Field("says", Text.shape)
  ) { Provenance(of: $0, source: $1, read: $2, says: $3) }

  private static let cycle: Shape<Int> = .object(Field("months", .integer(1...12))) { $0 }

  /// The form of `deploy/rule-packs/<id>.json`; each part it has must say where it comes from.
  package static let shape: Shape<RulePack> = .object(
    "rulePack", about: Text(zh: "市级规定，自某日起适用。", en: "What the city decides, from a date."),
    Field("id", .code), Field("from", .date), Field("authority", Text.shape), Field("says", Text.shape), Field(optional: "cycle", cycle),
    Field(optional: "weights", weights), Field("gradeLimits", .array(of: limit, max: 20), default: []),
    Field("provenance", .array(of: source, min: 1, max: 50))
  ) {
    RulePack(id: $0, from: $1, authority: $2, says: $3, cycleMonths: $4, weights: $5, gradeLimits: $6, provenance: $7)
  }.refine { pack in
    let present = [pack.cycleMonths != nil, pack.weights != nil, !pack.gradeLimits.isEmpty]
    return zip(parts, present).filter { part, isPresent in isPresent && !pack.provenance.contains { $0.of == part } }.map { part, _ in
      Fault(
        pointer: "/provenance", code: "missing-member",
        detail: Text(zh: "没有注明“\(part)”的来源。", en: "Nothing says where “\(part)” comes from."))
    }
  }
}

/// The rule packs known, each in force until the next one that has the same part.
package struct RulePacks: Sendable, Hashable {
  package let packs: [RulePack]

  package static let none = RulePacks([])

  package init(_ packs: some Sequence<RulePack>) { self.packs = packs.sorted { $0.from < $1.from } }

  /// The length of the evaluation cycle that a day lies in, and the pack that says so.
  package func cycle(on day: CivilDate) -> (months: Int, pack: RulePack)? {
    for pack in packs.reversed() where pack.from <= day {
      if let months = pack.cycleMonths { return (months, pack) }
    }
    return nil
  }

  /// The weights in force on a day.
  package func weights(on day: CivilDate) -> RulePack.Weights? { packs.last { $0.from <= day && $0.weights != nil }?.weights }

  /// The limits of urgency in force on a day.
  package func gradeLimits(on day: CivilDate) -> [RulePack.GradeLimit] {
    packs.last { $0.from <= day && !$0.gradeLimits.isEmpty }?.gradeLimits ?? []
  }

  /// The limit of a grade in force on a day, and the pack that sets it.
  package func gradeLimit(_ grade: String, on day: CivilDate) -> (limit: RulePack.GradeLimit, pack: RulePack)? {
    guard let pack = packs.last(where: { $0.from <= day && !$0.gradeLimits.isEmpty }) else { return nil }
    return pack.gradeLimits.first { $0.grade == grade }.map { ($0, pack) }
  }
}
