-- SPDX-License-Identifier: Apache-2.0
-- Decision tables that decide: their predicates as paths, and the one function that evaluates them.
--
-- Predicates are evaluated silently: one that errors, or whose result is not a truth value, does not hold. The paths are lax unless
-- they say `strict` themselves, so a member that an order does not have makes a comparison false and is no error.

-- The predicates of a stored table, in the order of its rows; fails where one is no path, so that no such table can be stored.
CREATE FUNCTION rule_predicates(document jsonb) RETURNS jsonpath[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(array_agg((line.value ->> 'when')::jsonpath ORDER BY line.place), '{}')
  FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rows') WHEN 'array' THEN document -> 'rows' ELSE '[]' END)
    WITH ORDINALITY AS line (value, place);
END;
GRANT EXECUTE ON FUNCTION rule_predicates TO jiesu_server;

-- What each row of a stored table decides, and at the end the default: {"row": …, "then": {…}}, the default without "row".
CREATE FUNCTION rule_outcomes(document jsonb) RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(
      array_agg(jsonb_build_object('row', line.value -> 'id', 'then', line.value -> 'then') ORDER BY line.place), '{}')
    || jsonb_build_object('then', document -> 'default')
  FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rows') WHEN 'array' THEN document -> 'rows' ELSE '[]' END)
    WITH ORDINALITY AS line (value, place);
END;
GRANT EXECUTE ON FUNCTION rule_outcomes TO jiesu_server;

ALTER TABLE rule_table
  ADD COLUMN predicates jsonpath[] NOT NULL GENERATED ALWAYS AS (rule_predicates(document)) STORED,
  ADD COLUMN outcomes jsonb[] NOT NULL GENERATED ALWAYS AS (rule_outcomes(document)) STORED;
-- The revision in force on a day is the last to take effect by then.
CREATE INDEX rule_table_in_force ON rule_table (tenant_id, purpose, effective_from, revision);

-- The place of the first predicate that holds for a document, counted from 1; one behind the last where none does.
--
-- Some errors are raised even when PostgreSQL is asked to be silent (a variable, a bad template of a date): they, too, only mean
-- that the predicate does not hold. The handler costs next to nothing until there is such an error.
CREATE FUNCTION first_match(document jsonb, predicates jsonpath[]) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  place int := 0;
  behind int := cardinality(predicates) + 1;
BEGIN
  LOOP
    BEGIN
      LOOP
        place := place + 1;
        IF place >= behind OR jsonb_path_match(document, predicates[place], '{}', true) THEN
          RETURN place;
        END IF;
      END LOOP;
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION first_match TO jiesu_server;

-- Whether one predicate holds for a document; never an error, never unknown.
CREATE FUNCTION holds(document jsonb, predicate jsonpath) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT
RETURN first_match(document, ARRAY[predicate]) = 1;
GRANT EXECUTE ON FUNCTION holds TO jiesu_server;

-- What an office's tables decide on orders, each given by its document: for each, in their order, an object with an entry for every
-- purpose that is wanted and has a table in force on the day: {"urgency": {"revision": 3, "row": "danger", "then": {"grade": "2h"}}}.
--
-- What is decided first is seen by what is decided next: the category by urgency, both by special cases, all of it by dispatch.
CREATE FUNCTION decide(office int, wanted text[], documents jsonb[], day date) RETURNS TABLE (place int, decisions jsonb)
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  due text;
  rules record;
  outcome jsonb;
  known jsonb[] := documents;
  decided jsonb[] := array_fill('{}'::jsonb, ARRAY[cardinality(documents)]);
BEGIN
  FOREACH due IN ARRAY ARRAY['classification', 'urgency', 'special-case', 'exclusion', 'dispatch'] LOOP
    CONTINUE WHEN due <> ALL (wanted);
    SELECT r.revision, r.predicates, r.outcomes INTO rules FROM rule_table r
      WHERE r.tenant_id = office AND r.purpose = due AND r.effective_from <= day
      ORDER BY r.effective_from DESC, r.revision DESC LIMIT 1;
    CONTINUE WHEN NOT FOUND;
    FOR i IN 1 .. cardinality(documents) LOOP
      outcome := rules.outcomes[first_match(known[i], rules.predicates)];
      decided[i] := decided[i] || jsonb_build_object(due, jsonb_build_object('revision', rules.revision) || outcome);
      outcome := outcome -> 'then';
      known[i] := known[i] || CASE
        WHEN due = 'classification' AND outcome ? 'category' THEN jsonb_build_object('category', outcome -> 'category')
        WHEN due = 'urgency' AND outcome ? 'grade' THEN jsonb_build_object('grade', outcome -> 'grade')
        WHEN due = 'special-case' AND outcome ? 'approval' THEN jsonb_build_object('special', outcome -> 'approval')
        ELSE '{}' END;
    END LOOP;
  END LOOP;
  RETURN QUERY SELECT t.place::int, t.decision FROM unnest(decided) WITH ORDINALITY AS t (decision, place);
END
$$;
GRANT EXECUTE ON FUNCTION decide TO jiesu_server;

-- Why a text is no path, in PostgreSQL's own words; none where it is one.
CREATE FUNCTION predicate_fault(predicate text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  PERFORM predicate::jsonpath;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END
$$;
GRANT EXECUTE ON FUNCTION predicate_fault TO jiesu_server;

-- At which character a text stops being the beginning of a path, counted from 1. PostgreSQL does not say it, but it tells a text
-- that ends too early from one that is wrong: the longest beginning that is not wrong yet ends just before.
CREATE FUNCTION predicate_fault_place(predicate text) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  fault text;
BEGIN
  FOR length IN REVERSE char_length(predicate) .. 1 LOOP
    fault := predicate_fault(left(predicate, length));
    IF fault IS NULL OR fault LIKE '% at end of jsonpath input' THEN
      RETURN length + 1;
    END IF;
  END LOOP;
  RETURN 1;
END
$$;
GRANT EXECUTE ON FUNCTION predicate_fault_place TO jiesu_server;
