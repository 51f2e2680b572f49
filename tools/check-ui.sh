#!/bin/sh
# eslint, type check and unit tests of the screens. The type check takes longest and goes beside the others.
. "$(dirname "$0")/lib.sh"
[ -f agents_ui/package.json ] || exit 0
. tools/node.sh
use_node
cd agents_ui
status=0
npm run --silent types &
npm run --silent lint || status=1
npm run --silent test || status=1
wait $! || status=1
exit $status
