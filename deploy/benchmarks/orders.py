# SPDX-License-Identifier: Apache-2.0
"""What is measured of work orders where there are many: files of them taken in, lists, rates, decision tables tried out."""

import json
import os
import time
import urllib.parse

import peers
from peers import Failed

BULK = 20_000
# How many orders go into one statement of the peer, as into one transaction of the server.
BATCH = 500

# What a batch of taken orders is to plain SQL: the tables and the columns that an intake writes, each with the type of its array.
WRITTEN = {
    "work_order": [
        ("id", "uuid"), ("version", "int"), ("stage", "text"), ("is_open", "bool"), ("source", "text"), ("external_number", "text"),
        ("contract_id", "text"), ("grade", "text"), ("category", "text"), ("area", "text"), ("community", "text"), ("title", "text"),
        ("attributes", "jsonb"), ("is_special", "bool"), ("repeats", "uuid"), ("received_at", "timestamptz"), ("changed_at", "timestamptz"),
        ("reported_at", "timestamptz"), ("reported_due", "timestamptz")],
    "work_order_event": [
        ("order_id", "uuid"), ("seq", "int"), ("id", "uuid"), ("at", "timestamptz"), ("actor", "uuid"), ("side", "text"), ("kind", "text"),
        ("data", "jsonb")],
    "work_order_content": [
        ("order_id", "uuid"), ("content", "text"), ("sealed", "bytea"), ("data_key", "int"), ("name_masked", "text"), ("phone_masked", "text"),
        ("address_masked", "text"), ("phone_code", "bytea"), ("intake_code", "bytea")],
    "work_order_clock": [
        ("order_id", "uuid"), ("document", "text"), ("revision", "int"), ("rule", "text"), ("started_at", "timestamptz"), ("number", "smallint"),
        ("span_count", "int"), ("span_unit", "text"), ("recurs", "bool"), ("owner", "text"), ("done_by", "text"), ("opens_at", "timestamptz"),
        ("outside_at", "timestamptz"), ("warn_at", "timestamptz"), ("next_at", "timestamptz"), ("state", "text")],
}


def sql(settings, text, role="postgres", limit=600):
    command = [f"{settings.programs}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", settings.socket, "-U", role, "-d", "jiesu"]
    return peers.run([*command, "-c", text], limit).strip()


def tenant_number(settings, code):
    return int(sql(settings, f"SELECT tenant_id FROM tenant WHERE code = '{code}'"))


# --- files of orders ---------------------------------------------------------------------------------------------------


def lines(mark, count):
    """An NDJSON file of invented orders, as a source might send it."""
    made = []
    for n in range(count):
        made.append(json.dumps({
            "source": "city", "externalNumber": f"{mark}-{n}", "grade": "7d", "category": "环境", "area": "东片", "community": "village-east",
            "title": "小区北门垃圾未清运",
            "content": f"市民反映：小区北门外垃圾堆放三天无人清运，气味很大，影响出行。此前反映过一次，物业答复不归其管。希望尽快处理并回复。流水号{n}",
            "citizen": {"name": "柳絮飞", "phone": f"010 {5_000_000 + n:08}", "address": "东里小区3号楼2单元"}}, ensure_ascii=False))
    return ("\n".join(made) + "\n").encode()


def plain_statements(settings, tenant, mark, path):
    """Writes the orders that a file came to as plain statements, `INSERT … SELECT FROM unnest`, which put them into another office."""
    parts = []
    for table, columns in WRITTEN.items():
        names = ", ".join(name for name, _ in columns)
        arrays = ", ".join(f"array_agg({name} ORDER BY k)::{kind}[]" for name, kind in columns)
        literals = ", ".join(f"%L::{kind}[]" for _, kind in columns)
        key = "id" if table == "work_order" else "order_id"
        parts.append(f"""SELECT b, '{table}' AS name, format('INSERT INTO {table} (tenant_id, {names}) SELECT current_setting(''jiesu.tenant'')::int, * '
            'FROM unnest({literals});', {arrays}) AS text
          FROM (SELECT t.*, n.k, n.b FROM {table} t JOIN numbered n ON n.id = t.{key} WHERE t.tenant_id = {tenant}) AS t GROUP BY b""")
    query = f"""WITH numbered AS MATERIALIZED (
        SELECT id, row_number() OVER (ORDER BY id) AS k, (row_number() OVER (ORDER BY id) - 1) / {BATCH} AS b FROM work_order
        WHERE tenant_id = {tenant} AND external_number LIKE '{mark}-%')
      SELECT string_agg(text, E'\\n' ORDER BY name = 'work_order' DESC, name) FROM ({" UNION ALL ".join(parts)}) AS p GROUP BY b ORDER BY b"""
    batches = sql(settings, query).split("\nINSERT INTO work_order (")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\\set ON_ERROR_STOP on\n")
        for place, batch in enumerate(batches):
            file.write("BEGIN;\nSELECT set_config('jiesu.tenant', :'office', true);\n" + ("" if place == 0 else "INSERT INTO work_order (") + batch + "\nCOMMIT;\n")


def bulk(bench, port):
    """A file of orders through the API, and the rows that it came to by plain statements into another office, in turn."""
    settings = bench.settings
    other = tenant_number(settings, settings.other)
    own = tenant_number(settings, settings.tenant)
    count = BULK // 10 if settings.quick else BULK
    mine, theirs = [], []
    for number in range(settings.rounds):
        mark = f"F{int(time.time())}-{number}"
        body = lines(mark, count)
        began = time.perf_counter()
        status, answer = peers.ask(
            port, "POST", f"/v1/tenants/{settings.tenant}/work-orders/batches",
            {"Authorization": f"Bearer {os.environ['BENCH_SEAT_TOKEN']}", "Content-Type": "application/x-ndjson; charset=utf-8"}, body, limit=300)
        took = time.perf_counter() - began
        outcome = json.loads(answer) if status < 300 else {}
        if outcome.get("taken") != count:
            raise Failed(f"a file of {count} orders: {status} {answer[:300]!r}")
        path = f"{bench.scratch}/bulk.sql"
        plain_statements(settings, own, mark, path)
        began = time.perf_counter()
        peers.run([f"{settings.programs}/psql", "-X", "-q", "-o", "/dev/null", "-v", f"office={other}", "-h", settings.socket, "-U", "jiesu_server",
                   "-d", "jiesu", "-f", path], 600)
        plain = time.perf_counter() - began
        written = int(sql(settings, f"SELECT count(*) FROM work_order WHERE tenant_id = {other} AND external_number LIKE '{mark}-%'"))
        if written != count:
            raise Failed(f"plain statements wrote {written} of {count} orders")
        mine.append(count / took)
        theirs.append(count / plain)
        bench.note(f"bulk {number + 1}/{settings.rounds}: server {mine[-1]:,.0f} orders/s, plain SQL {theirs[-1]:,.0f}/s")
    return [
        bench.at_least("bulk intake against plain SQL", "x", [a / b for a, b in zip(mine, theirs)], 0.4),
        bench.at_least("bulk intake", "1/s", mine, 15_000), bench.at_least("the same rows by plain SQL", "1/s", theirs, 0),
    ]


# --- reading ------------------------------------------------------------------------------------------------------------


def await_gathered(bench):
    """Waits until the timer has gathered the texts of what was just loaded, which takes the two cores while it lasts."""
    began = time.perf_counter()
    while sql(bench.settings, "SELECT EXISTS (SELECT FROM work_order_ungathered GROUP BY tenant_id HAVING count(*) > 1000)") == "t":
        if time.perf_counter() - began > 900:
            raise Failed("the texts of the orders were not gathered within 900 s")
        time.sleep(1)
    bench.note(f"texts gathered after {time.perf_counter() - began:.0f} s")


def lists(bench, port):
    """Each filter of the list, the rates and the board's start, at 64 connections."""
    settings = bench.settings
    base = f"/v1/tenants/{settings.tenant}"
    number = tenant_number(settings, settings.tenant)
    seat = sql(settings, f"SELECT seat FROM work_order WHERE tenant_id = {number} AND seat IS NOT NULL LIMIT 1")
    order = sql(settings, f"SELECT order_id FROM work_order_content WHERE tenant_id = {number} AND phone_code IS NOT NULL LIMIT 1")
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
    quoted = urllib.parse.quote
    filters = {
        "the newest": "", "open": "open=true", "stage": "stage=closed", "a rare stage": "stage=returned", "hung": "waits=hung",
        "exclusion asked": "waits=awaitingExclusion", "department": "department=planning", "category": f"category={quoted('环境')}",
        "a rare category": f"category={quoted('涉诉')}", "a category of none": f"category={quoted('没有')}",
        "grade": "grade=24h", "community": "community=village-west", "seat": f"seat={seat}", "zero-score": "zeroScore=true",
        "clock due before": f"dueBefore={quoted(soon)}", "text, frequent": f"text={quoted('垃圾')}", "text, rare": f"text={quoted('合同纠纷')}",
    }
    paths = {name: f"{base}/work-orders?limit=20&{query}" for name, query in filters.items()}
    paths["phone"] = f"{base}/work-orders/{order}/repeats?by=phone&limit=20"
    for dimension in ("office", "department", "community", "category", "seat"):
        paths[f"rates by {dimension}"] = f"{base}/reports/rates?by={dimension}"
    await_gathered(bench)
    rows = []
    for name, path in paths.items():
        status, body = peers.ask(port, "GET", path, bench.headers(), limit=60)
        if status != 200:
            raise Failed(f"{path}: {status} {body[:200]!r}")
        found = peers.wrk(port, "paths", settings.seconds, {**bench.environment(), "BENCH_PATHS": path})
        bench.note(f"{name}: {found['rate']:,.0f}/s, p50 {found['p50'] * 1e3:.1f} ms")
        rows.append(bench.figure(f"p99 of a list: {name}", "ms", [found["p99"] * 1e3], 30))
    return rows


def alone(bench, port, name, wanted, make):
    """How long one request takes that nobody else competes with, in seconds."""
    times = []
    for number in range(2 + 3 * bench.settings.rounds):
        method, path, headers, body = make()
        began = time.perf_counter()
        status, answer = peers.ask(port, method, path, headers, body, limit=120)
        took = time.perf_counter() - began
        if status != 200:
            raise Failed(f"{method} {path}: {status} {answer[:300]!r}")
        if number >= 2:
            times.append(took)
    return bench.figure(name, "s", times, wanted)


def rates(bench, port):
    base = f"/v1/tenants/{bench.settings.tenant}/reports/rates"
    day = sql(bench.settings, "SELECT to_char(max(received_at) - interval '40 days', 'YYYY-MM') FROM work_order")
    return [
        alone(bench, port, f"three rates of a cycle by {dimension}", 0.02, lambda: ("GET", f"{base}?by={dimension}&cycle={day}", bench.headers(), b""))
        for dimension in ("office", "department", "community", "category", "seat")
    ] + [alone(bench, port, "the orders behind a figure", 0.02,
               lambda: ("GET", f"{base}/orders?by=category&key={urllib.parse.quote('涉诉')}&cycle={day}&figure=unresolved&limit=50", bench.headers(), b""))]


def simulate(bench, port):
    """A changed dispatch table over some 100,000 past orders."""
    settings = bench.settings
    with open(f"{settings.deploy}/tenants/{settings.tenant}/rules/dispatch.json", encoding="utf-8") as file:
        table = json.load(file)
    table["rows"].append({"id": "water", "when": '$.category == "供水" || $.category == "排水"', "then": {"department": "planning"},
                          "says": {"zh": "供排水派规划建设办公室。", "en": "Water goes to planning."}})
    number = tenant_number(settings, settings.tenant)
    first = sql(settings, f"SELECT received_at::date FROM work_order WHERE tenant_id = {number} ORDER BY id DESC OFFSET 100000 LIMIT 1") or "2000-01-01"
    body = json.dumps({"table": table, "from": first}, ensure_ascii=False).encode()
    headers = bench.headers(**{"Content-Type": "application/json"})
    path = f"/v1/tenants/{settings.tenant}/rules/dispatch/simulate"
    status, answer = peers.ask(port, "POST", path, headers, body, limit=120)
    if status == 200:
        bench.note(f"simulate: {json.loads(answer)['orders']:,} orders, {json.loads(answer)['changed']:,} would go elsewhere")
    return [alone(bench, port, "trying a dispatch table on past orders", 2, lambda: ("POST", path, headers, body))]
