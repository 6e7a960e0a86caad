// SPDX-License-Identifier: Apache-2.0
import Base

/// Where a work order 工单 stands: what its history comes to.
package struct WorkOrder: Sendable, Hashable {
  package let id: UUIDv7
  /// The number of its last entry.
  package var version: Int32
  package var stage: OrderStage
  package let source: OrderSource
  package let externalNumber: String
  package var contract: String?
  package var grade: String
  package var category: String?
  package var area: String?
  package var community: String?
  package var title: String
  package var tags: [String]
  package var attributes: JSON
  /// The unit it was dispatched to last.
  package var department: String?
  /// Who signed it.
  package var seat: UUIDv7?
  package var repliedBy: UUIDv7?
  package var approvalAskedBy: UUIDv7?
  package var exclusionAskedBy: UUIDv7?
  /// Dispatched only with a leader's approval.
  package var isSpecial: Bool
  package var approval: OrderDecision
  package var isOutsideRemit: Bool
  package var isHung: Bool
  package var isAwaitingCitizen: Bool
  package var exclusion: OrderDecision
  package var appeal: OrderDecision
  package var appealDue: CivilDate?
  package var isContacted: Bool?
  package var resolution: OrderResolution?
  package var satisfaction: OrderSatisfaction?
  package var callbackAttempts: Int32
  package var urges: Int32
  package var reopenings: Int32
  package var repeats: UUIDv7?
  package var times: Times
  package var reportedAt: Instant?
  package var reportedDue: Instant?

  /// When its steps were taken, by the server's clock; of a step taken twice the last.
  package struct Times: Sendable, Hashable {
    package var received: Instant
    package var signed: Instant?
    package var verified: Instant?
    package var dispatched: Instant?
    package var handling: Instant?
    package var replied: Instant?
    package var audited: Instant?
    package var calledBack: Instant?
    package var closed: Instant?
    package var archived: Instant?
    package var returned: Instant?
    package var hung: Instant?
    package var progress: Instant?
    package var changed: Instant

    package init(received: Instant) {
      self.received = received
      changed = received
    }
  }

  /// An order as its intake made it.
  package init(_ id: UUIDv7, _ facts: OrderFacts, at received: Instant) {
    self.id = id
    version = 1
    stage = .received
    source = facts.source
    externalNumber = facts.externalNumber
    contract = facts.contract
    grade = facts.grade
    category = facts.category
    area = facts.area
    community = facts.community
    title = facts.title
    tags = facts.tags
    attributes = .object(facts.attributes)
    isSpecial = facts.isSpecial
    approval = .none
    (isOutsideRemit, isHung, isAwaitingCitizen) = (false, false, false)
    (exclusion, appeal) = (.none, .none)
    (callbackAttempts, urges, reopenings) = (0, 0, 0)
    times = Times(received: received)
    repeats = facts.repeats
    reportedAt = facts.reportedAt
    reportedDue = facts.reportedDue
  }

  /// What it waits for, as contracts name it: a clock may stand still meanwhile.
  package var waits: Set<OrderState> {
    var waits: Set<OrderState> = []
    if approval == .asked { waits.insert(.awaitingApproval) }
    if isHung { waits.insert(.hung) }
    if exclusion == .asked { waits.insert(.awaitingExclusion) }
    if isAwaitingCitizen { waits.insert(.awaitingCitizen) }
    return waits
  }

  /// Whether the citizen was not contacted, nothing was solved, and they are not satisfied 零分工单.
  package var isZeroScore: Bool { isContacted == false && resolution == .unsolved && satisfaction == .dissatisfied }
}
