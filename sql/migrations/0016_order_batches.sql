-- SPDX-License-Identifier: Apache-2.0
-- Files of work orders that were taken in: how far each came, and which of its lines were refused and why.

CREATE TABLE order_batch (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  format text COLLATE "C" NOT NULL CHECK (format IN ('csv', 'ndjson')),
  -- Reads and judges every line, and takes none in.
  is_dry boolean NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('running', 'finished', 'cut')),
  started_by uuid NOT NULL,
  started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- Lines that were read, and what became of them: taken in, known before, refused.
  read int NOT NULL DEFAULT 0,
  taken int NOT NULL DEFAULT 0,
  known int NOT NULL DEFAULT 0,
  refused int NOT NULL DEFAULT 0,
  -- Headings that mean nothing here.
  ignored text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, id),
  CHECK (read = taken + known + refused)
);
CALL isolate_tenants('order_batch');
GRANT SELECT, INSERT, UPDATE (state, updated_at, read, taken, known, refused, ignored) ON order_batch TO jiesu_server;

CREATE TABLE order_batch_fault (
  tenant_id int NOT NULL,
  batch_id uuid NOT NULL,
  line int NOT NULL,
  place smallint NOT NULL,
  pointer text NOT NULL,
  code text COLLATE "C" NOT NULL,
  -- Nothing of a citizen's stands here.
  detail_zh text NOT NULL,
  detail_en text NOT NULL,
  PRIMARY KEY (tenant_id, batch_id, line, place),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES order_batch
);
CALL isolate_tenants('order_batch_fault');
GRANT SELECT, INSERT ON order_batch_fault TO jiesu_server;
