-- SPDX-License-Identifier: Apache-2.0
-- Fills one office with incidents of the size of a work order, and opens sessions for one of its supervisors and one of its vendor's
-- seats. The superuser runs it with psql's variables tenant, contract, kind, subject, rows and prefix; the sessions' tokens come from
-- the environment.
-- The text is invented.
\getenv token BENCH_TOKEN
\getenv seat BENCH_SEAT_TOKEN

INSERT INTO app_user (user_id, login, display_name, organisation, created_at)
SELECT '01930000-0000-7000-8000-000000000001', 'bench', '测量员', organisation, now() FROM tenant WHERE code = :'tenant';
INSERT INTO user_tenant SELECT '01930000-0000-7000-8000-000000000001', tenant_id FROM tenant WHERE code = :'tenant';
INSERT INTO membership (tenant_id, id, user_id, role, valid_from, granted_at)
SELECT tenant_id, '01930000-0000-7000-8000-000000000101', '01930000-0000-7000-8000-000000000001', 'office.supervisor', now() - interval '1 day', now()
FROM tenant WHERE code = :'tenant';
INSERT INTO session (token_hash, session_id, user_id, kind, created_at, expires_at)
VALUES (sha256(convert_to(:'token', 'UTF8')), '01930000-0000-7000-8000-000000000102', '01930000-0000-7000-8000-000000000001', 'bearer', now(), now() + interval '1 day');

INSERT INTO app_user (user_id, login, display_name, organisation, created_at)
SELECT '01930000-0000-7000-8000-000000000002', 'bench-seat', '测量坐席', vendor, now()
FROM contract JOIN tenant USING (tenant_id) WHERE code = :'tenant' AND contract_id = :'contract';
INSERT INTO user_tenant SELECT '01930000-0000-7000-8000-000000000002', tenant_id FROM tenant WHERE code = :'tenant';
INSERT INTO membership (tenant_id, id, user_id, role, valid_from, granted_at)
SELECT tenant_id, '01930000-0000-7000-8000-000000000103', '01930000-0000-7000-8000-000000000002', 'vendor.seat', now() - interval '1 day', now()
FROM tenant WHERE code = :'tenant';
INSERT INTO session (token_hash, session_id, user_id, kind, created_at, expires_at)
VALUES (sha256(convert_to(:'seat', 'UTF8')), '01930000-0000-7000-8000-000000000104', '01930000-0000-7000-8000-000000000002', 'bearer', now(), now() + interval '1 day');

INSERT INTO incident (
  tenant_id, id, contract_id, kind, state, occurred_at, subject, description, evidence, source, external_number, proposed_side,
  proposed_by, proposed_at, recorded_at)
SELECT t.tenant_id, (:'prefix' || (100000000000 + n))::uuid, :'contract', :'kind', 'proposed',
  timestamptz '2024-01-02 09:00+08' + n * interval '20 minutes', :'subject',
  '来电反映：小区北门外便道路灯已有' || n % 9 + 2 || '天不亮，夜间行人与骑车人往来不便，附近幼儿园放学时段尤其拥挤。'
    || '此前曾向物业说明，答复称需由产权单位维修，至今未见人员到场。希望尽快查清责任单位，恢复照明，并告知处理结果与完成时间。流水号' || n,
  jsonb_build_array(jsonb_build_object('kind', 'recording', 'reference', 'rec-' || n)), 'city', 'BJ-' || n, 'office',
  '01930000-0000-7000-8000-000000000001', timestamptz '2024-01-02 09:00+08' + n * interval '20 minutes', now()
FROM tenant t, generate_series(1, :rows) n
WHERE t.code = :'tenant';

-- As the server would find it after a night: statistics gathered, visibility known, nothing left to write.
VACUUM (ANALYZE);
CHECKPOINT;
