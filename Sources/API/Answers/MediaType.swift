// SPDX-License-Identifier: Apache-2.0

/// What a `Content-Type` says, as far as routes ask (RFC 9110 §8.3).
enum MediaType {
  /// Whether it is `application/json`, with any parameters; a charset other than UTF-8 is none of ours.
  static func isJSON(_ value: ArraySlice<UInt8>) -> Bool { inUTF8(value) == "application/json" }

  /// The type without its parameters, in lower case; `nil` where a charset other than UTF-8 is named.
  static func inUTF8(_ value: ArraySlice<UInt8>) -> String? {
    let parts = String(decoding: value, as: UTF8.self).lowercased().split(separator: ";").map(trimmed)
    let isOurs = parts.dropFirst().allSatisfy { parameter in
      !parameter.hasPrefix("charset=") || parameter == "charset=utf-8" || parameter == "charset=\"utf-8\""
    }
    return isOurs ? parts.first.map(String.init) : nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start }
    return start[...end]
  }
}
