-- SPDX-License-Identifier: Apache-2.0
-- A tenant's own house: departments, roles, members, the files it was described by, its audit log.
--
-- Every table here and in later files that belongs to a tenant has tenant_id first in its primary key, in every unique
-- constraint, in every foreign key to another tenant table and in every index, and is isolated (isolate_tenants). It refers to
-- tenant itself where nothing else it refers to does; the tables of every request do not, since each check would lock the
-- tenant's row, and the policy lets no number in but the context's.

-- A unit of the office, or a village or community below it.
CREATE TABLE department (
  tenant_id int NOT NULL REFERENCES tenant,
  code code NOT NULL,
  parent code,
  -- What it is (a department, a village, a community), in the office's own words.
  kind code NOT NULL DEFAULT 'department',
  name_zh phrase NOT NULL,
  name_en phrase NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, code),
  FOREIGN KEY (tenant_id, parent) REFERENCES department,
  CHECK (parent <> code)
);
CREATE INDEX department_of_parent ON department (tenant_id, parent);
CALL isolate_tenants('department');
GRANT SELECT, INSERT, UPDATE (parent, kind, name_zh, name_en, version), DELETE ON department TO jiesu_server;

-- What its holders may do in this office; started from deploy/roles.json, the office may change it.
CREATE TABLE role (
  tenant_id int NOT NULL REFERENCES tenant,
  code code NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor')),
  title_zh phrase NOT NULL,
  title_en phrase NOT NULL,
  permissions text[] COLLATE "C" NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, code)
);
CALL isolate_tenants('role');
GRANT SELECT, INSERT, UPDATE (side, title_zh, title_en, permissions, version), DELETE ON role TO jiesu_server;

-- A user's role in this office, for a time; it is ended, never deleted.
CREATE TABLE membership (
  tenant_id int NOT NULL REFERENCES tenant,
  id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user,
  role code NOT NULL,
  -- Limits the role to a department and those below it.
  department code,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz,
  -- None: by the files or the command line.
  granted_by uuid,
  granted_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, role) REFERENCES role,
  FOREIGN KEY (tenant_id, department) REFERENCES department,
  UNIQUE NULLS NOT DISTINCT (tenant_id, user_id, role, department, valid_from),
  CHECK (valid_to > valid_from)
);
CREATE INDEX membership_of_role ON membership (tenant_id, role);
CREATE INDEX membership_of_department ON membership (tenant_id, department);
CALL isolate_tenants('membership');
GRANT SELECT, INSERT, UPDATE (valid_to, version) ON membership TO jiesu_server;

-- What `tenant apply` stored last, file by file: the next plan is the difference against it.
CREATE TABLE tenant_file (
  tenant_id int NOT NULL REFERENCES tenant,
  path text COLLATE "C" NOT NULL CHECK (char_length(path) BETWEEN 1 AND 200),
  document jsonb NOT NULL,
  -- Of the document in its canonical form.
  sha256 digest NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by uuid,
  PRIMARY KEY (tenant_id, path)
);
CALL isolate_tenants('tenant_file');
GRANT SELECT, INSERT, UPDATE (document, sha256, applied_at, applied_by), DELETE ON tenant_file TO jiesu_server;

-- What was done in this office, by whom; written once.
CREATE TABLE audit_event (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- Who: a user, or none for the system and the command line, which name themselves in data.
  actor uuid,
  side text COLLATE "C" NOT NULL CHECK (side IN ('platform', 'office', 'vendor', 'system')),
  action text COLLATE "C" NOT NULL CHECK (char_length(action) BETWEEN 1 AND 80),
  subject_kind text COLLATE "C" NOT NULL CHECK (char_length(subject_kind) BETWEEN 1 AND 40),
  subject text COLLATE "C" NOT NULL CHECK (char_length(subject) <= 200),
  request_id text COLLATE "C" CHECK (char_length(request_id) <= 100),
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_event_of_subject ON audit_event (tenant_id, subject_kind, subject, id);
CALL isolate_tenants('audit_event');
GRANT SELECT, INSERT ON audit_event TO jiesu_server;

-- Answers to POSTs in this office, by the caller's key. The row is written in the transaction of what it answers for: a second
-- request with the key waits for the first and then finds its answer, or, when the first failed, nothing.
CREATE TABLE idempotency (
  tenant_id int NOT NULL,
  principal uuid NOT NULL,
  route text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
  request_hash digest NOT NULL,
  status smallint CHECK (status BETWEEN 200 AND 599),
  headers jsonb,
  body bytea,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, principal, route, key)
);
CREATE INDEX idempotency_by_expiry ON idempotency (tenant_id, expires_at);
CALL isolate_tenants('idempotency');
GRANT SELECT, INSERT, UPDATE (status, headers, body), DELETE ON idempotency TO jiesu_server;
