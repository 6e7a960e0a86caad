-- SPDX-License-Identifier: Apache-2.0
-- Score sheets 验收评价表 filled by one of the office and countersigned by another, and grades 等次 proposed by one and decided by another. What
-- was agreed to so becomes a fact of the same name, and only that counts; facts that were recorded before stay as they are.

CREATE TABLE score_sheet (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  contract_id code NOT NULL,
  series code NOT NULL,
  -- A payment's name or a month, as the contract counts them.
  period text COLLATE "C" NOT NULL CHECK (char_length(period) BETWEEN 1 AND 64),
  -- The person's code; none for the team.
  subject text CHECK (char_length(subject) BETWEEN 1 AND 64),
  assessed_on date NOT NULL,
  -- The contract's form and the points ticked for each of its items; none where it has no form for the series.
  form code,
  marks jsonb CHECK (jsonb_typeof(marks) = 'object'),
  -- What they come to, as a decimal.
  value text COLLATE "C" NOT NULL CHECK (char_length(value) BETWEEN 1 AND 64),
  opinion text CHECK (char_length(opinion) BETWEEN 1 AND 2000),
  state text COLLATE "C" NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'signed', 'returned', 'countersigned', 'voided')),
  filled_by uuid NOT NULL,
  filled_at timestamptz NOT NULL,
  signed_at timestamptz,
  countersigned_by uuid,
  countersigned_at timestamptz,
  -- The payment whose statement takes it in, as the plan stood when it was countersigned.
  payment text COLLATE "C" CHECK (char_length(payment) BETWEEN 1 AND 200),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK ((form IS NULL) = (marks IS NULL)),
  CHECK ((countersigned_by IS NULL) = (countersigned_at IS NULL)),
  CHECK ((countersigned_by IS NULL) = (payment IS NULL)),
  CHECK (state NOT IN ('signed', 'countersigned') OR signed_at IS NOT NULL),
  CHECK (state <> 'countersigned' OR countersigned_by IS NOT NULL),
  CONSTRAINT score_sheet_two_people CHECK (countersigned_by <> filled_by)
);
-- One sheet for a person or the team and a period.
CREATE UNIQUE INDEX score_sheet_once ON score_sheet (tenant_id, contract_id, series, period, coalesce(subject, ''))
  WHERE state <> 'voided';
CREATE INDEX score_sheet_of_contract ON score_sheet (tenant_id, contract_id, id);
CALL isolate_tenants('score_sheet');
GRANT SELECT, INSERT,
  UPDATE (assessed_on, form, marks, value, opinion, state, filled_by, filled_at, signed_at, countersigned_by, countersigned_at, payment, version)
  ON score_sheet TO jiesu_server;

-- What was done with a sheet, by whom; written once.
CREATE TABLE score_sheet_step (
  tenant_id int NOT NULL,
  sheet_id uuid NOT NULL,
  -- The version that it made.
  version int NOT NULL,
  step text COLLATE "C" NOT NULL CHECK (step IN ('fill', 'sign', 'return', 'countersign', 'void')),
  at timestamptz NOT NULL,
  actor uuid NOT NULL,
  note text CHECK (char_length(note) BETWEEN 1 AND 2000),
  -- What was filled in.
  filled jsonb CHECK (jsonb_typeof(filled) = 'object'),
  PRIMARY KEY (tenant_id, sheet_id, version),
  FOREIGN KEY (tenant_id, sheet_id) REFERENCES score_sheet,
  CHECK ((step = 'fill') = (filled IS NOT NULL)),
  CHECK (step NOT IN ('return', 'void') OR note IS NOT NULL)
);
CALL isolate_tenants('score_sheet_step');
GRANT SELECT, INSERT ON score_sheet_step TO jiesu_server;

CREATE TABLE grade (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  contract_id code NOT NULL,
  series code NOT NULL,
  period text COLLATE "C" NOT NULL CHECK (char_length(period) BETWEEN 1 AND 64),
  -- What was proposed, why, and what it rests on.
  proposed text NOT NULL CHECK (char_length(proposed) BETWEEN 1 AND 40),
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  evidence jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(evidence) = 'array'),
  proposed_by uuid NOT NULL,
  proposed_at timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'decided', 'voided')),
  -- What was decided, on which day, and why where it is another grade.
  decided text CHECK (char_length(decided) BETWEEN 1 AND 40),
  decided_on date,
  decided_reason text CHECK (char_length(decided_reason) BETWEEN 1 AND 2000),
  decided_by uuid,
  decided_at timestamptz,
  payment text COLLATE "C" CHECK (char_length(payment) BETWEEN 1 AND 200),
  voided_by uuid,
  voided_at timestamptz,
  voided_because text CHECK (char_length(voided_because) BETWEEN 1 AND 2000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK ((decided IS NULL) = (decided_on IS NULL) AND (decided IS NULL) = (decided_by IS NULL)),
  CHECK ((decided IS NULL) = (decided_at IS NULL) AND (decided IS NULL) = (payment IS NULL)),
  CHECK (state <> 'decided' OR decided IS NOT NULL),
  CHECK (decided IS NULL OR decided = proposed OR decided_reason IS NOT NULL),
  CHECK ((state = 'voided') = (voided_by IS NOT NULL)),
  CHECK ((voided_by IS NULL) = (voided_at IS NULL) AND (voided_by IS NULL) = (voided_because IS NULL)),
  CONSTRAINT grade_two_people CHECK (decided_by <> proposed_by)
);
-- One grade for a period.
CREATE UNIQUE INDEX grade_once ON grade (tenant_id, contract_id, series, period) WHERE state <> 'voided';
CREATE INDEX grade_of_contract ON grade (tenant_id, contract_id, id);
CALL isolate_tenants('grade');
GRANT SELECT, INSERT,
  UPDATE (state, decided, decided_on, decided_reason, decided_by, decided_at, payment, voided_by, voided_at, voided_because, version)
  ON grade TO jiesu_server;
