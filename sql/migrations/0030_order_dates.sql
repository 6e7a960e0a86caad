-- SPDX-License-Identifier: Apache-2.0
-- Reports go through the orders of some days. Orders lie in the table nearly as they came in, so it is enough to know of each stretch of it
-- from when to when its orders are: that costs an intake next to nothing, and a step nothing at all.
CREATE INDEX work_order_received ON work_order USING brin (tenant_id, received_at) WITH (pages_per_range = 32, autosummarize = on);
