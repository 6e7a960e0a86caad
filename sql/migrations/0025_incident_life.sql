-- SPDX-License-Identifier: Apache-2.0
-- An incident's way to money: the vendor answers in a set time, two people agree to what the rule leaves open, the confirmation records
-- the fact that settlements take, and the vendor may dispute it.

ALTER TABLE incident DROP CONSTRAINT incident_state_check;
ALTER TABLE incident ADD CONSTRAINT incident_state_check
  CHECK (state IN ('proposed', 'confirmed', 'rejected', 'disputed', 'reversed'));
ALTER TABLE incident
  -- The office's person who set the amount or the points that the rule leaves open, and why; somebody else agrees to it.
  ADD COLUMN set_by uuid,
  ADD COLUMN set_at timestamptz,
  ADD COLUMN set_reason text CHECK (char_length(set_reason) BETWEEN 1 AND 2000),
  -- The time that the vendor had by the office's rule when it was proposed, and what it runs from where that is not the proposal.
  ADD COLUMN answer_within jsonb CHECK (jsonb_typeof(answer_within) = 'object'),
  ADD COLUMN answer_from timestamptz,
  ADD COLUMN answered_at timestamptz,
  ADD COLUMN answered_by uuid,
  -- Whether the vendor says that it was so.
  ADD COLUMN admits boolean,
  ADD COLUMN answer text CHECK (char_length(answer) BETWEEN 1 AND 4000),
  -- The payment whose statement takes it in, as the plan stood when it was confirmed.
  ADD COLUMN period text COLLATE "C" CHECK (char_length(period) BETWEEN 1 AND 200),
  -- Who decided a dispute for the incident; it is not disputed twice.
  ADD COLUMN upheld_by uuid,
  ADD CONSTRAINT incident_setting CHECK ((set_by IS NULL) = (set_at IS NULL) AND (set_at IS NULL) = (set_reason IS NULL)),
  ADD CONSTRAINT incident_answer CHECK (
    (answered_at IS NULL) = (answered_by IS NULL) AND (answered_by IS NULL) = (admits IS NULL) AND (answer IS NULL OR admits IS NOT NULL)),
  ADD CONSTRAINT incident_two_people CHECK (state IN ('proposed', 'rejected') OR set_by IS NULL OR set_by <> decided_by);
GRANT UPDATE (set_by, set_at, set_reason, answer_from, answered_at, answered_by, admits, answer, period, upheld_by) ON incident
  TO jiesu_server;

-- What was done with an incident after it was proposed, by whom; written once.
CREATE TABLE incident_step (
  tenant_id int NOT NULL,
  incident_id uuid NOT NULL,
  -- The version that it made.
  version int NOT NULL,
  step text COLLATE "C" NOT NULL
    CHECK (step IN ('propose', 'evidence', 'answer', 'set', 'confirm', 'reject', 'withdraw', 'dispute', 'uphold', 'reverse')),
  at timestamptz NOT NULL,
  -- None for the platform.
  actor uuid,
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor', 'system')),
  amount_fen fen,
  points numeric(12, 6),
  note text CHECK (char_length(note) <= 4000),
  evidence jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(evidence) = 'array'),
  PRIMARY KEY (tenant_id, incident_id, version),
  FOREIGN KEY (tenant_id, incident_id) REFERENCES incident,
  CHECK ((actor IS NULL) = (side = 'system'))
);
CALL isolate_tenants('incident_step');
GRANT SELECT, INSERT ON incident_step TO jiesu_server;

-- A confirmed incident is a fact of the same name: it counts once.
ALTER TABLE fact
  ADD COLUMN incident_id uuid,
  ADD FOREIGN KEY (tenant_id, incident_id) REFERENCES incident;
CREATE UNIQUE INDEX fact_of_incident ON fact (tenant_id, incident_id) WHERE incident_id IS NOT NULL;

-- Those that were confirmed before, as the facts that statements have taken in so far.
DO $$
DECLARE
  one int;
BEGIN
  FOR one IN SELECT tenant_id FROM tenant LOOP
    PERFORM set_config('jiesu.tenant', one::text, true);
    INSERT INTO fact (tenant_id, id, contract_id, kind, occurred_on, data, note, recorded_by, recorded_side, recorded_at, incident_id)
    SELECT tenant_id, id, contract_id, 'incident', (occurred_at AT TIME ZONE 'Asia/Shanghai')::date,
      jsonb_strip_nulls(jsonb_build_object(
        'kind', 'incident', 'on', to_char(occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'),
        'at', to_char(occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US"+08:00"'),
        'incident', kind, 'subject', subject, 'quantity', quantity,
        'amount', (amount_fen / 100)::text || '.' || lpad((amount_fen % 100)::text, 2, '0'),
        'points', trim_scale(points)::text, 'by', breaching)),
      decision_note, decided_by, 'office', recorded_at, id
    FROM incident WHERE tenant_id = one AND state = 'confirmed';
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
-- The fact says that something was recorded which obligations may hang on.
DROP TRIGGER incident_changes_obligations ON incident;
