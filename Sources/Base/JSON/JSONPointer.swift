// SPDX-License-Identifier: Apache-2.0

/// A place inside a JSON text, written as a JSON pointer (RFC 6901): `/payments/0/due`.
package enum JSONPointer {
  /// A reference token with `~` and `/` escaped.
  package static func token(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
    var token = ""
    for character in name.unicodeScalars {
      switch character {
      case "~": token += "~0"
      case "/": token += "~1"
      default: token.unicodeScalars.append(character)
      }
    }
    return token
  }

  package static func appending(_ name: String, to pointer: String) -> String { pointer + "/" + token(name) }
}

extension JSON {
  /// The value that a JSON pointer (RFC 6901) leads to; `nil` when it leads nowhere or is not a pointer.
  package func value(at pointer: String) -> JSON? {
    if pointer.isEmpty { return self }
    guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
    var value = self
    for token in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let name = Self.name(fromToken: token) else { return nil }
      switch value {
      case .object(let object):
        guard let next = object[name] else { return nil }
        value = next
      case .array(let elements):
        guard let index = Int(name), String(index) == name, elements.indices.contains(index) else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }

  private static func name(fromToken token: Substring) -> String? {
    var name = ""
    var escaped = false
    for character in token.unicodeScalars {
      switch (escaped, character) {
      case (true, "0"): name += "~"
      case (true, "1"): name += "/"
      case (true, _): return nil
      case (false, "~"): break
      case (false, _): name.unicodeScalars.append(character)
      }
      escaped = !escaped && character == "~"
    }
    return escaped ? nil : name
  }
}
