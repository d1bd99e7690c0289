#!/bin/sh
# Install what the tests need from the system and what is missing: Node.js with npm (Comunica as a client), curl.
# Where it may not be installed the tests that need it say so: skipped for a user, failed in CI.
missing=""
command -v curl >/dev/null 2>&1 || missing="$missing curl"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
# shellcheck disable=SC2086  # the list is meant to be split
[ -z "$missing" ] || sh "$(dirname "$0")/system-packages.sh" $missing || true
