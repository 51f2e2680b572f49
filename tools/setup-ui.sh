#!/bin/sh
# The screens: npm packages, then the built pages in agents_ui/dist.
. "$(dirname "$0")/lib.sh"
[ -f agents_ui/package.json ] || exit 0

. tools/node.sh
packages=$(hash_of agents_ui/package.json agents_ui/package-lock.json)
sources=$( (echo "$packages"; cd agents_ui && find index.html vite.config.ts tsconfig.json src public -type f | LC_ALL=C sort |
    xargs sha256sum) | sha256sum | cut -c1-32)
stamped ui-built "$sources" && [ -f agents_ui/dist/index.html ] && exit 0

use_node
cd agents_ui
if ! stamped ui-packages "$packages" || [ ! -d node_modules ]; then
    long "npm packages of the screens" npm.log npm ci --no-audit --no-fund
    stamp ui-packages "$packages"
fi
# Built beside, then put in place: a running system never serves half a page.
long "Building the screens" ui-build.log npm run build -- --outDir dist.new --emptyOutDir
rm -rf dist.old
[ ! -e dist ] || mv dist dist.old
mv dist.new dist
rm -rf dist.old
stamp ui-built "$sources"
