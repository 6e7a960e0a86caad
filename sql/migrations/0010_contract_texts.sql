-- SPDX-License-Identifier: Apache-2.0
-- A contract's own words, as the office attached them, and what an office says of what lint finds.

-- Written once: another text is another version, and the latest counts.
CREATE TABLE contract_text (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  version int NOT NULL CHECK (version > 0),
  media_type text COLLATE "C" NOT NULL CHECK (media_type IN ('text/plain', 'text/markdown')),
  words text NOT NULL CHECK (octet_length(words) BETWEEN 1 AND 524288),
  -- Of the words' octets.
  sha256 digest NOT NULL,
  attached_at timestamptz NOT NULL,
  -- None: the command line.
  attached_by uuid,
  PRIMARY KEY (tenant_id, contract_id, version),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract
);
CALL isolate_tenants('contract_text');
GRANT SELECT, INSERT ON contract_text TO jiesu_server;

-- A finding that the office has seen and lives with; it counts while the finding's values are those that were seen. One that is
-- withdrawn is deleted: the audit log tells of both.
CREATE TABLE finding_acknowledgement (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  finding code NOT NULL,
  -- What was seen.
  seen text NOT NULL CHECK (octet_length(seen) BETWEEN 1 AND 20000),
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  acknowledged_by uuid NOT NULL,
  acknowledged_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, contract_id, finding),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract
);
CALL isolate_tenants('finding_acknowledgement');
GRANT SELECT, INSERT, UPDATE (seen, reason, acknowledged_by, acknowledged_at), DELETE ON finding_acknowledgement TO jiesu_server;
