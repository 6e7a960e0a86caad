// SPDX-License-Identifier: Apache-2.0
import Base

/// A form that gives a score: sections of items, each with the options that may be ticked.
package struct ScoreSheet: Sendable, Hashable {
  package struct Option: Sendable, Hashable {
    package let points: Rational
    package let label: Text
    /// What can be measured about it, where the form says so.
    package let criterion: Text?
  }

  package struct Item: Sendable, Hashable {
    package let id: String
    package let title: Text
    package let full: Rational
    package let options: [Option]
  }

  package struct Section: Sendable, Hashable {
    package let id: String
    package let title: Text
    package let weight: Rational
    package let items: [Item]
  }

  /// The part of the form where plain breaches are taken off.
  package struct Deductions: Sendable, Hashable {
    package let title: Text
    package let incidents: [String]
  }

  package let id: String
  package let citation: Citation
  package let title: Text
  package let full: Rational
  package let sections: [Section]
  package let deductions: Deductions?
}

extension ScoreSheet {
  private static let option: Shape<Option> = .object(
    Field("points", .decimal()), Field("label", Text.shape), Field(optional: "criterion", Text.shape)
  ) { Option(points: $0, label: $1, criterion: $2) }

  private static let item: Shape<Item> = .object(
    Field("id", .code), Field("title", Text.shape), Field("full", .decimal()), Field("options", .array(of: option, min: 1, max: 20))
  ) { Item(id: $0, title: $1, full: $2, options: $3) }

  private static let section: Shape<Section> = .object(
    Field("id", .code), Field("title", Text.shape), Field("weight", .decimal()),
    Field("items", .array(of: item, min: 1, max: 50, uniqueBy: "id", key: \.id))
  ) { Section(id: $0, title: $1, weight: $2, items: $3) }

  private static let deduction: Shape<Deductions> = .object(
    Field("title", Text.shape), Field("incidents", .array(of: .code, min: 1, max: 50))
  ) { Deductions(title: $0, incidents: $1) }

  static let shape: Shape<ScoreSheet> = .object(
    "scoreSheet", about: Text(zh: "评分表：各部分、各项及可选分值。", en: "A score sheet: sections, items and the options of each."),
    Field("id", .code), Citation.field, Field("title", Text.shape), Field("full", .decimal()),
    Field("sections", .array(of: section, min: 1, max: 20, uniqueBy: "id", key: \.id)), Field(optional: "deductions", deduction)
  ) { ScoreSheet(id: $0, citation: $1, title: $2, full: $3, sections: $4, deductions: $5) }
}
