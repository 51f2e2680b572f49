#!/bin/sh
# .venv with the exact versions of constraints.txt.
. "$(dirname "$0")/lib.sh"

python=
for candidate in python3.11 python3 python3.12 python3.13; do
    $candidate -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || continue
    python=$(command -v $candidate)
    break
done
[ -n "$python" ] || fail "no Python 3.11 or newer with venv"
hash=$( (hash_of pyproject.toml constraints.txt; echo "$root"; "$python" -V) | sha256sum | cut -c1-32)
# A .venv knows its own path: one that came along from elsewhere is made anew.
in_place() { [ -x .venv/bin/python ] && .venv/bin/python -c "import pip, sys; sys.exit(sys.prefix != '$root/.venv')" 2> /dev/null; }
if in_place; then
    if stamped python "$hash"; then exit 0; fi
else
    rm -rf .venv
    "$python" -m venv .venv
fi
long "Python packages" pip.log .venv/bin/python -m pip install --disable-pip-version-check -q -c constraints.txt -e '.[dev]'
stamp python "$hash"
