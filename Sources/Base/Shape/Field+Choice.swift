// SPDX-License-Identifier: Apache-2.0

/// One of the groups of members between which a choice is made.
package struct Alternative<Value: Sendable>: Sendable {
  /// The member whose presence chooses this group, or the word that does.
  let key: String
  let field: Field<Value>

  /// Chosen by the presence of a member that stands alone: `{"fixed": "100.00"}`.
  package init<Content: Sendable>(_ key: String, _ shape: Shape<Content>, build: @escaping @Sendable (Content) -> Value) {
    self.key = key
    field = Field<Content>(key, shape).map(build)
  }

  /// Chosen by the presence of the member `key`, which must be a required one of the fields.
  package init<each Part: Sendable>(
    _ key: String, _ fields: repeat Field<each Part>, build: @escaping @Sendable (repeat each Part) -> Value
  ) {
    self.key = key
    field = .group(repeat each fields, build: build)
  }
}

extension Field {
  /// Exactly one of several groups, each known by a member that only it has.
  package static func oneOf(_ alternatives: Alternative<Value>...) -> Field { oneOf(alternatives) }

  package static func oneOf(_ alternatives: [Alternative<Value>]) -> Field {
    choice(alternatives, schema: { $0.map { .object(groupSchema($0.1)) } }) { object, reading in
      let present = alternatives.filter { object[$0.key] != nil }
      if present.count == 1 { return present[0].field.read(object, &reading) }
      let keys = alternatives.map(\.key)
      if present.isEmpty {
        reading.fail(
          "missing-alternative",
          zh: "缺少成员，须有以下之一：\(keys.joined(separator: "、"))。", en: "One of these members must be here: \(keys.joined(separator: ", ")).")
      } else {
        let keys = present.map(\.key)
        reading.fail(
          "conflicting-members",
          zh: "成员\(keys.joined(separator: "、"))不能并存，只能有其一。",
          en: "The members \(keys.joined(separator: ", ")) exclude each other; keep one.")
      }
      return nil
    }
  }

  /// At most one of several groups.
  package static func oneOf<Wrapped: Sendable>(optional alternatives: Alternative<Wrapped>...) -> Field where Value == Wrapped? {
    let required = Field<Wrapped>.oneOf(alternatives)
    return Field(
      names: required.names, namesInUse: required.namesInUse,
      schematic: { definitions in
        let whole = required.schematic(&definitions)
        let none: JSON = ["not": ["anyOf": .array(alternatives.map { ["required": [.string($0.key)]] })]]
        return FieldSchematic(properties: whole.properties, required: whole.required, choices: whole.choices.map { $0 + [none] })
      },
      read: { object, reading in
        guard alternatives.contains(where: { object[$0.key] != nil }) else { return .some(nil) }
        return required.read(object, &reading).map { .some($0) }
      })
  }

  /// One of several groups, known by the word that a member of all of them holds: `{"kind": "incident", …}`.
  ///
  /// An alternative's key is that word; its fields do not name the member itself.
  package static func tagged(by tag: String, _ alternatives: Alternative<Value>...) -> Field {
    let words = alternatives.map(\.key)
    let word = Field<Int>(tag, .enumeration(words.enumerated().map { ($0.element, $0.offset) }))
    let groups = choice(
      alternatives,
      schema: { groups in
        groups.map { key, group in
          var schema = groupSchema(group)
          var properties: JSONObject = [tag: ["const": .string(key)]]
          for member in schema["properties"]?.object ?? [:] { properties[member.name] = member.value }
          schema["properties"] = .object(properties)
          schema["required"] = .array([.string(tag)] + (schema["required"]?.array ?? []))
          return .object(schema)
        }
      },
      read: { object, reading in word.read(object, &reading).flatMap { alternatives[$0].field.read(object, &reading) } })
    let chosen = { @Sendable (object: JSONObject) in alternatives.first { object[tag] == .string($0.key) } }
    return Field(
      names: [tag] + groups.names,
      namesInUse: { object in [tag] + (chosen(object).map { $0.field.namesInUse?(object) ?? $0.field.names } ?? groups.names) },
      schematic: groups.schematic, read: groups.read)
  }

  private static func choice(
    _ alternatives: [Alternative<Value>], schema: @escaping @Sendable ([(String, FieldSchematic)]) -> [JSON],
    read: @escaping @Sendable (JSONObject, inout Reading) -> Value?
  ) -> Field {
    var names: [String] = []
    for name in alternatives.flatMap(\.field.names) where !names.contains(name) { names.append(name) }
    let all = names
    return Field(
      names: all,
      namesInUse: { object in
        let present = alternatives.filter { object[$0.key] != nil }
        // Without a clear choice nothing can be said against any of the names.
        return present.count == 1 ? present[0].field.namesInUse?(object) ?? present[0].field.names : all
      },
      schematic: { definitions in
        FieldSchematic(choices: [schema(alternatives.map { ($0.key, $0.field.schematic(&definitions)) })])
      },
      read: read)
  }

  private static func groupSchema(_ group: FieldSchematic) -> JSONObject {
    var schema = JSONObject()
    if !group.properties.isEmpty { schema["properties"] = .object(group.properties) }
    if !group.required.isEmpty { schema["required"] = .array(group.required.map { .string($0) }) }
    if !group.choices.isEmpty { schema["allOf"] = .array(group.choices.map { ["oneOf": .array($0)] }) }
    return schema
  }
}

extension Shape {
  /// An object that is exactly one of several groups of members, each known by a member that only it has.
  package static func oneOf(_ name: String, about: Text? = nil, _ alternatives: Alternative<Value>...) -> Shape {
    object(name, about: about, .oneOf(alternatives))
  }

  package static func oneOf(_ alternatives: Alternative<Value>...) -> Shape { object(.oneOf(alternatives)) }
}
