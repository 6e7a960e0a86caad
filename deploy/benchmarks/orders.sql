-- SPDX-License-Identifier: Apache-2.0
-- Copies the last closed order of an office, with its history, its text and its clocks, until the office has as many orders. The superuser
-- runs it with psql's variables tenant, behind and upto: copies behind … upto are made, spread over the year before, and with the
-- variable part: 'rows' for the orders, their texts and their clocks, 'histories' for what happened to them, so that two can work at once.
--
-- The rates count the copies. Finding by words does not see them: to gather a year's words would be a measurement of its own.

SET synchronous_commit = off;
SELECT tenant_id AS office FROM tenant WHERE code = :'tenant' \gset
SELECT id AS source, extract(epoch FROM now() - interval '1 year')::bigint AS first, extract(epoch FROM received_at) AS received
FROM work_order WHERE tenant_id = :office AND stage = 'closed' AND external_number NOT LIKE 'copy-%' ORDER BY id DESC LIMIT 1 \gset

-- The identity of the copy n, in the order of time as the server makes them; three a table where a history wants its own.
CREATE FUNCTION pg_temp.copy_id(n bigint, place int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((current_setting('copy.first')::bigint + n * 31) * 1000), 12, '0') || '7' || lpad(to_hex(place), 3, '0') || '8'
    || lpad(to_hex(n), 15, '0'))::uuid
$$;
SELECT set_config('copy.first', :'first', false) \g /dev/null

-- Every column as it is in the original, save what tells a copy from it.
CREATE FUNCTION pg_temp.copying(copied regclass, origin text) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO %1$s (%2$s) SELECT %3$s FROM generate_series($1, $2) AS n, %1$s AS o WHERE o.tenant_id = $3 AND o.%4$s = $4',
    copied,
    string_agg(quote_ident(attname), ', ' ORDER BY attnum),
    string_agg(CASE
      WHEN attname = origin THEN 'pg_temp.copy_id(n, 0)'
      WHEN attname = 'id' THEN 'pg_temp.copy_id(n, o.seq)'
      WHEN attname = 'external_number' THEN '''copy-'' || n'
      WHEN attname = 'phone_code' THEN 'decode(md5((n % 300000)::text), ''hex'')'
      WHEN atttypid = 'timestamptz'::regtype
        THEN format('o.%I + make_interval(secs => current_setting(''copy.first'')::bigint + n * 31 - $5)', attname)
      ELSE 'o.' || quote_ident(attname) END, ', ' ORDER BY attnum),
    origin)
  FROM pg_attribute WHERE attrelid = copied AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
$$;

-- Of the triggers only that of the rates counts, on the orders themselves.
SELECT format($copy$DO $do$ BEGIN
  SET LOCAL session_replication_role = %s;
  EXECUTE pg_temp.copying(%L, %L) USING %s::bigint, %s::bigint, %s, %L::uuid, %s::float8;
END $do$$copy$, CASE copied WHEN 'work_order' THEN 'origin' ELSE 'replica' END, copied, origin, behind + 1, least(behind + 50000, :upto),
  :office, :'source', :received)
FROM generate_series(:behind, :upto - 1, 50000) AS behind,
  (VALUES ('rows', 'work_order', 'id', 1), ('rows', 'work_order_content', 'order_id', 2), ('rows', 'work_order_clock', 'order_id', 3),
    ('histories', 'work_order_event', 'order_id', 1)) AS t (part, copied, origin, turn)
WHERE t.part = :'part' ORDER BY behind, turn \gexec
