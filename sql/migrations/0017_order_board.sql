-- SPDX-License-Identifier: Apache-2.0
-- The live board goes through the histories of an office's orders in the order in which they can be seen, not in that of their times.

-- The transaction that wrote the entry. Every transaction below the oldest one that is still running has ended: what is written below it
-- stays as it is, and nothing more comes in there. A time or a sequence does not say that: it is taken before the commit.
ALTER TABLE work_order_event ADD written bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);
CREATE UNIQUE INDEX work_order_event_as_written ON work_order_event (tenant_id, written, id);
-- Nobody looks for an entry by its id alone.
DROP INDEX work_order_event_by_id;
