// SPDX-License-Identifier: Apache-2.0
import Base

extension WorkOrder {
  /// What a history comes to, the entries in their order; nil when it does not begin with an intake or an entry is missing.
  package init?(_ id: UUIDv7, history: some Sequence<OrderEntry>) {
    var order: WorkOrder?
    for entry in history {
      if var known = order {
        guard entry.seq == known.version + 1 else { return nil }
        known.take(entry)
        order = known
      } else {
        guard entry.seq == 1, case .received(let facts) = entry.move else { return nil }
        order = WorkOrder(id, facts, at: entry.at)
      }
    }
    guard let order else { return nil }
    self = order
  }

  /// Becomes what it is after an entry; whether the step may be taken was judged before (``refusal(of:by:under:)``).
  package mutating func take(_ entry: OrderEntry) {
    version = entry.seq
    times.changed = entry.at
    switch entry.move {
    case .received, .linked(_), .contactCorrected, .classified, .edited, .verified: changeFacts(entry)
    case .signed:
      stage = .signed
      seat = entry.actor
      times.signed = entry.at
    case .outsideRemit: isOutsideRemit = true
    case .returned:
      stage = .returned
      times.returned = entry.at
      endWaits()
    case .approvalAsked:
      approval = .asked
      approvalAskedBy = entry.actor
    case .approved: approval = .granted
    case .approvalRefused: approval = .refused
    case .dispatched(let dispatch):
      stage = .dispatched
      department = dispatch.department
      times.dispatched = entry.at
      times.handling = nil
    case .handlingBegun:
      stage = .handling
      times.handling = entry.at
    case .urged: urges += 1
    case .progressReported: times.progress = entry.at
    case .citizenAwaited: isAwaitingCitizen = true
    case .citizenAnswered: isAwaitingCitizen = false
    case .hung:
      isHung = true
      times.hung = entry.at
    case .resumed: isHung = false
    case .replied:
      stage = .replied
      repliedBy = entry.actor
      times.replied = entry.at
      endWaits()
    case .audited:
      stage = .audited
      times.audited = entry.at
    case .replyRejected: stage = .handling
    case .callbackFailed: callbackAttempts += 1
    case .calledBack(let callback):
      stage = .calledBack
      callbackAttempts += 1
      isContacted = callback.isContacted
      resolution = callback.resolution
      satisfaction = callback.satisfaction
      times.calledBack = entry.at
    case .closed:
      stage = .closed
      times.closed = entry.at
    case .archived:
      stage = .archived
      times.archived = entry.at
    case .exclusionAsked:
      exclusion = .asked
      exclusionAskedBy = entry.actor
    case .exclusionDecided(let verdict): exclusion = verdict.isGranted ? .granted : .refused
    case .appealed(let plea):
      appeal = .asked
      appealDue = plea.due
    case .appealDecided(let verdict): appeal = verdict.isGranted ? .granted : .refused
    case .reopened: reopen()
    }
  }

  /// Takes an entry that changes what the order says rather than where it stands.
  private mutating func changeFacts(_ entry: OrderEntry) {
    switch entry.move {
    case .linked(let link): repeats = link.repeats
    case .classified(let made):
      category = made.category ?? category
      grade = made.grade ?? grade
      isSpecial = made.isSpecial ?? isSpecial
    case .edited(let edit):
      title = edit.title ?? title
      grade = edit.grade ?? grade
      category = edit.category ?? category
      area = edit.area ?? area
      community = edit.community ?? community
      tags = edit.tags ?? tags
      attributes = edit.attributes.map { .object($0) } ?? attributes
      isSpecial = edit.isSpecial ?? isSpecial
    case .verified(let verification):
      stage = .verified
      community = verification.community
      category = verification.category ?? category
      area = verification.area ?? area
      tags = verification.tags ?? tags
      times.verified = entry.at
    default: break
    }
  }

  /// Nothing is waited for any more by whoever handles it.
  private mutating func endWaits() {
    isHung = false
    isAwaitingCitizen = false
    if approval == .asked { approval = .none }
  }

  /// Goes back to where it waits to be dispatched, or to be signed where it was never verified; the citizen's answers are void.
  private mutating func reopen() {
    stage = times.verified == nil ? .received : .verified
    reopenings += 1
    isOutsideRemit = false
    (isContacted, resolution, satisfaction) = (nil, nil, nil)
    callbackAttempts = 0
    (times.closed, times.archived, times.returned, times.calledBack) = (nil, nil, nil, nil)
  }
}
