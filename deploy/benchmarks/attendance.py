# SPDX-License-Identifier: Apache-2.0
"""What is measured of attendance: a file of clock marks taken in, up to the incidents that the timer proposes of it."""

import datetime
import json
import os
import time

import peers
from orders import sql, tenant_number
from peers import Failed

PEOPLE, DAYS = 2_000, 60
# One mark in so many of those that come in is late.
LATE = 50
FIRST = datetime.date(2024, 2, 1)


def prepare(settings, tenant, mark, people, days):
    """Invents people with a shift on each day, which nobody is to judge before their marks come."""
    sql(settings, f"""BEGIN;
      INSERT INTO roster_rules (tenant_id, revision, effective_from, document, sha256, applied_at)
      SELECT {tenant}, 1000, '2024-01-01', '{{"patterns": [], "attendance": {{"late": {{"over": {{"minutes": 0}}, "incident": "negligence"}}}}}}',
        sha256('bench'), now() ON CONFLICT DO NOTHING;
      INSERT INTO staff_member (tenant_id, code, display_name, organisation)
      SELECT {tenant}, '{mark}-' || n, '测量员' || n, (SELECT vendor FROM contract WHERE tenant_id = {tenant} AND contract_id = '{settings.contract}')
      FROM generate_series(1, {people}) n;
      INSERT INTO shift (tenant_id, id, person, contract_id, post, starts_at, ends_at, origin, planned_by, planned_at)
      SELECT {tenant}, overlay(overlay(gen_random_uuid()::text PLACING '7' FROM 15) PLACING '8' FROM 20)::uuid, '{mark}-' || n, '{settings.contract}',
        (SELECT code FROM post WHERE tenant_id = {tenant} AND contract_id = '{settings.contract}' ORDER BY code LIMIT 1),
        timestamptz '{FIRST} 08:00+08' + d * interval '1 day', timestamptz '{FIRST} 20:00+08' + d * interval '1 day', 'planned',
        '01930000-0000-7000-8000-000000000001', now()
      FROM generate_series(1, {people}) n, generate_series(0, {days - 1}) d;
      UPDATE attendance_book SET judge_from = now(), next_at = 'infinity' WHERE tenant_id = {tenant} AND person LIKE '{mark}-%';
      COMMIT""")


def table(mark, people, days):
    """The file of a door, in the order of time, and how many of its marks are late."""
    lines, late = ["工号,打卡时间,打卡类型,设备"], 0
    for day in range(days):
        date = FIRST + datetime.timedelta(days=day)
        for person in range(1, people + 1):
            is_late = (person + day) % LATE == 0
            late += is_late
            lines.append(f"{mark}-{person},{date} {'08:07' if is_late else '07:55'}:{person % 60:02},上班,北门")
        lines += [f"{mark}-{person},{date} 20:01:{person % 60:02},下班,北门" for person in range(1, people + 1)]
    return ("\n".join(lines) + "\n").encode(), late


def attendance(bench, port):
    """A file of marks through the API, and on until every late one is an incident."""
    settings = bench.settings
    tenant = tenant_number(settings, settings.tenant)
    people, days = (PEOPLE // 10, DAYS // 6) if settings.quick else (PEOPLE, DAYS)
    rows = people * days * 2
    taken, found = [], []
    for number in range(settings.rounds):
        mark = f"bench-{int(time.time())}-{number}"
        prepare(settings, tenant, mark, people, days)
        body, late = table(mark, people, days)
        began = time.perf_counter()
        status, answer = peers.ask(
            port, "POST", f"/v1/tenants/{settings.tenant}/attendance/imports",
            {"Authorization": f"Bearer {os.environ['BENCH_TOKEN']}", "Content-Type": "text/csv; charset=utf-8"}, body, limit=300)
        taken.append(rows / (time.perf_counter() - began))
        outcome = json.loads(answer) if status < 300 else {}
        if outcome.get("taken") != rows:
            raise Failed(f"a file of {rows} marks: {status} {answer[:300]!r}")
        left = f"SELECT count(*) FROM attendance_book WHERE tenant_id = {tenant} AND person LIKE '{mark}-%' AND next_at <> 'infinity'"
        while sql(settings, left) != "0":
            if time.perf_counter() - began > 300:
                raise Failed("the shifts of a file were not judged in five minutes")
            time.sleep(0.05)
        found.append(rows / (time.perf_counter() - began))
        proposed = sql(settings, f"SELECT count(*), count(*) FILTER (WHERE source = 'attendance') FROM incident WHERE tenant_id = {tenant} "
                       f"AND subject LIKE '{mark}-%'")
        if proposed != f"{late}|{late}":
            raise Failed(f"{proposed} incidents for {late} late marks")
        bench.note(f"attendance {number + 1}/{settings.rounds}: {rows:,} marks, {taken[-1]:,.0f}/s taken in, {found[-1]:,.0f}/s into {late:,} late ones")
    return [bench.at_least("clock marks of a file into found lateness", "1/s", found, 50_000), bench.at_least("the same, taken in", "1/s", taken, 0)]
