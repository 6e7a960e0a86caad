-- SPDX-License-Identifier: Apache-2.0
-- What the headings of an office's files of work orders mean, kept under names; a file's account says by which version it was read.

-- Each version is written once; a map that was taken away has a last version without a document.
CREATE TABLE intake_map (
  tenant_id int NOT NULL REFERENCES tenant,
  name code NOT NULL,
  version int NOT NULL CHECK (version > 0),
  document jsonb CHECK (jsonb_typeof(document) = 'object'),
  written_by uuid NOT NULL,
  written_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name, version)
);
CALL isolate_tenants('intake_map');
GRANT SELECT, INSERT ON intake_map TO jiesu_server;

ALTER TABLE order_batch
  ADD COLUMN map code,
  ADD COLUMN map_version int,
  ADD FOREIGN KEY (tenant_id, map, map_version) REFERENCES intake_map,
  ADD CONSTRAINT order_batch_map CHECK ((map IS NULL) = (map_version IS NULL));

-- The heading of the column that was wrong; nothing of a citizen's stands in it.
ALTER TABLE order_batch_fault ADD COLUMN heading text CHECK (char_length(heading) BETWEEN 1 AND 60);
