"""The running server against its own OpenAPI document, by schemathesis: every answer is one the document
promises, what the document forbids is refused, and what it shows works.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from serving import RunningServer, start_server, stop_server

# Two checks need a word, none is left out.
# - A caller may give a query a thousandth of a second, and then 504 is right, or 503 where the worker of the
#   query before is still being replaced; no other server error is.
# - A format that cannot hold the result of the query is 406. No schema can say which query has which result.
CONFIGURATION: Final = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "503", "504"]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "404", "406", "503", "504"]
"""
# Stateful tests follow links from one operation to the next; a read-only interface has none.
PHASES: Final = "examples,coverage,fuzzing"


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    """The real dataset, served by the real command."""
    running = start_server("--log-format", "none")
    yield running
    assert stop_server(running) == 0


@pytest.fixture(scope="module")
def document(server: RunningServer) -> dict[str, Any]:
    """The document as served."""
    found: dict[str, Any] = httpx.get(server.address + "openapi.json", timeout=30).json()
    return found


def test_every_check_passes(server: RunningServer, document: dict[str, Any], tmp_path: Path) -> None:
    """All checks of schemathesis, on examples, edge cases and made-up requests, the same in every run."""
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration)),
        *("run", server.address + "openapi.json", "--phases", PHASES, "--checks", "all", "--no-color"),
        *("--generation-deterministic", "--max-examples", "12", "--max-failures", "20"),
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "schema_formats", "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **hooks}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # It reads the document itself from /openapi.json and does not test that address.
    operations = sum(len(one) for path, one in document["paths"].items() if path != "/openapi.json")
    assert f"Tested: {operations}" in done.stdout, done.stdout


def test_document_is_valid(document: dict[str, Any]) -> None:
    """The document keeps to the schema of OpenAPI 3.1 (https://spec.openapis.org/oas/3.1/schema/)."""
    schemathesis = pytest.importorskip("schemathesis")
    schemathesis.openapi.from_dict(document).validate()


def _examples(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            given = {
                one["name"]: one["example"] for one in operation.get("parameters", []) if "example" in one
            }
            if given:
                yield method, path, given


def test_every_example_works(server: RunningServer, document: dict[str, Any]) -> None:
    """What the document shows as an example is answered."""
    found = list(_examples(document))
    assert {path for _, path, _ in found} >= {path for path in document["paths"] if "{" in path} | {"/sparql"}
    with httpx.Client(base_url=server.address, timeout=60) as client:
        for method, path, given in found:
            target = path.lstrip("/")
            for name in [name for name in given if f"{{{name}}}" in path]:
                target = target.replace(f"{{{name}}}", quote(given.pop(name)))
            assert client.request(method, target, params=given).status_code in {200, 303}, path
        for media_type, body in document["paths"]["/sparql"]["post"]["requestBody"]["content"].items():
            is_form = media_type.endswith("urlencoded")
            sent = {"data": body["example"]} if is_form else {"content": body["example"]}
            answer = client.post("sparql", headers={"content-type": media_type}, **sent)
            assert answer.json()["boolean"] is True


def test_every_header_of_the_documentation_is_there(document: dict[str, Any], project: Path) -> None:
    """Each header that docs/api.md names for answers stands in the document too."""
    text = (project / "docs" / "api.md").read_text()
    table = text.partition("### Headers of an answer")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    names = {name.strip("` ").partition(":")[0] for row in rows for name in row.replace("`", "`").split(",")}
    assert len(names) >= 10
    assert names <= set(document["components"]["headers"])
