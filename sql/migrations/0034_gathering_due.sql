-- SPDX-License-Identifier: Apache-2.0
-- Gathering the texts of orders is work that falls due like any other: one question over all offices.

-- The open offices in which more orders wait to be gathered than are looked through, and since when: when the first beyond them came in, as
-- its identifier says (RFC 9562, version 7: milliseconds in its first 48 bits).
CREATE FUNCTION order_text_due_tenants(tail int) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    since := (
      SELECT to_timestamp(('x' || left(replace(u.order_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
      FROM work_order_ungathered u WHERE u.tenant_id = tenant ORDER BY u.order_id OFFSET tail LIMIT 1);
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION order_text_due_tenants TO jiesu_server;
