// SPDX-License-Identifier: Apache-2.0
import Base

/// Something in a contract that does not add up, or that somebody should know before relying on it.
package struct Finding: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable, CaseIterable {
    /// Nothing can be computed from it as it stands: it is not applied.
    case error
    /// The paper is so, and the platform says how it goes by it.
    case warning

    package var title: Text {
      switch self {
      case .error: Text(zh: "错误", en: "error")
      case .warning: Text(zh: "提示", en: "warning")
      }
    }
  }

  package let code: Code
  /// The clause as the document or the text numbers it.
  package let clause: String
  /// Where it stands in the document, as a JSON pointer; empty where only the text shows it.
  package let pointer: String
  /// What stands there, and what it was held against.
  package let values: [Text]
  package let sentence: Text
  /// Which finding of its code it is, whatever its values.
  let subject: String
  /// From when the paper governs that it was found in.
  package internal(set) var effectiveFrom: CivilDate?
  /// Its name among the findings of the contract: the same as long as the same is found at the same place, in other values too.
  package internal(set) var id = ""

  package var severity: Severity { code.severity }

  init(_ code: Code, _ clause: String, _ subject: String, at pointer: String = "", values: [Text], zh: String, en: String) {
    self.code = code
    self.clause = clause
    self.subject = subject
    self.pointer = pointer
    self.values = values
    sentence = Text(zh: zh, en: en)
  }

  /// What an acknowledgement was given for: it holds while this is the same.
  package var standing: String { ([clause] + values.map(\.zh)).joined(separator: "\n") }

  /// Whether another one says the same of the same clause.
  func repeats(_ other: Finding) -> Bool {
    guard code == other.code, values == other.values else { return false }
    if clause == other.clause { return true }
    let (mine, theirs) = (ClauseNumber.citations(in: clause).flatMap(\.places), ClauseNumber.citations(in: other.clause).flatMap(\.places))
    return mine.contains { one in theirs.contains { $0.contains(one) || one.contains($0) } }
  }

  /// As a fault of the file that the document stands in.
  package var fault: Fault { Fault(pointer: pointer, code: code.rawValue, detail: sentence) }
}
