-- SPDX-License-Identifier: Apache-2.0
-- Files of work orders of which nothing was heard for a while: their server was killed, or their sender rests; another server says so.

CREATE INDEX order_batch_running ON order_batch (tenant_id, updated_at) WHERE state = 'running';

-- The open offices that have a file of which nothing was heard since a moment, and since when.
CREATE FUNCTION order_batch_silent_tenants(moment timestamptz) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    since := (
      SELECT b.updated_at FROM order_batch b WHERE b.tenant_id = tenant AND b.state = 'running' AND b.updated_at < moment
      ORDER BY b.updated_at LIMIT 1);
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION order_batch_silent_tenants TO jiesu_server;
