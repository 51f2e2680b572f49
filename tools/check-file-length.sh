#!/bin/sh
# No file of ours is longer than a person reads in one go: 300 lines, 250 for the screens.
cd "$(dirname "$0")/.."
status=0
too_long() { # too_long LIMIT FILE...
    limit=$1
    shift
    for file; do
        lines=$(wc -l < "$file")
        [ "$lines" -le "$limit" ] || { printf '%s: %s lines, the cap is %s. Cut it by subject.\n' "$file" "$lines" "$limit"; status=1; }
    done
}
files() { git ls-files --cached --others --exclude-standard -- "$@"; }
too_long 300 $(files 'callcenter/*.py' 'tests/*.py' 'bench/*.py' 'tools/*.sh' 'asterisk_conf/*.conf' | while read -r f; do [ -f "$f" ] && echo "$f"; done)
too_long 250 $(files 'agents_ui/src/*.ts' 'agents_ui/src/*.vue' 'agents_ui/tests/*.ts' | while read -r f; do [ -f "$f" ] && echo "$f"; done)
exit $status
