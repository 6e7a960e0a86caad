-- SPDX-License-Identifier: Apache-2.0
-- Who comes back from leave before its end asks for it, and another decides, as with the leave itself.

ALTER TABLE staff_leave
  -- From when on the person is back; none: from the end on. The end stays what it was: the ages of rosters are sums over all that overlapped
  -- a time once, and must not shrink.
  ADD back_at timestamptz CHECK (back_at > starts_at AND back_at < ends_at);
GRANT UPDATE (back_at) ON staff_leave TO jiesu_server;

CREATE TABLE leave_return (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  leave_id uuid NOT NULL,
  back_at timestamptz NOT NULL,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  state text COLLATE "C" NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'approved', 'rejected', 'withdrawn')),
  requested_by uuid NOT NULL,
  requested_side text COLLATE "C" NOT NULL CHECK (requested_side IN ('office', 'vendor')),
  requested_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text CHECK (char_length(decision_note) BETWEEN 1 AND 2000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, leave_id) REFERENCES staff_leave,
  CHECK ((state = 'requested') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
  CHECK (state <> 'approved' OR decided_by <> requested_by)
);
CREATE INDEX leave_return_of_leave ON leave_return (tenant_id, leave_id);
-- One is open about a leave.
CREATE UNIQUE INDEX leave_return_open ON leave_return (tenant_id, leave_id) WHERE state = 'requested';
CALL isolate_tenants('leave_return');
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note, version) ON leave_return TO jiesu_server;

-- The time from then on is no leave any more: shifts in it are judged again.
CREATE TRIGGER return_changes_attendance AFTER UPDATE OF back_at ON staff_leave
  FOR EACH ROW WHEN (NEW.state = 'approved') EXECUTE FUNCTION note_leave();
