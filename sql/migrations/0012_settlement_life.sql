-- SPDX-License-Identifier: Apache-2.0
-- How far each payment's statement has come between the office and the vendor, and what was confirmed, frozen.

-- Where a statement stands; a payment without a row is a draft of version 1.
CREATE TABLE settlement (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  -- As the contract's plan names it: first, quarter-2.
  payment text COLLATE "C" NOT NULL CHECK (char_length(payment) BETWEEN 1 AND 200),
  state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'proposed', 'confirmed', 'disputed', 'acknowledged', 'closed')),
  -- What was proposed: by whom, as known on which day, and the digest of the statement that people agree to.
  proposed_by uuid,
  as_of date,
  statement_sha256 digest,
  -- The first of the two who confirm.
  confirmed_by uuid,
  version int NOT NULL,
  PRIMARY KEY (tenant_id, contract_id, payment),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK ((state = 'draft') = (proposed_by IS NULL)),
  CHECK ((proposed_by IS NULL) = (as_of IS NULL) AND (as_of IS NULL) = (statement_sha256 IS NULL)),
  CHECK (confirmed_by IS NULL OR confirmed_by <> proposed_by),
  CHECK (state IN ('draft', 'proposed') OR confirmed_by IS NOT NULL)
);
CALL isolate_tenants('settlement');
GRANT SELECT, INSERT, UPDATE (state, proposed_by, as_of, statement_sha256, confirmed_by, version) ON settlement TO jiesu_server;

-- Each step that was taken, by whom; written once.
CREATE TABLE settlement_step (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  payment text COLLATE "C" NOT NULL,
  -- The version that it made.
  version int NOT NULL,
  step text COLLATE "C" NOT NULL
    CHECK (step IN ('propose', 'withdraw', 'confirm', 'acknowledge', 'dispute', 'answer', 'close')),
  at timestamptz NOT NULL,
  actor uuid NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor')),
  note text CHECK (char_length(note) BETWEEN 1 AND 4000),
  PRIMARY KEY (tenant_id, contract_id, payment, version),
  FOREIGN KEY (tenant_id, contract_id, payment) REFERENCES settlement
);
CALL isolate_tenants('settlement_step');
GRANT SELECT, INSERT ON settlement_step TO jiesu_server;

-- A statement as it was confirmed, with all that it was computed from; written once. Bytes, not jsonb: the digest is of these.
CREATE TABLE settlement_snapshot (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  payment text COLLATE "C" NOT NULL,
  -- Its number among the contract's, from one.
  place int NOT NULL CHECK (place > 0),
  bytes bytea NOT NULL,
  sha256 digest NOT NULL,
  confirmed_at timestamptz NOT NULL,
  -- What later statements build on, so that they can be made even where the bytes are damaged.
  figures jsonb NOT NULL CHECK (jsonb_typeof(figures) = 'object'),
  PRIMARY KEY (tenant_id, contract_id, payment),
  CONSTRAINT settlement_snapshot_place UNIQUE (tenant_id, contract_id, place),
  FOREIGN KEY (tenant_id, contract_id, payment) REFERENCES settlement
);
CALL isolate_tenants('settlement_snapshot');
GRANT SELECT, INSERT ON settlement_snapshot TO jiesu_server;
