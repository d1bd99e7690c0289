"""`cicakg load`: what is loaded is whole, and a part of it is never taken for the whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import httpx
import pytest
from engine_playing import RunningEngine, answer_of, asked, error_of, start_oxigraph, start_virtuoso
from pyoxigraph import Literal, NamedNode, Quad, Triple

from cicakg.errors import CicakgError
from cicakg.remote.addresses import CREDENTIALS
from cicakg.remote.holdings import COMPLETE, LOADING, STATUS_GRAPH, STATUS_QUERY, read_status
from cicakg.remote.loading import Loaded, QueryEndpoint, Shipment, load, make_shipment
from cicakg.remote.writers import GraphStoreWriter, GraphWriter, UpdateWriter, in_pieces, make_http
from cicakg.store import build_snapshot

COUNT = asked("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
GRAPHS = asked("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
Make = Callable[[RunningEngine, httpx.Client], GraphWriter]


def made(*graphs: str, size: int = 3) -> Shipment:
    """Return a small dataset: *size* triples in each graph, none of them twice."""
    return make_shipment(
        Quad(
            NamedNode(f"http://example.org/{graph}/{number}"),
            NamedNode("http://example.org/p"),
            Literal("текст " * 50),
            NamedNode(f"http://example.org/graph/{graph}"),
        )
        for graph in graphs
        for number in range(size)
    )


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def own_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningEngine]:
    """A real engine for these tests alone."""
    if request.param == "oxigraph":
        engine = start_oxigraph()
    else:
        engine = start_virtuoso(tmp_path_factory.mktemp("virtuoso"))
    yield engine
    engine.stop()


def by_graph_store(engine: RunningEngine, http: httpx.Client) -> GraphWriter:
    """Write by the Graph Store Protocol."""
    return GraphStoreWriter(http, engine.graph_store)


def by_update(engine: RunningEngine, http: httpx.Client) -> GraphWriter:
    """Write by SPARQL Update."""
    path = "/sparql-auth" if engine.credentials else "/update"
    return UpdateWriter(http, str(httpx.URL(engine.query).copy_with(path=path)))


def shipped(
    engine: RunningEngine, shipment: Shipment, make: Make = by_graph_store, *, again: bool = False
) -> Loaded:
    """Load *shipment* into *engine*."""
    with make_http(engine.credentials) as http:
        return load(shipment, QueryEndpoint(http, engine.query), make(engine, http), again=again)


def state(engine: RunningEngine) -> tuple[str, str]:
    """Return the state and the fingerprint the engine shows."""
    with make_http(None) as http:
        status = read_status(QueryEndpoint(http, engine.query).ask(STATUS_QUERY, STATUS_GRAPH))
    assert status is not None
    return status.state, status.fingerprint


@pytest.mark.parametrize("make", [by_graph_store, by_update])
def test_load_replaces_what_was_there(own_engine: RunningEngine, make: Make) -> None:
    """After a load there are the graphs of the dataset and no others of ours, by either protocol."""
    shipped(own_engine, made("a", "b"), make, again=True)
    first = answer_of(own_engine.address, GRAPHS)
    assert first.count(b"http://example.org/graph/") == 2
    done = shipped(own_engine, made("b", "c", "d"), make)
    assert (done.written, done.removed) == (4, 1), "three graphs and their merge, and one that is gone"
    second = answer_of(own_engine.address, GRAPHS)
    assert [b"graph/" + name in second for name in (b"a", b"b", b"c", b"d")] == [False, True, True, True]
    assert b'"9"' in answer_of(own_engine.address, COUNT)


def test_load_is_idempotent(own_engine: RunningEngine) -> None:
    """The same dataset twice is loaded once; told to, it is loaded again to the same effect."""
    shipment = made("a")
    shipped(own_engine, shipment)
    assert state(own_engine) == (COMPLETE, shipment.fingerprint)
    assert shipped(own_engine, shipment).written == 0
    assert shipped(own_engine, shipment, again=True).written == 2
    assert b'"3"' in answer_of(own_engine.address, COUNT)


class Broken:
    """A writer that fails at a graph, as a connection does."""

    def __init__(self, writer: GraphWriter, graph: str) -> None:
        self._writer = writer
        self._graph = graph

    def replace(self, graph: str, triples: Iterable[Triple]) -> None:
        """Write, but not that graph."""
        if graph == self._graph:
            raise CicakgError("load-failed", "The line is dead.", "Try again.")
        self._writer.replace(graph, triples)

    def remove(self, graph: str) -> None:
        """Remove."""
        self._writer.remove(graph)


def test_interrupted_load(own_engine: RunningEngine) -> None:
    """A load that breaks off leaves nothing that is answered from, and the next one mends it."""
    shipped(own_engine, made("a", "b"), again=True)
    shipment = made("c", "d")
    with pytest.raises(CicakgError, match="dead"):
        shipped(
            own_engine,
            shipment,
            lambda engine, http: Broken(by_graph_store(engine, http), "http://example.org/graph/d"),
        )
    assert state(own_engine)[0] == LOADING
    assert error_of(own_engine.address, COUNT).code == "engine-loading"
    done = shipped(own_engine, shipment)
    assert done.removed == 2, "what the one before the broken one had loaded"
    assert b'"6"' in answer_of(own_engine.address, COUNT)


def test_what_the_engine_lost_is_noticed(own_engine: RunningEngine) -> None:
    """A load counts what arrived: an engine that drops a statement does not hold the dataset."""

    class Losing(Broken):
        def replace(self, graph: str, triples: Iterable[Triple]) -> None:
            kept = list(triples)
            self._writer.replace(graph, kept[:-1] if graph == self._graph else kept)

    with pytest.raises(CicakgError) as caught:
        shipped(
            own_engine,
            made("a", "b"),
            lambda engine, http: Losing(by_graph_store(engine, http), "http://example.org/graph/b"),
            again=True,
        )
    assert caught.value.code == "load-incomplete"
    assert state(own_engine)[0] == LOADING


def test_large_graphs_go_in_pieces(own_engine: RunningEngine) -> None:
    """A graph larger than a piece arrives whole."""
    shipment = made("large", size=2_000)
    triples = shipment.graphs["http://example.org/graph/large"]
    assert len(list(in_pieces(triples))) > 1
    assert b"".join(in_pieces(triples)).count(b"\n") == 2_000
    shipped(own_engine, shipment, again=True)
    assert b'"2000"' in answer_of(own_engine.address, COUNT)


def test_fingerprint_is_the_snapshots() -> None:
    """The fingerprint in an engine is the one the built-in engine has of the same data."""
    quad = Quad(NamedNode("x:s"), NamedNode("x:p"), Literal("o"), NamedNode("x:g"))
    assert make_shipment([quad]).fingerprint == build_snapshot([quad]).fingerprint


def test_graphs_that_share_a_triple_are_known() -> None:
    """A triple in two graphs marks both, and no other."""
    triple = (NamedNode("x:s"), NamedNode("x:p"), Literal("o"))
    other = (NamedNode("x:s"), NamedNode("x:p"), Literal("another"))
    quads = [Quad(*triple, NamedNode("x:a")), Quad(*triple, NamedNode("x:b")), Quad(*other, NamedNode("x:c"))]
    shipment = make_shipment(quads)
    assert shipment.holdings.sharing == {"x:a", "x:b"}
    assert shipment.holdings.graphs == {"x:a", "x:b", "x:c"}


def run_load(
    engine: RunningEngine, *options: str, user: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command on the real dataset."""
    environment = {name: value for name, value in os.environ.items() if name != CREDENTIALS}
    if user is not None:
        environment[CREDENTIALS] = user
    return subprocess.run(
        [sys.executable, "-m", "cicakg", "load", "--engine", engine.query, *options],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )


def test_the_command(own_engine: RunningEngine, tmp_path: Path) -> None:
    """The command loads the dataset, finds by itself where the engine takes it, reads the password from a
    file or the environment, and says what it did.
    """
    wrong = run_load(own_engine, user="dba:wrong")
    if own_engine.credentials:
        assert wrong.returncode == 2
        assert "wrong" not in wrong.stderr
        assert CREDENTIALS in wrong.stderr
    secret = tmp_path / "secret"
    secret.write_text("dba:dba\n", encoding="utf-8")
    done = run_load(own_engine, "--auth-file", str(secret), "--again")
    assert done.returncode == 0, done.stderr
    assert "graphs written" in done.stderr
    again = run_load(own_engine, user="dba:dba")
    assert again.returncode == 0
    assert "holds this dataset already" in again.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--engine", "ftp://example.org/"], "not the address"),
        (["--engine", "http://me:secret@127.0.0.1/"], CREDENTIALS),
        (["--engine", "http://127.0.0.1:9/query"], "127.0.0.1"),
        ([], "--engine"),
    ],
)
def test_wrong_use(options: list[str], says: str) -> None:
    """A wrong address is a sentence that says what to do, with exit code 2, and no password is repeated."""
    done = subprocess.run(
        [sys.executable, "-m", "cicakg", "load", *options], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert says in done.stderr or "cannot be" in done.stderr or "failed" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
