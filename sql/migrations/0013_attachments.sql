-- SPDX-License-Identifier: Apache-2.0
-- Files that hang on work orders: how much an office may keep, which contents it has, and which order has which.

-- What an office keeps and how much it may, in octets. Counted in the transaction that stores.
CREATE TABLE storage_account (
  tenant_id int NOT NULL REFERENCES tenant,
  used bigint NOT NULL DEFAULT 0,
  quota bigint NOT NULL DEFAULT 107374182400 CHECK (quota >= 0),
  greatest_file bigint NOT NULL DEFAULT 536870912 CHECK (greatest_file > 0),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id),
  CONSTRAINT storage_within_quota CHECK (used BETWEEN 0 AND quota)
);
CALL isolate_tenants('storage_account');
GRANT SELECT, INSERT, UPDATE (used, quota, greatest_file, version) ON storage_account TO jiesu_server;

-- A content that the office has, once however many orders it hangs on, and the file on disk that holds it.
CREATE TABLE stored_file (
  tenant_id int NOT NULL,
  sha256 digest NOT NULL,
  -- The end of the file's name: of two files with one content this is the one that counts.
  file uuid NOT NULL,
  octets bigint NOT NULL CHECK (octets > 0),
  -- When it was stored last; what has just been stored is not swept.
  touched_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, sha256)
);
CALL isolate_tenants('stored_file');
GRANT SELECT, INSERT, UPDATE (touched_at), DELETE ON stored_file TO jiesu_server;

CREATE TABLE attachment (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  sha256 digest NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('recording', 'photo', 'video', 'document')),
  media_type text COLLATE "C" NOT NULL CHECK (char_length(media_type) BETWEEN 3 AND 100),
  -- What a person reads, never a path.
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  attached_by uuid NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor')),
  attached_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order,
  FOREIGN KEY (tenant_id, sha256) REFERENCES stored_file
);
CREATE INDEX attachment_of_order ON attachment (tenant_id, order_id, id);
CREATE INDEX attachment_of_file ON attachment (tenant_id, sha256);
CALL isolate_tenants('attachment');
GRANT SELECT, INSERT, DELETE ON attachment TO jiesu_server;
