// SPDX-License-Identifier: Apache-2.0

/// What a field adds to its object's schema.
struct FieldSchematic: Sendable {
  var properties = JSONObject()
  var required: [String] = []
  /// For each choice among groups: the schemas of the groups.
  var choices: [[JSON]] = []
}

/// A part of an object: one member, a group of members, or a choice between groups.
package struct Field<Value: Sendable>: Sendable {
  /// Every member name that can belong to it.
  let names: [String]
  /// The names that belong to it in this object, where a choice leaves some out; `nil` when it is always all of them.
  let namesInUse: (@Sendable (JSONObject) -> [String])?
  let schematic: @Sendable (inout SchemaDefinitions) -> FieldSchematic
  let read: @Sendable (JSONObject, inout Reading) -> Value?
}

extension Field {
  /// A member that must be there.
  package init(_ name: String, _ shape: Shape<Value>) {
    self.init(name, shape, isRequired: true, fallback: nil) { reading in
      reading.within(name) { $0.fail("missing-member", zh: "缺少成员“\(name)”。", en: "The member “\(name)” is missing.") }
      return nil
    }
  }

  /// A member that may be left out; `null` does not stand for that.
  package init<Wrapped: Sendable>(optional name: String, _ shape: Shape<Wrapped>) where Value == Wrapped? {
    self.init(name, shape.map { .some($0) }, isRequired: false, fallback: nil) { _ in .some(nil) }
  }

  /// A member that stands for `fallback`, read by the same shape, when it is left out.
  package init(_ name: String, _ shape: Shape<Value>, default fallback: JSON) {
    self.init(name, shape, isRequired: false, fallback: fallback) { reading in
      reading.within(name) { shape.read(fallback, &$0) }
    }
  }

  private init(
    _ name: String, _ shape: Shape<Value>, isRequired: Bool, fallback: JSON?, absent: @escaping @Sendable (inout Reading) -> Value?
  ) {
    names = [name]
    namesInUse = nil
    schematic = { definitions in
      var schema = shape.schematic(&definitions)
      if let fallback { schema["default"] = fallback }
      return FieldSchematic(properties: [name: .object(schema)], required: isRequired ? [name] : [])
    }
    read = { object, reading in
      guard let json = object[name] else { return absent(&reading) }
      return reading.within(name) { shape.read(json, &$0) }
    }
  }

  /// Several fields read into one value, to be part of more than one object.
  package static func group<each Part: Sendable>(
    _ fields: repeat Field<each Part>, build: @escaping @Sendable (repeat each Part) -> Value
  ) -> Field {
    var names: [String] = []
    var chooses = false
    for field in repeat each fields {
      names += field.names
      chooses = chooses || field.namesInUse != nil
    }
    let namesInUse = { @Sendable (object: JSONObject) -> [String] in
      var names: [String] = []
      for field in repeat each fields { names += field.namesInUse?(object) ?? field.names }
      return names
    }
    let schematic = { @Sendable (definitions: inout SchemaDefinitions) -> FieldSchematic in
      var whole = FieldSchematic()
      for field in repeat each fields {
        let part = field.schematic(&definitions)
        for member in part.properties { whole.properties[member.name] = member.value }
        whole.required += part.required
        whole.choices += part.choices
      }
      return whole
    }
    let read = { @Sendable (object: JSONObject, reading: inout Reading) -> Value? in
      var present = 0
      do throws(Absent) {
        return build(repeat try part((each fields).read(object, &reading), &present))
      } catch {
        // What stands behind the part that failed is read for its faults only.
        var place = 0
        for field in repeat each fields {
          if place > present { _ = field.read(object, &reading) }
          place += 1
        }
        return nil
      }
    }
    return Field(names: names, namesInUse: chooses ? namesInUse : nil, schematic: schematic, read: read)
  }

  /// The same members, read as something else.
  package func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> Field<Other> {
    Field<Other>(names: names, namesInUse: namesInUse, schematic: schematic) { object, reading in read(object, &reading).map(transform) }
  }
}

/// A part could not be read; its faults are already recorded.
private struct Absent: Error {}

/// Counts the parts that are there, up to the first that is not.
@inline(__always)
private func part<Value>(_ value: Value?, _ present: inout Int) throws(Absent) -> Value {
  guard let value else { throw Absent() }
  present += 1
  return value
}
