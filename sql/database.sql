-- SPDX-License-Identifier: Apache-2.0
-- Who may enter the database it runs in, once per database, by the superuser; running it again changes nothing.
-- The database belongs to jiesu_owner already (CREATE DATABASE … OWNER jiesu_owner).

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO jiesu_server', current_database()) \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO jiesu_owner;
GRANT USAGE ON SCHEMA public TO jiesu_server;
