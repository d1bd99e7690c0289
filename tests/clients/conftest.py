"""What the clients' tests share: a server over data with IRIs in several scripts, and Comunica's command."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from client_names import NAMES
from serving import RunningServer, start_server, stop_server


@pytest.fixture(scope="session")
def spelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with seconds for each query over one triple for each name, and enough to be slow over."""
    folder = tmp_path_factory.mktemp("clients")
    data = folder / "names.nq"
    lines = [f'<http://example.org/{name}> <http://example.org/nth> "{n}" .' for n, name in enumerate(NAMES)]
    lines += [f"<urn:n{one}> <urn:p> <urn:n{one * 7 % 3000}> ." for one in range(3000)]
    data.write_text("\n".join(lines) + "\n", encoding="utf-8")
    running = start_server("--data", str(data), "--timeout", "3", "--log-format", "none")
    yield running
    assert stop_server(running) == 0


@pytest.fixture(scope="session")
def comunica(node: str, project: Path) -> list[str]:
    """The command that asks by Comunica; its packages are installed from the lock file first."""
    folder = project / "tests" / "clients"
    if not (folder / "node_modules" / "@comunica" / "query-sparql").is_dir():
        npm = shutil.which("npm")
        assert npm is not None, "npm comes with Node.js"
        subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True, timeout=300
        )
    return [node, str(folder / "ask.mjs")]
