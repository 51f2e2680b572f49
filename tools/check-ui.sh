#!/bin/sh
# eslint, type check and unit tests of the screens.
. "$(dirname "$0")/lib.sh"
[ -f agents_ui/package.json ] || exit 0
. tools/node.sh
use_node
cd agents_ui
npm run --silent check
npm run --silent test
