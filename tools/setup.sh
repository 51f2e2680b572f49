#!/bin/sh
# Everything `make run` needs; with `tests`, everything `make test` needs. Nothing is done twice.
. "$(dirname "$0")/lib.sh"
one_at_a_time
tools/setup-system.sh "$@"
tools/setup-asterisk.sh
tools/setup-python.sh
tools/setup-ui.sh
