"""`cicakg serve --engine` as an operator uses it: pages, tags, formats, an engine that goes and comes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from engine_playing import RunningEngine, free_port, start_oxigraph
from serving import RunningServer, start_server, stop_server

from cicakg.remote.holdings import STATUS_GRAPH
from cicakg.remote.loading import QueryEndpoint, Shipment, load
from cicakg.remote.writers import GraphStoreWriter, make_http

QUERY = "SELECT ?s ?name WHERE { ?s skos:prefLabel ?name FILTER(LANG(?name) = 'kk') } ORDER BY ?s LIMIT 3"


@pytest.fixture(scope="module")
def front(request: pytest.FixtureRequest, engine: RunningEngine) -> Iterator[RunningServer]:
    """A server over each real engine."""
    server = start_server("--engine", engine.query, "--log-format", "none", "--workers", "2")
    yield server
    assert stop_server(server) == 0


def ask(server: RunningServer, query: str = QUERY, **headers: str) -> httpx.Response:
    """Ask the endpoint."""
    return httpx.get(server.endpoint, params={"query": query}, headers=headers, timeout=60)


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until *holds*, a minute at most."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "queries",
        "entities",
        "graphs",
        "id/cica",
        "ontology",
        "concept/modality",
        "docs",
        "query",
        "ready",
    ],
)
def test_pages(front: RunningServer, path: str) -> None:
    """Every kind of page is there, whoever evaluates."""
    response = httpx.get(front.address + path, headers={"Accept": "text/html"}, timeout=60)
    assert response.status_code == 200, response.text[:500]


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_formats(front: RunningServer, server: RunningServer, name: str) -> None:
    """A table is byte for byte the one the built-in engine's server gives."""
    pairs = [
        httpx.get(one.endpoint, params={"query": QUERY, "format": name}, timeout=60)
        for one in (front, server)
    ]
    assert pairs[0].status_code == 200
    assert pairs[0].content == pairs[1].content
    assert pairs[0].headers["Content-Type"] == pairs[1].headers["Content-Type"]


@pytest.mark.parametrize("name", ["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"])
def test_graph_formats(front: RunningServer, name: str) -> None:
    """A graph comes in every format."""
    response = httpx.get(front.address + "graph/facts", params={"format": name}, timeout=60)
    assert response.status_code == 200
    assert len(response.content) > 1000


def test_tags_and_cache(front: RunningServer, shipment: Shipment) -> None:
    """An answer has the tag of the engine's data, is kept, and is not sent twice to who has it."""
    first = ask(front)
    assert first.headers["Cicakg-Snapshot"] == shipment.fingerprint
    assert first.headers["Cicakg-Budget-Rows"]
    again = ask(front)
    assert again.headers["Cicakg-Cache"] == "hit"
    assert ask(front, **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_hang_up_reads_again(front: RunningServer) -> None:
    """SIGHUP reads the folder again and looks at the engine, and answers go on."""

    def reloads() -> str:
        text = httpx.get(front.address + "metrics", timeout=60).text
        said = [line for line in text.splitlines() if line.startswith('cicakg_reloads_total{result="ok"')]
        return "".join(said)

    before = reloads()
    front.process.send_signal(signal.SIGHUP)
    wait_until(lambda: reloads() != before)
    assert ask(front).status_code == 200


def test_refusals(front: RunningServer) -> None:
    """Updates and SERVICE are refused as ever."""
    for query in ("DROP ALL", "SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"):
        assert ask(front, query).status_code == 403


def shipped(engine: RunningEngine, shipment: Shipment) -> None:
    """Load the dataset."""
    with make_http(engine.credentials) as http:
        load(shipment, QueryEndpoint(http, engine.query), GraphStoreWriter(http, engine.graph_store))


def test_an_engine_that_goes_and_comes_back(shipment: Shipment) -> None:
    """Without its engine the server says so with 503 and a word when to ask again, and recovers by itself."""
    port = free_port()
    engine = start_oxigraph(port=port)
    shipped(engine, shipment)
    server = start_server("--engine", engine.query, "--log-format", "none", "--cache-bytes", "0")
    try:
        assert ask(server).status_code == 200
        engine.stop()
        gone = ask(server)
        assert (gone.status_code, gone.json()["code"]) == (503, "engine-unreachable")
        assert gone.headers["Retry-After"]
        assert httpx.get(server.address + "ready", timeout=60).status_code == 503
        assert httpx.get(server.address + "health", timeout=60).status_code == 200
        engine = start_oxigraph(port=port)
        shipped(engine, shipment)
        wait_until(lambda: ask(server).status_code == 200)
        wait_until(lambda: httpx.get(server.address + "ready", timeout=60).status_code == 200)
    finally:
        assert stop_server(server) == 0
        engine.stop()


def test_data_that_change(shipment: Shipment) -> None:
    """Data nobody vouches for have no tag and are not kept; once loaded they have; while others are loaded
    nothing is answered from them; and all of that without a restart.
    """
    engine = start_oxigraph()
    server = start_server("--engine", engine.query, "--log-format", "none")
    try:
        engine.put("http://example.org/g", "<x:s> <x:p> <x:o> .")
        foreign = ask(server, "SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } }")
        assert foreign.json()["results"]["bindings"] == [{"s": {"type": "uri", "value": "x:s"}}]
        assert "ETag" not in foreign.headers
        assert "Cicakg-Snapshot" not in foreign.headers
        assert foreign.headers["Cache-Control"] == "no-store"
        assert "ETag" not in httpx.get(server.address + "graphs", headers={"Accept": "text/html"}).headers
        shipped(engine, shipment)
        wait_until(lambda: ask(server).headers.get("Cicakg-Snapshot") == shipment.fingerprint)
        assert ask(server).headers["ETag"]
        engine.put(STATUS_GRAPH, status(LOADING_TERM))
        response = ask(server, "SELECT (COUNT(*) AS ?fresh) WHERE { ?s ?p ?o }")
        assert (response.status_code, response.json()["code"]) in {
            (503, "engine-changed"),
            (503, "engine-loading"),
        }
        wait_until(lambda: ask(server).json().get("code") == "engine-loading")
        shipped(engine, shipment)
        wait_until(lambda: ask(server).status_code == 200)
    finally:
        assert stop_server(server) == 0
        engine.stop()


LOADING_TERM = "loading"


def status(state: str) -> str:
    """Return a status graph in that state, as Turtle."""
    base = "https://w3id.org/cicakg/status#"
    said = {"load": "1", "state": state, "fingerprint": "f", "quads": "1"}
    return "".join(f'<{base}load> <{base}{name}> "{value}" .\n' for name, value in said.items())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--engine", "http://127.0.0.1:9/query"], "cannot be reached"),
        (["--engine", "nonsense"], "not the address"),
        (["--engine", "http://127.0.0.1:9/query", "--allow-service", "https://example.org/"], "goes without"),
    ],
)
def test_does_not_start(options: list[str], says: str) -> None:
    """An engine that is not there at the start, or cannot be, is a sentence and exit code 2."""
    done = subprocess.run(
        [sys.executable, "-m", "cicakg", "serve", "--port", "0", *options],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
