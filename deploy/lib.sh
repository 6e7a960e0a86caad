# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts in deploy/ share: where things are, what must be installed, and a private PostgreSQL cluster.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
data=$root/.data

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# --- packages ---------------------------------------------------------------------------------------------------------

# Runs a command with the rights to install packages.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need_packages NAME… — installs the Debian or Ubuntu packages that are missing; says nothing when none is.
need_packages() {
  local name missing=()
  command -v dpkg-query >/dev/null || fail "this script installs with apt; elsewhere, install by hand: $*"
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "packages are missing and there is neither root nor sudo: ${missing[*]}"
  say "installing ${missing[*]}"
  # The distribution's own cluster is not used: do not let the package make and start one on a machine that had none.
  if [ ! -e /etc/postgresql-common ]; then
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/jiesu.conf >/dev/null
  fi
  local log
  log=$(mktemp)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >"$log" 2>&1 || say "apt-get update failed; trying what is known"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 || {
    tail -20 "$log" >&2
    fail "apt-get could not install: ${missing[*]}"
  }
  rm -f "$log"
}

# What building takes, and what the database takes.
# Runs a program, and ends it after so many seconds; at a terminal somebody looks, who may end it by hand.
within() {
  local seconds=$1 status=0
  shift
  if [ -t 0 ]; then "$@"; else
    timeout -k 10 "$seconds" "$@" || status=$?
    [ $status -ne 124 ] || say "had not ended after $seconds s: $*"
    return $status
  fi
}

need_build_packages() { need_packages libpq-dev libssl-dev pkg-config; }
need_database_packages() { need_packages postgresql; }

# need_swift — the toolchain is the one thing that is not installed for you.
need_swift() { command -v swift >/dev/null || fail "no Swift toolchain on the PATH; see https://www.swift.org/install (6.3 or newer)"; }

# build_release PRODUCT… — what is served and what is measured is built in this one way.
build_release() {
  local product toolchain flags=()
  toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
  # With the runtime inside, the one file runs on a machine without a toolchain.
  [ -d "$toolchain/lib/swift_static/linux" ] && flags+=(--static-swift-stdlib)
  for product in "$@"; do swift build --package-path "$root" -c release --product "$product" "${flags[@]}"; done
}

# --- the cluster ------------------------------------------------------------------------------------------------------
# use_cluster NAME chooses one; the variables it sets are what the functions after it speak of:
#   cluster  its data directory       socket   the directory of its Unix socket (it listens on nothing else)

# The directory of PostgreSQL's programs, of the newest version that is new enough.
postgres_programs() {
  local bin
  for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) $(dirname "$(command -v postgres 2>/dev/null || echo /)"); do
    if [ -x "$bin/postgres" ] && [ "$("$bin/postgres" --version | sed 's/.* \([0-9]*\)[.a-z].*/\1/')" -ge 15 ]; then
      echo "$bin"
      return
    fi
  done
  fail "PostgreSQL 15 or newer is needed and was not found"
}

# PostgreSQL refuses to run as root: then it runs as the package's user, and the files are that user's.
as_cluster_user() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
cluster_user() {
  if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi
}

use_cluster() {
  local home=$data
  mkdir -p "$data"
  if [ "$(id -u)" = 0 ] && ! runuser -u postgres -- test -x "$data"; then
    # The checkout lies where PostgreSQL's user cannot go (/root, say).
    home=/var/lib/jiesu/$(printf '%s' "$data" | cksum | cut -d ' ' -f 1)
    mkdir -p "$home"
  fi
  cluster=$home/$1
  socket=$cluster-socket
  # The name of a Unix socket has at most 107 bytes.
  if [ ${#socket} -gt 85 ]; then
    socket=/tmp/jiesu-$(id -u)-$(printf '%s' "$cluster" | cksum | cut -d ' ' -f 1)
  fi
}

# Makes the directory of the socket: only the cluster's user (and root) gets through it to the database.
prepare_socket() {
  mkdir -p -m 0700 "$socket"
  [ "$(id -u)" = 0 ] && chown postgres "$socket"
  # In /tmp somebody else might have made it first.
  [ ! -L "$socket" ] && [ "$(stat -c '%U %a' "$socket")" = "$(cluster_user) 700" ] || fail "$socket is not a directory of $(cluster_user) with mode 700"
}

cluster_runs() {
  local process
  process=$(as_cluster_user head -1 "$cluster/postmaster.pid" 2>/dev/null) || return 1
  # A killed server that its parent has not taken note of is no server, though PostgreSQL's own tools believe it is.
  # The number in a killed server's file may be another process's by now: a server works in its own directory.
  [ -n "$process" ] && [ "$(readlink "/proc/$process/cwd" 2>/dev/null)" = "$cluster" ] && ! grep -q '^[0-9]* (.*) Z' "/proc/$process/stat" 2>/dev/null
}

# bury_cluster — waits for the end of a killed server's processes, and takes away its lock where nobody takes note of its end (a
# container without an init): without that another server would refuse to start.
bury_cluster() {
  local waited=0
  [ -e "$cluster/postmaster.pid" ] || as_cluster_user test -e "$cluster/postmaster.pid" || return 0
  while ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -q -- "-> $cluster\$"; do
    [ $((waited += 1)) -le 100 ] || fail "processes of a killed server still work in $cluster"
    sleep 0.05
  done
  as_cluster_user rm -f "$cluster/postmaster.pid" "$socket/.s.PGSQL.5432.lock"
}

# cluster_sql DATABASE [psql arguments] — as the superuser.
cluster_sql() {
  local database=$1
  shift
  "$(postgres_programs)/psql" -X -q -v ON_ERROR_STOP=1 -h "$socket" -U postgres -d "$database" "$@"
}

# make_cluster — an empty cluster, when there is none.
make_cluster() {
  [ -s "$cluster/PG_VERSION" ] && return
  say "making a PostgreSQL cluster in $cluster"
  mkdir -p -m 0700 "$cluster"
  [ "$(id -u)" = 0 ] && chown postgres "$cluster"
  as_cluster_user "$(postgres_programs)/initdb" -D "$cluster" -U postgres --locale=C.UTF-8 -E UTF8 --data-checksums -A reject >/dev/null ||
    fail "initdb failed"
  echo "include 'jiesu.conf'" | as_cluster_user tee -a "$cluster/postgresql.conf" >/dev/null
}

# configure_cluster serve|test — its settings and who may enter; written at every start, so that a change here arrives.
configure_cluster() {
  local memory durability admission
  memory=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024 / 8))
  [ "$memory" -lt 64 ] && memory=64
  [ "$memory" -gt 1024 ] && memory=1024
  if [ "$1" = test ]; then
    memory=128
    # What a killed server has acknowledged must be there again, what a machine without power has need not. Behind the directory's
    # mode 0700 everybody is anybody.
    durability="fsync = off
full_page_writes = off
max_connections = 600"
    admission="local all all trust"
  else
    durability="max_connections = 120"
    # The superuser by who one is on this machine, the two roles by password.
    admission="local all postgres peer map=administrator
local all jiesu_owner,jiesu_server scram-sha-256"
  fi
  as_cluster_user tee "$cluster/jiesu.conf" >/dev/null <<CONF
# Written by deploy/lib.sh at every start.
listen_addresses = ''
unix_socket_directories = '$socket'
unix_socket_permissions = 0777
password_encryption = 'scram-sha-256'
shared_buffers = ${memory}MB
effective_cache_size = $((memory * 4))MB
maintenance_work_mem = 64MB
random_page_cost = 1.1
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = on
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_min_duration_statement = 1000
# What citizens said and who they are must not reach the log: no values, no details of a failing row, no statements with literals.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
$durability
CONF
  as_cluster_user tee "$cluster/pg_hba.conf" >/dev/null <<<"$admission"
  printf 'administrator %s postgres\nadministrator root postgres\n' "$(cluster_user)" | as_cluster_user tee "$cluster/pg_ident.conf" >/dev/null
}

# start_cluster serve|test — makes, configures and starts it, with its roles; does nothing when it runs.
start_cluster() {
  mkdir -p "$(dirname "$cluster")"
  # One at a time, whoever starts it.
  exec 9>"$cluster.lock"
  flock 9
  prepare_socket
  if ! cluster_runs; then
    make_cluster
    bury_cluster
    configure_cluster "$1"
    # The server must not hold the lock for as long as it lives.
    as_cluster_user "$(postgres_programs)/pg_ctl" -D "$cluster" -l "$cluster/start.log" -w -t 60 start >/dev/null 9>&- || {
      as_cluster_user tail -5 "$cluster/start.log" >&2
      fail "PostgreSQL did not start"
    }
  fi
  cluster_sql postgres -f "$root/sql/roles.sql" 2>/dev/null || fail "the cluster's roles could not be made"
  exec 9>&-
}

# stop_cluster [fast|immediate] — stops it, in order or as it stands.
stop_cluster() {
  cluster_runs || return 0
  as_cluster_user "$(postgres_programs)/pg_ctl" -D "$cluster" -m "${1:-fast}" -w stop >/dev/null
}

# drop_cluster — stops it and removes all it holds.
drop_cluster() {
  stop_cluster immediate
  rm -rf "$cluster" "$socket" "$cluster.lock"
}

# --- the deployment that deploy/run makes -----------------------------------------------------------------------------

# use_deployment — the settings that `jiesu` reads from its environment; what the caller has set already, stays.
use_deployment() {
  use_cluster cluster
  binary=$root/.build/release/jiesu
  export JIESU_DATABASE_HOST=$socket JIESU_DATABASE_PORT=5432 JIESU_DATABASE_NAME=jiesu
  export JIESU_OWNER_USER=jiesu_owner JIESU_SERVER_USER=jiesu_server
  export JIESU_LISTEN=${JIESU_LISTEN:-127.0.0.1:8080} JIESU_STATE=${JIESU_STATE:-$data/state}
  # libpq takes the password from here, and refuses a file that others may read.
  export PGPASSFILE=$data/secrets/server.pgpass
}

# make_secret ROLE — a password for a role of the database, in a file for its owner only; kept when there is one.
make_secret() {
  local file=$data/secrets/${1#jiesu_}.pgpass
  mkdir -p -m 0700 "$data/secrets"
  if [ ! -s "$file" ]; then
    (
      umask 077
      printf '*:*:*:%s:%s\n' "$1" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >"$file.new"
    )
    mv "$file.new" "$file"
  fi
  # Said to the database each time, so that a cluster made anew knows it; by standard input, so that no list of processes shows it.
  printf "ALTER ROLE %s PASSWORD '%s';\n" "$1" "$(cut -d : -f 5 "$file")" | cluster_sql postgres
}
