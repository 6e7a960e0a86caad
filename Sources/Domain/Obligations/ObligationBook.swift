// SPDX-License-Identifier: Apache-2.0
import Base

/// What the timer has noticed of a contract's obligations.
///
/// A look compares it with what the contract and the facts say now; whatever time has done since is noticed then, once, because the book is
/// written in the transaction that tells of it.
package struct ObligationBook: Sendable {
  /// An obligation with a date, as it was noticed last.
  package struct Entry: Sendable, Hashable {
    package enum State: Sendable, Hashable {
      case open(Obligation.State)
      /// What it rested on was voided.
      case withdrawn
    }

    package let id: String
    package let bearer: Duty.Bearer
    package let state: State
    /// The first instant that is too late.
    package let due: Instant
    /// When both sides were told that its time had passed.
    package let told: Instant?

    package init(id: String, bearer: Duty.Bearer, state: State, due: Instant, told: Instant?) {
      (self.id, self.bearer, self.state, self.due, self.told) = (id, bearer, state, due, told)
    }

    /// Whether it was told as missed.
    fileprivate var isMissed: Bool { state == .open(.missed) && told != nil }
  }

  /// Something that both sides are told.
  package struct Telling: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
      case missed = "obligation.missed"
      case deemed = "obligation.deemed"
      case waived = "obligation.waived"
      /// They had been told that its time had passed, and it has not: a record came late, or one was voided.
      case corrected = "obligation.corrected"
    }

    package let kind: Kind
    package let obligation: String
    package let data: JSON
  }

  /// What a look found.
  package struct Review: Sendable {
    /// The entries that are new or differ.
    package var entries: [Entry] = []
    package var tellings: [Telling] = []
    /// What was told as missed now, and what had been told as missed and is not any more.
    package var missed: [Obligation] = []
    package var restored: [String] = []
    /// When to look again, if nothing is recorded before.
    package var next: Instant
  }

  private let entries: [String: Entry]
  /// Whether nobody has looked before: what had passed by then is noticed and not told.
  private let isNew: Bool

  package init(_ entries: [Entry], isNew: Bool) {
    self.entries = Dictionary(entries.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    self.isNew = isNew
  }

  /// Compares the book with how things are.
  ///
  /// - Parameters:
  ///   - obligations: all of the contract, as they are at `now`, by their dates.
  ///   - limit: how many tellings one look may bring; the rest is left for the next, which is then at once.
  package func review(_ obligations: [Obligation], at now: Instant, limit: Int) -> Review {
    var review = Review(next: now.nextMidnight)
    var seen: Set<String> = []
    for obligation in obligations {
      guard let due = obligation.date?.outside ?? entries[obligation.id]?.due else { continue }
      seen.insert(obligation.id)
      if let turn = obligation.turns { review.next = min(review.next, turn) }
      note(obligation, due, at: now, limit: limit, &review)
    }
    for entry in entries.values.sorted(by: { $0.id < $1.id }) where entry.state != .withdrawn && !seen.contains(entry.id) {
      review.entries.append(Entry(id: entry.id, bearer: entry.bearer, state: .withdrawn, due: entry.due, told: nil))
      if entry.told != nil { review.tellings.append(Telling(kind: .corrected, obligation: entry.id, data: [:])) }
      if entry.isMissed { review.restored.append(entry.id) }
    }
    return review
  }

  private func note(_ obligation: Obligation, _ due: Instant, at now: Instant, limit: Int, _ review: inout Review) {
    let known = entries[obligation.id]
    var state = obligation.state
    var told = known?.told
    if known?.state != .open(state) {
      if let kind = Telling.Kind(known, becoming: state, isNew: isNew) {
        if review.tellings.count < limit {
          told = kind == .missed || kind == .deemed ? now : nil
          review.tellings.append(Telling(kind: kind, obligation: obligation.id, data: obligation.telling(kind)))
          if kind == .missed { review.missed.append(obligation) }
          if known?.isMissed ?? false { review.restored.append(obligation.id) }
        } else {
          review.next = now
          guard known == nil else { return }
          state = .pending
        }
      } else {
        told = nil
      }
    }
    let entry = Entry(id: obligation.id, bearer: obligation.bearer, state: .open(state), due: due, told: told)
    if entry != known { review.entries.append(entry) }
  }
}

extension ObligationBook.Telling.Kind {
  /// What a change of state is told as, if it is.
  fileprivate init?(_ known: ObligationBook.Entry?, becoming state: Obligation.State, isNew: Bool) {
    guard !isNew else { return nil }
    switch state {
    case .missed: self = .missed
    case .deemed: self = .deemed
    case .waived: self = .waived
    case .pending, .met:
      guard known?.told != nil else { return nil }
      self = .corrected
    }
  }
}

extension Instant {
  /// 00:00 of the next day in Shanghai.
  fileprivate var nextMidnight: Instant { CivilDate(day: Int(date.day) + 1).map { Instant($0) } ?? self }
}
