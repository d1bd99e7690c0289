"""`cicakg serve` as an operator uses it: it starts, says where it is, stops, and says what is wrong."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from serving import start_server, stop_server


def processes_of(parent: int) -> set[int]:
    """The process numbers of *parent*'s children, and theirs (Linux)."""
    found: set[int] = set()
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | processes_of(child)
    return found


def is_alive(process: int) -> bool:
    """Whether *process* is there and is not a zombie."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_stops_clean() -> None:
    """SIGTERM ends the server with 0 and leaves none of its query processes behind."""
    server = start_server()
    children = processes_of(server.process.pid)
    with urllib.request.urlopen(server.address + "health", timeout=10) as response:  # noqa: S310  # loopback
        assert json.load(response)["status"] == "ok"
    assert len(children) >= 3, "a zygote and at least two workers"
    assert stop_server(server) == 0
    assert [one for one in children if is_alive(one)] == []


def test_address_in_use() -> None:
    """A port that is taken is a sentence that names it, with exit code 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = serve("--port", port)
    assert done.returncode == 2
    assert port in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--public-url", "cica.example.org"], "http://"),
        (["--port", "99999"], "--port"),
        (["--timeout", "0"], "--timeout"),
        (["--workers", "0"], "--workers"),
    ],
)
def test_wrong_options(options: list[str], says: str) -> None:
    """Every wrong option is exit code 2 with a sentence, and no traceback."""
    done = serve("--port", "0", *options) if "--port" not in options else serve(*options)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_broken_data_is_named(tmp_path: Path, project: Path) -> None:
    """A dataset with a broken file is not served: file, line and column are named, exit code 2."""
    for name in ("ontology", "shapes", "queries"):
        (tmp_path / name).symlink_to(project / name)
    (tmp_path / "data" / "entities").mkdir(parents=True)
    (tmp_path / "data" / "entities" / "places.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> oops .\n")
    done = subprocess.run(
        [sys.executable, "-m", "cicakg", "--root", str(tmp_path), "serve", "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "places.ttl:2:" in done.stderr
    assert "Traceback" not in done.stderr


def test_other_data(tmp_path: Path) -> None:
    """--data serves a file as it stands: its statements and nothing of ours, and no dataset need be near."""
    path = tmp_path / "own.trig"
    path.write_text("<urn:a> <urn:b> 1 . GRAPH <urn:g> { <urn:a> <urn:b> 2 }")
    server = start_server(
        "--data", str(path), command=(sys.executable, "-m", "cicakg", "--root", str(tmp_path))
    )
    try:
        query = "SELECT%20(COUNT(*)%20AS%20?n)%20{%20?s%20?p%20?o%20}&format=csv"
        for asked, expected in (
            (f"sparql?query={query}", "2"),
            (f"sparql?query={query}&named-graph-uri=urn:g", "0"),
            (f"sparql?query={query}&default-graph-uri=urn:g", "1"),
        ):
            with urllib.request.urlopen(server.address + asked, timeout=10) as response:  # noqa: S310
                assert response.read().decode().split() == ["n", expected]
        for page in ("", "queries", "docs", "context.jsonld"):
            with urllib.request.urlopen(server.address + page, timeout=10) as response:  # noqa: S310
                assert response.status == 200
    finally:
        assert stop_server(server) == 0


@pytest.mark.parametrize(("name", "says"), [("none.nq", "none.nq"), ("broken.ttl", "broken.ttl")])
def test_other_data_that_are_none(tmp_path: Path, name: str, says: str) -> None:
    """A file that is not there, or is no RDF, is exit code 2 with a sentence that names it."""
    (tmp_path / "broken.ttl").write_text("<urn:a> oops .")
    done = serve("--port", "0", "--data", str(tmp_path / name))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command where it must not start."""
    command = [sys.executable, "-m", "cicakg", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)
