-- SPDX-License-Identifier: Apache-2.0
-- The roster 排班: the rules it follows, who is to be on duty when, who is away, who changes with whom.
--
-- Who planned, asked or decided is a user's id without a foreign key, as with incidents.

-- An office's roster rules, each revision from a day on; written once like a decision table.
CREATE TABLE roster_rules (
  tenant_id int NOT NULL REFERENCES tenant,
  revision int NOT NULL CHECK (revision > 0),
  effective_from date NOT NULL,
  document jsonb NOT NULL CHECK (jsonb_typeof(document) = 'object'),
  -- Of the document in its canonical form.
  sha256 digest NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by uuid,
  PRIMARY KEY (tenant_id, revision)
);
CALL isolate_tenants('roster_rules');
GRANT SELECT, INSERT ON roster_rules TO jiesu_server;

-- Somebody who is to be on duty on a post, from when until when. What was planned is cancelled, never changed or deleted: who stands in
-- has a shift of their own.
CREATE TABLE shift (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  person code NOT NULL,
  contract_id code NOT NULL,
  post code NOT NULL,
  starts_at timestamptz NOT NULL,
  -- The first instant after it.
  ends_at timestamptz NOT NULL,
  -- The pattern of the roster rules, and which of its shifts; none where it was planned by itself.
  pattern code,
  turn code,
  state text COLLATE "C" NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'cancelled')),
  -- Generated from patterns, planned one by one, out of an accepted proposal, or in the place of another shift.
  origin text COLLATE "C" NOT NULL CHECK (origin IN ('generated', 'planned', 'proposal', 'replacement', 'swap')),
  -- The proposal, the shift or the swap that it came from.
  origin_id uuid,
  -- Why it was planned although the rest between shifts or the hours of a month are broken.
  reason text CHECK (char_length(reason) BETWEEN 1 AND 2000),
  planned_by uuid NOT NULL,
  planned_at timestamptz NOT NULL,
  cancelled_by uuid,
  cancelled_at timestamptz,
  cancelled_because text CHECK (char_length(cancelled_because) BETWEEN 1 AND 2000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person) REFERENCES staff_member,
  FOREIGN KEY (tenant_id, contract_id, post) REFERENCES post,
  CHECK (ends_at > starts_at AND ends_at - starts_at <= interval '24 hours'),
  CHECK ((pattern IS NULL) = (turn IS NULL)),
  CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
  CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL))
);
CREATE INDEX shift_by_time ON shift (tenant_id, starts_at, id);
CREATE INDEX shift_of_person ON shift (tenant_id, person, starts_at);
CALL isolate_tenants('shift');
GRANT SELECT, INSERT, UPDATE (state, cancelled_by, cancelled_at, cancelled_because, version) ON shift TO jiesu_server;

-- Somebody away for a time: asked for, and decided by another than who asked.
CREATE TABLE staff_leave (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  person code NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
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
  CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX staff_leave_of_person ON staff_leave (tenant_id, person, ends_at);
CREATE INDEX staff_leave_by_end ON staff_leave (tenant_id, ends_at);
CALL isolate_tenants('staff_leave');
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note, version) ON staff_leave TO jiesu_server;

-- A shift that is to go to somebody else, for one of theirs or for nothing in return.
CREATE TABLE shift_swap (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  shift_id uuid NOT NULL,
  -- Who is to take it.
  to_person code NOT NULL,
  -- The shift that goes the other way.
  in_return uuid CHECK (in_return <> shift_id),
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
  FOREIGN KEY (tenant_id, shift_id) REFERENCES shift,
  FOREIGN KEY (tenant_id, in_return) REFERENCES shift,
  FOREIGN KEY (tenant_id, to_person) REFERENCES staff_member,
  CHECK ((state = 'requested') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX shift_swap_of_shift ON shift_swap (tenant_id, shift_id);
CREATE INDEX shift_swap_in_return ON shift_swap (tenant_id, in_return) WHERE in_return IS NOT NULL;
CREATE INDEX shift_swap_to_person ON shift_swap (tenant_id, to_person);
CALL isolate_tenants('shift_swap');
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note, version) ON shift_swap TO jiesu_server;

-- A roster that was worked out for a time: who is to be where, and what cannot be filled; accepted, it becomes shifts.
CREATE TABLE roster_proposal (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  -- Of one contract only; none: of all of them.
  contract_id code,
  first_day date NOT NULL,
  last_day date NOT NULL CHECK (last_day >= first_day),
  document jsonb NOT NULL CHECK (jsonb_typeof(document) = 'object'),
  state text COLLATE "C" NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'accepted', 'rejected', 'withdrawn')),
  proposed_by uuid NOT NULL,
  proposed_side text COLLATE "C" NOT NULL CHECK (proposed_side IN ('office', 'vendor')),
  proposed_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text CHECK (char_length(decision_note) BETWEEN 1 AND 2000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK ((state = 'proposed') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
CALL isolate_tenants('roster_proposal');
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note, version) ON roster_proposal TO jiesu_server;
