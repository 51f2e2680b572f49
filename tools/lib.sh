# Shared by the setup scripts. Each step keeps a stamp: the hash of what it was made from. Same hash, nothing to do.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cache=$root/.cache
mkdir -p "$cache/stamps" "$cache/log"
cd "$root"

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# stamped NAME HASH: true when the step was done for this hash.
stamped() { [ "$(cat "$cache/stamps/$1" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s' "$2" > "$cache/stamps/$1.new" && mv "$cache/stamps/$1.new" "$cache/stamps/$1"; }
hash_of() { cat "$@" /dev/null | sha256sum | cut -c1-32; }

# long "What is done" LOG COMMAND...: runs it with its output in a file, and tells every 10 s that it still runs.
long() {
    what=$1 log=$cache/log/$2
    shift 2
    say "$what ..."
    started=$(date +%s)
    "$@" > "$log" 2>&1 < /dev/null &
    job=$!
    trap 'kill $job 2>/dev/null || :; exit 130' INT TERM
    ticks=0
    while kill -0 $job 2>/dev/null; do
        sleep 0.5
        ticks=$((ticks + 1))
        [ $((ticks % 20)) -ne 0 ] || say "  still at it: $(($(date +%s) - started)) s"
    done
    trap - INT TERM
    if ! wait $job; then
        tail -n 15 "$log" >&2
        fail "$what: failed. The whole output: $log"
    fi
    say "  done in $(($(date +%s) - started)) s"
}

# One setup at a time in this checkout; a second one waits, then finds everything done.
one_at_a_time() {
    exec 9> "$cache/setup.lock"
    flock -n 9 && return
    say "Another setup works in this checkout. Waiting for it ..."
    flock 9
}
