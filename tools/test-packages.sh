#!/bin/sh
# Install what the tests need from the system and what is missing: Node.js with npm (Comunica as a client), curl,
# Chromium (the pages in a browser), Virtuoso (an engine behind the server: the program alone, no service).
# Where it may not be installed the tests that need it say so: skipped for a user, failed in CI.
missing=""
command -v curl >/dev/null 2>&1 || missing="$missing curl"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v rsparql >/dev/null 2>&1 || [ -n "${JENA_HOME:-}" ] || [ -e /usr/share/java/jena-cmds.jar ] || missing="$missing libapache-jena-java default-jre-headless"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
# nginx (the proxy in deploy/) is started where it is installed: only where there is no systemd to do so, and in CI.
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || { [ -d /run/systemd/system ] && [ -z "${CI:-}" ]; } || missing="$missing nginx"
command -v virtuoso-t >/dev/null 2>&1 || missing="$missing virtuoso-opensource-7-bin"
# shellcheck disable=SC2086  # the list is meant to be split
[ -z "$missing" ] || sh "$(dirname "$0")/system-packages.sh" $missing || true
