// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// A contract and its text that nobody concluded: what the real ones cannot show everywhere is shown on it.
enum InventedContract {
  static func source() throws -> String { try RepositoryFiles.text("Tests/Texts/xikou.json") }
  static func words() throws -> String { try RepositoryFiles.text("Tests/Texts/xikou.md") }

  /// What is found in the contract with one passage of its document or of its text changed.
  static func findings(
    document passage: (String, String)? = nil, text change: (String, String)? = nil, isAttached: Bool = true
  ) throws -> [Finding] {
    let document = try Doctored.document(passage.map { try source().replacingOnce($0.0, $0.1) } ?? source())
    let text = try change.map { try words().replacingOnce($0.0, $0.1) } ?? words()
    return Lint(
      try Contract([document]), packs: try RepositoryFiles.rulePacks(), assignments: [], text: isAttached ? ContractText(text) : nil
    ).findings()
  }
}

extension String {
  /// The text with the first of a passage replaced; fails where there is none.
  func replacingOnce(_ passage: String, _ change: String) throws -> String {
    let range = try #require(firstRange(of: passage), "“\(passage)” stands in the text")
    return self[..<range.lowerBound] + change + self[range.upperBound...]
  }
}
