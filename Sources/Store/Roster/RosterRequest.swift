// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What leave and swaps have in common: somebody asks, another decides, and either is written down once.
package struct RosterRequest: Sendable {
  package enum State: String, Sendable, CaseIterable { case requested, approved, rejected, withdrawn }

  package let id: UUIDv7
  package let reason: String
  package let state: State
  package let requestedBy: UUIDv7
  /// The side of who asked.
  package let side: Side
  package let requestedAt: Instant
  package let decidedBy: UUIDv7?
  package let decidedAt: Instant?
  package let note: String?
  package let version: Int32

  static let columns: SQL =
    "id, reason, state, requested_by, requested_side, requested_at, decided_by, decided_at, decision_note, version"
  /// The first column behind ``columns``.
  static let width = 10

  init(_ row: Row) throws(DecodingFailure) {
    id = try row.identifier(0)
    reason = try row.text(1)
    state = try row.word(2)
    requestedBy = try row.identifier(3)
    side = try row.word(4)
    requestedAt = try row.instant(5)
    decidedBy = try row.optional(6, row.identifier)
    decidedAt = try row.optional(7, row.instant)
    note = try row.optional(8, row.text)
    version = try row.int32(9)
  }

  /// What becomes of a request of a known version.
  package struct Decision: Sendable {
    let id: UUIDv7
    let version: Int32
    package let state: State
    let note: String?

    package init(_ state: State, of request: RosterRequest, note: String?) {
      (self.id, self.version, self.state, self.note) = (request.id, request.version, state, note)
    }

    func binds(by user: UUIDv7, at now: Instant, in tenant: TenantID) -> [Bind] {
      [
        .int4(tenant.number), .uuid(id), .int4(version), .text(state.rawValue), .optional(note, .text) { .text($0) }, .uuid(user),
        .instant(now),
      ]
    }
  }

  /// Writes down a ``Decision`` in a table; fails with `SQLState.changed` where the request is not of the version any more.
  static func decide(in table: SQL) -> SQL {
    """
    WITH done AS (UPDATE \(table) SET state = $4, decision_note = $5, decided_by = $6, decided_at = $7, version = version + 1 \
    WHERE tenant_id = $1 AND id = $2 AND version = $3 RETURNING 1) \
    SELECT demand((SELECT count(*) FROM done) = 1, 'JS001')
    """
  }
}

extension RosterRequest.State {
  package var name: Text {
    switch self {
    case .requested: Text(zh: "待决定", en: "requested")
    case .approved: Text(zh: "已批准", en: "approved")
    case .rejected: Text(zh: "已驳回", en: "rejected")
    case .withdrawn: Text(zh: "已撤回", en: "withdrawn")
    }
  }
}
