#!/usr/bin/env bash
# Starts a PostgreSQL server of its own, on a free port of this machine, in a new directory that is gone with it.
#   eval "$(tests/postgres/up.sh)"; ...; tests/postgres/down.sh "$KMIP_POSTGRES_DIR"
# Prints what to set: KMIP_POSTGRES is the URL of its database, KMIP_POSTGRES_DIR its directory, KMIP_POSTGRES_BIN where its
# programs are. PostgreSQL is installed from the distribution's packages where it is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

programs() {
    local place found=
    for place in /usr/bin /usr/local/bin /usr/local/pgsql/bin /usr/lib/postgresql/*/bin; do
        if [ -x "$place/initdb" ] && [ -x "$place/pg_dump" ]; then found=$place; fi
    done
    echo "$found"
}
bin=$(programs)
if [ -z "$bin" ] || ! command -v openssl >/dev/null; then
    "$here/../../.ci/install" postgresql openssl >&2
    bin=$(programs)
fi

directory=$(mktemp -d "${TMPDIR:-/tmp}/kmip-postgres.XXXXXX")
trap 'rm -rf "$directory"' EXIT
# It refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
    user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    chown "$user" "$directory"
    as=(runuser -u "$user" --)
fi
cd "$directory"
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
"${as[@]}" sh -c "umask 077; cat >password" <<<"$password"
"${as[@]}" "$bin/initdb" --pgdata data --username kmip --pwfile password --auth scram-sha-256 --no-instructions >&2
"${as[@]}" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout data/server.key -out server.crt \
    -days 2 -subj /CN=localhost -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1 2>made || { cat made >&2; exit 1; }
for _ in 1 2 3 4 5; do
    port=$(( 20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000 ))
    # Tests that run beside each other have a few connections each.
    if "${as[@]}" "$bin/pg_ctl" start --pgdata data --wait --timeout 300 --log log --silent --options \
        "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=500 \
            -c ssl=on -c ssl_cert_file=$directory/server.crt -c ssl_key_file=server.key" >&2; then
        break
    fi
    port=
done
[ -n "$port" ] || { cat log >&2; exit 1; }
trap - EXIT
echo "export KMIP_POSTGRES=postgres://kmip:$password@127.0.0.1:$port/postgres KMIP_POSTGRES_DIR=$directory KMIP_POSTGRES_BIN=$bin"
