-- SPDX-License-Identifier: Apache-2.0
-- Facts are listed by kind, and a score may be the sum of a filled form.

CREATE INDEX fact_of_kind ON fact (tenant_id, contract_id, kind, id);
-- Whatever asks for a contract's facts finds them by the new index too.
DROP INDEX fact_of_contract;

-- The form that a score was found with: which one, and the marks of its items.
ALTER TABLE fact ADD COLUMN sheet jsonb CHECK (sheet IS NULL OR kind = 'score');
