-- SPDX-License-Identifier: Apache-2.0
-- What belongs to the deployment and to no office: organisations, tenants, people, sessions, calendars, rule packs.
--
-- These tables have no row-level security: they are the same for every tenant (reference tables under Citus). Text that is
-- compared is of the collation "C", so an index serves it and equality is that of bytes. Kinds and states are text with a
-- CHECK, not enums: the comparison of an enum is not leakproof, so under row-level security no index could serve it.

-- Nothing is open by default; each table below says what the server may do with it.
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT SELECT ON schema_migration TO jiesu_server;

-- A name that people gave and machines refer to: a tenant, a department, a contract, a rule.
CREATE DOMAIN code AS text COLLATE "C" CHECK (VALUE ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$');
-- Money in fen; ten million million yuan either way is beyond every contract and far from the end of the integers.
CREATE DOMAIN fen AS bigint CHECK (VALUE BETWEEN -1000000000000000 AND 1000000000000000);
CREATE DOMAIN digest AS bytea CHECK (octet_length(VALUE) = 32);
-- A sentence or a name in one of the two languages.
CREATE DOMAIN phrase AS text CHECK (char_length(VALUE) BETWEEN 1 AND 2000);

-- Makes a table a tenant's: no row of another tenant is seen or written, by nobody, the owner included; without a context
-- there are no rows. The tenant's number is set per transaction by the server, from the verified session.
CREATE PROCEDURE isolate_tenants(tenant_table regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format(
    'CREATE POLICY tenant_isolation ON %s
       USING (tenant_id = nullif(current_setting(''jiesu.tenant'', true), '''')::int)
       WITH CHECK (tenant_id = nullif(current_setting(''jiesu.tenant'', true), '''')::int)', tenant_table);
END
$$;

CREATE TABLE organisation (
  code code PRIMARY KEY,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('platform', 'office', 'vendor')),
  name_zh phrase NOT NULL,
  name_en phrase NOT NULL,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
GRANT SELECT, INSERT, UPDATE (name_zh, name_en, version) ON organisation TO jiesu_server;

CREATE TABLE tenant (
  tenant_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code code NOT NULL UNIQUE,
  kind text COLLATE "C" NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 40),
  name_zh phrase NOT NULL,
  name_en phrase NOT NULL,
  -- The office itself.
  organisation code NOT NULL REFERENCES organisation,
  state text COLLATE "C" NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed')),
  settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
GRANT SELECT, INSERT, UPDATE (kind, name_zh, name_en, organisation, state, settings, version) ON tenant TO jiesu_server;

-- What a role on the platform may do; the roles in an office are each tenant's own (table role).
CREATE TABLE platform_role (
  code code PRIMARY KEY,
  title_zh phrase NOT NULL,
  title_en phrase NOT NULL,
  permissions text[] COLLATE "C" NOT NULL
);
GRANT SELECT, INSERT, UPDATE (title_zh, title_en, permissions), DELETE ON platform_role TO jiesu_server;

CREATE TABLE app_user (
  user_id uuid PRIMARY KEY,
  -- What one types to sign in: lower case, so that no two people differ by case only.
  login text COLLATE "C" NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  display_name phrase NOT NULL,
  organisation code NOT NULL REFERENCES organisation,
  -- $scrypt$ln=…,r=…,p=…$salt$hash; none: nobody signs in with a password as this user.
  password_hash text COLLATE "C" CHECK (char_length(password_hash) < 400),
  platform_roles text[] COLLATE "C" NOT NULL DEFAULT '{}',
  disabled_at timestamptz,
  failed_logins int NOT NULL DEFAULT 0 CHECK (failed_logins >= 0),
  locked_until timestamptz,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
GRANT SELECT, INSERT,
  UPDATE (display_name, organisation, password_hash, platform_roles, disabled_at, failed_logins, locked_until, version)
  ON app_user TO jiesu_server;

-- A browser's session or a machine's token: only the hash of what the client holds.
CREATE TABLE session (
  token_hash digest PRIMARY KEY,
  -- What lists and revocations call it by.
  session_id uuid NOT NULL UNIQUE,
  user_id uuid NOT NULL REFERENCES app_user,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('cookie', 'bearer')),
  label text CHECK (char_length(label) BETWEEN 1 AND 100),
  -- Permissions it is limited to; none: all that its user may.
  scopes text[] COLLATE "C",
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  revoked_at timestamptz
);
CREATE INDEX session_of_user ON session (user_id, created_at);
CREATE INDEX session_by_expiry ON session (expires_at);
-- Deleted when it has expired: it is no record, the audit log is.
GRANT SELECT, INSERT, UPDATE (revoked_at), DELETE ON session TO jiesu_server;

-- Which tenants to look into for a user's memberships; what the user may do there stands in the tenant's own table.
CREATE TABLE user_tenant (
  user_id uuid NOT NULL REFERENCES app_user,
  tenant_id int NOT NULL REFERENCES tenant,
  PRIMARY KEY (user_id, tenant_id)
);
GRANT SELECT, INSERT ON user_tenant TO jiesu_server;

-- The State Council's calendar: a year is known or it is not, and a day stands here only when it is not what its weekday says.
CREATE TABLE calendar_year (
  year int PRIMARY KEY CHECK (year BETWEEN 1949 AND 2999),
  -- The notice that arranged it.
  source_zh phrase NOT NULL,
  source_en phrase NOT NULL,
  -- Of the file it was loaded from, in its canonical form.
  sha256 digest NOT NULL,
  loaded_at timestamptz NOT NULL
);
CREATE TABLE calendar_day (
  day date PRIMARY KEY,
  year int NOT NULL REFERENCES calendar_year,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('dayOff', 'makeUp')),
  name_zh phrase NOT NULL,
  name_en phrase NOT NULL,
  CHECK (extract(year FROM day) = year)
);
CREATE INDEX calendar_day_of_year ON calendar_day (year);
GRANT SELECT, INSERT, UPDATE (source_zh, source_en, sha256, loaded_at) ON calendar_year TO jiesu_server;
GRANT SELECT, INSERT, DELETE ON calendar_day TO jiesu_server;

-- What the city decides (evaluation cycles, weights, limits of grades): each revision from a date on, the later one wins.
CREATE TABLE rule_pack (
  code code NOT NULL,
  revision int NOT NULL CHECK (revision > 0),
  effective_from date NOT NULL,
  document jsonb NOT NULL,
  sha256 digest NOT NULL,
  applied_at timestamptz NOT NULL,
  PRIMARY KEY (code, revision)
);
GRANT SELECT, INSERT ON rule_pack TO jiesu_server;

-- What was done to the platform, by whom; written once.
CREATE TABLE platform_audit (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  -- Who: a user, or none for the system and the command line, which name themselves in data.
  actor uuid,
  action text COLLATE "C" NOT NULL CHECK (char_length(action) BETWEEN 1 AND 80),
  subject_kind text COLLATE "C" NOT NULL CHECK (char_length(subject_kind) BETWEEN 1 AND 40),
  subject text COLLATE "C" NOT NULL CHECK (char_length(subject) <= 200),
  request_id text COLLATE "C" CHECK (char_length(request_id) <= 100),
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX platform_audit_of_subject ON platform_audit (subject_kind, subject, id);
GRANT SELECT, INSERT ON platform_audit TO jiesu_server;

-- Answers to POSTs outside any tenant, by the caller's key, so that a repeated request is answered and not done again.
CREATE TABLE platform_idempotency (
  principal uuid NOT NULL,
  route text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
  request_hash digest NOT NULL,
  status smallint CHECK (status BETWEEN 200 AND 599),
  headers jsonb,
  body bytea,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (principal, route, key)
);
CREATE INDEX platform_idempotency_by_expiry ON platform_idempotency (expires_at);
GRANT SELECT, INSERT, UPDATE (status, headers, body), DELETE ON platform_idempotency TO jiesu_server;

-- Undoes the transaction unless a condition holds, with an error of ours that the server can tell from others.
CREATE FUNCTION demand(held boolean, state text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF held IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = 'the row is not what it was';
  END IF;
END
$$;
GRANT EXECUTE ON FUNCTION demand TO jiesu_server;
