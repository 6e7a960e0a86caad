-- SPDX-License-Identifier: Apache-2.0
-- Contracts as the office concluded them, who works under them, and the office's decision tables.

CREATE TABLE contract (
  tenant_id int NOT NULL REFERENCES tenant,
  contract_id code NOT NULL,
  vendor code NOT NULL REFERENCES organisation,
  title_zh phrase NOT NULL,
  title_en phrase NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'active' CHECK (state IN ('draft', 'active', 'terminated', 'closed')),
  -- When the vendor's people may see this office: the contract's time and its wind-down; no end where none is set.
  vendor_from date NOT NULL,
  vendor_until date CHECK (vendor_until >= vendor_from),
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, contract_id)
);
CREATE INDEX contract_of_vendor ON contract (tenant_id, vendor);
CALL isolate_tenants('contract');
GRANT SELECT, INSERT, UPDATE (vendor, title_zh, title_en, state, vendor_from, vendor_until, version) ON contract TO jiesu_server;

-- A contract's document from a date on: the contract, a supplementary agreement, a renewal, a hold-over. Written once; what is
-- to change gets another revision, and a past period is settled by the one that was in force.
CREATE TABLE contract_revision (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  revision int NOT NULL CHECK (revision > 0),
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('original', 'supplement', 'renewal', 'holdOver')),
  effective_from date NOT NULL,
  document jsonb NOT NULL CHECK (jsonb_typeof(document) = 'object'),
  -- Of the document in its canonical form.
  sha256 digest NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by uuid,
  PRIMARY KEY (tenant_id, contract_id, revision),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract
);
CALL isolate_tenants('contract_revision');
GRANT SELECT, INSERT ON contract_revision TO jiesu_server;

-- A decision table of the office (dispatch, classification, exclusion), by its purpose; written once like a contract's revision.
CREATE TABLE rule_table (
  tenant_id int NOT NULL REFERENCES tenant,
  purpose code NOT NULL,
  revision int NOT NULL CHECK (revision > 0),
  effective_from date NOT NULL,
  document jsonb NOT NULL,
  sha256 digest NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by uuid,
  PRIMARY KEY (tenant_id, purpose, revision)
);
CALL isolate_tenants('rule_table');
GRANT SELECT, INSERT ON rule_table TO jiesu_server;

-- A post that a contract's staffing rule asks to be filled.
CREATE TABLE post (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  code code NOT NULL,
  title_zh phrase NOT NULL,
  title_en phrase NOT NULL,
  places int NOT NULL CHECK (places BETWEEN 0 AND 10000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, contract_id, code),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract
);
CALL isolate_tenants('post');
GRANT SELECT, INSERT, UPDATE (title_zh, title_en, places, version), DELETE ON post TO jiesu_server;

-- A person whom the office's files name: one of the vendor's staff, or of the office's own.
CREATE TABLE staff_member (
  tenant_id int NOT NULL REFERENCES tenant,
  code code NOT NULL,
  display_name phrase NOT NULL,
  organisation code NOT NULL REFERENCES organisation,
  department code,
  -- Where the person also signs in.
  user_id uuid REFERENCES app_user,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, code),
  FOREIGN KEY (tenant_id, department) REFERENCES department
);
CREATE INDEX staff_member_of_department ON staff_member (tenant_id, department);
CALL isolate_tenants('staff_member');
GRANT SELECT, INSERT, UPDATE (display_name, organisation, department, user_id, version) ON staff_member TO jiesu_server;

-- Somebody on a post, for a time; it is ended, never deleted.
CREATE TABLE staff_assignment (
  tenant_id int NOT NULL,
  person code NOT NULL,
  contract_id code NOT NULL,
  post code NOT NULL,
  assigned_from date NOT NULL,
  -- The last day; none: still assigned.
  assigned_to date CHECK (assigned_to >= assigned_from),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, person, contract_id, post, assigned_from),
  FOREIGN KEY (tenant_id, person) REFERENCES staff_member,
  FOREIGN KEY (tenant_id, contract_id, post) REFERENCES post
);
CREATE INDEX staff_assignment_of_post ON staff_assignment (tenant_id, contract_id, post, assigned_from);
CALL isolate_tenants('staff_assignment');
GRANT SELECT, INSERT, UPDATE (assigned_to, version) ON staff_assignment TO jiesu_server;
