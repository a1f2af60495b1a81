#!/usr/bin/env bash
# Stops the server that up.sh started in a directory, and removes that.
set -euo pipefail

directory=$1
cd "$directory"
program=$(readlink "/proc/$(head -1 data/postmaster.pid)/exe" || true)
as=()
if [ "$(id -u)" = 0 ]; then as=(runuser -u "$(stat -c %U data)" --); fi
if [ -n "$program" ]; then
    "${as[@]}" "$(dirname "$program")/pg_ctl" stop --pgdata data --mode immediate --silent >&2
fi
cd /
rm -rf "$directory"
