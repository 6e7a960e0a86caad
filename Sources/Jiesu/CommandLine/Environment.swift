// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The process's environment.
enum Environment {
  /// Every variable; taken once, before other threads exist.
  static func variables() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let middle = text.firstIndex(of: "=") { variables[String(text[..<middle])] = String(text[text.index(after: middle)...]) }
      next += 1
    }
    return variables
  }
}
