// SPDX-License-Identifier: Apache-2.0

extension Finding {
  /// What is wrong; stable, programs may depend on it.
  package enum Code: String, Sendable, Hashable, CaseIterable {
    // Amounts.
    case amountMismatch = "amount-mismatch"
    case spellingsDiffer = "spellings-differ"
    case irregularNumeral = "irregular-numeral"
    case unreadableNumeral = "unreadable-numeral"
    case shareMissed = "share-missed"
    case monthDivisor = "month-divisor"
    // The plan.
    case planMismatch = "plan-mismatch"
    case noSchedule = "no-schedule"
    case cycleUnknown = "cycle-unknown"
    case dueAtSigning = "due-at-signing"
    case dueAfterEnd = "due-after-end"
    case twoDueRules = "two-due-rules"
    // Dates.
    case signedAfterTerm = "signed-after-term"
    case signedAfterStart = "signed-after-start"
    case signingDatesDiffer = "signing-dates-differ"
    case dateImpossible = "date-impossible"
    case effectUnsigned = "effect-unsigned"
    case termLength = "term-length"
    case termDayOver = "term-day-over"
    // Parties.
    case sameAddress = "same-address"
    case addressesDiffer = "addresses-differ"
    case strangerNamed = "stranger-named"
    // Numbers of clauses, references, annexes.
    case numberDoubled = "number-doubled"
    case numberSkipped = "number-skipped"
    case numberMisprinted = "number-misprinted"
    case referenceMissing = "reference-missing"
    case referenceTopic = "reference-topic"
    case annexAbsent = "annex-absent"
    // Forms and scales.
    case pointsMismatch = "points-mismatch"
    case noThreshold = "no-threshold"
    // Penalties and rewards.
    case pricedTwice = "priced-twice"
    case boundsCrossed = "bounds-crossed"
    case penaltiesAboveCap = "penalties-above-cap"
    case openUnderCap = "open-under-cap"
    case penaltyUnderCap = "penalty-under-cap"
    case rewardsAboveTenth = "rewards-above-tenth"
    case paysItself = "pays-itself"
    // Clocks, duties, posts.
    case noClock = "no-clock"
    case noConsequence = "no-consequence"
    case recurrenceStateless = "recurrence-stateless"
    case waitsForItself = "waits-for-itself"
    case postUnassigned = "post-unassigned"
    // Wordings that had to be understood in one of several ways.
    case readAs = "read-as"
    // The document against the text that is attached.
    case clauseNotInText = "clause-not-in-text"
    case amountNotInText = "amount-not-in-text"
    case shareNotInText = "share-not-in-text"
    case spanNotInText = "span-not-in-text"
    case numberNotInText = "number-not-in-text"
    case dateNotInText = "date-not-in-text"
    case nameNotInText = "name-not-in-text"
    case addressNotInText = "address-not-in-text"
    case referenceNotInText = "reference-not-in-text"
    case amountNotInDocument = "amount-not-in-document"
    case shareNotInDocument = "share-not-in-document"
    case dateNotInDocument = "date-not-in-document"
    case termDatesDiffer = "term-dates-differ"

    package var severity: Severity {
      switch self {
      case .noSchedule, .boundsCrossed, .waitsForItself: .error
      default: .warning
      }
    }
  }
}
