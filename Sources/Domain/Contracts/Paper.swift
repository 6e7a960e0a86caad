// SPDX-License-Identifier: Apache-2.0
import Base

/// The paper as it lies there: what can be checked on it without its text. It has no effect on money.
package struct Paper: Sendable, Hashable {
  package struct Heading: Sendable, Hashable {
    package let number: String
    package let about: Topic
  }

  /// One clause pointing at another, and what it expects to find there.
  package struct Reference: Sendable, Hashable {
    package let from: String
    package let to: String
    package let about: Topic
  }

  package struct Annex: Sendable, Hashable {
    package let name: String
    package let citedIn: [String]
    package let isAttached: Bool
  }

  /// An organisation named on the paper without any part in it.
  package struct NamedOrganisation: Sendable, Hashable {
    package let clause: String
    package let name: String
  }

  /// Clause numbers in the order they are printed.
  package let numbering: [String]
  package let headings: [Heading]
  package let references: [Reference]
  package let annexes: [Annex]
  package let organisations: [NamedOrganisation]
}

extension Paper {
  private static let mark = Shape<String>.string(minLength: 1, maxLength: 80)

  private static let heading: Shape<Heading> = .object(Field("number", mark), Field("about", .enumeration(Topic.self))) {
    Heading(number: $0, about: $1)
  }

  private static let reference: Shape<Reference> = .object(Field("in", mark), Field("to", mark), Field("about", .enumeration(Topic.self))) {
    Reference(from: $0, to: $1, about: $2)
  }

  private static let annex: Shape<Annex> = .object(
    Field("name", mark), Field("citedIn", .array(of: mark, max: 50)), Field("attached", .bool)
  ) { Annex(name: $0, citedIn: $1, isAttached: $2) }

  private static let organisation: Shape<NamedOrganisation> = .object(Field("in", mark), Field("name", mark)) {
    NamedOrganisation(clause: $0, name: $1)
  }

  static let shape: Shape<Paper> = .object(
    "paper",
    about: Text(zh: "纸面情况：编号、标题、互引、附件和出现的单位名称。", en: "The paper itself: numbering, headings, references, annexes, organisations named."),
    Field("numbering", .array(of: mark, max: 1000)), Field("headings", .array(of: heading, max: 200)),
    Field("references", .array(of: reference, max: 200)), Field("annexes", .array(of: annex, max: 50)),
    Field("organisations", .array(of: organisation, max: 50))
  ) { Paper(numbering: $0, headings: $1, references: $2, annexes: $3, organisations: $4) }
}
