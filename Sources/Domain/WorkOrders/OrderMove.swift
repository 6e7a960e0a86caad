// SPDX-License-Identifier: Apache-2.0
import Base

/// A step with all that it says; what the history keeps of it.
package enum OrderMove: Sendable, Hashable {
  case received(OrderFacts)
  case classified(Classification)
  case edited(OrderEdit)
  case signed
  case verified(Verification)
  case outsideRemit(reason: String)
  case returned(reason: String)
  case approvalAsked(reason: String)
  case approved(remark: String?)
  case approvalRefused(reason: String)
  case dispatched(Dispatch)
  case handlingBegun
  case urged(remark: String)
  case progressReported(Progress)
  case citizenAwaited(reason: String)
  case citizenAnswered(remark: String?)
  case replied(Reply)
  case audited(remark: String?)
  case replyRejected(reason: String)
  case callbackFailed(remark: String?)
  case calledBack(Callback)
  case closed(Checklist)
  case archived(Checklist)
  case hung(reason: String)
  case resumed(reason: String)
  case exclusionAsked(Plea)
  case exclusionDecided(Verdict)
  case appealed(Plea)
  case appealDecided(Verdict)
  case reopened(reason: String)
  case linked(Link)
  case contactCorrected(Correction)

  /// The step that it is.
  package var step: OrderStep {
    switch self {
    case .received: .received
    case .classified: .classified
    case .edited: .edited
    case .signed: .signed
    case .verified: .verified
    case .outsideRemit: .outsideRemit
    case .returned: .returned
    case .approvalAsked: .approvalAsked
    case .approved: .approved
    case .approvalRefused: .approvalRefused
    case .dispatched: .dispatched
    case .handlingBegun: .handlingBegun
    case .urged: .urged
    case .progressReported: .progressReported
    case .citizenAwaited: .citizenAwaited
    case .citizenAnswered: .citizenAnswered
    case .replied: .replied
    case .audited: .audited
    case .replyRejected: .replyRejected
    case .callbackFailed: .callbackFailed
    case .calledBack: .calledBack
    case .closed: .closed
    case .archived: .archived
    case .hung: .hung
    case .resumed: .resumed
    case .exclusionAsked: .exclusionAsked
    case .exclusionDecided: .exclusionDecided
    case .appealed: .appealed
    case .appealDecided: .appealDecided
    case .reopened: .reopened
    case .linked: .linked
    case .contactCorrected: .contactCorrected
    }
  }
}

/// One entry of an order's history.
package struct OrderEntry: Sendable, Hashable {
  /// 1 for the intake, then one more each.
  package let seq: Int32
  package let at: Instant
  /// Who did it; nil for the system.
  package let actor: UUIDv7?
  package let side: OrderSide
  package let move: OrderMove

  package init(seq: Int32, at: Instant, actor: UUIDv7?, side: OrderSide, move: OrderMove) {
    self.seq = seq
    self.at = at
    self.actor = actor
    self.side = side
    self.move = move
  }
}

/// What an order says of itself besides its text and its citizen.
package struct OrderFacts: Sendable, Hashable {
  package let source: OrderSource
  /// The number by which the source knows it.
  package let externalNumber: String
  /// The contract under which it is worked on; nil where none is in force.
  package var contract: String?
  /// The urgency that the city gives it, as the rule pack in force names it: `2h 24h 7d 15d`.
  package var grade: String
  package var category: String?
  package let area: String?
  package let community: String?
  package let title: String
  package let tags: [String]
  /// What the source says beyond, for decision tables to ask.
  package let attributes: JSONObject
  package var isSpecial: Bool
  /// When the source says it sent it, and until when it wants the answer; kept as reported.
  package let reportedAt: Instant?
  package let reportedDue: Instant?
  /// The earlier order of the same citizen that it seems to repeat.
  package var repeats: UUIDv7?
  /// What the office's tables decided at the intake.
  package var decisions = RuleDecisions.none

  package init(
    source: OrderSource, externalNumber: String, contract: String?, grade: String, category: String?, area: String?, community: String?,
    title: String, tags: [String], attributes: JSONObject, isSpecial: Bool, reportedAt: Instant?, reportedDue: Instant?
  ) {
    self.source = source
    self.externalNumber = externalNumber
    self.contract = contract
    self.grade = grade
    self.category = category
    self.area = area
    self.community = community
    self.title = title
    self.tags = tags
    self.attributes = attributes
    self.isSpecial = isSpecial
    self.reportedAt = reportedAt
    self.reportedDue = reportedDue
  }
}

extension OrderMove {
  /// What decision tables made of an order: only what they decided, and by which rows.
  package struct Classification: Sendable, Hashable {
    package var category: String?
    package var grade: String?
    package var isSpecial: Bool?
    package var decisions: RuleDecisions

    package init(category: String? = nil, grade: String? = nil, isSpecial: Bool? = nil, decisions: RuleDecisions) {
      self.category = category
      self.grade = grade
      self.isSpecial = isSpecial
      self.decisions = decisions
    }
  }

  /// What was confirmed with the citizen; the text and the address are kept with the citizen's data.
  package struct Verification: Sendable, Hashable {
    package var community: String
    package let category: String?
    package let area: String?
    package let tags: [String]?
    package let remark: String?

    package init(community: String, category: String?, area: String?, tags: [String]?, remark: String?) {
      self.community = community
      self.category = category
      self.area = area
      self.tags = tags
      self.remark = remark
    }
  }

  package struct Dispatch: Sendable, Hashable {
    package let department: String
    package let remark: String?
    /// What the office's tables decided, where they were asked for the department.
    package var decisions: RuleDecisions

    package init(department: String, remark: String? = nil, decisions: RuleDecisions = .none) {
      self.department = department
      self.remark = remark
      self.decisions = decisions
    }
  }

  /// A recording, a photo, a video or a document, by its name where it is kept.
  package struct Media: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable { case recording, photo, video, document }
    package let kind: Kind
    package let reference: String
    /// How long it is, where somebody said so.
    package var seconds: Int32?

    package init(kind: Kind, reference: String, seconds: Int32? = nil) {
      self.kind = kind
      self.reference = reference
      self.seconds = seconds
    }
  }

  package struct Progress: Sendable, Hashable {
    package let progress: String
    package let media: [Media]

    package init(progress: String, media: [Media]) {
      self.progress = progress
      self.media = media
    }
  }

  package struct Reply: Sendable, Hashable {
    /// What was done.
    package let handling: String
    /// What came of it.
    package let result: String
    /// At least one recording, photo or video.
    package let media: [Media]

    package init(handling: String, result: String, media: [Media]) {
      self.handling = handling
      self.result = result
      self.media = media
    }
  }

  package struct Callback: Sendable, Hashable {
    /// Whether somebody of the handling unit had been in touch 响应率.
    package let isContacted: Bool
    package let resolution: OrderResolution
    package let satisfaction: OrderSatisfaction
    package let remark: String?
    package let recording: String?
    /// How long the recording is, where somebody said so.
    package var recordingSeconds: Int32?

    package init(isContacted: Bool, resolution: OrderResolution, satisfaction: OrderSatisfaction, remark: String?, recording: String?) {
      self.isContacted = isContacted
      self.resolution = resolution
      self.satisfaction = satisfaction
      self.remark = remark
      self.recording = recording
    }
  }

  /// The items that were checked off, by their keys.
  package struct Checklist: Sendable, Hashable {
    package let checked: [String]
    package let remark: String?

    package init(checked: [String], remark: String? = nil) {
      self.checked = checked
      self.remark = remark
    }
  }

  /// A reasoned request with its material.
  package struct Plea: Sendable, Hashable {
    package let reason: String
    package let media: [Media]
    /// The last day on which it can be handed in or decided.
    package let due: CivilDate?

    package init(reason: String, media: [Media], due: CivilDate?) {
      self.reason = reason
      self.media = media
      self.due = due
    }
  }

  package struct Verdict: Sendable, Hashable {
    package let isGranted: Bool
    package let remark: String?

    package init(isGranted: Bool, remark: String?) {
      self.isGranted = isGranted
      self.remark = remark
    }
  }

  package struct Link: Sendable, Hashable {
    package enum Ground: String, Sendable, Hashable, CaseIterable { case phone, content, judgement }
    package let repeats: UUIDv7
    package let ground: Ground
  }

  /// Which of the citizen's data were corrected, and why; never what they say.
  package struct Correction: Sendable, Hashable {
    package let members: [String]
    package let reason: String

    package init(members: [String], reason: String) {
      self.members = members
      self.reason = reason
    }
  }
}

/// A change of what an order says; a member that is nil stays as it is.
package struct OrderEdit: Sendable, Hashable {
  package let title: String?
  package let grade: String?
  package let category: String?
  package let area: String?
  package var community: String?
  package let tags: [String]?
  package let attributes: JSONObject?
  package let isSpecial: Bool?

  package var isEmpty: Bool {
    title == nil && grade == nil && category == nil && area == nil && community == nil && tags == nil && attributes == nil
      && isSpecial == nil
  }
}
