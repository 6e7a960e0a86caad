// SPDX-License-Identifier: Apache-2.0
import Base

/// Where an item of a contract stands on the paper and what it says, in our words.
package struct Citation: Sendable, Hashable {
  /// The clause as the paper numbers it; several are set apart by a comma and a space.
  package let clause: String
  /// One sentence of ours; the clause's own words stay on the paper.
  package let says: Text
  /// How an unclear or faulty wording is understood, where it had to be.
  package let reading: Text?
}

extension Citation {
  /// The members `clause`, `says` and `reading`, shared by everything that cites the paper.
  static let field = Field<Citation>.group(
    Field("clause", .string(minLength: 1, maxLength: 80)), Field("says", Text.shape), Field(optional: "reading", Text.shape)
  ) { Citation(clause: $0, says: $1, reading: $2) }

  /// An item that has nothing but its name and citation.
  static func item<Value: Sendable>(
    _ name: String, about: Text, build: @escaping @Sendable (String, Citation) -> Value
  ) -> Shape<Value> {
    .object(name, about: about, Field("id", .code), field, build: build)
  }
}

/// One of the two who signed.
package enum Party: String, Sendable, Hashable, CaseIterable {
  case office, vendor

  package var counterparty: Party { self == .office ? .vendor : .office }

  package var name: Text {
    switch self {
    case .office: Text(zh: "甲方", en: "the office")
    case .vendor: Text(zh: "乙方", en: "the vendor")
    }
  }
}
