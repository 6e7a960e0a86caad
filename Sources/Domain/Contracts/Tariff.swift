// SPDX-License-Identifier: Apache-2.0
import Base

/// How a case becomes money; amounts are positive for what the owing side owes.
package enum Tariff: Sendable, Hashable {
  /// What is left of a unit that was begun.
  package enum Parts: String, Sendable, Hashable, CaseIterable {
    /// Does not count.
    case whole
    /// Counts in proportion.
    case proRata
  }

  /// Where a distance is measured from.
  package enum Bar: Sendable, Hashable {
    case below(Rational)
    case above(Rational)
  }

  /// The amount times the quantity.
  case each(Amount)
  /// The amount for every step between the bar and the quantity.
  case steps(bar: Bar, of: Rational, parts: Parts, pays: Amount)
  /// The amount of the first band whose lower end the quantity reaches; the last has none.
  case bands([Band])
  /// The amount of the grade.
  case table(OrderedMap<Amount>)
  /// The incident carries the amount, which that side sets within these bounds.
  case range(from: Amount, to: Amount?, setBy: Party)

  package struct Band: Sendable, Hashable {
    package let from: Rational?
    package let pays: Amount
  }
}

extension Tariff {
  private static let bar = Field<Bar>.oneOf(
    Alternative("below", .decimal()) { .below($0) }, Alternative("above", .decimal()) { .above($0) })

  private static let steps: Shape<Tariff> = .object(
    bar, Field("of", .decimal().refine { $0 > .zero ? nil : positive }, default: "1"), Field("count", .enumeration(Parts.self)),
    Field("pays", Amount.shape)
  ) { .steps(bar: $0, of: $1, parts: $2, pays: $3) }

  private static let positive = Fault(code: "out-of-range", detail: Text(zh: "须大于零。", en: "This must be above zero."))

  private static let band: Shape<Band> = .object(Field(optional: "from", .decimal()), Field("pays", Amount.shape)) {
    Band(from: $0, pays: $1)
  }

  private static let bands: Shape<[Band]> = .array(of: band, min: 1, max: 100).refine { bands in
    for (index, band) in bands.enumerated() {
      let next = index + 1 < bands.count ? bands[index + 1] : nil
      if band.from == nil, next != nil {
        return Fault(pointer: "/\(index)", code: "bad-bands", detail: Text(zh: "只有最后一档可以没有 from。", en: "Only the last band may lack from."))
      }
      if let from = band.from, let below = next?.from, below >= from {
        return Fault(pointer: "/\(index + 1)/from", code: "bad-bands", detail: Text(zh: "各档须从高到低排列。", en: "Bands go from high to low."))
      }
    }
    if let last = bands.last, last.from != nil {
      return Fault(
        pointer: "/\(bands.count - 1)", code: "bad-bands",
        detail: Text(zh: "最后一档不得有 from，否则有分值无档可归。", en: "The last band has no from, or some values fall into none."))
    }
    return nil
  }

  private static let range: Shape<Tariff> = .object(
    Field("from", Amount.shape), Field(optional: "to", Amount.shape), Field("setBy", .enumeration(Party.self))
  ) { .range(from: $0, to: $1, setBy: $2) }

  static let shape: Shape<Tariff> = .oneOf(
    "tariff", about: Text(zh: "情形如何换算为金额。", en: "How a case becomes money."),
    Alternative("each", Amount.shape) { .each($0) },
    Alternative("steps", steps) { $0 },
    Alternative("bands", bands) { .bands($0) },
    Alternative("table", .map(keys: .string(minLength: 1, maxLength: 40), of: Amount.shape, min: 1, max: 20)) { .table($0) },
    Alternative("range", range) { $0 })
}
