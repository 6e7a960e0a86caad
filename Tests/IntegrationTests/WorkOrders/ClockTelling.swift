// SPDX-License-Identifier: Apache-2.0
import Base

/// What must be true of warnings and misses once all that is due has been told.
enum ClockTelling {
  /// Clocks that are still to be looked at.
  static func waiting(at now: Instant) -> String { "SELECT count(*) FROM work_order_clock WHERE next_at <= '\(now)'" }

  /// How many clocks have more or fewer lines in their office's log than they should: one for each miss and each warning, however often they began.
  static let wronglyTold = """
    SELECT count(*) FROM (
      SELECT c.tenant_id, c.order_id, c.rule, c.number, kind,
        count(*) FILTER (WHERE CASE kind WHEN 'clock.missed' THEN c.state = 'missed' ELSE c.warned_at IS NOT NULL END) AS expected
      FROM work_order_clock c CROSS JOIN (VALUES ('clock.missed'), ('clock.warned')) k (kind) GROUP BY 1, 2, 3, 4, 5) c
    WHERE expected <> (SELECT count(*) FROM audit_event n WHERE n.tenant_id = c.tenant_id AND n.subject_kind = 'work-order'
      AND n.subject = c.order_id::text AND n.action = c.kind AND n.data ->> 'rule' = c.rule AND (n.data ->> 'number')::int = c.number)
    """

  /// How many clocks are not what they say.
  static func inconsistent(at now: Instant) -> String {
    """
    SELECT count(*) FROM work_order_clock WHERE (state = 'missed') <> (missed_at IS NOT NULL)
      OR (ended_at IS NULL AND state <> 'paused' AND warned_at IS NULL AND warn_at <= '\(now)')
      OR (ended_at IS NULL AND state = 'running' AND outside_at <= '\(now)')
      OR (state = 'met' AND ended_at >= outside_at) OR (state = 'missed' AND ended_at < outside_at)
    """
  }
}
