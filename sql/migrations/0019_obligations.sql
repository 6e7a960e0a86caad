-- SPDX-License-Identifier: Apache-2.0
-- What falls due under contracts by the mere passing of time, and what an office and its vendor are told of it.
--
-- What somebody sees of an obligation is worked out from the contract and the facts when they look. The rows here are what the
-- timer goes by: each obligation with a date, and which state of it was noticed last.

CREATE TABLE obligation (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  -- Its name within the contract: the duty's or the payment's, and which time it is.
  id text COLLATE "C" NOT NULL CHECK (char_length(id) BETWEEN 1 AND 200),
  bearer text COLLATE "C" NOT NULL CHECK (bearer IN ('office', 'vendor', 'both')),
  -- Withdrawn: what it rested on was voided.
  state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'met', 'missed', 'deemed', 'waived', 'withdrawn')),
  -- The first instant that is too late.
  due_at timestamptz NOT NULL,
  -- When both sides were told that its time had passed; nobody is told of what had passed before the contract was first looked at.
  fired_at timestamptz,
  PRIMARY KEY (tenant_id, contract_id, id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract,
  CHECK (fired_at IS NULL OR state IN ('missed', 'deemed'))
);
CALL isolate_tenants('obligation');
GRANT SELECT, INSERT, UPDATE (bearer, state, due_at, fired_at) ON obligation TO jiesu_server;

-- When a contract's obligations are to be looked at again. Whoever looks locks the row, so that no two servers do.
CREATE TABLE obligation_book (
  tenant_id int NOT NULL,
  contract_id code NOT NULL,
  -- Of the calendars and the city's rules that the obligations were worked out with; none before the first time.
  basis digest,
  next_at timestamptz NOT NULL DEFAULT 'infinity',
  PRIMARY KEY (tenant_id, contract_id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract
);
CREATE INDEX obligation_book_next ON obligation_book (tenant_id, next_at);
CALL isolate_tenants('obligation_book');
GRANT SELECT, INSERT, UPDATE (basis, next_at) ON obligation_book TO jiesu_server;

-- A contract of which something was recorded that its obligations may hang on. Rows are added and taken away, never changed: nobody
-- who records waits for another.
CREATE TABLE obligation_change (
  tenant_id int NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  contract_id code NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX obligation_change_of_contract ON obligation_change (tenant_id, contract_id);
CALL isolate_tenants('obligation_change');
GRANT SELECT, INSERT, DELETE ON obligation_change TO jiesu_server;

CREATE FUNCTION note_obligation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO obligation_change (tenant_id, contract_id) VALUES (NEW.tenant_id, NEW.contract_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER revision_changes_obligations AFTER INSERT ON contract_revision FOR EACH ROW EXECUTE FUNCTION note_obligation_change();
CREATE TRIGGER fact_changes_obligations AFTER INSERT ON fact FOR EACH ROW EXECUTE FUNCTION note_obligation_change();
-- A confirmed incident changes what a payment comes to, and so whether it is paid whole.
CREATE TRIGGER incident_changes_obligations AFTER UPDATE OF state ON incident
  FOR EACH ROW WHEN (NEW.state = 'confirmed') EXECUTE FUNCTION note_obligation_change();

-- The contracts that are there already.
DO $$
DECLARE
  one int;
BEGIN
  FOR one IN SELECT tenant_id FROM tenant LOOP
    PERFORM set_config('jiesu.tenant', one::text, true);
    INSERT INTO obligation_change (tenant_id, contract_id) SELECT tenant_id, contract_id FROM contract;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;

-- What the obligations of every contract rest on beside its own papers and facts.
CREATE FUNCTION obligation_basis() RETURNS digest LANGUAGE sql STABLE AS $$
  SELECT sha256(
    coalesce((SELECT string_agg(sha256, '' ORDER BY year) FROM calendar_year), '')
    || coalesce((SELECT string_agg(sha256, '' ORDER BY code, revision) FROM rule_pack), ''))
$$;
GRANT EXECUTE ON FUNCTION obligation_basis TO jiesu_server;

-- The open offices in which a contract's obligations are to be looked at, and since when. It enters one office after the other, as
-- its caller could: it runs with the caller's rights, and leaves in nobody's context.
CREATE FUNCTION obligation_due_tenants(moment timestamptz) RETURNS TABLE (tenant int, since timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  current digest := obligation_basis();
BEGIN
  FOR tenant IN SELECT t.tenant_id FROM tenant t WHERE t.state = 'active' ORDER BY t.tenant_id LOOP
    PERFORM set_config('jiesu.tenant', tenant::text, true);
    since := least(
      (SELECT b.next_at FROM obligation_book b WHERE b.tenant_id = tenant AND b.next_at <= moment ORDER BY b.next_at LIMIT 1),
      (SELECT moment FROM obligation_change c WHERE c.tenant_id = tenant LIMIT 1),
      (SELECT moment FROM obligation_book b WHERE b.tenant_id = tenant AND b.basis <> current LIMIT 1));
    IF since IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM set_config('jiesu.tenant', '', true);
END
$$;
GRANT EXECUTE ON FUNCTION obligation_due_tenants TO jiesu_server;

-- What the sides are told that nobody of them did: a duty missed, a deliverable that counts as accepted; written once.
CREATE TABLE notice (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- Who is told.
  side text COLLATE "C" NOT NULL CHECK (side IN ('office', 'vendor', 'both')),
  -- What happened: obligation.missed, …
  kind text COLLATE "C" NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 80),
  contract_id code,
  subject_kind text COLLATE "C" NOT NULL CHECK (char_length(subject_kind) BETWEEN 1 AND 40),
  subject text COLLATE "C" NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 200),
  data jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(data) = 'object'),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contract_id) REFERENCES contract
);
CREATE INDEX notice_of_subject ON notice (tenant_id, subject_kind, subject, id);
CALL isolate_tenants('notice');
GRANT SELECT, INSERT ON notice TO jiesu_server;
