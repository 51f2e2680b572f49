#!/bin/sh
# Asterisk: the system's own if it is 20 or newer, else a Debian sid root folder in .cache, shared by all homes and tests.
#   setup-asterisk.sh        make it if it is not there
#   setup-asterisk.sh check  exit 0 if it is there
# The folder is only unpacked, never entered: no chroot, no mounts, no rights needed. See docs/decisions/0002.
. "$(dirname "$0")/lib.sh"
folder=$cache/asterisk-root

system_version() { asterisk -V 2> /dev/null | sed -n 's/^Asterisk \(certified[-/]\)\{0,1\}\([0-9][0-9]*\)\..*/\2/p'; }
runs() { # runs FOLDER: its Asterisk starts through its own loader
    loader=$(ls "$1"/usr/lib64/ld-linux-*.so.* "$1"/usr/lib/ld-linux-*.so.* 2> /dev/null | head -n 1)
    libraries=$(dirname "$(dirname "$(ls -d "$1"/usr/lib/*/asterisk/modules 2> /dev/null | head -n 1)")")
    [ -n "$loader" ] && "$loader" --library-path "$libraries" "$1/usr/sbin/asterisk" -V > /dev/null 2>&1
}
PATH=$PATH:/usr/sbin:/usr/local/sbin
version=$(system_version)
[ "${version:-0}" -lt 20 ] || exit 0
runs "$folder" && exit 0
[ "${1:-}" != check ] || exit 1

# The mirror is the machine's own; sid lies beside its release there.
own_mirror() {
    release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' |
        awk -v own="$release" '$2 == own && $3 == "main" {print $1; exit}'
}
mirror=$(own_mirror)
if [ -z "$mirror" ]; then
    long "Reading the package lists" apt-update.log sh -c '[ "$(id -u)" = 0 ] && apt-get update || sudo -n apt-get update'
    mirror=$(own_mirror)
fi
[ -n "$mirror" ] || fail "apt knows no Debian mirror: install an Asterisk of version 20 or newer by hand"

fresh=$folder.new
options=
case $mirror in file:* | copy:*) options=--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount ;; esac
unpack() {
    rm -rf "$fresh"
    # The machine's own proxy and TLS settings hold here too.
    apt-config dump | grep -iE '^Acquire::(http|https)::' | grep -v '""' > "$cache/apt-acquire.conf" || :
    # Check-Valid-Until: the mirror may be a frozen copy; signatures are checked all the same.
    mmdebstrap --mode=chrootless --variant=extract $options \
        --aptopt="$cache/apt-acquire.conf" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
        --include=asterisk sid "$fresh" "deb $mirror sid main"
    chmod -R a+rX "$fresh"
    # Never used, a third of the folder.
    rm -rf "$fresh"/usr/share/doc "$fresh"/usr/share/locale "$fresh"/usr/share/man "$fresh"/var/cache/*
}
long "Asterisk 22 from Debian sid (about 30 s, 200 MB)" asterisk.log unpack
runs "$fresh" || fail "the unpacked Asterisk does not start: $fresh"
rm -rf "$folder.old"
[ ! -e "$folder" ] || mv "$folder" "$folder.old"
mv "$fresh" "$folder"
rm -rf "$folder.old"
