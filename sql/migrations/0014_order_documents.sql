-- SPDX-License-Identifier: Apache-2.0
-- Work orders as predicates see them.

-- How many orders an order repeats, one after the other: the one it was linked to, the one that was linked to, and so on.
CREATE FUNCTION repeat_count(office int, repeated uuid) RETURNS int LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH RECURSIVE chain AS (
    SELECT repeated AS id, 1 AS length WHERE repeated IS NOT NULL
    UNION ALL
    SELECT o.repeats, c.length + 1 FROM chain c JOIN work_order o ON o.tenant_id = office AND o.id = c.id
      WHERE o.repeats IS NOT NULL AND c.length < 1000)
  SELECT count(*)::int FROM chain;
END;
GRANT EXECUTE ON FUNCTION repeat_count TO jiesu_server;

-- The document in which predicates see an order: the members of docs/vocabulary.md; one without a value is absent.
CREATE FUNCTION order_document(attributes jsonb, source text, stage text, grade text, category text, area text, community text, title text,
  tags text[], special boolean, department text, content text, repeats int) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN attributes || jsonb_strip_nulls(jsonb_build_object('source', source, 'stage', stage, 'grade', grade, 'category', category,
  'area', area, 'community', community, 'title', title, 'tags', tags, 'special', special, 'department', department, 'content', content,
  'repeatCount', repeats));
GRANT EXECUTE ON FUNCTION order_document TO jiesu_server;
