#!/bin/sh
# Resolve the dependencies for every supported Python and write them with their hashes. uv is used for this and nothing else.
set -eu
cd "$(dirname "$0")/.."
uv=$(mktemp -d)
trap 'rm -rf "$uv"' EXIT
.venv/bin/python -m venv "$uv"
"$uv/bin/pip" install --quiet "uv>=0.9"
compile() {
    "$uv/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate \
        --custom-compile-command "make lock" --extra fast pyproject.toml "$@"
}
compile --upgrade --group build --output-file requirements/runtime.txt
compile --upgrade --group build --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
