-- SPDX-License-Identifier: Apache-2.0
-- The three rates 三率, kept up to date as orders change.
--
-- A change of an order that the rates see is noted as a row of differences, in the same transaction and without touching a row that
-- others touch; now and then the server folds the notes into counts by day. What is read is the counts and the notes together, so it is
-- exact at any time and no order is looked at. An order counts for the day, in Shanghai, on which it was received.

-- Whether an order counts in the appraisal, and if not, why; which of them an office leaves out is its own rule.
CREATE FUNCTION rate_class(source text, stage text, exclusion text, appeal text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN source NOT IN ('city', 'district') THEN 'withoutCitizen' WHEN stage = 'returned' THEN 'returned'
  WHEN exclusion = 'granted' THEN 'excluded' WHEN appeal = 'granted' THEN 'appealed' ELSE 'counted' END;
GRANT EXECUTE ON FUNCTION rate_class(text, text, text, text) TO jiesu_server;

-- Differences that are not folded yet. What stands here was computed from the order's row, so nothing is checked again.
CREATE TABLE rate_delta (
  tenant_id int NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- By the database's clock: when it should be folded.
  noted_at timestamptz NOT NULL DEFAULT now(),
  day date NOT NULL,
  class text COLLATE "C" NOT NULL,
  department text COLLATE "C" NOT NULL,
  community text COLLATE "C" NOT NULL,
  category text COLLATE "C" NOT NULL,
  seat text COLLATE "C" NOT NULL,
  orders int NOT NULL,
  responded int NOT NULL,
  called_back int NOT NULL,
  solved int NOT NULL,
  partly int NOT NULL,
  satisfied int NOT NULL,
  basically int NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITH (autovacuum_vacuum_scale_factor = 0.1);
CALL isolate_tenants('rate_delta');
GRANT SELECT, INSERT, DELETE ON rate_delta TO jiesu_server;

-- How many orders of a day, and what became of them, by each dimension; the key says which department, community, category or seat.
CREATE TABLE rate_count (
  tenant_id int NOT NULL,
  dimension text COLLATE "C" NOT NULL,
  day date NOT NULL,
  key text COLLATE "C" NOT NULL,
  class text COLLATE "C" NOT NULL,
  orders int NOT NULL,
  responded int NOT NULL,
  called_back int NOT NULL,
  solved int NOT NULL,
  partly int NOT NULL,
  satisfied int NOT NULL,
  basically int NOT NULL,
  PRIMARY KEY (tenant_id, dimension, day, key, class),
  CHECK (dimension IN ('office', 'department', 'community', 'category', 'seat'))
) WITH (fillfactor = 70);
CALL isolate_tenants('rate_count');
GRANT SELECT, INSERT, UPDATE (orders, responded, called_back, solved, partly, satisfied, basically) ON rate_count TO jiesu_server;

-- The offices whose differences should be folded: there are many, or the oldest has stood there for a minute.
CREATE FUNCTION rates_to_fold() RETURNS TABLE (office int, since timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  many bigint;
BEGIN
  FOR office IN SELECT t.tenant_id FROM tenant t WHERE t.state <> 'closed' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', office::text, true);
    SELECT count(*), min(d.noted_at) INTO many, since
      FROM (SELECT noted_at FROM rate_delta WHERE tenant_id = office LIMIT 4000) AS d;
    IF many = 4000 OR since < now() - interval '1 minute' THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION rates_to_fold() TO jiesu_server;

-- New orders are noted together: so many of one day and the like are one difference.
CREATE FUNCTION note_rates_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rate_delta (tenant_id, day, class, department, community, category, seat, orders, responded, called_back, solved, partly,
      satisfied, basically)
    SELECT tenant_id, (received_at AT TIME ZONE 'Asia/Shanghai')::date, rate_class(source, stage, exclusion, appeal),
      coalesce(department, ''), coalesce(community, ''), coalesce(category, ''), coalesce(seat::text, ''), count(*),
      count(*) FILTER (WHERE is_contacted), count(is_contacted), count(*) FILTER (WHERE resolution = 'solved'),
      count(*) FILTER (WHERE resolution = 'partly'), count(*) FILTER (WHERE satisfaction = 'satisfied'),
      count(*) FILTER (WHERE satisfaction = 'basically')
    FROM added GROUP BY 1, 2, 3, 4, 5, 6, 7;
  RETURN NULL;
END
$$;
CREATE TRIGGER work_order_counted AFTER INSERT ON work_order REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION note_rates_of_new();

-- A changed order is taken away as it was and added as it is; the condition of the trigger spares the changes that no rate sees.
CREATE FUNCTION note_rates_of_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
CREATE TRIGGER work_order_recounted AFTER UPDATE ON work_order FOR EACH ROW
  WHEN ((OLD.is_contacted, OLD.resolution, OLD.satisfaction, OLD.department, OLD.community, OLD.category, OLD.seat, OLD.received_at,
      rate_class(OLD.source, OLD.stage, OLD.exclusion, OLD.appeal))
    IS DISTINCT FROM (NEW.is_contacted, NEW.resolution, NEW.satisfaction, NEW.department, NEW.community, NEW.category, NEW.seat,
      NEW.received_at, rate_class(NEW.source, NEW.stage, NEW.exclusion, NEW.appeal)))
  EXECUTE FUNCTION note_rates_of_changed();
