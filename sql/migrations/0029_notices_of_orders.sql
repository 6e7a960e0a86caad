-- SPDX-License-Identifier: Apache-2.0
-- What the passing of time makes of orders' clocks is told to those whom it concerns, and goes over the live board.

ALTER TABLE notice
  -- Told to the members of a department and of those above it, and to whoever sees all departments; none: to the whole side.
  ADD department code,
  -- The permission that a reader must hold for it, beside that to read notices.
  ADD needs text COLLATE "C" CHECK (char_length(needs) BETWEEN 1 AND 80),
  -- The transaction that wrote it (docs/decisions/0013-a-board-in-the-order-of-commits.md).
  ADD written bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);
CREATE INDEX notice_as_written ON notice (tenant_id, written, id) WHERE subject_kind = 'work-order';

-- What was told before hung on a contract's obligations, or on a key complainant.
DO $$
DECLARE
  one int;
BEGIN
  FOR one IN SELECT tenant_id FROM tenant LOOP
    PERFORM set_config('jiesu.tenant', one::text, true);
    UPDATE notice SET needs = CASE WHEN subject_kind = 'key-complainant' THEN 'complainant.read' WHEN subject_kind IN ('staff', 'staff-demand') THEN 'staff.read' ELSE 'contract.read' END WHERE tenant_id = one;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
