// SPDX-License-Identifier: Apache-2.0

/// Values by name, in the order they were written.
package struct OrderedMap<Value: Sendable>: Sendable {
  package struct Entry: Sendable {
    package let name: String
    package let value: Value
  }

  package let entries: [Entry]

  package init(_ entries: [(String, Value)]) { self.entries = entries.map { Entry(name: $0.0, value: $0.1) } }

  package var names: [String] { entries.map(\.name) }
  package subscript(name: String) -> Value? { entries.first { $0.name == name }?.value }
}

extension OrderedMap.Entry: Equatable where Value: Equatable {}
extension OrderedMap.Entry: Hashable where Value: Hashable {}
extension OrderedMap: Equatable where Value: Equatable {}
extension OrderedMap: Hashable where Value: Hashable {}

extension Shape {
  /// An array of values of one shape.
  ///
  /// - Parameters:
  ///   - min: elements it must have.
  ///   - max: elements it may have.
  package static func array<Element: Sendable>(of element: Shape<Element>, min: Int = 0, max: Int = 10_000) -> Shape
  where Value == [Element] {
    Shape(
      kinds: { .array },
      schematic: { definitions in
        var schema: JSONObject = ["type": "array", "items": .object(element.schematic(&definitions))]
        if min > 0 { schema["minItems"] = .integer(min) }
        schema["maxItems"] = .integer(max)
        return schema
      },
      read: { json, reading in
        guard case .array(let elements) = json else {
          reading.failKind(json, expected: .array)
          return nil
        }
        guard min...max ~= elements.count else {
          reading.failCount(min, max)
          return nil
        }
        var values: [Element] = []
        values.reserveCapacity(elements.count)
        for (index, json) in elements.enumerated() {
          if let value = reading.within(index, { element.read(json, &$0) }) { values.append(value) }
        }
        return values.count == elements.count ? values : nil
      })
  }

  /// An array in which no two elements have the same key, such as their `id`.
  ///
  /// - Parameters:
  ///   - member: the member of an element that holds the key, for the fault's pointer; `nil` when the element is its key.
  ///   - key: what must differ.
  package static func array<Element: Sendable>(
    of element: Shape<Element>, min: Int = 0, max: Int = 10_000, uniqueBy member: String?, key: @escaping @Sendable (Element) -> String
  ) -> Shape where Value == [Element] {
    array(of: element, min: min, max: max).refine { elements in
      var seen: Set<String> = []
      return elements.enumerated().compactMap { index, element in
        let key = key(element)
        if seen.insert(key).inserted { return nil }
        return Fault(
          pointer: "/\(index)" + (member.map { JSONPointer.appending($0, to: "") } ?? ""), code: "duplicate",
          detail: Text(zh: "“\(NearestName.quoted(key))”重复出现。", en: "“\(NearestName.quoted(key))” stands here a second time."))
      }
    }
  }

  /// An object whose names are data: each name of one shape, each value of another.
  package static func map<Content: Sendable>(keys: Shape<String>, of content: Shape<Content>, min: Int = 0, max: Int = 1000) -> Shape
  where Value == OrderedMap<Content> {
    Shape(
      kinds: { .object },
      schematic: { definitions in
        var schema: JSONObject = [
          "type": "object", "propertyNames": .object(keys.schematic(&definitions)),
          "additionalProperties": .object(content.schematic(&definitions)),
        ]
        if min > 0 { schema["minProperties"] = .integer(min) }
        schema["maxProperties"] = .integer(max)
        return schema
      },
      read: { json, reading in
        guard case .object(let object) = json else {
          reading.failKind(json, expected: .object)
          return nil
        }
        guard min...max ~= object.count else {
          reading.failCount(min, max)
          return nil
        }
        var entries: [(String, Content)] = []
        for member in object.members {
          reading.within(member.name) { reading in
            guard let name = keys.read(.string(member.name), &reading), let value = content.read(member.value, &reading) else { return }
            entries.append((name, value))
          }
        }
        return entries.count == object.count ? OrderedMap(entries) : nil
      })
  }
}

extension Reading {
  fileprivate mutating func failCount(_ min: Int, _ max: Int) {
    fail(
      "wrong-count",
      zh: min > 0 ? "须有 \(min) 至 \(max) 项。" : "不得超过 \(max) 项。",
      en: min > 0 ? "This must have \(min) to \(max) entries." : "This must have at most \(max) entries.")
  }
}
