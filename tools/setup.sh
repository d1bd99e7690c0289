#!/bin/sh
# Make .venv and put the locked dependencies in it:  tools/setup.sh runtime|dev
# Works where there is only Python 3.11 or later; installs Debian's python3-venv where it is missing and may be installed.
set -eu
lock=$1
cd "$(dirname "$0")/.."

say() { printf '%s\n' "cicakg: $*" >&2; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    say "Python 3.11 or later is needed and none was found. Install it, or name it: make PYTHON=/path/to/python3 …"
    exit 2
}

make_venv() {
    rm -rf .venv
    if "$python" -m venv .venv >.venv.log 2>&1; then rm -f .venv.log; return; fi
    rm -rf .venv
    if sh tools/system-packages.sh python3-venv && "$python" -m venv .venv >.venv.log 2>&1; then rm -f .venv.log; return; fi
    cat .venv.log >&2
    rm -rf .venv .venv.log
    say "$python cannot make a virtual environment. On Debian: apt-get install python3-venv"
    exit 2
}

python=$(find_python)
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "making .venv with $("$python" --version) …"
    make_venv
fi

say "installing the locked dependencies ($lock) …"
export PIP_DISABLE_PIP_VERSION_CHECK=1
.venv/bin/python -m pip install --quiet --no-deps --require-hashes -r "requirements/$lock.txt"
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
touch ".venv/$lock.stamp"
