-- SPDX-License-Identifier: Apache-2.0
-- The clocks of work orders: one row for each stage of a rule and each turn of what recurs.
--
-- A row holds all that its end hangs on, so that a later paper moves none: which paper and rule, from when, how long, and how long it
-- stood still. What is to be told, a warning or a miss, is told by whoever changes next_at, in the same transaction: once.

CREATE DOMAIN clock_state AS text COLLATE "C" CHECK (VALUE IN ('running', 'paused', 'met', 'missed', 'lapsed'));
CREATE DOMAIN clock_owner AS text COLLATE "C" CHECK (VALUE IN ('vendor', 'office', 'department'));
CREATE DOMAIN clock_span AS text COLLATE "C" CHECK (VALUE IN ('minutes', 'hours', 'days', 'workingDays', 'months', 'years'));
CREATE DOMAIN clock_name AS text COLLATE "C" CHECK (char_length(VALUE) BETWEEN 1 AND 64);

CREATE TABLE work_order_clock (
  tenant_id int NOT NULL,
  order_id uuid NOT NULL,
  -- The contract, or the rule pack, and the number of its revision; 0 for a rule pack.
  document clock_name NOT NULL,
  revision int NOT NULL,
  rule clock_name NOT NULL,
  started_at timestamptz NOT NULL,
  -- The stage, or which turn of what recurs.
  number smallint NOT NULL,
  -- The limit, from the start.
  span_count int NOT NULL,
  span_unit clock_span NOT NULL,
  recurs boolean NOT NULL,
  owner clock_owner NOT NULL,
  -- The step that it waits for, those that leave nothing to be done, the states in which it stands still.
  done_by clock_name NOT NULL,
  moot_by text[] COLLATE "C",
  paused_while text[] COLLATE "C",
  -- A step before it counts for the turn before.
  opens_at timestamptz NOT NULL,
  -- The first instant that is too late; none while it stands still, or while the calendar of its end is not known.
  outside_at timestamptz,
  warn_at timestamptz,
  -- When somebody is to look at it: to warn, to find it missed, to ask for the calendar again.
  next_at timestamptz,
  state clock_state NOT NULL,
  -- [{"state", "from", "to"}], in order; the last may be open.
  pauses jsonb,
  ended_at timestamptz,
  -- When its warning and its miss were told.
  warned_at timestamptz,
  missed_at timestamptz,
  PRIMARY KEY (tenant_id, order_id, document, rule, started_at, number)
) WITH (fillfactor = 80);
CREATE INDEX work_order_clock_next ON work_order_clock (tenant_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX work_order_clock_due ON work_order_clock (tenant_id, outside_at, order_id) WHERE ended_at IS NULL AND outside_at IS NOT NULL;
CALL isolate_tenants('work_order_clock');
GRANT SELECT, INSERT,
  UPDATE (outside_at, warn_at, next_at, state, pauses, ended_at, warned_at, missed_at)
  ON work_order_clock TO jiesu_server;

-- The open offices that have a clock to look at, and since when.
CREATE FUNCTION work_order_clock_due_tenants(moment timestamptz) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    since := (
      SELECT c.next_at FROM work_order_clock c WHERE c.tenant_id = tenant AND c.next_at <= moment ORDER BY c.next_at LIMIT 1);
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION work_order_clock_due_tenants TO jiesu_server;

-- What the platform proposes it withdraws where the reason falls away; nobody decided then.
ALTER TABLE incident DROP CONSTRAINT incident_check1;
ALTER TABLE incident ADD CONSTRAINT incident_decider
  CHECK ((decided_at IS NULL) = (decided_by IS NULL) OR (state = 'rejected' AND proposed_side = 'system' AND decided_by IS NULL));
