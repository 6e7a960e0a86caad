-- SPDX-License-Identifier: Apache-2.0
-- Past orders are asked for by the days on which they came in: decision tables tried out, the orders behind a figure of the rates, reports.
-- When an order came in never changes, so that its steps do not touch the index.
CREATE INDEX work_order_by_time ON work_order (tenant_id, received_at, id);
