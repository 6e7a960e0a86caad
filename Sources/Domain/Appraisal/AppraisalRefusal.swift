// SPDX-License-Identifier: Apache-2.0
import Base

/// Why somebody cannot take a score sheet or a grade further.
package enum AppraisalRefusal: Error, Sendable, Hashable {
  /// The office appraises, the vendor is appraised.
  case officeOnly
  /// Whoever filled the sheet wants to countersign it, or whoever proposed a grade to decide it.
  case ownProposal
  /// Somebody else filled the sheet: they sign it.
  case notTheFiller
  /// It counts already.
  case decided(Text)
  /// It does not follow from this state.
  case notNow(step: Text, state: Text)

  /// Whether it says something about the person or the side rather than about what is appraised.
  package var isPersonal: Bool {
    switch self {
    case .officeOnly, .ownProposal, .notTheFiller: true
    case .decided, .notNow: false
    }
  }

  /// Stable, in kebab-case.
  package var code: String {
    switch self {
    case .officeOnly: "not-your-side"
    case .ownProposal: "own-proposal"
    case .notTheFiller: "not-the-filler"
    case .decided: "already-decided"
    case .notNow: "not-in-this-state"
    }
  }

  package var text: Text {
    switch self {
    case .officeOnly: Text(zh: "评分与评定由甲方作出，乙方不得为之。", en: "The office appraises; the vendor does not.")
    case .ownProposal: Text(zh: "填表人、提议人不得自行会签、决定。", en: "Nobody countersigns or decides what they filled or proposed.")
    case .notTheFiller: Text(zh: "评价表由填表人签字。", en: "A sheet is signed by whoever filled it.")
    case .decided(let state): Text(zh: "已有决定（\(state.zh)）。", en: "This is decided already (\(state.en)).")
    case .notNow(let step, let state): Text(zh: "现为“\(state.zh)”，不能\(step.zh)。", en: "It is \(state.en); it cannot be \(step.en) now.")
    }
  }
}
