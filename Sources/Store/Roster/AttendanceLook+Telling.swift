// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension AttendanceLook {
  /// Tells whoever decides on incidents that some were proposed, once an hour of each contract, however many there are and whoever finds them.
  ///
  /// - Parameter proposals: what this look has proposed; what was known already is not told again.
  func tell(of proposals: [IncidentStore.SystemProposal]) -> Statement {
    // Whoever tells of several contracts does it in one order, so that two servers wait for each other at most.
    let contracts = Set(proposals.map(\.contract)).sorted()
    let hour = now.microseconds - now.microseconds % Instant.hour
    let (from, to) = (Instant(microseconds: hour) ?? now, Instant(microseconds: hour + Instant.hour) ?? now)
    let data: JSON = ["source": "attendance", "from": .string("\(from)"), "to": .string("\(to)")]
    return Statement(
      """
      INSERT INTO notice (tenant_id, id, at, side, kind, contract_id, subject_kind, subject, needs, data)
      SELECT $1, n.id, $2, 'office', 'incident.proposed', n.contract_id, 'attendance', n.contract_id || '@' || $6, $7, $8
      FROM unnest($3::uuid[], $4::text[]) AS n (id, contract_id)
      WHERE EXISTS (
        SELECT FROM incident i WHERE i.tenant_id = $1 AND i.source = 'attendance' AND i.external_number = ANY ($5)
          AND i.contract_id = n.contract_id AND i.state = 'proposed' AND coalesce(i.answer_from, i.proposed_at) = $2)
      ON CONFLICT (tenant_id, kind, subject) WHERE subject_kind = 'attendance' DO NOTHING
      """,
      [
        .int4(tenant.number), .instant(now), .uuidArray(contracts.map { _ in identity(now) }.map { ($0.high, $0.low) }),
        .textArray(contracts), .textArray(proposals.map(\.number)), .text("\(from)"), .text(Permission.incidentDecide.rawValue),
        .json(data),
      ])
  }
}
