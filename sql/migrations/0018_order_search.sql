-- SPDX-License-Identifier: Apache-2.0
-- Finding work orders by words: which pairs of characters stand in which orders (docs/decisions, "Pairs of characters").
--
-- Under row-level security an index serves only comparisons that are leakproof: LIKE, arrays and full text are not, the equality of
-- integers is. Pairs are gathered in the background for many orders at a time; what has not been gathered yet is looked through itself.

-- The orders whose pairs are gathered, numbered within their office; an order whose text was changed has a later number too.
CREATE TABLE work_order_place (
  tenant_id int NOT NULL,
  place int NOT NULL,
  order_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, place)
);
CALL isolate_tenants('work_order_place');
GRANT SELECT, INSERT ON work_order_place TO jiesu_server;

-- In which of up to 8192 orders a pair of characters stands.
CREATE TABLE work_order_gram (
  tenant_id int NOT NULL,
  -- The two characters as one number.
  gram int NOT NULL,
  -- The place before the first of the orders.
  base int NOT NULL,
  -- How many orders.
  size int NOT NULL,
  -- How far each lies behind the one before, two octets each, the higher first.
  steps bytea NOT NULL,
  PRIMARY KEY (tenant_id, gram, base)
);
CALL isolate_tenants('work_order_gram');
GRANT SELECT, INSERT ON work_order_gram TO jiesu_server;

-- The orders whose text is not gathered as it is now.
CREATE TABLE work_order_ungathered (
  tenant_id int NOT NULL,
  order_id uuid NOT NULL,
  -- Counts the changes: whoever changes a text holds the row until that is committed, so no change slips by whoever gathers.
  changes int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, order_id)
);
CALL isolate_tenants('work_order_ungathered');
GRANT SELECT, INSERT, UPDATE (changes), DELETE ON work_order_ungathered TO jiesu_server;

CREATE FUNCTION note_ungathered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO work_order_ungathered (tenant_id, order_id) SELECT tenant_id, order_id FROM changed ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER work_order_content_added AFTER INSERT ON work_order_content REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_ungathered();

CREATE FUNCTION note_changed_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'work_order' THEN
    INSERT INTO work_order_ungathered AS u (tenant_id, order_id) VALUES (NEW.tenant_id, NEW.id)
      ON CONFLICT (tenant_id, order_id) DO UPDATE SET changes = u.changes + 1;
  ELSE
    INSERT INTO work_order_ungathered AS u (tenant_id, order_id) VALUES (NEW.tenant_id, NEW.order_id)
      ON CONFLICT (tenant_id, order_id) DO UPDATE SET changes = u.changes + 1;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER work_order_content_changed AFTER UPDATE OF content ON work_order_content
  FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content) EXECUTE FUNCTION note_changed_text();
CREATE TRIGGER work_order_title_changed AFTER UPDATE OF title ON work_order
  FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title) EXECUTE FUNCTION note_changed_text();

-- What is there already.
INSERT INTO work_order_ungathered (tenant_id, order_id) SELECT tenant_id, order_id FROM work_order_content;
