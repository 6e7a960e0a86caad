-- SPDX-License-Identifier: Apache-2.0
-- What is demanded about a contract's people 人员要求, and places that fell vacant 缺员. Their clocks are the contract's own duties, which
-- begin with the event that a demand records.

CREATE TABLE staff_demand (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  contract_id code NOT NULL,
  post code NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('replacement', 'removal', 'vacancy')),
  -- Whose posting it is about; none: a place that nobody had held.
  person code,
  posted_from date,
  demanded_on date NOT NULL,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  evidence jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(evidence) = 'array'),
  state text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'met', 'withdrawn')),
  -- The contract's events that it recorded: that it began, that the person left, that the place was taken; none where the contract has none.
  opened_fact uuid,
  left_fact uuid,
  filled_fact uuid,
  -- The day that counts as that on which the person left.
  left_on date,
  -- Who takes the place, and the day that counts as that on which it was taken.
  successor code,
  successor_from date,
  met_on date,
  raised_side text COLLATE "C" NOT NULL CHECK (raised_side IN ('office', 'system')),
  raised_by uuid,
  raised_at timestamptz NOT NULL,
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  withdrawn_because text CHECK (char_length(withdrawn_because) BETWEEN 1 AND 2000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contract_id, post) REFERENCES post,
  FOREIGN KEY (tenant_id, person, contract_id, post, posted_from) REFERENCES staff_assignment,
  FOREIGN KEY (tenant_id, successor, contract_id, post, successor_from) REFERENCES staff_assignment,
  CHECK ((person IS NULL) = (posted_from IS NULL)),
  CHECK ((successor IS NULL) = (successor_from IS NULL)),
  CHECK (kind = 'vacancy' OR person IS NOT NULL),
  CHECK ((state = 'met') = (met_on IS NOT NULL)),
  CHECK (met_on IS NULL OR successor IS NOT NULL),
  CHECK ((raised_side = 'system') = (raised_by IS NULL)),
  CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_because IS NULL))
);
CREATE INDEX staff_demand_of_post ON staff_demand (tenant_id, contract_id, post, id);
-- One open demand about a posting.
CREATE UNIQUE INDEX staff_demand_open ON staff_demand (tenant_id, person, contract_id, post, posted_from) WHERE state = 'open';
CREATE INDEX staff_demand_of_person ON staff_demand (tenant_id, person, contract_id, post, posted_from) WHERE person IS NOT NULL;
CREATE INDEX staff_demand_of_successor ON staff_demand (tenant_id, successor, contract_id, post, successor_from) WHERE successor IS NOT NULL;
CALL isolate_tenants('staff_demand');
GRANT SELECT, INSERT,
  UPDATE (state, left_fact, filled_fact, left_on, successor, successor_from, met_on, withdrawn_by, withdrawn_at, withdrawn_because, version)
  ON staff_demand TO jiesu_server;

-- When the timer is to look at a contract's posts again, and whether it ever did. Whoever looks locks the row, so that no two servers do.
CREATE TABLE staff_book (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  is_new boolean NOT NULL DEFAULT true,
  next_at timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (tenant_id, contract_id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract
);
CREATE INDEX staff_book_next ON staff_book (tenant_id, next_at);
CALL isolate_tenants('staff_book');
GRANT SELECT, INSERT, UPDATE (is_new, next_at) ON staff_book TO jiesu_server;

-- Whether the timer has seen that the person's time is over, with what was not cleared then.
ALTER TABLE staff_assignment ADD COLUMN closed_at timestamptz;
GRANT UPDATE (closed_at) ON staff_assignment TO jiesu_server;

CREATE FUNCTION note_staff_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO staff_book AS b (tenant_id, contract_id) VALUES (NEW.tenant_id, NEW.contract_id)
    ON CONFLICT (tenant_id, contract_id) DO UPDATE SET next_at = '-infinity' WHERE b.next_at <> '-infinity';
  RETURN NULL;
END
$$;
CREATE TRIGGER assignment_changes_staff AFTER INSERT OR UPDATE OF assigned_to, ended_on ON staff_assignment
  FOR EACH ROW EXECUTE FUNCTION note_staff_change();
CREATE TRIGGER demand_changes_staff AFTER UPDATE OF state ON staff_demand
  FOR EACH ROW WHEN (NEW.state = 'withdrawn') EXECUTE FUNCTION note_staff_change();
CREATE TRIGGER revision_changes_staff AFTER INSERT ON contract_revision FOR EACH ROW EXECUTE FUNCTION note_staff_change();

-- The contracts that are there already.
DO $$
DECLARE
  one int;
BEGIN
  FOR one IN SELECT tenant_id FROM tenant LOOP
    PERFORM set_config('jiesu.tenant', one::text, true);
    INSERT INTO staff_book (tenant_id, contract_id) SELECT tenant_id, contract_id FROM contract;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;

-- The open offices in which a contract's posts are to be looked at, and since when. It enters one office after the other, as its caller
-- could: it runs with the caller's rights, and leaves in nobody's context.
CREATE FUNCTION staff_due_tenants(moment timestamptz) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    since := (SELECT CASE WHEN isfinite(b.next_at) THEN b.next_at ELSE moment END
      FROM staff_book b WHERE b.tenant_id = tenant AND b.next_at <= moment ORDER BY b.next_at LIMIT 1);
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION staff_due_tenants TO jiesu_server;
