-- SPDX-License-Identifier: Apache-2.0
-- Each search looks through what is not gathered, a thousand orders at most: where few orders come in, that would be those of weeks.

-- As before; where fewer wait, a quarter of that is gathered too once the first beyond it have waited for five minutes. Where many come in,
-- they are still gathered by the thousand.
CREATE OR REPLACE FUNCTION order_text_due_tenants(tail int) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  quarter timestamptz;
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    quarter := (
      SELECT to_timestamp(('x' || left(replace(u.order_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
      FROM work_order_ungathered u WHERE u.tenant_id = tenant ORDER BY u.order_id OFFSET tail / 4 LIMIT 1);
    CONTINUE WHEN quarter IS NULL;
    since := (
      SELECT to_timestamp(('x' || left(replace(u.order_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
      FROM work_order_ungathered u WHERE u.tenant_id = tenant ORDER BY u.order_id OFFSET tail LIMIT 1);
    IF since IS NULL AND quarter < now() - interval '5 minutes' THEN
      since := quarter + interval '5 minutes';
    END IF;
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
