// SPDX-License-Identifier: Apache-2.0

/// The named schemas that a schema refers to, each defined once.
package struct SchemaDefinitions: Sendable {
  /// By name, in the order they were first met.
  package private(set) var schemas = JSONObject()
  /// Names that two different values go by; a mistake of the code, for its tests.
  package private(set) var conflicts: [String] = []

  private let prefix: String
  private let language: Language?
  private var owners: [String: ObjectIdentifier] = [:]

  /// - Parameters:
  ///   - prefix: of every `$ref`: `#/$defs/`, or `#/components/schemas/` in OpenAPI.
  ///   - language: of titles and descriptions; `nil` puts both into each.
  package init(prefix: String, language: Language?) {
    self.prefix = prefix
    self.language = language
  }

  mutating func reference(
    _ name: String, _ value: Any.Type, _ schematic: (inout SchemaDefinitions) -> JSONObject
  ) -> JSONObject {
    let owner = ObjectIdentifier(value)
    if let other = owners[name] {
      if other != owner { conflicts.append(name) }
    } else {
      owners[name] = owner
      // The place is taken first, so that a shape inside itself finds its name there.
      schemas[name] = true
      let schema = schematic(&self)
      schemas[name] = .object(schema)
    }
    return ["$ref": .string(prefix + name)]
  }

  func words(_ text: Text) -> String { language.map { text[$0] } ?? "\(text.zh)\n\(text.en)" }
}
