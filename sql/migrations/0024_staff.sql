-- SPDX-License-Identifier: Apache-2.0
-- People on posts 任岗, beyond what an office's files say: what must be shown before somebody is posted, changes that need the
-- office's consent, who left and what was cleared then.
--
-- Who recorded, asked or decided is a user's id without a foreign key, as with incidents.

-- Whether the files name the person, or a member of the office or of the vendor did: applying the files touches only the former.
ALTER TABLE staff_member ADD COLUMN filed boolean NOT NULL DEFAULT true;
GRANT UPDATE (filed) ON staff_member TO jiesu_server;

-- A change of staff 更换人员 that the vendor asks the office for, where the contract wants its written consent.
CREATE TABLE staff_change (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  contract_id code NOT NULL,
  post code NOT NULL,
  -- Who leaves the post and who comes to it; one of them may be missing.
  leaves code,
  comes code CHECK (comes <> leaves),
  effective_on date NOT NULL,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  state text COLLATE "C" NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'consented', 'refused', 'withdrawn')),
  -- The fact that it was asked for, where the contract speaks of it.
  asked_fact uuid,
  requested_by uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  -- The paper on which the office consented.
  document text CHECK (char_length(document) BETWEEN 1 AND 200),
  decision_note text CHECK (char_length(decision_note) BETWEEN 1 AND 2000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contract_id, post) REFERENCES post,
  FOREIGN KEY (tenant_id, leaves) REFERENCES staff_member,
  FOREIGN KEY (tenant_id, comes) REFERENCES staff_member,
  CHECK (leaves IS NOT NULL OR comes IS NOT NULL),
  CHECK ((state = 'requested') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
  CHECK (state <> 'consented' OR document IS NOT NULL)
);
CREATE INDEX staff_change_of_post ON staff_change (tenant_id, contract_id, post);
CREATE INDEX staff_change_leaves ON staff_change (tenant_id, leaves) WHERE leaves IS NOT NULL;
CREATE INDEX staff_change_comes ON staff_change (tenant_id, comes) WHERE comes IS NOT NULL;
CALL isolate_tenants('staff_change');
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, document, decision_note, version) ON staff_change TO jiesu_server;

ALTER TABLE staff_assignment
  ADD COLUMN filed boolean NOT NULL DEFAULT true,
  -- Whom the person stands in for on the post.
  ADD COLUMN replaces code,
  ADD COLUMN replaces_from date,
  -- The consent under which the person came, and under which the person left.
  ADD COLUMN came_by_change uuid,
  ADD COLUMN left_by_change uuid,
  ADD COLUMN assigned_by uuid,
  ADD COLUMN assigned_at timestamptz,
  -- The last day, where the person left before the planned one; the day before the first for who never came.
  ADD COLUMN ended_on date CHECK (ended_on >= assigned_from - 1),
  ADD COLUMN ended_because text CHECK (char_length(ended_because) BETWEEN 1 AND 2000),
  ADD COLUMN ended_by uuid,
  ADD COLUMN ended_at timestamptz,
  ADD CHECK ((replaces IS NULL) = (replaces_from IS NULL)),
  ADD CHECK ((assigned_by IS NULL) = (assigned_at IS NULL)),
  ADD CHECK ((ended_on IS NULL) = (ended_at IS NULL)),
  ADD CHECK ((ended_on IS NULL) = (ended_by IS NULL)),
  ADD CHECK ((ended_on IS NULL) = (ended_because IS NULL)),
  ADD FOREIGN KEY (tenant_id, replaces, contract_id, post, replaces_from) REFERENCES staff_assignment,
  ADD FOREIGN KEY (tenant_id, came_by_change) REFERENCES staff_change,
  ADD FOREIGN KEY (tenant_id, left_by_change) REFERENCES staff_change;
-- A consent is good for one who comes and one who leaves.
CREATE UNIQUE INDEX staff_assignment_came_by ON staff_assignment (tenant_id, came_by_change) WHERE came_by_change IS NOT NULL;
CREATE UNIQUE INDEX staff_assignment_left_by ON staff_assignment (tenant_id, left_by_change) WHERE left_by_change IS NOT NULL;
CREATE INDEX staff_assignment_replaces ON staff_assignment (tenant_id, replaces, contract_id, post, replaces_from)
  WHERE replaces IS NOT NULL;
GRANT UPDATE (filed, left_by_change, ended_on, ended_because, ended_by, ended_at) ON staff_assignment TO jiesu_server;

-- That somebody meets a condition which a contract sets before posting 上岗条件: training, a confidentiality pledge, the office's
-- approval; written once, and withdrawn where it was wrong.
CREATE TABLE staff_condition (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  person code NOT NULL,
  contract_id code NOT NULL,
  condition text COLLATE "C" NOT NULL CHECK (condition IN ('trained', 'pledged', 'approved')),
  met_on date NOT NULL,
  -- The last day on which it holds; none: without end.
  expires_on date CHECK (expires_on >= met_on),
  -- The paper that shows it.
  document text NOT NULL CHECK (char_length(document) BETWEEN 1 AND 200),
  recorded_by uuid NOT NULL,
  recorded_side text COLLATE "C" NOT NULL CHECK (recorded_side IN ('office', 'vendor')),
  recorded_at timestamptz NOT NULL,
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  withdrawn_because text CHECK (char_length(withdrawn_because) BETWEEN 1 AND 2000),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person) REFERENCES staff_member,
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK (condition <> 'approved' OR recorded_side = 'office'),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_because IS NULL))
);
CREATE INDEX staff_condition_of_contract ON staff_condition (tenant_id, contract_id, person);
CREATE INDEX staff_condition_of_person ON staff_condition (tenant_id, person);
CALL isolate_tenants('staff_condition');
GRANT SELECT, INSERT, UPDATE (withdrawn_by, withdrawn_at, withdrawn_because) ON staff_condition TO jiesu_server;

-- What somebody cleared on leaving a contract's work 离岗清理: materials given back, data destroyed. One side declares it, the other
-- confirms or rejects it; what the office declares needs no more.
CREATE TABLE staff_clearance (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  person code NOT NULL,
  contract_id code NOT NULL,
  materials_returned_on date NOT NULL,
  data_destroyed_on date NOT NULL,
  -- The paper on which it stands.
  document text NOT NULL CHECK (char_length(document) BETWEEN 1 AND 200),
  state text COLLATE "C" NOT NULL CHECK (state IN ('declared', 'confirmed', 'rejected')),
  declared_by uuid NOT NULL,
  declared_side text COLLATE "C" NOT NULL CHECK (declared_side IN ('office', 'vendor')),
  declared_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text CHECK (char_length(decision_note) BETWEEN 1 AND 2000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person) REFERENCES staff_member,
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK ((state = 'declared') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX staff_clearance_of_contract ON staff_clearance (tenant_id, contract_id, person);
CREATE INDEX staff_clearance_of_person ON staff_clearance (tenant_id, person);
CALL isolate_tenants('staff_clearance');
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note, version) ON staff_clearance TO jiesu_server;
