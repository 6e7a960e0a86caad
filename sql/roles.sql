-- SPDX-License-Identifier: Apache-2.0
-- The two roles of a deployment, once per cluster, by its superuser; running it again changes nothing.
--
-- jiesu_owner   owns the database and its tables, and migrates; it is not used while serving.
-- jiesu_server  serves; it owns nothing and may do only what the migrations grant, row by row inside one tenant.
--
-- Neither passes row-level security by: every tenant table forces it on its owner too. A copy of the whole database
-- (pg_dump) is therefore taken by the superuser. Passwords are set by whoever runs the cluster, never here.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiesu_owner') THEN
    CREATE ROLE jiesu_owner;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiesu_server') THEN
    CREATE ROLE jiesu_server;
  END IF;
END
$$;

ALTER ROLE jiesu_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
ALTER ROLE jiesu_server LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;

-- Statements here are short and repeated: compiling their plans to machine code costs more than it gives.
ALTER ROLE jiesu_server SET jit = off;
-- A client that died in the middle of a transaction must not hold its locks for longer than this.
ALTER ROLE jiesu_server SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE jiesu_owner SET idle_in_transaction_session_timeout = '10min';
ALTER ROLE jiesu_server SET timezone = 'UTC';
ALTER ROLE jiesu_owner SET timezone = 'UTC';
