-- SPDX-License-Identifier: Apache-2.0
-- What a contract has happen when a grade 等次 is proposed and decided: the events are facts, and the grade knows which, so that they go with it.

ALTER TABLE grade
  -- None where the contract has no event of it, and for what was proposed or decided before there were any.
  ADD COLUMN proposed_fact uuid,
  ADD COLUMN decided_fact uuid,
  ADD CHECK (decided_fact IS NULL OR decided IS NOT NULL);
CREATE INDEX grade_of_proposal ON grade (tenant_id, proposed_fact) WHERE proposed_fact IS NOT NULL;
CREATE INDEX grade_of_decision ON grade (tenant_id, decided_fact) WHERE decided_fact IS NOT NULL;
GRANT UPDATE (decided_fact) ON grade TO jiesu_server;
