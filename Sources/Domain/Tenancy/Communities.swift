// SPDX-License-Identifier: Apache-2.0
import Base

/// The villages and communities 村、社区 of an office's tree: an order's community is one of them; where there are none, any word is.
package struct Communities: Sendable {
  package typealias Community = (code: String, name: Text)

  /// The kinds of department that an order's community may be.
  package static let kinds: [Department.Kind] = [.village, .community]
  /// Of an office without any.
  package static let none = Communities([])
  /// How many an error names.
  private static let listed = 20

  private let all: [Community]

  package init(_ all: [Community]) { self.all = all }

  /// The code of the one that has a word as its code or name; the word itself in an office without any, nil for one that is not there.
  package func code(of word: String) -> String? {
    if all.isEmpty { return word }
    return (all.first { $0.code == word } ?? all.first { $0.name.zh == word || $0.name.en == word })?.code
  }

  /// What is wrong with a word that is none of them: which there are.
  package func unknown(_ word: String) -> Fault {
    let some = all.prefix(Self.listed)
    let (zh, en) = (some.map { "\($0.code) \($0.name.zh)" }, some.map { "\($0.code) \($0.name.en)" })
    let more = all.count > some.count
    return Fault(
      pointer: "/community", code: "unknown-reference",
      detail: Text(
        zh: "本单位没有社区或村“\(word)”；有：\(zh.joined(separator: "、"))\(more ? "等" : "")。",
        en: "The office has no community or village “\(word)”; it has: \(en.joined(separator: ", "))\(more ? " and others" : "")."))
  }
}
