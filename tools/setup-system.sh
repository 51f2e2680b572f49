#!/bin/sh
# Debian packages: only those whose program is missing; apt is not touched when all are there.
#   setup-system.sh        what a running system needs
#   setup-system.sh tests  and what `make test` needs besides
. "$(dirname "$0")/lib.sh"

missing=
need() { # need PACKAGE TEST...: the package is wanted unless the test succeeds
    package=$1
    shift
    "$@" > /dev/null 2>&1 || missing="$missing $package"
}
has_asterisk() { "$root/tools/setup-asterisk.sh" check; }

need python3 sh -c 'command -v python3'
need python3-venv python3 -c 'import ensurepip, venv'
need ca-certificates test -s /etc/ssl/certs/ca-certificates.crt
need redis-server sh -c 'command -v redis-server'
need sox sh -c 'command -v sox'
need espeak-ng sh -c 'command -v espeak-ng'
need sip-tester sh -c 'command -v sipp'
has_asterisk || need mmdebstrap sh -c 'command -v mmdebstrap'
if [ "${1:-}" = tests ]; then
    need chromium sh -c 'command -v chromium || command -v chromium-browser'
    need coturn sh -c 'command -v turnserver'
    need postgresql sh -c 'ls /usr/lib/postgresql/*/bin/postgres'
fi

# Asterisk speaks with the outside: it gets a user that owns nothing else.
if [ "$(id -u)" = 0 ] && ! id callcenter > /dev/null 2>&1; then
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin callcenter
fi

[ -n "$missing" ] || exit 0
command -v apt-get > /dev/null || fail "this machine has no apt-get. Install by hand what gives:$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2> /dev/null || fail "run as root, or install first: apt-get install --no-install-recommends$missing"
    as_root=sudo
fi

# Services must not start: `make run` starts its own, on ports of its own.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap '$as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy > /dev/null
    $as_root chmod 755 $policy
fi
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"; }
install() { apt install -y --no-install-recommends $missing || { apt update && apt install -y --no-install-recommends $missing; }; }
long "Installing Debian packages:$missing" apt.log install
