// SPDX-License-Identifier: Apache-2.0

extension Shape {
  /// An object with these members and no others, its schema defined once under a name.
  ///
  /// - Parameters:
  ///   - name: under which its schema is defined.
  ///   - about: a sentence for the schema.
  ///   - fields: required, optional, defaulted members, groups and choices.
  ///   - build: makes the value once every field could be read.
  package static func object<each Part: Sendable>(
    _ name: String, about: Text? = nil, _ fields: repeat Field<each Part>, build: @escaping @Sendable (repeat each Part) -> Value
  ) -> Shape {
    object(.group(repeat each fields, build: build)).named(name, about)
  }

  /// An object with these members and no others, its schema written out wherever it stands.
  package static func object<each Part: Sendable>(
    _ fields: repeat Field<each Part>, build: @escaping @Sendable (repeat each Part) -> Value
  ) -> Shape {
    object(.group(repeat each fields, build: build))
  }

  /// An object that is one field, group or choice, its schema defined once under a name.
  package static func object(_ name: String, about: Text? = nil, _ field: Field<Value>) -> Shape { object(field).named(name, about) }

  /// An object that is one field, group or choice.
  package static func object(_ field: Field<Value>) -> Shape {
    Shape(kinds: { .object }, schematic: { objectSchema(field.schematic(&$0)) }) { json, reading in
      guard case .object(let object) = json else {
        reading.failKind(json, expected: .object)
        return nil
      }
      let value = field.read(object, &reading)
      let known = field.namesInUse?(object) ?? field.names
      var strange = false
      for member in object.members where !known.contains(member.name) {
        strange = true
        reading.failUnknown(member.name, known: known)
      }
      return strange ? nil : value
    }
  }

  private static func objectSchema(_ field: FieldSchematic) -> JSONObject {
    var schema: JSONObject = ["type": "object"]
    if !field.properties.isEmpty { schema["properties"] = .object(field.properties) }
    if !field.required.isEmpty { schema["required"] = .array(field.required.map { .string($0) }) }
    switch field.choices.count {
    case 0: break
    case 1: schema["oneOf"] = .array(field.choices[0])
    default: schema["allOf"] = .array(field.choices.map { ["oneOf": .array($0)] })
    }
    schema[field.choices.isEmpty ? "additionalProperties" : "unevaluatedProperties"] = false
    return schema
  }
}

extension Reading {
  fileprivate mutating func failUnknown(_ name: String, known: [String]) {
    within(name) { reading in
      let hint = NearestName.hint(for: name, among: known)
      reading.fail(
        "unknown-member",
        zh: "没有名为“\(NearestName.quoted(name))”的成员。\(hint.zh)", en: "There is no member “\(NearestName.quoted(name))” here. \(hint.en)")
    }
  }
}
