-- SPDX-License-Identifier: Apache-2.0
-- The same work of a step for less: what every step of an order pays for is looked at anew.

-- A trigger's WHEN is read from its text and planned again with every statement, and this one's was half of what a step cost. The same
-- comparison in the function is planned once in a session.
CREATE OR REPLACE FUNCTION note_rates_of_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.is_contacted, OLD.resolution, OLD.satisfaction, OLD.department, OLD.community, OLD.category, OLD.seat, OLD.received_at,
      OLD.source, OLD.stage = 'returned', OLD.exclusion = 'granted', OLD.appeal = 'granted')
    IS NOT DISTINCT FROM (NEW.is_contacted, NEW.resolution, NEW.satisfaction, NEW.department, NEW.community, NEW.category, NEW.seat,
      NEW.received_at, NEW.source, NEW.stage = 'returned', NEW.exclusion = 'granted', NEW.appeal = 'granted')
  THEN
    RETURN NULL;
  END IF;
  INSERT INTO rate_delta (tenant_id, day, class, department, community, category, seat, orders, responded, called_back, solved, partly,
      satisfied, basically)
    VALUES
      (OLD.tenant_id, (OLD.received_at AT TIME ZONE 'Asia/Shanghai')::date, rate_class(OLD.source, OLD.stage, OLD.exclusion, OLD.appeal),
        coalesce(OLD.department, ''), coalesce(OLD.community, ''), coalesce(OLD.category, ''), coalesce(OLD.seat::text, ''), -1,
        -coalesce(OLD.is_contacted, false)::int, -(OLD.is_contacted IS NOT NULL)::int, -coalesce(OLD.resolution = 'solved', false)::int,
        -coalesce(OLD.resolution = 'partly', false)::int, -coalesce(OLD.satisfaction = 'satisfied', false)::int,
        -coalesce(OLD.satisfaction = 'basically', false)::int),
      (NEW.tenant_id, (NEW.received_at AT TIME ZONE 'Asia/Shanghai')::date, rate_class(NEW.source, NEW.stage, NEW.exclusion, NEW.appeal),
        coalesce(NEW.department, ''), coalesce(NEW.community, ''), coalesce(NEW.category, ''), coalesce(NEW.seat::text, ''), 1,
        coalesce(NEW.is_contacted, false)::int, (NEW.is_contacted IS NOT NULL)::int, coalesce(NEW.resolution = 'solved', false)::int,
        coalesce(NEW.resolution = 'partly', false)::int, coalesce(NEW.satisfaction = 'satisfied', false)::int,
        coalesce(NEW.satisfaction = 'basically', false)::int);
  RETURN NULL;
END
$$;
DROP TRIGGER work_order_recounted ON work_order;
CREATE TRIGGER work_order_recounted AFTER UPDATE ON work_order FOR EACH ROW EXECUTE FUNCTION note_rates_of_changed();

-- A department of an office and those below it; none where it is not another one, or below that.
CREATE FUNCTION departments_below(office int, top text, other text) RETURNS SETOF text LANGUAGE plpgsql STABLE ROWS 8 AS $$
BEGIN
  RETURN QUERY
    WITH RECURSIVE others AS (
      SELECT d.code FROM department d WHERE d.tenant_id = office AND d.code = other
      UNION SELECT d.code FROM department d JOIN others o ON d.parent = o.code WHERE d.tenant_id = office),
    below AS (
      SELECT d.code FROM department d
      WHERE d.tenant_id = office AND d.code = top AND (other IS NULL OR d.code IN (SELECT o.code FROM others o))
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = office)
    SELECT b.code::text FROM below b;
END
$$;
GRANT EXECUTE ON FUNCTION departments_below TO jiesu_server;
