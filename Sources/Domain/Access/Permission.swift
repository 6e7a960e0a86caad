// SPDX-License-Identifier: Apache-2.0

/// What a role may do, as `resource.action`; the closed list that role templates, routes and the OpenAPI document share.
///
/// A route names exactly one; a role holds a set of them. Platform permissions never open a tenant's data, tenant permissions never
/// open another tenant's: the context in which a permission counts is the membership it came from.
package enum Permission: String, Sendable, CaseIterable {
  // On the platform.
  case tenantRead = "tenant.read"
  case tenantApply = "tenant.apply"
  case organisationRead = "organisation.read"
  case organisationWrite = "organisation.write"
  case userRead = "user.read"
  case userWrite = "user.write"
  case calendarWrite = "calendar.write"
  case platformAuditRead = "platform-audit.read"

  // In an office.
  case officeRead = "office.read"
  case departmentRead = "department.read"
  case memberRead = "member.read"
  case memberWrite = "member.write"
  case staffRead = "staff.read"
  case shiftRead = "shift.read"
  case shiftWrite = "shift.write"
  case attendanceRead = "attendance.read"
  case attendanceWrite = "attendance.write"
  case attendanceCorrect = "attendance.correct"
  case attendanceDecide = "attendance.decide"
  case rosterPropose = "roster.propose"
  case rosterDecide = "roster.decide"
  case staffWrite = "staff.write"
  case staffAssign = "staff.assign"
  case staffDemand = "staff.demand"
  case staffDecide = "staff.decide"
  case ruleRead = "rule.read"
  case ruleWrite = "rule.write"
  case reportRead = "report.read"
  case contractRead = "contract.read"
  case contractRevise = "contract.revise"
  case contractTextWrite = "contract-text.write"
  case findingAcknowledge = "finding.acknowledge"
  case settlementRead = "settlement.read"
  case settlementPropose = "settlement.propose"
  case settlementConfirm = "settlement.confirm"
  case settlementAcknowledge = "settlement.acknowledge"
  case settlementClose = "settlement.close"
  case settlementSimulate = "settlement.simulate"
  case incidentRead = "incident.read"
  case incidentPropose = "incident.propose"
  case incidentDecide = "incident.decide"
  case incidentDispute = "incident.dispute"
  case gradeRead = "grade.read"
  case gradePropose = "grade.propose"
  case gradeDecide = "grade.decide"
  case scoreRead = "score.read"
  case scoreWrite = "score.write"
  case scoreCountersign = "score.countersign"
  case acceptanceRead = "acceptance.read"
  case acceptanceWrite = "acceptance.write"
  case eventRead = "event.read"
  case eventWrite = "event.write"
  case invoiceRead = "invoice.read"
  case invoiceWrite = "invoice.write"
  case paymentRead = "payment.read"
  case paymentWrite = "payment.write"
  case auditedAmountRead = "audited-amount.read"
  case auditedAmountWrite = "audited-amount.write"
  case factVoid = "fact.void"
  case obligationWaive = "obligation.waive"
  case noticeRead = "notice.read"
  case auditRead = "audit.read"

  // On an office's work orders: those of one's own department and below, or with order.read-all those of every department.
  case orderRead = "order.read"
  case orderReadAll = "order.read-all"
  case orderReceive = "order.receive"
  case intakeMapWrite = "intake-map.write"
  case orderEdit = "order.edit"
  case orderSign = "order.sign"
  case orderDispatch = "order.dispatch"
  case orderApprove = "order.approve"
  case orderHandle = "order.handle"
  case orderUrge = "order.urge"
  case orderHang = "order.hang"
  case orderAudit = "order.audit"
  case orderCallBack = "order.call-back"
  case orderClose = "order.close"
  case orderAppeal = "order.appeal"
  case orderDecide = "order.decide"
  case contactRead = "contact.read"
  case contactWrite = "contact.write"
  case attachmentRead = "attachment.read"
  case attachmentWrite = "attachment.write"
  case recordingRead = "recording.read"
  case complainantRead = "complainant.read"
  case complainantWrite = "complainant.write"
  case complainantDisclose = "complainant.disclose"

  /// Whether the permission is held by a platform role rather than by a membership in an office.
  package var isPlatform: Bool {
    switch self {
    case .tenantRead, .tenantApply, .organisationRead, .organisationWrite, .userRead, .userWrite, .calendarWrite, .platformAuditRead: true
    default: false
    }
  }
}

/// A set of permissions as one number, so that the check on every request is one bit.
package struct PermissionSet: Sendable, Hashable {
  private var bits: UInt128 = 0

  package init(_ permissions: some Sequence<Permission> = []) {
    for permission in permissions { insert(permission) }
  }

  package func contains(_ permission: Permission) -> Bool { bits & Self.bit(permission) != 0 }
  package mutating func insert(_ permission: Permission) { bits |= Self.bit(permission) }
  package mutating func formUnion(_ other: PermissionSet) { bits |= other.bits }

  /// The permissions in both: what a token's scopes leave of its user's roles.
  package func intersection(_ other: PermissionSet) -> PermissionSet {
    var result = PermissionSet()
    result.bits = bits & other.bits
    return result
  }

  /// Every permission in the order of their declaration.
  package var members: [Permission] { Permission.allCases.filter(contains) }

  private static func bit(_ permission: Permission) -> UInt128 { 1 << permission.ordinal }
}

extension Permission {
  /// The case's place in the declaration, below 128: an enum without payloads is stored as just that.
  fileprivate var ordinal: UInt8 { unsafeBitCast(self, to: UInt8.self) }
}
