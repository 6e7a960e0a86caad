-- SPDX-License-Identifier: Apache-2.0
-- What happened under a contract and reaches its money: incidents that the office confirms, and facts.
--
-- Who proposed, decided or recorded is a user's id without a foreign key: the check would lock one user's row in every
-- transaction of that user, and users are never deleted.

CREATE TABLE incident (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  contract_id code NOT NULL,
  -- The kind of incident, as the contract's document names it.
  kind code NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'confirmed', 'rejected')),
  occurred_at timestamptz NOT NULL,
  -- The person, order or team it is about.
  subject text CHECK (char_length(subject) BETWEEN 1 AND 64),
  -- Where the rule leaves the amount or the points to the office.
  amount_fen fen,
  points numeric(12, 6) CHECK (points BETWEEN 0 AND 100000),
  -- The side in breach, where the contract asks which.
  breaching text COLLATE "C" CHECK (breaching IN ('office', 'vendor')),
  quantity int NOT NULL DEFAULT 1 CHECK (quantity BETWEEN 1 AND 1000000),
  description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 4000),
  evidence jsonb NOT NULL DEFAULT '[]',
  -- Where it comes from, and its number there: the same one is taken in once.
  source text COLLATE "C" NOT NULL DEFAULT 'manual' CHECK (char_length(source) BETWEEN 1 AND 40),
  external_number text COLLATE "C" CHECK (char_length(external_number) BETWEEN 1 AND 100),
  proposed_side text COLLATE "C" NOT NULL CHECK (proposed_side IN ('office', 'vendor', 'system')),
  proposed_by uuid,
  proposed_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text CHECK (char_length(decision_note) <= 2000),
  recorded_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK ((state = 'proposed') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
  CHECK ((proposed_side = 'system') = (proposed_by IS NULL))
);
CREATE INDEX incident_of_contract ON incident (tenant_id, contract_id, occurred_at, id);
CREATE INDEX incident_of_subject ON incident (tenant_id, subject, occurred_at) WHERE subject IS NOT NULL;
CREATE INDEX incident_undecided ON incident (tenant_id, id) WHERE state = 'proposed';
CREATE UNIQUE INDEX incident_of_source ON incident (tenant_id, source, external_number) WHERE external_number IS NOT NULL;
CALL isolate_tenants('incident');
GRANT SELECT, INSERT,
  UPDATE (state, subject, amount_fen, points, quantity, description, evidence, decided_by, decided_at, decision_note, version)
  ON incident TO jiesu_server;

-- A thing that happened (invoice, payment, acceptance, grade, score, audited amount, …); written once. A fact that was wrong
-- is voided by another that names it.
CREATE TABLE fact (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  contract_id code NOT NULL,
  kind code NOT NULL,
  -- The day it counts for, in Shanghai.
  occurred_on date NOT NULL,
  -- The fact itself, in the form of docs/fact.schema.json.
  data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
  note text CHECK (char_length(note) <= 2000),
  recorded_by uuid,
  recorded_side text COLLATE "C" NOT NULL CHECK (recorded_side IN ('office', 'vendor', 'system')),
  recorded_at timestamptz NOT NULL,
  voids uuid,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, contract_id, id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  FOREIGN KEY (tenant_id, contract_id, voids) REFERENCES fact (tenant_id, contract_id, id),
  CHECK (voids <> id)
);
CREATE INDEX fact_of_contract ON fact (tenant_id, contract_id, occurred_on, id);
-- A fact is voided once.
CREATE UNIQUE INDEX fact_voided ON fact (tenant_id, voids) WHERE voids IS NOT NULL;
CALL isolate_tenants('fact');
GRANT SELECT, INSERT ON fact TO jiesu_server;
