-- SPDX-License-Identifier: Apache-2.0
-- Key complainants 重点诉求人: who complains again and again, what was done about it, and when they are to be visited next.
--
-- Who they are and what was noted of them is sealed as citizens' data in orders is; what stands in clear names nobody.

-- A long text that names its citizen is sealed too, and in octets it is three times its characters.
ALTER DOMAIN sealed DROP CONSTRAINT sealed_check;
ALTER DOMAIN sealed ADD CONSTRAINT sealed_check CHECK (octet_length(VALUE) BETWEEN 30 AND 100000);

CREATE TABLE key_complainant (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  -- The order from which they were marked, why, and how many orders spoke for it then.
  order_id uuid NOT NULL,
  ground text COLLATE "C" NOT NULL CHECK (ground IN ('phone', 'content', 'judgement')),
  orders int NOT NULL CHECK (orders > 0),
  -- Nothing of the citizen's stands here.
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 4000),
  -- Name, telephone, address as the order had them, sealed; and what may be shown without asking.
  sealed sealed NOT NULL,
  data_key int NOT NULL,
  name_masked masked,
  phone_masked masked,
  address_masked masked,
  -- The code by which their orders are found.
  phone_code phone_code,
  -- The plan of visits: how often, from which day on, until when the next; that day is not known where no calendar is.
  visit_count int NOT NULL CHECK (visit_count > 0),
  visit_unit clock_span NOT NULL,
  visit_from date NOT NULL,
  visit_due date,
  -- What was told of the next visit, and when somebody is to look at it again.
  visit_told text COLLATE "C" NOT NULL DEFAULT 'nothing' CHECK (visit_told IN ('nothing', 'due', 'missed')),
  visit_next timestamptz,
  marked_by uuid NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor')),
  marked_at timestamptz NOT NULL,
  closed_by uuid,
  closed_at timestamptz,
  close_reason text CHECK (char_length(close_reason) BETWEEN 1 AND 4000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order,
  CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (close_reason IS NULL)),
  CHECK (closed_at IS NULL OR visit_next IS NULL)
);
CREATE UNIQUE INDEX key_complainant_of_phone ON key_complainant (tenant_id, phone_code) WHERE closed_at IS NULL AND phone_code IS NOT NULL;
CREATE INDEX key_complainant_to_visit ON key_complainant (tenant_id, visit_next) WHERE visit_next IS NOT NULL;
CALL isolate_tenants('key_complainant');
GRANT SELECT, INSERT,
  UPDATE (sealed, data_key, visit_count, visit_unit, visit_from, visit_due, visit_told, visit_next, closed_by, closed_at, close_reason, version)
  ON key_complainant TO jiesu_server;

-- Their orders that no telephone shows.
CREATE TABLE key_complainant_order (
  tenant_id int NOT NULL,
  complainant_id uuid NOT NULL,
  order_id uuid NOT NULL,
  ground text COLLATE "C" NOT NULL CHECK (ground IN ('content', 'judgement')),
  linked_by uuid NOT NULL,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, complainant_id, order_id),
  FOREIGN KEY (tenant_id, complainant_id) REFERENCES key_complainant,
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order
);
CREATE INDEX key_complainant_order_of_order ON key_complainant_order (tenant_id, order_id);
CALL isolate_tenants('key_complainant_order');
GRANT SELECT, INSERT ON key_complainant_order TO jiesu_server;

-- The ledger: meetings, visits, counselling; a line is written once, only the key that it is sealed with changes.
CREATE TABLE complainant_record (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  complainant_id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('meeting', 'visit', 'counselling')),
  form text COLLATE "C" NOT NULL CHECK (form IN ('assessment', 'interview', 'telephone', 'inPerson')),
  day date NOT NULL,
  is_reached boolean NOT NULL,
  -- Participants and notes: JSON, sealed.
  sealed sealed NOT NULL,
  data_key int NOT NULL,
  recorded_by uuid NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor')),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, complainant_id) REFERENCES key_complainant
);
CREATE INDEX complainant_record_of_complainant ON complainant_record (tenant_id, complainant_id, id);
CREATE INDEX complainant_record_of_key ON complainant_record (tenant_id, data_key, id);
CALL isolate_tenants('complainant_record');
GRANT SELECT, INSERT, UPDATE (sealed, data_key) ON complainant_record TO jiesu_server;

-- The open offices in which a visit is to be looked at, and since when.
CREATE FUNCTION visit_due_tenants(moment timestamptz) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    since := (
      SELECT k.visit_next FROM key_complainant k WHERE k.tenant_id = tenant AND k.visit_next <= moment ORDER BY k.visit_next LIMIT 1);
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION visit_due_tenants TO jiesu_server;
