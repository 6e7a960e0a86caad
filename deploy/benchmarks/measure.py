#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the release server against its peers in turn, and prints the figures; deploy/bench calls it and prepares what it needs."""

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import attendance
import orders
import peers
from peers import Failed
from statements import Log, Script, parameter_types

ID_PREFIX = "01930000-0000-7000-8000-"
FIRST_ROW = 100000000001
IDLE = 2000
CONTRACTS = 1000
DEADLINES = 100_000
# Among how many orders of an office lives are measured, after none at all; the last is compared with the first.
ORDERS = [100_000, 1_000_000]
FEW_ORDERS = [2_000, 20_000]
INCIDENTS = 10_000
SHEET_ROWS = 100_000
PEOPLE = 100


class Wanted:
    """The figures to reach; each says which side of it is good."""

    row = {"pipelined": 0.65, "one by one": 1.5}
    list = {"pipelined": 0.5}
    insert = {"pipelined": 0.6}
    static = {"nginx": 0.6}
    tail = 6
    memory = 120
    start = 0.3
    settle = 2
    lives = 400
    lives_kept = 0.85
    incidents = 0.1
    xlsx = {"seconds": 2, "megabytes": 64}
    clock = 5
    coverage = 50
    proposal = 1


def note(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def compared(name, wanted, rounds, ours, theirs):
    """Runs a scenario's sides in turn, a round after the other, and returns a row for each peer.

    :param ours: measures the server once.
    :param theirs: what measures each peer once, by its name.
    """
    ours()
    for measure in theirs.values():
        measure()
    mine, others = [], {peer: [] for peer in theirs}
    for number in range(rounds):
        mine.append(ours())
        for peer, measure in theirs.items():
            others[peer].append(measure())
        sides = ", ".join(f"{peer} {rates[-1]:,.0f}/s" for peer, rates in others.items())
        note(f"{name} {number + 1}/{rounds}: server {mine[-1]['rate']:,.0f}/s, {sides}; p50 {mine[-1]['p50'] * 1e3:.2f} ms, p99 {mine[-1]['p99'] * 1e3:.2f} ms")
    rows = []
    for peer, rates in others.items():
        # Each round's two sides ran one after the other: their ratio is steadier than that of two medians.
        ratio = statistics.median(one["rate"] / rate for one, rate in zip(mine, rates))
        tail = statistics.median(one["p99"] / one["p50"] for one in mine)
        rows.append({
            "scenario": name, "peer": peer,
            "server_rate": statistics.median(one["rate"] for one in mine), "peer_rate": statistics.median(rates),
            "ratio": ratio, "wanted_ratio": wanted[peer],
            "p50_ms": statistics.median(one["p50"] for one in mine) * 1e3, "p99_ms": statistics.median(one["p99"] for one in mine) * 1e3,
            "tail": tail, "wanted_tail": Wanted.tail, "reached": ratio >= wanted[peer] and tail < Wanted.tail,
            "rounds": [{"server": one["rate"], "peer": rate, "p50_ms": one["p50"] * 1e3, "p99_ms": one["p99"] * 1e3} for one, rate in zip(mine, rates)],
        })
    return rows


def figure(name, unit, values, wanted):
    value = statistics.median(values)
    note(f"{name}: {value:.3g} {unit}")
    return {"scenario": name, "unit": unit, "value": value, "all": values, "wanted_below": wanted, "reached": value < wanted}


def at_least(name, unit, values, wanted):
    value = statistics.median(values)
    note(f"{name}: {value:.4g} {unit}")
    return {"scenario": name, "unit": unit, "value": value, "all": values, "wanted_above": wanted, "reached": value >= wanted}


class Bench:
    note, figure, at_least = staticmethod(note), staticmethod(figure), staticmethod(at_least)

    def __init__(self, settings, scratch):
        self.settings = settings
        self.scratch = scratch
        self.scripts = {}
        self.counter = int(time.time()) * 100_000
        # From the environment: an argument would stand in every list of processes.
        self.token = os.environ["BENCH_TOKEN"]

    def incidents_path(self, rest=""):
        return f"/v1/tenants/{self.settings.tenant}/incidents{rest}"

    def headers(self, **more):
        return {"Authorization": f"Bearer {self.token}", **more}

    def environment(self):
        return {"BENCH_TOKEN": self.token, "BENCH_TENANT": self.settings.tenant, "BENCH_ROWS": str(self.settings.rows),
                "BENCH_ID_PREFIX": ID_PREFIX, "BENCH_BODY": self.settings.body}

    # --- the peers' scripts ---------------------------------------------------------------------------------------

    def learn_statements(self):
        """Asks a server of its own for each kind of request twice and makes the peers' scripts of what PostgreSQL was sent."""
        log = Log(self.settings)
        try:
            with peers.server(self.settings) as (port, _, _):
                types = parameter_types(log)

                def seen(make):
                    """What two requests of a kind led to, once the server knows all it keeps in memory; with what was asked."""
                    last = None
                    for number in range(6):
                        method, path, headers, body = make(number)

                        def once():
                            status, answer = peers.ask(port, method, path, headers, body)
                            if status not in (200, 201):
                                raise Failed(f"{method} {path}: {status} {answer[:300]!r}")

                        now = log.statements(once)
                        if last and [text for text, _ in last[0]] == [text for text, _ in now]:
                            return last, now
                        last = (now, number)
                    raise Failed("the same request leads to other statements each time")

                def made(name, make, sets, chosen):
                    (first, number), second = seen(make)
                    self.scripts[name] = Script(first, second, sets, chosen(number), types)

                made("row", lambda n: ("GET", self.incidents_path(f"/{ID_PREFIX}{FIRST_ROW + n}"), self.headers(), b""),
                     [f"\\set n random({FIRST_ROW}, {FIRST_ROW + self.settings.rows - 1})"],
                     lambda n: {f"{ID_PREFIX}{FIRST_ROW + n}": f"'{ID_PREFIX}' || :n"})
                made("list", lambda n: ("GET", self.incidents_path("?limit=50"), self.headers(), b""), [], lambda n: {})
                key = lambda n: f"bench-{self.counter}-{n}"
                made("insert",
                     lambda n: ("POST", self.incidents_path(), self.headers(**{"Content-Type": "application/json", "Idempotency-Key": key(n)}),
                                self.settings.body.encode()),
                     ["\\set counter :counter + 1", "\\set key random(1, 9000000000000000000)"],
                     lambda n: {key(n): ":counter || '-' || :key"})
        finally:
            log.close()
        for name, script in self.scripts.items():
            for form, text in (("pipelined", script.pipelined()), ("one-by-one", script.one_by_one())):
                with open(f"{self.scratch}/{name}-{form}.sql", "w", encoding="utf-8") as file:
                    file.write(text)
            if self.settings.show:
                print(f"--- {name}, pipelined\n{script.pipelined()}--- with {script.variables}", file=sys.stderr)

    def pgbench(self, name, form, seconds):
        variables = dict(self.scripts[name].variables)
        if name == "insert":
            # Twelve digits for the counter, of which a run uses a few hundred thousand.
            self.counter += 1_000_000
            variables["counter"] = 100_000_000_000 + self.counter % 800_000_000_000
        return peers.pgbench(f"{self.scratch}/{name}-{form}.sql", variables, seconds, self.settings)

    # --- the scenarios --------------------------------------------------------------------------------------------

    def against_pgbench(self, name, port, forms):
        seconds, limits = self.settings.seconds, getattr(Wanted, name)
        return compared(
            {"row": "one row by id", "list": "a list of 50", "insert": "an insert"}[name],
            {f"pgbench {form}": limits[form] for form in forms}, self.settings.rounds,
            lambda: peers.wrk(port, name, seconds, self.environment()),
            {f"pgbench {form}": lambda form=form: self.pgbench(name, form.replace(" ", "-"), seconds) for form in forms})

    def static(self, port):
        status, body = peers.ask(port, "GET", "/healthz")
        if status != 200:
            raise Failed(f"/healthz says {status}")
        seconds = self.settings.seconds
        with peers.nginx(body.decode(), "application/json") as other:
            return compared(
                "a static reply", Wanted.static, self.settings.rounds, lambda: peers.wrk(port, "static", seconds, self.environment()),
                {"nginx": lambda: peers.wrk(other, "static", seconds, self.environment())["rate"]})

    def memory(self, port, process):
        before = peers.resident_megabytes(process)
        with peers.idle_connections(port, IDLE):
            time.sleep(1)
            held = peers.resident_megabytes(process)
        note(f"memory after the load and before: {before:.0f} MB")
        return [figure(f"memory with {IDLE:,} idle connections", "MB", [held], Wanted.memory)]

    def start(self):
        def once():
            with peers.server(self.settings) as (_, _, seconds):
                return seconds
        return [figure("start to ready", "s", [once() for _ in range(max(self.settings.rounds, 3))], Wanted.start)]

    def settle(self):
        command = [self.settings.benchmarks, "settle", self.settings.deploy, str(CONTRACTS)]
        answers = [json.loads(peers.run(command, 60)) for _ in range(self.settings.rounds)]
        note(f"settling: {answers[-1]}")
        return [figure(f"settling {CONTRACTS:,} contracts' periods", "s", [one["seconds"] for one in answers], Wanted.settle)]

    def clocks(self):
        command = [self.settings.benchmarks, "clocks", self.settings.deploy, str(DEADLINES)]
        answers = [json.loads(peers.run(command, 60)) for _ in range(self.settings.rounds)]
        note(f"deadlines, microseconds: {answers[-1]}")
        slowest = [max(value for name, value in one.items() if name != "deadlines") for one in answers]
        return [figure("one deadline, the slowest kind", "us", slowest, Wanted.clock)]

    def incidents(self):
        command = [self.settings.benchmarks, "incidents", self.settings.deploy, str(INCIDENTS)]
        answers = [json.loads(peers.run(command, 60)) for _ in range(self.settings.rounds)]
        note(f"settling many incidents: {answers[-1]}")
        return [figure(f"settling {INCIDENTS:,} incidents, the slowest contract", "s", [one["seconds"] for one in answers], Wanted.incidents)]

    def xlsx(self):
        command = [self.settings.benchmarks, "xlsx", self.settings.deploy, str(SHEET_ROWS)]
        answers = [json.loads(peers.run(command, 60)) for _ in range(self.settings.rounds)]
        note(f"spreadsheet: {answers[-1]}")
        return [figure(f"a spreadsheet of {SHEET_ROWS:,} rows", "s", [one["seconds"] for one in answers], Wanted.xlsx["seconds"]),
                figure("its process's memory", "MB", [one["megabytes"] for one in answers], Wanted.xlsx["megabytes"])]

    def roster(self):
        command = [self.settings.benchmarks, "roster", self.settings.deploy, str(PEOPLE)]
        answers = [json.loads(peers.run(command, 60)) for _ in range(self.settings.rounds)]
        note(f"rosters: {answers[-1]}")
        return [figure(f"coverage of a month for {10 * PEOPLE:,} people", "ms", [one["coverageSeconds"] * 1e3 for one in answers], Wanted.coverage),
                figure(f"proposing a month for {PEOPLE} people in four crews", "s", [one["proposalSeconds"] for one in answers], Wanted.proposal),
                figure("finding out that such a month cannot be filled", "s", [one["impossibleSeconds"] for one in answers], Wanted.proposal)]

    def lives(self):
        """The life of an order, intake to closing and a search, at 64 connections: among no orders, many, and very many."""
        sizes = FEW_ORDERS if self.settings.quick else ORDERS
        # A life takes a while, the first ones a second.
        seconds = max(self.settings.seconds, 3)
        rates, rows, present = [], [], 0
        for size in [0, *sizes]:
            if size:
                note(f"lives: copying orders until there are {size:,}")
                peers.fill(self.settings, "orders.sql", {"tenant": self.settings.tenant, "behind": present, "upto": size}, ["rows", "histories"])
                present = size
            with peers.server(self.settings) as (port, process, _):
                environment = {**self.environment(), "BENCH_CHECKLIST": json.dumps({"checked": self.checklist(port)})}
                # Until the server has prepared its statements; on an empty database every life counts.
                if size:
                    peers.lives(port, seconds, environment)
                measured = [self.some_lives(port, process, seconds, environment, f"{size:,}", number) for number in range(self.settings.rounds)]
            rates.append(statistics.median(one["rate"] for one in measured))
            rows.append(at_least(f"whole lives among {size:,} orders", "1/s", [one["rate"] for one in measured], Wanted.lives))
            rows[-1]["rounds"] = measured
        return rows + [at_least(f"lives among {sizes[-1]:,} to {sizes[0]:,}", "", [rates[-1] / rates[1]], Wanted.lives_kept)]

    def some_lives(self, port, process, seconds, environment, size, number):
        """One round of lives, with what a life takes of a core, in milliseconds: a figure that hardly hangs on what else the machine does."""
        before = peers.processor_seconds(self.settings, process)
        one = peers.lives(port, seconds, environment)
        after = peers.processor_seconds(self.settings, process)
        one["cpu_ms"] = {name: (after[name] - before[name]) * 1e3 / one["lives"] for name in after}
        note(f"lives among {size} {number + 1}/{self.settings.rounds}: {one['rate']:,.0f}/s; p50 {one['p50'] * 1e3:.2f} ms, p99 {one['p99'] * 1e3:.2f} ms; "
             f"a life takes the server {one['cpu_ms']['server']:.2f} ms of a core, PostgreSQL {one['cpu_ms']['database']:.2f} ms")
        return one

    def checklist(self, port):
        """The items that the contract wants checked off when an order is closed, by their keys."""
        path = f"/v1/tenants/{self.settings.tenant}/contracts/{self.settings.contract}"
        _, body = peers.ask(port, "GET", path, self.headers())
        return [f"{level['id']}.{place + 1}" for level in json.loads(body)["document"]["levels"] if level.get("check", {}).get("at") == "closed"
                for place in range(len(level["check"]["items"]))]

    def all(self, names):
        """Runs the scenarios asked for; one that fails is a row that says so, and the others go on."""
        rows = []

        def add(name, scenario, *arguments):
            if name not in names:
                return
            try:
                rows.extend(scenario(*arguments))
            except Failed as failure:
                note(f"{name} failed: {failure}")
                rows.append({"scenario": name, "failed": str(failure), "reached": False})

        add("settle", self.settle)
        add("clocks", self.clocks)
        add("incidents", self.incidents)
        add("xlsx", self.xlsx)
        add("roster", self.roster)
        add("start", self.start)
        if not {"row", "list", "insert", "static", "memory", "lists", "rates", "simulate", "bulk", "attendance"} & names:
            add("lives", self.lives)
            return rows
        if {"row", "list", "insert"} & names:
            self.learn_statements()
        with peers.server(self.settings) as (port, process, _):
            add("static", self.static, port)
            add("lists", orders.lists, self, port)
            add("rates", orders.rates, self, port)
            add("simulate", orders.simulate, self, port)
            add("row", self.against_pgbench, "row", port, ["pipelined", "one by one"])
            add("list", self.against_pgbench, "list", port, ["pipelined"])
            # Last of those with the database: the table grows.
            add("insert", self.against_pgbench, "insert", port, ["pipelined"])
            add("bulk", orders.bulk, self, port)
            add("attendance", attendance.attendance, self, port)
            add("memory", self.memory, port, process)
        # Last: it fills the database.
        add("lives", self.lives)
        return rows


def print_table(rows, facts):
    for name, value in facts.items():
        print(f"{name:<12} {value}")
    print()
    heads = ["scenario", "peer", "server/s", "peer/s", "ratio", "wanted", "p50 ms", "p99 ms", "p99/p50", "reached"]
    lines = []
    for row in rows:
        if "ratio" in row:
            lines.append([
                row["scenario"], row["peer"], f"{row['server_rate']:,.0f}", f"{row['peer_rate']:,.0f}", f"{row['ratio']:.2f}", f">= {row['wanted_ratio']}",
                f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.2f}", f"{row['tail']:.1f}", "yes" if row["reached"] else "no"])
        elif "failed" in row:
            lines.append([row["scenario"], "", "failed", "", "", "", "", "", "", "no"])
        else:
            value = f"{row['value']:.3g} {row['unit']}"
            wanted = f"< {row['wanted_below']}" if "wanted_below" in row else f">= {row['wanted_above']}"
            lines.append([row["scenario"], "", value, "", "", f"{wanted} {row['unit']}", "", "", "", "yes" if row["reached"] else "no"])
    widths = [max(len(line[column]) for line in [heads, *lines]) for column in range(len(heads))]
    for line in [heads, ["-" * width for width in widths], *lines]:
        print("  ".join(text.ljust(width) if column < 2 else text.rjust(width) for column, (text, width) in enumerate(zip(line, widths))).rstrip())
    print(f"\np99/p50 is to stay below {Wanted.tail}; ratios are medians of each round's, the two sides of a round run one after the other.")


def main():
    every = ["row", "list", "insert", "static", "memory", "start", "settle", "clocks", "incidents", "xlsx", "roster", "lives", "bulk", "attendance"]
    many = ["lists", "rates", "simulate"]
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("binary", "benchmarks", "log", "socket", "cluster", "programs", "tenant", "contract", "deploy", "body", "facts", "other"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="store_true", help="print the peers' scripts")
    parser.add_argument("names", nargs="*", choices=[*every, *many, []])
    settings = parser.parse_args()
    settings.rounds, settings.seconds = (3, 1) if settings.quick else (5, 4)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    peers.ends_with_parent(signal.SIGTERM)
    try:
        with tempfile.TemporaryDirectory(prefix="jiesu-bench-") as scratch:
            rows = Bench(settings, scratch).all(set(settings.names or every))
    except Failed as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
    facts = json.loads(settings.facts)
    if settings.json:
        print(json.dumps({"machine": facts, "figures": rows}, ensure_ascii=False, indent=2))
    else:
        print_table(rows, facts)
    if any("failed" in row for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
