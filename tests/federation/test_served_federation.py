"""``cicakg serve --allow-service``: one real server asks another, and says of itself what it does."""

from __future__ import annotations

import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from remote_playing import rows_of
from serving import RunningServer, start_server, stop_server

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
PREFIX = "PREFIX : <http://example.org/> "
FEATURE = NamedNode("http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery")
REMOTE = """@prefix : <http://example.org/> .
:a :born 1991 ; :in "Алматы"@kk . :b :born 1992 ; :in "آستانا"@kk-Arab . :x :born 1993 .
"""


@pytest.fixture(scope="module")
def remote_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the other servers hold."""
    path = tmp_path_factory.mktemp("remote") / "remote.ttl"
    path.write_text(REMOTE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def other(remote_data: Path) -> Iterator[RunningServer]:
    """A second server of ours, which allows no SERVICE."""
    running = start_server("--data", str(remote_data), "--log-format", "none")
    yield running
    stop_server(running)


@pytest.fixture(scope="module")
def oxigraph(remote_data: Path) -> Iterator[str]:
    """The address of an Oxigraph server that holds the same."""
    if not OXIGRAPH.is_file():
        pytest.skip("oxigraph is missing here")
    store = remote_data.with_name("store")
    loading = [str(OXIGRAPH), "load", "--location", str(store), "--file", str(remote_data)]
    subprocess.run(loading, check=True, capture_output=True)
    command = [str(OXIGRAPH), "serve-read-only", "--location", str(store), "--bind", "127.0.0.1:0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{_port(process)}/query"
    finally:
        process.kill()
        process.communicate()


def _port(process: subprocess.Popen[str]) -> int:
    """Return the port *process* listens at: it was told to take a free one and does not say which."""
    deadline = time.monotonic() + 30
    own = f"/proc/{process.pid}/net/tcp"
    while time.monotonic() < deadline and process.poll() is None:
        held = {
            link.readlink().name for link in Path(f"/proc/{process.pid}/fd").iterdir() if link.is_symlink()
        }
        for line in Path(own).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in held:
                return int(fields[1].rpartition(":")[2], 16)
        time.sleep(0.05)
    raise AssertionError("oxigraph did not start")


@pytest.fixture(scope="module")
def server(local_data: Path, other: RunningServer, oxigraph: str) -> Iterator[RunningServer]:
    """The server under test: it may call the other two, and nobody's port 9."""
    allowed = ("--allow-service", other.endpoint, "--allow-service", oxigraph)
    running = start_server("--data", str(local_data), *allowed, "--allow-service", "http://127.0.0.1:9/")
    yield running
    stop_server(running)


def ask(server: RunningServer, query: str, **headers: str) -> httpx.Response:
    """Ask *server*."""
    return httpx.post(server.endpoint, data={"query": PREFIX + query}, headers=headers, timeout=30)


@pytest.mark.parametrize("which", ["other", "oxigraph"])
def test_rows_of_two_servers_are_joined(
    server: RunningServer, other: RunningServer, oxigraph: str, which: str
) -> None:
    """Local rows meet those of another server, and the answer is for now only."""
    address = other.endpoint if which == "other" else oxigraph
    answer = ask(server, f"SELECT ?n ?in {{ ?s :name ?n SERVICE <{address}> {{ ?s :in ?in }} }}")
    assert answer.status_code == 200, answer.text
    assert rows_of(answer.content) == [
        {"n": '"A"', "in": '"Алматы"@kk'},
        {"n": '"B"', "in": '"آستانا"@kk-arab'},
    ]
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cicakg-cache"] == "off"


def test_the_query_page_has_the_rows_too(server: RunningServer, other: RunningServer) -> None:
    """What the endpoint answers, the page shows."""
    query = f"{PREFIX}SELECT ?in {{ SERVICE <{other.endpoint}> {{ ?s :in ?in }} }}"
    page = httpx.get(server.address + "query", params={"query": query}, timeout=30)
    assert (page.status_code, "Алматы" in page.text) == (200, True)


def test_problems(server: RunningServer, other: RunningServer) -> None:
    """Not allowed is 403 and says what is; an endpoint that cannot be reached is 502 and named; budgets are
    stated beside both.
    """
    refused = ask(server, "SELECT * { SERVICE <http://127.0.0.1:22/> { ?s ?p ?o } }")
    assert (refused.status_code, refused.json()["code"]) == (403, "query-service-refused")
    assert other.endpoint in refused.json()["detail"]
    failed = ask(server, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert (failed.status_code, failed.json()["code"]) == (502, "service-failed")
    assert "http://127.0.0.1:9/" in failed.json()["detail"]
    for answer in (refused, failed):
        assert "cicakg-budget-seconds" in answer.headers
        assert answer.headers["content-type"] == "application/problem+json"
    silent = ask(server, "ASK { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert silent.json()["boolean"] is True


def test_the_server_says_that_it_calls_others(server: RunningServer, other: RunningServer) -> None:
    """The service description has the feature, and the OpenAPI document names what may be called; where
    nothing is allowed, neither does.
    """
    for one, is_on in ((server, True), (other, False)):
        described = httpx.get(one.endpoint, headers={"accept": "text/turtle"}, timeout=30)
        triples = parse(described.content, format=RdfFormat.TURTLE)
        assert any(quad.object == FEATURE for quad in triples) is is_on
        document = httpx.get(one.address + "openapi.json", timeout=30).json()
        assert (other.endpoint in document["info"]["description"]) is is_on


def test_without_leave_service_is_refused(server: RunningServer, other: RunningServer) -> None:
    """Off is the default."""
    answer = ask(other, f"SELECT * {{ SERVICE SILENT <{server.endpoint}> {{ ?s ?p ?o }} }}")
    assert (answer.status_code, answer.json()["code"]) == (403, "query-service-refused")


def test_figures(server: RunningServer) -> None:
    """Calls are counted by how they ended."""
    ask(server, "ASK { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }")
    text = httpx.get(server.address + "metrics", timeout=30).text
    found = re.search(r'cicakg_service_calls_total\{outcome="service-failed"\} ([0-9]+)', text)
    assert found is not None
    assert int(found[1]) >= 1


def test_the_log_names_the_host_and_not_the_query(local_data: Path, other: RunningServer) -> None:
    """Whom a query called stands in the log; what it asked does not."""
    running = start_server("--data", str(local_data), "--allow-service", other.endpoint)
    clause = f"SERVICE <{other.endpoint}> {{ ?secret :in ?o }}"
    assert ask(running, f"SELECT * {{ {clause} }}").status_code == 200
    assert running.process.stderr is not None
    said = ""
    while "sparql 200" not in said and select.select([running.process.stderr], [], [], 10)[0]:
        said += running.process.stderr.readline()
    stop_server(running)
    assert f"called {httpx.URL(other.endpoint).netloc.decode()}: answered" in said
    assert "secret" not in said


def test_a_prefix_that_is_none_stops_the_start(local_data: Path) -> None:
    """An operator's slip is told before anything is served."""
    command = [sys.executable, "-m", "cicakg", "serve", "--port", "0", "--data", str(local_data)]
    ended = subprocess.run(
        [*command, "--allow-service", "example.org"], capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, "example.org" in ended.stderr) == (2, True)


def test_stopping_ends_calls(local_data: Path) -> None:
    """A call at work does not keep the server from stopping: its query hears that the server stops."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        running = start_server("--data", str(local_data), "--allow-service", address, "--stop-within", "0.2")
        found: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: found.append(ask(running, f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
        )
        asking.start()
        link, _ = silent.accept()
        assert stop_server(running) == 0
        asking.join(10)
        link.close()
    assert [(one.status_code, one.json()["code"]) for one in found] == [(503, "server-stopping")]
