// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What an office has said of the findings of its contracts; the statements run in the office's context.
package enum AcknowledgementStore {
  package static func list(of contract: String, in tenant: TenantID) -> Query<Finding.Acknowledgement> {
    Query(
      """
      SELECT finding, seen, reason, acknowledged_by, acknowledged_at FROM finding_acknowledgement \
      WHERE tenant_id = $1 AND contract_id = $2 ORDER BY finding
      """, [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in
      Finding.Acknowledgement(
        finding: try row.text(0), seen: try row.text(1), reason: try row.text(2), by: try row.identifier(3), at: try row.instant(4))
    }
  }

  /// Acknowledges a finding, or acknowledges it anew for other values or another reason.
  package static func put(_ acknowledgement: Finding.Acknowledgement, of contract: String, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO finding_acknowledgement (tenant_id, contract_id, finding, seen, reason, acknowledged_by, acknowledged_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, contract_id, finding) DO UPDATE SET seen = excluded.seen, \
      reason = excluded.reason, acknowledged_by = excluded.acknowledged_by, acknowledged_at = excluded.acknowledged_at
      """,
      [
        .int4(tenant.number), .text(contract), .text(acknowledgement.finding), .text(acknowledgement.seen), .text(acknowledgement.reason),
        .uuid(acknowledgement.by), .instant(acknowledgement.at),
      ])
  }

  /// Takes an acknowledgement back; fails with `SQLState.changed` where there is none.
  package static func withdraw(_ finding: String, of contract: String, in tenant: TenantID) -> Statement {
    Statement(
      """
      WITH withdrawn AS (
        DELETE FROM finding_acknowledgement WHERE tenant_id = $1 AND contract_id = $2 AND finding = $3 RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM withdrawn), 'JS001')
      """, [.int4(tenant.number), .text(contract), .text(finding)])
  }
}
