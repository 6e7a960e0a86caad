// SPDX-License-Identifier: Apache-2.0
import Base

extension ScoreSheet {
  /// The form with its items and the options of each, in both languages.
  package var json: JSON {
    [
      "id": .string(id), "clause": .string(citation.clause), "title": title.json, "full": .string(full.decimal()),
      "sections": .array(
        sections.map { section in
          [
            "id": .string(section.id), "title": section.title.json, "weight": .string(section.weight.decimal()),
            "items": .array(section.items.map(\.json)),
          ]
        }),
      "deductions": deductions.map { ["title": $0.title.json, "incidents": .array($0.incidents.map { .string($0) })] } ?? .null,
    ]
  }

  /// What a filled form says, section by section: each item with the option that was ticked.
  package func filled(_ marks: OrderedMap<Rational>) -> JSON {
    .array(
      sections.map { section in
        [
          "id": .string(section.id), "title": section.title.json, "weight": .string(section.weight.decimal()),
          "items": .array(
            section.items.map { item in
              let points = marks[item.id]
              return [
                "id": .string(item.id), "title": item.title.json, "full": .string(item.full.decimal()),
                "points": points.map { .string($0.decimal()) } ?? .null,
                "label": item.options.first { $0.points == points }?.label.json ?? .null,
              ]
            }),
        ]
      })
  }
}

extension ScoreSheet.Item {
  fileprivate var json: JSON {
    [
      "id": .string(id), "title": title.json, "full": .string(full.decimal()),
      "options": .array(
        options.map { ["points": .string($0.points.decimal()), "label": $0.label.json, "criterion": $0.criterion?.json ?? .null] }),
    ]
  }
}
