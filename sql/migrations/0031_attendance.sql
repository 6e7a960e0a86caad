-- SPDX-License-Identifier: Apache-2.0
-- Attendance 考勤: who clocked in and out when, what was corrected with two names under it, and which shifts are to be judged by it.
--
-- Who recorded, asked or decided is a user's id without a foreign key, as with incidents.

-- Somebody clocked in or out. It is written once and never changed: the same person cannot do the same thing twice in one instant, so a mark
-- that comes again is the same mark.
CREATE TABLE clock_mark (
  tenant_id int NOT NULL,
  person code NOT NULL,
  at timestamptz NOT NULL,
  direction text COLLATE "C" NOT NULL CHECK (direction IN ('in', 'out')),
  source text COLLATE "C" NOT NULL CHECK (source IN ('api', 'import')),
  -- The door or the telephone, and its own number of the mark.
  device text CHECK (char_length(device) BETWEEN 1 AND 60),
  external_number text COLLATE "C" CHECK (char_length(external_number) BETWEEN 1 AND 100),
  -- The file that it came from.
  batch_id uuid,
  recorded_by uuid NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, person, at, direction),
  FOREIGN KEY (tenant_id, person) REFERENCES staff_member,
  CHECK ((source = 'import') = (batch_id IS NOT NULL))
);
CALL isolate_tenants('clock_mark');
GRANT SELECT, INSERT ON clock_mark TO jiesu_server;

-- A mark that should be there and is not, or is there and should not: asked for by one, signed by another. Of several that were signed for
-- one mark the last counts.
CREATE TABLE mark_correction (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  person code NOT NULL,
  at timestamptz NOT NULL,
  direction text COLLATE "C" NOT NULL CHECK (direction IN ('in', 'out')),
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('add', 'void')),
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
  FOREIGN KEY (tenant_id, person) REFERENCES staff_member,
  CHECK ((state = 'requested') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
  CHECK (state <> 'approved' OR decided_by <> requested_by)
);
CREATE INDEX mark_correction_of_person ON mark_correction (tenant_id, person, at);
-- One is open about a mark.
CREATE UNIQUE INDEX mark_correction_open ON mark_correction (tenant_id, person, at, direction) WHERE state = 'requested';
CALL isolate_tenants('mark_correction');
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note, version) ON mark_correction TO jiesu_server;

-- From when on a person's shifts are to be judged, again where marks came in, and when somebody is to look. Whoever looks locks the row, so
-- that no two servers do.
CREATE TABLE attendance_book (
  tenant_id int NOT NULL,
  person code NOT NULL,
  -- Shifts that ended after this.
  judge_from timestamptz NOT NULL,
  next_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, person),
  FOREIGN KEY (tenant_id, person) REFERENCES staff_member
);
CREATE INDEX attendance_book_next ON attendance_book (tenant_id, next_at);
CALL isolate_tenants('attendance_book');
GRANT SELECT, INSERT, UPDATE (judge_from, next_at) ON attendance_book TO jiesu_server;

-- A new shift is judged when it is over; those around it too, because marks belong to the nearest.
CREATE FUNCTION note_new_shifts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attendance_book AS b (tenant_id, person, judge_from, next_at)
    SELECT tenant_id, person, min(starts_at) - interval '8 hours', min(ends_at) FROM added GROUP BY tenant_id, person ORDER BY person
    ON CONFLICT (tenant_id, person) DO UPDATE
      SET judge_from = least(b.judge_from, excluded.judge_from), next_at = least(b.next_at, excluded.next_at);
  RETURN NULL;
END
$$;
CREATE TRIGGER shift_changes_attendance AFTER INSERT ON shift
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_new_shifts();

-- Leave that is approved, or taken back, excuses somebody or does so no longer.
CREATE FUNCTION note_leave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE attendance_book SET judge_from = least(judge_from, NEW.starts_at), next_at = '-infinity'
    WHERE tenant_id = NEW.tenant_id AND person = NEW.person;
  RETURN NULL;
END
$$;
CREATE TRIGGER leave_changes_attendance AFTER UPDATE OF state ON staff_leave
  FOR EACH ROW WHEN (NEW.state = 'approved' OR OLD.state = 'approved') EXECUTE FUNCTION note_leave();

-- Shifts that were over before anybody could clock in are nobody's absence.
DO $$
DECLARE
  one int;
BEGIN
  FOR one IN SELECT tenant_id FROM tenant LOOP
    PERFORM set_config('jiesu.tenant', one::text, true);
    INSERT INTO attendance_book (tenant_id, person, judge_from, next_at)
      SELECT tenant_id, person, now(), min(ends_at) FROM shift WHERE tenant_id = one AND ends_at > now() AND state = 'planned'
      GROUP BY tenant_id, person;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;

-- The open offices in which somebody's shifts are to be judged, and since when; as staff_due_tenants.
CREATE FUNCTION attendance_due_tenants(moment timestamptz) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    since := (SELECT CASE WHEN isfinite(b.next_at) THEN b.next_at ELSE moment END
      FROM attendance_book b WHERE b.tenant_id = tenant AND b.next_at <= moment ORDER BY b.next_at LIMIT 1);
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION attendance_due_tenants TO jiesu_server;

-- Files of clock marks are taken in as those of work orders are.
ALTER TABLE order_batch ADD COLUMN content text COLLATE "C" NOT NULL DEFAULT 'orders' CHECK (content IN ('orders', 'marks'));
