# SPDX-License-Identifier: Apache-2.0
"""The statements of the server, as PostgreSQL saw them, turned into scripts for pgbench.

Nothing is copied by hand: for one server process PostgreSQL logs every statement with its parameters, the same request is made twice,
and what differs between the two is what each transaction of the peer must choose anew. So the peer cannot drift from the server.
"""

import json
import re
import time

from peers import Failed, run

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CONTEXT = "set_config('jiesu.tenant'"
LOGGING = ("log_statement = 'all'", "log_parameter_max_length = -1", "log_error_verbosity = 'default'")


class Log:
    """PostgreSQL's log of the server's statements, from now until it is closed."""

    def __init__(self, settings):
        self.settings = settings
        self.sql("ALTER SYSTEM SET log_destination = 'stderr,jsonlog'", "SELECT pg_reload_conf()")
        for setting in LOGGING:
            self.sql(f"ALTER ROLE jiesu_server IN DATABASE jiesu SET {setting}")
        end = time.monotonic() + 10
        while not (name := self.sql("SELECT pg_current_logfile('jsonlog')").strip()):
            if time.monotonic() > end:
                raise Failed("PostgreSQL does not write its log as JSON")
            time.sleep(0.05)
        self.path = f"{settings.cluster}/{name}"

    def sql(self, *statements):
        command = [f"{self.settings.programs}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", self.settings.socket, "-U", "postgres", "-d", "jiesu"]
        for statement in statements:
            command += ["-c", statement]
        return run(command, 20)

    def close(self):
        self.sql("ALTER ROLE jiesu_server IN DATABASE jiesu RESET ALL", "ALTER SYSTEM RESET log_destination", "SELECT pg_reload_conf()")

    @staticmethod
    def settled(file):
        """What has been written since the last look; another process writes it, so it is complete when nothing has come for a while."""
        seen, since = "", time.monotonic()
        while time.monotonic() < since + 0.3:
            if part := file.read():
                seen, since = seen + part, time.monotonic()
            time.sleep(0.02)
        return seen

    def statements(self, action):
        """What the server executed in a tenant's context while ``action`` ran, in its order: [(text, [parameter])]."""
        with open(self.path, encoding="utf-8") as file:
            self.settled(file)
            action()
            seen = self.settled(file)
        executed, contexts = [], 0
        for line in seen.splitlines():
            entry = json.loads(line)
            # The server's own checks of its connections are no part of a request.
            if entry.get("user") != "jiesu_server" or not (found := re.match(r"(?:execute [^:]*|statement): (.*)", entry["message"], re.S)):
                continue
            text = found.group(1).strip().rstrip(";")
            contexts += CONTEXT in text
            if contexts:
                executed.append((text, parameters(entry.get("detail", ""))))
        if not contexts:
            raise Failed("the request led to no transaction in a tenant's context")
        return executed


def parameters(detail):
    """The values in « Parameters: $1 = 'a', $2 = NULL », in their order."""
    found = re.findall(r"\$\d+ = (?:'((?:[^']|'')*)'|NULL)", detail, re.S)
    nulls = re.findall(r"\$\d+ = ('|NULL)", re.sub(r"'(?:[^']|'')*'", "''", detail, flags=re.S))
    return [None if mark == "NULL" else value.replace("''", "'") for value, mark in zip(found, nulls)]


class Script:
    """A script for pgbench and the variables it is called with."""

    def __init__(self, first, second, sets, chosen, types):
        """Builds it from two runs of the same request.

        :param sets: lines that come first in the script.
        :param chosen: expressions, by what the first run's parameter was (a row's id, a key), in place of that value.
        :param types: finds the types of a statement's parameters.
        """
        if [text for text, _ in first] != [text for text, _ in second]:
            raise Failed(f"the same request made other statements the second time:\n{first}\n{second}")
        self.variables = {}
        self.sets = list(sets)
        self.lines = []
        fresh = dict(chosen)
        for number, ((text, values), (_, others)) in enumerate(zip(first, second)):
            kinds = types(text) if values else []
            places = {}
            for place, (value, other) in enumerate(zip(values, others), start=1):
                if value is not None and value not in fresh and value != other and UUID.fullmatch(value):
                    # A new row's id: it grows with time like the server's, and no two clients have the same.
                    self.sets.append(f"\\set fresh{len(fresh)} random(100000000000, 999999999999)")
                    fresh[value] = f"(:counter || '00007000' || :fresh{len(fresh)})"
                if value in fresh:
                    places[place] = f"({fresh[value]})::{kinds[place - 1]}"
                else:
                    places[place] = f":s{number}p{place}"
                    # pgbench gives NULL for a variable that it does not know.
                    if value is not None:
                        self.variables[f"s{number}p{place}"] = value
            self.lines.append(re.sub(r"\$(\d+)\b", lambda found: places[int(found.group(1))], text) + ";")

    def pipelined(self):
        return "\n".join([*self.sets, "\\startpipeline", *self.lines, "\\endpipeline", ""])

    def one_by_one(self):
        """A round trip for each statement; the context is then the session's, since there is no transaction to hold it."""
        lines = [re.sub(r"(set_config\('jiesu\.tenant', .*?), true\)", r"\1, false)", line) for line in self.lines]
        return "\n".join([*self.sets, *lines, ""])


def parameter_types(log):
    """A function that asks PostgreSQL for the types of a statement's parameters."""
    known = {}

    def types(text):
        if text not in known:
            answer = log.sql(f"PREPARE asked AS {text}", "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'asked'")
            known[text] = [kind.strip('"') for kind in answer.strip().strip("{}").split(",") if kind]
        return known[text]

    return types
