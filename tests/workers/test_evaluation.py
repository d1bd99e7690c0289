"""One query on one store: data sets, prefixes, formats. The expected counts follow from the five triples
below.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from snapshots import build_snapshot_at, opened_on_disk

from cicakg.errors import CicakgError
from cicakg.sparql.formats import FORMATS, ResultKind, format_named
from cicakg.sparql.request import QueryRequest
from cicakg.store import build_snapshot
from cicakg.vocab import CICA
from cicakg.workers import run_once
from cicakg.workers.evaluation import ResultFile, ResultTooLargeError, evaluate
from cicakg.workers.files import result_file

E = "http://example.org/"
S, P, CLAIM = NamedNode(E + "s"), NamedNode(E + "p"), NamedNode(CICA + "Claim")

# Graphs a and b share one triple; c holds one of its own.
QUADS = [
    Quad(S, P, NamedNode(E + "shared"), NamedNode(E + "a")),
    Quad(S, P, NamedNode(E + "shared"), NamedNode(E + "b")),
    Quad(S, P, NamedNode(E + "only-a"), NamedNode(E + "a")),
    Quad(S, P, NamedNode(E + "only-b"), NamedNode(E + "b")),
    Quad(S, P, CLAIM, NamedNode(E + "c")),
]
TRIPLES = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
GRAPHS = "SELECT (COUNT(*) AS ?n) {} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"

Evaluate: TypeAlias = Callable[..., str]


@pytest.fixture(scope="session")
def built_quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """QUADS as a snapshot on disk."""
    folder = tmp_path_factory.mktemp("quads")
    serialize(QUADS, folder / "quads.nq", RdfFormat.N_QUADS)
    return build_snapshot_at(folder / "built", folder / "quads.nq")


@pytest.fixture(params=["memory", "disk"])
def answer(request: pytest.FixtureRequest) -> Iterator[Evaluate]:
    """Evaluate a query over QUADS, in memory and on disk, and return the answer's text."""
    yield from _from_disk(request) if request.param == "disk" else _from_memory()


def _from_disk(fixtures: pytest.FixtureRequest) -> Iterator[Evaluate]:
    with opened_on_disk(fixtures.getfixturevalue("built_quads")) as snapshot:

        def run(
            query: str, default: tuple[str, ...] = (), named: tuple[str, ...] = (), written: str = ""
        ) -> str:
            names = {kind: written or name for kind, name in DEFAULTS.items()}
            found = run_once(snapshot, QueryRequest(query, names, default, named))
            with found.file as file:
                return file.read().decode()

        yield run


def _from_memory() -> Iterator[Evaluate]:
    snapshot = build_snapshot(QUADS)
    with result_file() as file:

        def run(
            query: str, default: tuple[str, ...] = (), named: tuple[str, ...] = (), written: str = ""
        ) -> str:
            names = {kind: written or name for kind, name in DEFAULTS.items()}
            os.ftruncate(file.fileno(), 0)
            file.seek(0)
            output = ResultFile(file.fileno(), 100_000)
            evaluate(snapshot.store, QueryRequest(query, names, default, named), output)
            file.seek(0)
            return file.read().decode()

        yield run


DEFAULTS = {ResultKind.SOLUTIONS: "csv", ResultKind.BOOLEAN: "csv", ResultKind.GRAPH: "ntriples"}


def count(text: str) -> int:
    """Return the number in the one row of a CSV answer."""
    return int(text.split()[1])


@pytest.mark.parametrize(
    ("clauses", "triples", "in_graphs"),
    [
        ("", 4, 5),
        ("FROM <{e}a>", 2, 0),
        ("FROM <{e}a> FROM <{e}a>", 2, 0),
        ("FROM <{e}a> FROM <{e}b>", 3, 0),
        ("FROM <{e}a> FROM <{e}b> FROM <{e}unknown>", 3, 0),
        ("FROM <{e}unknown>", 0, 0),
        ("FROM <file:///etc/passwd>", 0, 0),
        ("FROM NAMED <{e}a>", 0, 2),
        ("FROM <{e}a> FROM <{e}b> FROM NAMED <{e}c>", 3, 1),
        ("FROM <{e}c> FROM NAMED <{e}a> FROM NAMED <{e}b>", 1, 4),
    ],
)
def test_from_clauses(answer: Evaluate, clauses: str, triples: int, in_graphs: int) -> None:
    """The default graph is the RDF merge of the FROM graphs (SPARQL 1.1, section 13.2): a shared triple
    counts once.
    """
    text = clauses.format(e=E)
    assert count(answer(TRIPLES.format(text))) == triples
    assert count(answer(GRAPHS.format(text))) == in_graphs


@pytest.mark.parametrize(
    ("default", "named", "triples", "in_graphs"),
    [
        (("a",), (), 2, 0),
        (("a", "b"), (), 3, 0),
        (("a", "b"), ("c",), 3, 1),
        ((), ("a", "b"), 0, 4),
        (("unknown",), ("unknown",), 0, 0),
    ],
)
def test_the_protocol_replaces_the_querys_own_data_set(
    answer: Evaluate, default: tuple[str, ...], named: tuple[str, ...], triples: int, in_graphs: int
) -> None:
    """With ``default-graph-uri`` or ``named-graph-uri`` the query's FROM and FROM NAMED do not count
    (Protocol, 2.1.4).
    """
    graphs = (tuple(E + one for one in default), tuple(E + one for one in named))
    own = f"FROM <{E}c> FROM <{E}a> FROM NAMED <{E}a>"
    for clauses in ("", own):
        assert count(answer(TRIPLES.format(clauses), *graphs)) == triples
        assert count(answer(GRAPHS.format(clauses), *graphs)) == in_graphs


def test_graph_does_not_list_the_default_graph(answer: Evaluate) -> None:
    """``GRAPH ?g`` names the graphs there are and no other."""
    rows = answer("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g").split()
    assert rows == ["g", E + "a", E + "b", E + "c"]


def test_prefixes_are_declared_and_the_querys_own_wins(answer: Evaluate) -> None:
    """``cica:`` works undeclared, and a query that declares it means its own."""
    assert answer("ASK { ?s ?p cica:Claim }") == "true"
    assert answer("PREFIX cica: <x:> ASK { ?s ?p cica:Claim }") == "false"


def test_codepoint_escapes_in_keywords(answer: Evaluate) -> None:
    """Section 19.2 lets an escape stand anywhere; the engine alone would not read it in a keyword."""
    assert answer("\\u0041SK {}") == "true"


@pytest.mark.parametrize("name", [one.name for one in FORMATS if ResultKind.GRAPH in one.kinds])
def test_graphs_in_every_format(answer: Evaluate, name: str) -> None:
    """A CONSTRUCT result is the same graph in every format, and in quad formats it is the default graph."""
    written = format_named(name)
    assert written is not None
    assert isinstance(written.engine, RdfFormat)
    text = answer("CONSTRUCT WHERE { ?s ?p ?o }", written=name)
    assert set(parse(text, format=written.engine)) == {
        Quad(one.subject, one.predicate, one.object) for one in QUADS
    }


@pytest.mark.parametrize("name", ["turtle", "trig", "rdfxml"])
def test_graphs_use_the_prefixes(answer: Evaluate, name: str) -> None:
    """Where a format has prefixes, a person reads them."""
    assert "cica" in answer("CONSTRUCT { ?o a ?p } WHERE { ?s ?p ?o FILTER(?o = cica:Claim) }", written=name)


def test_describe(answer: Evaluate) -> None:
    """DESCRIBE gives the triples of which the resource is the subject."""
    assert len(answer(f"DESCRIBE <{E}s>").splitlines()) == 4


@pytest.mark.parametrize(
    ("query", "formats", "offered"),
    [
        ("SELECT * {}", {ResultKind.GRAPH: "turtle"}, "text/csv"),
        ("ASK {}", {}, "application/sparql-results+json"),
        ("CONSTRUCT WHERE {}", {ResultKind.SOLUTIONS: "csv"}, "text/turtle"),
        ("SELECT * {}", {ResultKind.SOLUTIONS: "turtle"}, "text/csv"),
    ],
)
def test_no_acceptable_format(query: str, formats: dict[ResultKind, str], offered: str) -> None:
    """The kind of result shows only when the query runs; then what could be had is named."""
    with result_file() as file, pytest.raises(CicakgError) as caught:
        evaluate(build_snapshot(QUADS).store, QueryRequest(query, formats), ResultFile(file.fileno(), 1000))
    assert caught.value.code == "query-not-acceptable"
    assert offered in caught.value.fix


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_an_answer_too_large_stops_while_it_is_written(name: str) -> None:
    """Not a byte beyond the budget is written, in any format."""
    query = "SELECT * { ?s ?p ?o }"
    written = format_named(name)
    assert written is not None
    if ResultKind.GRAPH in written.kinds:
        query = "CONSTRUCT WHERE { ?s ?p ?o }"
    with result_file() as file:
        with pytest.raises(ResultTooLargeError):
            evaluate(
                build_snapshot(QUADS).store,
                QueryRequest(query, dict.fromkeys(ResultKind, name)),
                ResultFile(file.fileno(), 20),
            )
        assert len(file.read()) <= 20


def test_json_of_a_boolean(answer: Evaluate) -> None:
    """ASK in JSON is the document of SPARQL 1.1 Query Results JSON, section 3."""
    assert json.loads(answer("ASK {}", written="json")) == {"head": {}, "boolean": True}


def test_a_base_that_is_no_iri() -> None:
    """A base without a scheme is an error of the request too."""
    request = QueryRequest("ASK {}", DEFAULTS, base="no-iri")
    with result_file() as file, pytest.raises(CicakgError, match="no-iri"):
        evaluate(build_snapshot(QUADS).store, request, ResultFile(file.fileno(), 100))


def test_a_graph_that_is_no_iri(answer: Evaluate) -> None:
    """A protocol graph without a scheme is an error of the request."""
    with pytest.raises(CicakgError, match="no-iri") as caught:
        answer("ASK {}", ("no-iri",))
    assert caught.value.code == "query-syntax"


def test_syntax_errors_are_readable(answer: Evaluate) -> None:
    """What the engine refuses comes out as a sentence with a place."""
    with pytest.raises(CicakgError, match="line 1, column 5") as caught:
        answer("ASK { ")
    assert caught.value.code == "query-syntax"


def test_an_unknown_function_is_named(answer: Evaluate) -> None:
    """A function the engine does not have is the query's matter, not a fault of the server."""
    with pytest.raises(CicakgError, match="<x:f>") as caught:
        answer("SELECT (<x:f>(1) AS ?x) {}")
    assert caught.value.code == "query-unsupported"


def test_relative_iris_are_resolved_against_the_base() -> None:
    """Without BASE in the query the request's base counts, in patterns and in FROM; its own BASE wins."""
    store = build_snapshot(QUADS).store
    for query, base, expected in (
        ("ASK FROM <a> FROM <b> { <s> ?p <only-b> }", E, b"true"),
        (f"BASE <{E}> ASK FROM <a> FROM <b> {{ <s> ?p <only-b> }}", "http://other.example/", b"true"),
        ("ASK { <s> ?p ?o }", "http://other.example/", b"false"),
    ):
        with result_file() as file:
            evaluate(store, QueryRequest(query, DEFAULTS, base=base), ResultFile(file.fileno(), 100))
            file.seek(0)
            assert file.read() == expected
