# SPDX-License-Identifier: Apache-2.0
"""The programs that measure and are measured: started, awaited with a limit, and stopped whatever happens."""

import concurrent.futures
import contextlib
import ctypes
import json
import os
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CONNECTIONS = 64
CLIENTS = 16
# How long filling the database may take, in seconds.
FILLING = 1800


class Failed(Exception):
    """Something that was to be measured did not run; the text says what."""


LIBC = ctypes.CDLL(None)


def ends_with_parent(number=signal.SIGKILL):
    """Has the kernel send this process a signal when the one that started it is gone, however that went."""
    LIBC.prctl(1, number)


def run(command, limit, **more):
    """Runs a program to its end and returns what it printed.

    :raises Failed: when it fails or takes longer than ``limit`` seconds.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, preexec_fn=ends_with_parent, **more)
    except subprocess.TimeoutExpired:
        raise Failed(f"{command[0]} did not end within {limit} s") from None
    if done.returncode != 0:
        raise Failed(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def program(command, log, grace, env=None):
    """A program in the background for the length of a ``with`` block; asked to end, then made to."""
    with open(log, "ab") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, preexec_fn=ends_with_parent)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ask(port, method, path, headers=None, body=b"", limit=5):
    """One request on a connection of its own; returns the status and the body."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    with socket.create_connection(("127.0.0.1", port), timeout=limit) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), content


def await_status(port, path, process, limit):
    """Waits until the server answers 200; returns when it did, on the clock of ``time.perf_counter``.

    :raises Failed: when it does not within ``limit`` seconds, or ends.
    """
    end = time.perf_counter() + limit
    while time.perf_counter() < end:
        try:
            if ask(port, "GET", path, limit=1)[0] == 200:
                return time.perf_counter()
        except (OSError, IndexError, ValueError):
            pass
        if process.poll() is not None:
            raise Failed(f"the server ended with {process.returncode} before {path} said 200")
        time.sleep(0.001)
    raise Failed(f"{path} did not say 200 within {limit} s")


@contextlib.contextmanager
def server(settings):
    """The release server, ready; yields its port, its process and the seconds it took from the start to ready."""
    port = free_port()
    env = dict(os.environ, JIESU_LISTEN=f"127.0.0.1:{port}")
    started = time.perf_counter()
    with program([settings.binary, "serve"], settings.log, 20, env) as process:
        ready = await_status(port, "/readyz", process, 20)
        yield port, process, ready - started


NGINX = """worker_processes 1;
daemon off;
pid {directory}/pid;
error_log {directory}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy; fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location = /healthz {{ default_type {type}; return 200 '{body}'; }}
  }}
}}
"""


@contextlib.contextmanager
def nginx(body, media_type):
    """nginx with one worker that answers /healthz with these bytes; yields its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="jiesu-bench-") as directory:
        user = "user root;" if os.geteuid() == 0 else ""
        with open(f"{directory}/nginx.conf", "w", encoding="utf-8") as file:
            file.write(NGINX.format(directory=directory, port=port, user=user, body=body.replace("'", "\\'"), type=media_type))
        with program(["nginx", "-e", f"{directory}/error.log", "-c", f"{directory}/nginx.conf"], f"{directory}/out", 5) as process:
            await_status(port, "/healthz", process, 5)
            yield port


def wrk(port, kind, seconds, environment):
    """Requests of one kind for a while; returns rate (1/s) and latencies (seconds).

    :raises Failed: when a single answer was not a success.
    """
    printed = run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--timeout", "5s", "-s", f"{HERE}/requests.lua", f"http://127.0.0.1:{port}", "--", kind],
        seconds + 15, env=dict(os.environ, **environment))
    result = json.loads(re.search(r"^RESULT (.*)$", printed, re.M).group(1))
    if result["failed"] or not result["requests"]:
        raise Failed(f"{result['failed']} of {result['requests']} requests ({kind}) failed")
    return {
        "rate": result["requests"] / (result["microseconds"] / 1e6),
        "p50": result["p50"] / 1e6,
        "p99": result["p99"] / 1e6,
        "max": result["max"] / 1e6,
    }


def lives(port, seconds, environment):
    """Whole lives of work orders for a while; returns how many a second, and of its requests the latencies (seconds).

    :raises Failed: when a single step was refused.
    """
    printed = run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--timeout", "5s", "-s", f"{HERE}/lives.lua", f"http://127.0.0.1:{port}"],
        seconds + 15, env=dict(os.environ, **environment))
    result = json.loads(re.search(r"^RESULT (.*)$", printed, re.M).group(1))
    if result["failed"] or not result["lives"]:
        raise Failed(f"{result['failed']} of {result['requests']} steps failed: {result['example']}")
    length = result["microseconds"] / 1e6
    return {"lives": result["lives"], "rate": result["lives"] / length, "requests": result["requests"] / length, "p50": result["p50"] / 1e6, "p99": result["p99"] / 1e6}


def fill(settings, script, variables, parts):
    """Runs a script of SQL as the superuser, its parts side by side, and leaves the database as the server finds it after a night."""
    def psql(*arguments):
        run([f"{settings.programs}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", settings.socket, "-U", "postgres", "-d", "jiesu", *arguments], FILLING)

    given = [text for name, value in variables.items() for text in ("-v", f"{name}={value}")]
    with concurrent.futures.ThreadPoolExecutor(len(parts)) as pool:
        for one in [pool.submit(psql, *given, "-v", f"part={part}", "-f", f"{HERE}/{script}") for part in parts]:
            one.result()
    psql("-c", "VACUUM (ANALYZE)", "-c", "CHECKPOINT")


def processor_seconds(settings, process):
    """How long the server and PostgreSQL's present processes have been on a processor, in seconds."""
    def read(number):
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    with open(f"{settings.cluster}/postmaster.pid", encoding="ascii") as file:
        postmaster = int(file.readline())
    database = 0
    for number in filter(str.isdigit, os.listdir("/proc")):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            parent, seconds = read(number)
            database += seconds if parent == postmaster else 0
    return {"server": read(process.pid)[1], "database": database}


def pgbench(script, variables, seconds, settings, clients=CLIENTS, transactions=None):
    """Runs a script of statements, prepared, and returns the transactions a second."""
    length = ["-t", str(transactions)] if transactions else ["-T", str(seconds)]
    command = [f"{settings.programs}/pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", *length, "-f", script]
    for name, value in variables.items():
        command += ["-D", f"{name}={value}"]
    printed = run(command + ["-h", settings.socket, "-U", "jiesu_server", "jiesu"], seconds + 20)
    if re.search(r"number of failed transactions: [1-9]", printed):
        raise Failed(f"transactions of {os.path.basename(script)} failed")
    return float(re.search(r"^tps = ([0-9.]+)", printed, re.M).group(1))


def resident_megabytes(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"^VmRSS:\s+(\d+) kB", file.read(), re.M).group(1)) / 1024


@contextlib.contextmanager
def idle_connections(port, count):
    """Connections that have asked for one thing and now rest; this process needs a file for each."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 200
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Failed(f"{wanted} open files are needed and the limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    held = []
    try:
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=5)
            held.append(connection)
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
                raise Failed(f"connection {len(held)} of {count} was not answered")
        yield held
    finally:
        for connection in held:
            connection.close()
