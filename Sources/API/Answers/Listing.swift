// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// A page of a list of values as an answer: `{"items": […], "next": "…"}`.
enum Listing {
  /// - Parameter next: the key by which the list goes on after a value.
  static func response<Value>(
    _ values: [Value], limit: Int32, next: (Value) -> String, _ write: (Value, inout JSONWriter) -> Void
  ) -> Response {
    var writer = JSONWriter(capacity: 256 + values.count * 384)
    writer.beginObject()
    writer.key("items")
    writer.beginArray()
    for value in values { write(value, &writer) }
    writer.endArray()
    if values.count == Int(limit), let last = values.last {
      writer.key("next")
      writer.string(next(last))
    }
    writer.endObject()
    return .json(writer.bytes)
  }

  /// All there is, in one answer.
  static func response<Value>(_ values: [Value], _ write: (Value, inout JSONWriter) -> Void) -> Response {
    response(values, limit: .max, next: { _ in "" }, write)
  }

  /// The schema of such an answer.
  static func schematic(_ item: @escaping Operation.Schematic) -> Operation.Schematic {
    { definitions in
      [
        "type": "object", "required": ["items"],
        "properties": ["items": ["type": "array", "items": item(&definitions)], "next": ["type": "string"]],
      ]
    }
  }

  /// The schema of an object with these members.
  static func named(_ members: [String]) -> Operation.Schematic {
    { _ in
      [
        "type": "object", "required": .array(members.map { .string($0) }),
        "properties": .object(JSONObject(members.map { JSONObject.Member(name: $0, value: [:]) })),
      ]
    }
  }
}
