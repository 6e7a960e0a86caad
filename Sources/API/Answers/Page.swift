// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP
import Postgres

/// A page of a list as an answer: `{"items": […], "next": "…"}`, `next` only where there may be more.
enum Page {
  /// Writes the rows; the key of the last is `next` when the page is full.
  ///
  /// - Parameter identifier: the column of the rows' identifiers.
  static func response(
    _ rows: Rows, limit: Int32, identifier column: Int, _ write: (Row, inout JSONWriter) throws(DecodingFailure) -> Void
  ) throws(DecodingFailure) -> Response {
    var writer = JSONWriter(capacity: 512 + rows.count * 768)
    writer.beginObject()
    writer.key("items")
    writer.beginArray()
    for row in rows { try write(row, &writer) }
    writer.endArray()
    if rows.count == Int(limit), let last = rows.last {
      writer.key("next")
      writer.uuid(bytes: last.rawBytes(column))
    }
    writer.endObject()
    return .json(writer.bytes)
  }

  /// The schema of such an answer.
  static func schematic(of name: String, _ item: @escaping Operation.Schematic) -> Operation.Schematic {
    { definitions in
      [
        "type": "object", "required": ["items"],
        "properties": ["items": ["type": "array", "items": item(&definitions)], "next": ["type": "string"]],
      ]
    }
  }
}
