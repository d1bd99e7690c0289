#!/bin/sh
# Install Debian packages where this user may:  tools/system-packages.sh PACKAGE…
# Says what it could not do and leaves with 1; never asks for a password.
set -u

say() { printf '%s\n' "cicakg: $*" >&2; }

if ! command -v apt-get >/dev/null 2>&1; then
    say "these Debian packages are wanted, and there is no apt-get here: $*"
    exit 1
fi
if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else
    say "these Debian packages are wanted: $*. Install them:  sudo apt-get install $*"
    exit 1
fi
say "installing Debian packages: $* …"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if { $as_root apt-get update && $as_root apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    rm -f "$log"
else
    tail -n 20 "$log" >&2
    rm -f "$log"
    say "apt-get could not install: $*"
    exit 1
fi
