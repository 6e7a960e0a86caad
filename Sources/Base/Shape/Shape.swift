// SPDX-License-Identifier: Apache-2.0

/// How a value is written in JSON: a decoder that finds every fault at once and carries its own JSON Schema (2020-12).
///
/// Shapes are put together once, as `static let`, and used for contract documents, tenant files and request bodies alike.
/// Recursion goes through `reference` to a named shape.
package struct Shape<Value: Sendable>: Sendable {
  /// The kinds of JSON value that can fit; a closure because a reference must not look at its target while both are being made.
  let kinds: @Sendable () -> JSONKinds
  /// The schema, or a `$ref` to it with the definition left in the collection.
  let schematic: @Sendable (inout SchemaDefinitions) -> JSONObject
  /// The value, or `nil` after at least one fault was recorded.
  let read: @Sendable (JSON, inout Reading) -> Value?

  init(
    kinds: @escaping @Sendable () -> JSONKinds, schematic: @escaping @Sendable (inout SchemaDefinitions) -> JSONObject,
    read: @escaping @Sendable (JSON, inout Reading) -> Value?
  ) {
    self.kinds = kinds
    self.schematic = schematic
    self.read = read
  }

  /// A shape for one kind of JSON value with a schema that refers to nothing.
  init(_ kind: JSON.Kind, schema: JSONObject, read: @escaping @Sendable (JSON, inout Reading) -> Value?) {
    let kinds = JSONKinds(kind)
    self.init(kinds: { kinds }, schematic: { _ in schema }, read: read)
  }

  /// Reads a value, or says everything that is wrong with it.
  package func decode(_ json: JSON) -> Result<Value, Faults> {
    var reading = Reading()
    let value = read(json, &reading)
    guard let value, reading.faults.isEmpty else { return .failure(Faults(reading.faults)) }
    return .success(value)
  }

  /// Reads a value from bytes; bytes that are no JSON are one fault, `bad-json`, with line and column.
  package func decode(bytes: [UInt8], maximumDepth: Int = JSON.usualDepth) -> Result<Value, Faults> {
    do throws(JSONError) {
      return decode(try JSON.parse(bytes, maximumDepth: maximumDepth))
    } catch {
      return .failure(Faults([Fault(code: "bad-json", detail: error.text)]))
    }
  }
}

// MARK: values

extension Shape {
  /// The same JSON, read as something else.
  package func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> Shape<Other> {
    Shape<Other>(kinds: kinds, schematic: schematic) { json, reading in read(json, &reading).map(transform) }
  }

  /// The same JSON, read together with itself: for what is stored as it was written.
  package func map<Other: Sendable>(withJSON transform: @escaping @Sendable (Value, JSON) -> Other) -> Shape<Other> {
    Shape<Other>(kinds: kinds, schematic: schematic) { json, reading in read(json, &reading).map { transform($0, json) } }
  }

  /// The same JSON, read as something else where that can be; a fault's pointer is relative to this value.
  package func convert<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Result<Other, Fault>) -> Shape<Other> {
    Shape<Other>(kinds: kinds, schematic: schematic) { json, reading in
      guard let value = read(json, &reading) else { return nil }
      switch transform(value) {
      case .success(let other): return other
      case .failure(let fault):
        reading.fail(fault)
        return nil
      }
    }
  }

  /// The same shape with a rule the schema cannot say; the faults' pointers are relative to this value.
  package func refine(_ faults: @escaping @Sendable (Value) -> [Fault]) -> Shape {
    Shape(kinds: kinds, schematic: schematic) { json, reading in
      guard let value = read(json, &reading) else { return nil }
      let found = faults(value)
      for fault in found { reading.fail(fault) }
      return found.isEmpty ? value : nil
    }
  }

  /// The same shape with a rule the schema cannot say; the fault's pointer is relative to this value.
  package func refine(_ fault: @escaping @Sendable (Value) -> Fault?) -> Shape { refine { fault($0).map { [$0] } ?? [] } }

  /// The same shape, where JSON's `null` stands for none.
  package var nullable: Shape<Value?> {
    Shape<Value?>(
      kinds: { kinds().union(.null) }, schematic: { ["anyOf": [.object(schematic(&$0)), ["type": "null"]]] },
      read: { json, reading in json == .null ? .some(nil) : read(json, &reading).map { .some($0) } })
  }

  /// The shape that is made elsewhere, looked up when it is needed: the way for a named shape to contain itself.
  package static func reference(_ shape: @autoclosure @escaping @Sendable () -> Shape) -> Shape {
    Shape(kinds: { shape().kinds() }, schematic: { shape().schematic(&$0) }, read: { json, reading in shape().read(json, &reading) })
  }

  /// One of two shapes that different kinds of JSON value have, such as a word or an object.
  package static func either(_ first: Shape, _ second: Shape) -> Shape {
    Shape(
      kinds: { first.kinds().union(second.kinds()) },
      schematic: { ["anyOf": [.object(first.schematic(&$0)), .object(second.schematic(&$0))]] },
      read: { json, reading in
        let kind = JSONKinds(json.kind)
        if first.kinds().isSuperset(of: kind) { return first.read(json, &reading) }
        if second.kinds().isSuperset(of: kind) { return second.read(json, &reading) }
        reading.failKind(json, expected: first.kinds().union(second.kinds()))
        return nil
      })
  }
}

// MARK: schema

extension Shape {
  /// The JSON Schema with its definitions under `$defs`, described in both languages.
  package var schema: JSON { schema(in: nil) }

  /// The JSON Schema as a document of its own.
  ///
  /// - Parameter language: of titles and descriptions; `nil` puts both into each.
  package func schema(in language: Language?) -> JSON {
    var definitions = SchemaDefinitions(prefix: "#/$defs/", language: language)
    let root = schematic(&definitions)
    var document: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema"]
    for member in root { document[member.name] = member.value }
    if !definitions.schemas.isEmpty { document["$defs"] = .object(definitions.schemas) }
    return .object(document)
  }

  /// The JSON Schema as part of a larger document, its definitions left in the collection.
  package func schema(collecting definitions: inout SchemaDefinitions) -> JSON { .object(schematic(&definitions)) }

  /// The same shape with a sentence for its schema.
  package func described(_ description: Text, title: Text? = nil) -> Shape {
    Shape(
      kinds: kinds,
      schematic: { definitions in
        var schema = schematic(&definitions)
        if let title { schema["title"] = .string(definitions.words(title)) }
        schema["description"] = .string(definitions.words(description))
        return schema
      },
      read: read)
  }

  package func described(zh: String, en: String) -> Shape { described(Text(zh: zh, en: en)) }

  /// The same shape under a name: its schema is defined once and referred to.
  package func named(_ name: String, _ description: Text? = nil) -> Shape {
    let inner = description.map { described($0) } ?? self
    return Shape(kinds: kinds, schematic: { $0.reference(name, Value.self, inner.schematic) }, read: read)
  }
}
