-- SPDX-License-Identifier: Apache-2.0
-- The recording ledger 录音台账: which recordings an office has of its work on orders, who made them known and when, how long they are,
-- and at which step of the order they were used first. A line comes with the attachment or with the step, in the same transaction.

-- How long a recording or a video is, where whoever attached it said so.
ALTER TABLE attachment ADD seconds int CHECK (seconds BETWEEN 0 AND 360000);

CREATE TABLE recording (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  -- An attachment of the order, or a name in a system where the office keeps recordings.
  reference text COLLATE "C" NOT NULL CHECK (char_length(reference) BETWEEN 1 AND 200),
  attachment_id uuid,
  seconds int CHECK (seconds BETWEEN 0 AND 360000),
  -- The first entry of the order's history that refers to it, and what it is; none while none does.
  seq int,
  step order_step,
  recorded_by uuid NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor')),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, order_id, reference),
  CHECK ((seq IS NULL) = (step IS NULL))
);
CREATE INDEX recording_by_time ON recording (tenant_id, recorded_at, id);
CALL isolate_tenants('recording');
GRANT SELECT, INSERT, UPDATE (seconds, seq, step), DELETE ON recording TO jiesu_server;

-- What is there already.
DO $$
DECLARE
  one int;
BEGIN
  FOR one IN SELECT tenant_id FROM tenant LOOP
    PERFORM set_config('jiesu.tenant', one::text, true);
    INSERT INTO recording (tenant_id, id, order_id, reference, attachment_id, recorded_by, side, recorded_at)
      SELECT tenant_id, id, order_id, id::text, id, attached_by, side, attached_at FROM attachment WHERE tenant_id = one AND kind = 'recording';
    INSERT INTO recording AS r (tenant_id, id, order_id, reference, seq, step, recorded_by, side, recorded_at)
      SELECT DISTINCT ON (e.order_id, m.reference) e.tenant_id, (substr(e.id::text, 1, 34) || lpad(to_hex(m.place), 2, '0'))::uuid, e.order_id,
        m.reference, e.seq, e.kind, e.actor, e.side, e.at
      FROM work_order_event e CROSS JOIN LATERAL (
        SELECT e.data ->> 'recording' AS reference, 0 AS place WHERE e.data ? 'recording'
        UNION ALL SELECT x.media ->> 'reference', x.place::int FROM jsonb_array_elements(e.data -> 'media') WITH ORDINALITY AS x (media, place)
          WHERE jsonb_typeof(e.data -> 'media') = 'array' AND x.media ->> 'kind' = 'recording') m
      WHERE e.tenant_id = one AND e.actor IS NOT NULL AND e.side IN ('office', 'vendor') AND (e.data ? 'recording' OR e.data ? 'media')
      ORDER BY e.order_id, m.reference, e.seq
    ON CONFLICT (tenant_id, order_id, reference) DO UPDATE SET seq = excluded.seq, step = excluded.step;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
