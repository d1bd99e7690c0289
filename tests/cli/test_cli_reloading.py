"""`cicakg serve` while its data change and while it is stopped: no request is dropped, none is a mixture."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from serving import RunningServer, start_server, stop_server

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


def _write(path: Path, count: int) -> None:
    """Put a file of *count* triples in the place of *path*, as a release does."""
    beside = path.with_suffix(".new.nt")
    beside.write_text("".join(f"<urn:s{one}> <urn:p> <urn:o> .\n" for one in range(count)))
    beside.replace(path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A file of 100 triples."""
    path = tmp_path / "data.nt"
    _write(path, 100)
    return path


@pytest.fixture
def serving(data: Path) -> Iterator[Callable[..., RunningServer]]:
    """Start a server over the file, with a log in JSON; it is stopped at the end."""
    running: list[RunningServer] = []

    def start(*options: str) -> RunningServer:
        server = start_server("--data", str(data), "--workers", "2", "--log-format", "json", *options)
        running.append(server)
        return server

    yield start
    for server in running:
        if server.process.poll() is None:
            stop_server(server)
        elif server.process.stderr is not None:
            server.process.stderr.close()


def _ask(client: httpx.Client, query: str, **more: str) -> httpx.Response:
    return client.get("sparql", params={"query": query, **more})


class Load(threading.Thread):
    """A client that asks without a pause and keeps what it got."""

    def __init__(self, address: str, name: str) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.tag = name
        self.stopped = threading.Event()
        self.got: list[tuple[int, str, int]] = []
        self.faults: list[str] = []

    def run(self) -> None:
        """Ask until stopped: every second question is new, so that workers are asked too."""
        with httpx.Client(base_url=self.address, timeout=30) as client:
            number = 0
            while not self.stopped.is_set():
                number += 1
                query = f"{COUNT} LIMIT {number}" if number % 2 else COUNT
                try:
                    self._keep(_ask(client, query))
                except httpx.HTTPError as error:
                    self.faults.append(repr(error))

    def _keep(self, answer: httpx.Response) -> None:
        if answer.status_code != 200:
            self.faults.append(f"{answer.status_code} {answer.text}")
            return
        count = int(answer.json()["results"]["bindings"][0]["n"]["value"])
        self.got.append((answer.status_code, answer.headers["cicakg-snapshot"], count))


def _health(server: RunningServer) -> str:
    fingerprint: str = httpx.get(server.address + "health", timeout=30).json()["fingerprint"]
    return fingerprint


def _wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_a_new_snapshot_under_load(serving: Callable[..., RunningServer], data: Path) -> None:
    """SIGHUP under load, three times: no request fails, each answer belongs to one snapshot, and the header
    names that one.
    """
    server = serving()
    counts = {_health(server): 100}
    loads = [Load(server.address, f"load {one}") for one in range(3)]
    for load in loads:
        load.start()
    for count in (150, 70, 200):
        before = _health(server)
        _write(data, count)
        server.process.send_signal(signal.SIGHUP)
        _wait_for(lambda before=before: _health(server) != before)  # type: ignore[misc]
        counts[_health(server)] = count
        asked = sum(len(load.got) for load in loads)
        _wait_for(lambda asked=asked: sum(len(load.got) for load in loads) > asked + 20)  # type: ignore[misc]
    for load in loads:
        load.stopped.set()
    for load in loads:
        load.join(60)
    assert [fault for load in loads for fault in load.faults] == []
    got = [one for load in loads for one in load.got]
    assert {(snapshot, count) for _, snapshot, count in got} == set(counts.items())
    _wait_for(lambda: len(_children(server.process.pid)) == 1)


def _children(pid: int) -> list[str]:
    """The zygotes of a server that still run."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [one for path in listed for one in path.read_text().split()]


def test_a_query_at_work_keeps_its_snapshot(serving: Callable[..., RunningServer], data: Path) -> None:
    """A query that began before the switch ends on the snapshot it began with; its tag is of that one."""
    server = serving("--timeout", "30")
    old = _health(server)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    found: list[httpx.Response] = []

    def ask() -> None:
        with httpx.Client(base_url=server.address, timeout=60) as client:
            found.append(_ask(client, slow))

    thread = threading.Thread(target=ask)
    thread.start()
    _wait_for(lambda: 'cicakg_workers{state="busy"} 1' in httpx.get(server.address + "metrics").text)
    _write(data, 10)
    server.process.send_signal(signal.SIGHUP)
    thread.join(60)
    _wait_for(lambda: _health(server) != old)
    (answer,) = found
    assert (answer.status_code, answer.headers["cicakg-snapshot"]) == (200, old)
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == str(100**3)


def test_broken_data_leave_the_old_snapshot(serving: Callable[..., RunningServer], data: Path) -> None:
    """Data that cannot be read are named in the log and in the figures; the old ones are served on. Mended,
    they are taken.
    """
    server = serving()
    old = _health(server)
    data.write_text("this is no RDF\n")
    server.process.send_signal(signal.SIGHUP)
    failed = 'cicakg_reloads_total{result="failed"} 1'
    _wait_for(lambda: failed in httpx.get(server.address + "metrics").text)
    with httpx.Client(base_url=server.address) as client:
        assert _ask(client, COUNT).json()["results"]["bindings"][0]["n"]["value"] == "100"
    assert _health(server) == old
    _write(data, 3)
    server.process.send_signal(signal.SIGHUP)
    _wait_for(lambda: _health(server) != old)
    assert stop_server_reading(server) == 0


def stop_server_reading(server: RunningServer) -> int:
    """Stop the server; check on the way that each line of its log is JSON and that the fault is named."""
    server.process.send_signal(signal.SIGTERM)
    assert server.process.stderr is not None
    with server.process.stderr as stream:
        said = stream.read()
    server.process.wait(30)
    lines = [json.loads(line) for line in said.splitlines()]
    faults = [line["message"] for line in lines if line.get("level") == "ERROR"]
    assert len(faults) == 1
    assert "data.nt" in faults[0]
    return server.process.returncode


def test_stopping_lets_answers_finish(serving: Callable[..., RunningServer]) -> None:
    """SIGTERM while a query runs: new connections are refused, the answer comes whole, the exit code is 0."""
    server = serving("--stop-within", "30")
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    found: list[httpx.Response] = []

    def ask() -> None:
        found.append(httpx.get(server.endpoint, params={"query": slow}, timeout=60))

    thread = threading.Thread(target=ask)
    thread.start()
    _wait_for(lambda: 'cicakg_workers{state="busy"} 1' in httpx.get(server.address + "metrics").text)
    server.process.send_signal(signal.SIGTERM)
    thread.join(60)
    assert found[0].json()["results"]["bindings"][0]["n"]["value"] == str(100**3)
    assert server.process.wait(30) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.address + "health")


def test_what_does_not_finish_hears_so(serving: Callable[..., RunningServer]) -> None:
    """A query that runs on beyond the time to stop gets a 503 that says why, not a closed connection."""
    server = serving("--stop-within", "0.5", "--timeout", "60")
    found: list[httpx.Response] = []

    def ask() -> None:
        found.append(httpx.get(server.endpoint, params={"query": SLOW}, timeout=60))

    thread = threading.Thread(target=ask)
    thread.start()
    _wait_for(lambda: 'cicakg_workers{state="busy"} 1' in httpx.get(server.address + "metrics").text)
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) == 0
    assert time.monotonic() - started < 15
    thread.join(30)
    assert (found[0].status_code, found[0].json()["code"]) == (503, "server-stopping")
    assert "retry-after" in found[0].headers


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--trusted-proxy", "10.0.0"], "10.0.0"),
        (["--max-rows", "0"], "--max-rows"),
        (["--cache-bytes", "-1"], "--cache-bytes"),
        (["--log-format", "xml"], "--log-format"),
    ],
)
def test_wrong_options(data: Path, options: list[str], says: str) -> None:
    """A wrong option is exit code 2 and a sentence."""
    command = [sys.executable, "-m", "cicakg", "serve", "--port", "0", "--data", str(data), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
