// SPDX-License-Identifier: Apache-2.0

extension JSON {
  /// The value as text for people: two spaces a level, what fits on a line kept on one, a line break at the end.
  ///
  /// - Parameter width: columns that an object or array may take to stay on its line.
  package func indented(width: Int = 120) -> String {
    var text = ""
    write(to: &text, indent: 0, width: width)
    return text + "\n"
  }

  private var compact: String { String(decoding: bytes, as: UTF8.self) }

  private func write(to text: inout String, indent: Int, width: Int) {
    let line = compact
    if line.unicodeScalars.count + indent <= width {
      text += line
      return
    }
    let space = String(repeating: " ", count: indent + 2)
    switch self {
    case .object(let object) where !object.isEmpty:
      text += "{"
      for (index, member) in object.members.enumerated() {
        text += (index == 0 ? "\n" : ",\n") + space + JSON.string(member.name).compact + ": "
        member.value.write(to: &text, indent: indent + 2, width: width)
      }
      text += "\n" + String(repeating: " ", count: indent) + "}"
    case .array(let elements) where !elements.isEmpty:
      text += "["
      for (index, element) in elements.enumerated() {
        text += (index == 0 ? "\n" : ",\n") + space
        element.write(to: &text, indent: indent + 2, width: width)
      }
      text += "\n" + String(repeating: " ", count: indent) + "]"
    default: text += line
    }
  }
}
