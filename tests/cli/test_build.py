"""`cicakg build` and `cicakg serve --snapshot`: the journey from files to answers, with the real commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from serving import RunningServer, start_server, stop_server
from snapshots import build_snapshot_at, run_build

from cicakg.cli import main
from cicakg.store.manifest import read_manifest

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def _data(path: Path, count: int) -> Path:
    path.write_text("".join(f"<urn:s{one}> <urn:p> <urn:o> <urn:g{one % 3}> .\n" for one in range(count)))
    return path


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A snapshot of a hundred statements."""
    return build_snapshot_at(tmp_path / "snapshot", _data(tmp_path / "data.nq", 100))


@pytest.fixture
def serving() -> Iterator[Callable[..., RunningServer]]:
    """Start a server with some options; it is stopped at the end."""
    running: list[RunningServer] = []

    def start(*options: str) -> RunningServer:
        running.append(start_server("--workers", "2", "--log-format", "json", *options))
        return running[-1]

    yield start
    for server in running:
        assert stop_server(server) == 0


def _ask(server: RunningServer, query: str = COUNT) -> httpx.Response:
    return httpx.get(server.endpoint, params={"query": query}, timeout=30)


def _number(answer: httpx.Response) -> int:
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def _metrics(server: RunningServer) -> str:
    return httpx.get(server.address + "metrics", timeout=30).text


def _wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def _damage(folder: Path) -> str:
    """Spoil a table in place, so that only a complete check can tell; return its name."""
    table = max((folder / "store").glob("*.sst"), key=lambda path: path.stat().st_size)
    with table.open("r+b") as file:
        file.seek(table.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes((byte ^ 0x55,)))
    return table.name


@pytest.mark.parametrize("hold", ["auto", "memory", "disk"])
def test_a_snapshot_is_served(serving: Callable[..., RunningServer], snapshot: Path, hold: str) -> None:
    """Wherever the data are, the answers, the fingerprint and the readiness are the same."""
    server = serving("--snapshot", str(snapshot), "--hold", hold)
    answer = _ask(server)
    assert _number(answer) == 100
    assert answer.headers["cicakg-snapshot"] == read_manifest(snapshot).fingerprint
    assert httpx.get(server.address + "ready", timeout=30).status_code == 200
    if hold == "disk":
        _wait_for(lambda: 'cicakg_snapshot_checks_total{result="ok"} 1' in _metrics(server))
    else:
        assert "cicakg_snapshot_checks_total{" not in _metrics(server)


def test_the_dataset_from_its_snapshot(
    serving: Callable[..., RunningServer], server: RunningServer, tmp_path: Path
) -> None:
    """The dataset's pages, guideline, context, fingerprint and answers are the same from its folder and from
    its snapshot on disk.
    """
    assert run_build("--out", tmp_path / "dataset").returncode == 0
    other = serving("--snapshot", str(tmp_path / "dataset"), "--hold", "disk")
    for page in ("", "queries", "entities", "context.jsonld", "guideline/1", "article/2020-kk-absent"):
        pages = [httpx.get(one.address + page, timeout=60) for one in (server, other)]
        assert pages[0].status_code == pages[1].status_code
        texts = [page.text.replace(one.address, "") for page, one in zip(pages, (server, other), strict=True)]
        if pages[0].status_code == 200:
            assert texts[0] == texts[1]
    labels = "SELECT ?s ?l { ?s skos:prefLabel ?l } ORDER BY ?s ?l"
    answers = [_ask(one, labels) for one in (server, other)]
    assert answers[0].headers["cicakg-snapshot"] == answers[1].headers["cicakg-snapshot"]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["results"]["bindings"]


def test_a_replaced_snapshot_is_read_on_sighup(
    serving: Callable[..., RunningServer], snapshot: Path, tmp_path: Path
) -> None:
    """A build does not disturb the server; SIGHUP brings the new snapshot; a broken one leaves the old."""
    server = serving("--snapshot", str(snapshot), "--hold", "disk")
    build_snapshot_at(snapshot, _data(tmp_path / "more.nq", 150))
    assert _number(_ask(server)) == 100
    server.process.send_signal(signal.SIGHUP)
    _wait_for(lambda: _number(_ask(server)) == 150)
    (snapshot / "manifest.json").write_text("{}")
    server.process.send_signal(signal.SIGHUP)
    _wait_for(lambda: 'cicakg_reloads_total{result="failed"} 1' in _metrics(server))
    assert _number(_ask(server, COUNT + " LIMIT 2")) == 150


def test_damage_found_while_serving(
    serving: Callable[..., RunningServer], tmp_path: Path, snapshot: Path
) -> None:
    """The server answers at once; the complete check finds a changed byte, says so in the log, in /metrics
    and by /ready, and a sound snapshot makes all well again.
    """
    large = build_snapshot_at(tmp_path / "large", _data(tmp_path / "large.nq", 60_000))
    table = _damage(large)
    assert (large / "store" / table).stat().st_size > 1024**2, "else opening reads it"
    server = serving("--snapshot", str(large), "--hold", "disk")
    _wait_for(lambda: 'cicakg_snapshot_checks_total{result="damaged"} 1' in _metrics(server))
    ready = httpx.get(server.address + "ready", timeout=30)
    assert (ready.status_code, ready.json()["code"]) == (503, "snapshot-damaged")
    assert table in ready.json()["detail"]
    assert httpx.get(server.address + "health", timeout=30).status_code == 200
    build_snapshot_at(large, tmp_path / "data.nq")
    server.process.send_signal(signal.SIGHUP)
    _wait_for(lambda: httpx.get(server.address + "ready", timeout=30).status_code == 200)
    _wait_for(lambda: 'cicakg_snapshot_checks_total{result="ok"} 1' in _metrics(server))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--out DIR"),
        (("--verify", "x", "--out", "y"), "--verify goes without"),
        (("--data", "absent.nq", "--out", "y"), "absent.nq"),
    ],
)
def test_options_that_do_not_go_together(options: tuple[str, ...], said: str) -> None:
    """What is missing or too much is said, with the exit code of a wrong command line."""
    done = CliRunner().invoke(main, ["build", *options])
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize("others", [("--data",), ("--engine",)])
def test_a_snapshot_is_the_only_source(snapshot: Path, others: tuple[str], tmp_path: Path) -> None:
    """A server has one source of data."""
    value = {"--data": str(tmp_path / "data.nq"), "--engine": "http://127.0.0.1:1/"}[others[0]]
    command = [sys.executable, "-m", "cicakg", "serve", "--snapshot", str(snapshot), others[0], value]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "--snapshot" in done.stderr


def test_a_folder_that_is_no_snapshot_is_not_served(tmp_path: Path) -> None:
    """The command ends with a sentence and no traceback."""
    done = run_build("--verify", tmp_path)
    assert done.returncode == 2
    assert "is no snapshot" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_build_prints(tmp_path: Path) -> None:
    """The result goes to standard output, the steps to standard error."""
    done = run_build("--data", _data(tmp_path / "data.nq", 3), "--out", tmp_path / "out")
    manifest = read_manifest(tmp_path / "out")
    assert manifest.fingerprint in done.stdout
    assert "3 statements" in done.stdout
    assert "compacting" in done.stderr
    assert run_build("--verify", tmp_path / "out").stdout == done.stdout
