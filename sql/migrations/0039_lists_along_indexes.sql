-- SPDX-License-Identifier: Apache-2.0
-- Lists of work orders are read along an index, from the newest order in it on (docs/decisions, "Lists are planned once").

-- Whether the citizen was not contacted, nothing was solved and they are not satisfied: a column of its own, since an index on the three answers
-- would have every callback write to all indexes. Not a generated one: its expression would be planned with each intake and callback.
ALTER TABLE work_order ADD is_zero_score boolean NOT NULL DEFAULT false;
GRANT UPDATE (is_zero_score) ON work_order TO jiesu_server;

-- A list that few orders are in must not go through all the office ever had. No step that every order takes changes a column of these:
-- only hanging, waiting, returning, archiving, editing do.
CREATE INDEX work_order_waiting ON work_order (tenant_id, id)
  WHERE is_hung OR is_awaiting_citizen OR approval = 'asked' OR exclusion = 'asked';
CREATE INDEX work_order_returned ON work_order (tenant_id, id) WHERE returned_at IS NOT NULL;
CREATE INDEX work_order_archived ON work_order (tenant_id, id) WHERE archived_at IS NOT NULL;
CREATE INDEX work_order_of_category ON work_order (tenant_id, category, id) WHERE category IS NOT NULL;
CREATE INDEX work_order_of_grade ON work_order (tenant_id, grade, id);
CREATE INDEX work_order_zero_score ON work_order (tenant_id, id) WHERE is_zero_score;

-- The clocks that run, by order: what is due is mostly what is open, so a page of it is full soon.
DROP INDEX work_order_clock_due;
CREATE INDEX work_order_clock_running ON work_order_clock (tenant_id, order_id, outside_at) WHERE ended_at IS NULL AND outside_at IS NOT NULL;

-- Which orders were gathered together, so that a search can look through what was gathered last and know that nothing newer is left out.
CREATE TABLE work_order_gathering (
  tenant_id int NOT NULL,
  -- The place before the first of them.
  base int NOT NULL,
  -- The least of them, and the greatest of them and of all that were gathered before.
  first_order uuid NOT NULL,
  last_order uuid NOT NULL,
  PRIMARY KEY (tenant_id, base)
);
CALL isolate_tenants('work_order_gathering');
GRANT SELECT, INSERT ON work_order_gathering TO jiesu_server;

-- What is there already.
DO $$
DECLARE
  office int;
BEGIN
  FOR office IN SELECT tenant_id FROM tenant LOOP
    PERFORM set_config('jiesu.tenant', office::text, true);
    UPDATE work_order SET is_zero_score = true
      WHERE tenant_id = office AND NOT is_contacted AND resolution = 'unsolved' AND satisfaction = 'dissatisfied';
    INSERT INTO work_order_gathering (tenant_id, base, first_order, last_order)
      SELECT office, base, first_order, (max(last_order::text) OVER (ORDER BY base))::uuid FROM (
        SELECT g.base,
          (SELECT order_id FROM work_order_place WHERE tenant_id = office AND place > g.base ORDER BY place LIMIT 1) AS first_order,
          (SELECT order_id FROM work_order_place WHERE tenant_id = office AND place <= g.following ORDER BY place DESC LIMIT 1) AS last_order
        FROM (
          SELECT base, lead(base, 1, 2147483647) OVER (ORDER BY base) AS following
          FROM (SELECT DISTINCT base FROM work_order_gram WHERE tenant_id = office) b) g) g;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
