// SPDX-License-Identifier: Apache-2.0
import Base

/// Who stands on a contract's paper as one of its two sides.
package struct Signatory: Sendable, Hashable {
  package struct Address: Sendable, Hashable {
    /// Where on the paper it stands.
    package enum Place: String, Sendable, Hashable, CaseIterable { case head, body, seal }

    package let place: Place
    package let text: String
  }

  /// The organisation's code; one organisation keeps its code over offices and contracts.
  package let organisation: String
  /// As printed.
  package let name: String
  package let addresses: [Address]
}

/// When it was signed, and from when it has effect.
package struct Signing: Sendable, Hashable {
  package struct Date: Sendable, Hashable {
    package enum Place: String, Sendable, Hashable, CaseIterable { case cover, sealOffice, sealVendor }

    package let place: Place
    package let on: CivilDate
  }

  package let id: String
  package let citation: Citation
  /// Every date the paper gives; they may disagree.
  package let dates: [Date]
  package let effective: CivilDate
}

/// From when until when the service runs.
package struct Term: Sendable, Hashable {
  /// A length that the paper names beside the dates.
  package struct Stated: Sendable, Hashable {
    package let clause: String
    package let span: Span
  }

  package let id: String
  package let citation: Citation
  package let range: DateRange
  package let stated: [Stated]
}

/// The whole price.
package struct Total: Sendable, Hashable {
  package let id: String
  package let citation: Citation
  package let amount: Fen
  /// The price of a month, where the contract names it or it is not the total divided by the term's months.
  package let month: Fen?
  package let printed: [PrintedAmount]
}

/// An item that only says that something is so: the audit that decides the final price, the carry-over of what a payment cannot cover.
package struct Clause: Sendable, Hashable {
  package let id: String
  package let citation: Citation
}

/// What is withheld, and when it is paid out.
package struct Retention: Sendable, Hashable {
  package let id: String
  package let citation: Citation
  package let release: DeadlineRule
}

/// What is paid when the service goes on after its end without a new contract.
package struct HoldOver: Sendable, Hashable {
  package enum Fee: Sendable, Hashable {
    case monthly(Fen)
    /// The periods and fees of the contract go on.
    case sameTerms
  }

  package let id: String
  package let citation: Citation
  package let fee: Fee
  package let printed: [PrintedAmount]
}

// MARK: shapes

extension Signatory {
  private static let address: Shape<Address> = .object(
    Field("at", .enumeration(Address.Place.self)), Field("text", .string(minLength: 1, maxLength: 200))
  ) { Address(place: $0, text: $1) }

  static let shape: Shape<Signatory> = .object(
    "signatory", about: Text(zh: "合同一方：单位、名称、各处地址。", en: "A side of the contract: organisation, printed name, addresses."),
    Field("organisation", .code), Field("name", .string(minLength: 1, maxLength: 200)), Field("addresses", .array(of: address, max: 8))
  ) { Signatory(organisation: $0, name: $1, addresses: $2) }
}

extension Signing {
  private static let date: Shape<Date> = .object(Field("at", .enumeration(Date.Place.self)), Field("on", .date)) { Date(place: $0, on: $1) }

  static let shape: Shape<Signing> = .object(
    "signing", about: Text(zh: "签订日期与生效日期。", en: "The dates of signing and of effect."),
    Field("id", .code), Citation.field, Field("dates", .array(of: date, min: 1, max: 8)), Field("effective", .date)
  ) { Signing(id: $0, citation: $1, dates: $2, effective: $3) }

  /// The latest date the paper gives.
  package var last: CivilDate { dates.map(\.on).max() ?? effective }
}

extension Term {
  private static let statement: Shape<Stated> = .object(Field("clause", .string(minLength: 1, maxLength: 80)), Field("span", Span.shape)) {
    Stated(clause: $0, span: $1)
  }

  static let shape: Shape<Term> = Shape<(String, Citation, CivilDate, CivilDate, [Stated])>.object(
    "term", about: Text(zh: "服务期限。", en: "The term of service."),
    Field("id", .code), Citation.field, Field("from", .date), Field("to", .date),
    Field("stated", .array(of: statement, max: 8), default: [])
  ) { ($0, $1, $2, $3, $4) }.convert { id, citation, from, to, stated in
    guard let range = DateRange(from, through: to) else {
      return .failure(Fault(pointer: "/to", code: "out-of-range", detail: Text(zh: "终止日早于起始日。", en: "The last day is before the first.")))
    }
    return .success(Term(id: id, citation: citation, range: range, stated: stated))
  }
}

extension Total {
  static let shape: Shape<Total> = .object(
    "total", about: Text(zh: "合同总价。", en: "The whole price."),
    Field("id", .code), Citation.field, Field("amount", .fen(Fen(1)...Fen(1_000_000_000_000))), Field(optional: "month", .fen),
    Field("printed", .array(of: PrintedAmount.shape, max: 8), default: [])
  ) { Total(id: $0, citation: $1, amount: $2, month: $3, printed: $4) }
}

extension Clause {
  static func shape(_ name: String, about: Text) -> Shape<Clause> { Citation.item(name, about: about) { Clause(id: $0, citation: $1) } }
}

extension Retention {
  static let shape: Shape<Retention> = .object(
    "retention", about: Text(zh: "质保金（暂扣款）及其退还。", en: "What is withheld, and its release."),
    Field("id", .code), Citation.field, Field("release", DeadlineRule.shape)
  ) { Retention(id: $0, citation: $1, release: $2) }
}

extension HoldOver {
  static let shape: Shape<HoldOver> = .object(
    "holdOver", about: Text(zh: "到期后继续服务的费用。", en: "The fee when the service goes on after its end."),
    Field("id", .code), Citation.field,
    Field.oneOf(Alternative("monthly", .fen) { Fee.monthly($0) }, Alternative("sameTerms", .constantTrue) { _ in Fee.sameTerms }),
    Field("printed", .array(of: PrintedAmount.shape, max: 8), default: [])
  ) { HoldOver(id: $0, citation: $1, fee: $2, printed: $3) }
}
