"""Where counts taken at load are used, and where they must not be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from snapshots import build_snapshot_at, opened_on_disk

from cicakg.errors import CicakgError
from cicakg.sparql.counting import Counts
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.store import DiskSnapshot, Snapshot, build_snapshot, open_file
from cicakg.workers import run_once
from cicakg.workers.evaluation import ResultFile, evaluate, results_of
from cicakg.workers.files import result_file
from cicakg.workers.rows import TooManyRowsError

E = "http://example.org/"
FORMATS = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
BY_PREDICATE = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
IN_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"

# Sixty statements with two predicates in two graphs: graph 0 holds every third of them.
QUADS = [
    Quad(*(NamedNode(f"{E}{name}") for name in (f"s{one}", f"p{one % 2}", "o", f"g{min(1, one % 3)}")))
    for one in range(60)
]
WRONG = Counts(triples=999, predicates={"<urn:wrong>": 999}, in_graphs=999, graphs={"<urn:wrong>": 999})


def rows(written: bytes) -> list[dict[str, str]]:
    """Return the rows of an answer in JSON, as plain texts."""
    found = json.loads(written)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def ask(request: QueryRequest, counts: Counts = WRONG) -> list[dict[str, str]]:
    """Evaluate *request* on QUADS, of which *counts* are said to be known."""
    with result_file() as file:
        evaluate(build_snapshot(QUADS).store, request, ResultFile(file.fileno(), 10_000), counts)
        file.seek(0)
        return rows(file.read())


def ask_worker(snapshot: Snapshot | DiskSnapshot, query: str) -> list[dict[str, str]]:
    """Have a worker answer *query*."""
    with run_once(snapshot, QueryRequest(query, FORMATS)).file as file:
        return rows(file.read())


def test_counts_are_used_for_the_whole_data() -> None:
    """A question about all data is answered by what was counted: wrong counts show it."""
    assert ask(QueryRequest(COUNT, FORMATS)) == [{"n": "999"}]
    assert ask(QueryRequest(BY_PREDICATE, FORMATS, base=E)) == [{"p": "urn:wrong", "n": "999"}]
    store = build_snapshot(QUADS).store
    assert [row[0].value for row in results_of(store, QueryRequest(COUNT, {}), WRONG)] == ["999"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("default", "named", "expected"),
    [
        ((E + "g0",), (), "20"),
        ((E + "g0", E + "g1"), (), "60"),
        ((E + "none",), (), "0"),
        ((), (E + "g0",), "0"),
    ],
)
def test_counts_are_not_used_for_a_data_set_of_the_request(
    default: tuple[str, ...], named: tuple[str, ...], expected: str
) -> None:
    """The protocol's graphs are another data set (SPARQL 1.1 Protocol, section 2.1.4): the engine counts."""
    assert ask(QueryRequest(COUNT, FORMATS, default, named)) == [{"n": expected}]
    clauses = [*(f"FROM <{one}>" for one in default), *(f"FROM NAMED <{one}>" for one in named)]
    query = COUNT.replace("{", " ".join([*clauses, "WHERE {"]))
    assert ask(QueryRequest(query, FORMATS)) == [{"n": expected}]


def test_counts_keep_the_limit_of_rows() -> None:
    """Too many rows are too many, counted or known."""
    budget = Budget(result_rows=1)
    for counts in (Counts(), build_snapshot(QUADS).counts):
        with pytest.raises(TooManyRowsError):
            ask(QueryRequest(BY_PREDICATE, FORMATS, budget=budget), counts)


def test_an_error_has_its_place_in_the_text_that_was_sent() -> None:
    """Nothing is put into a query that the engine refuses."""
    with pytest.raises(CicakgError, match="line 2, column 1"):
        ask(QueryRequest(f"{COUNT}\n}}", FORMATS))


def test_a_worker_answers_by_counts(tmp_path: Path) -> None:
    """In memory and on disk, a worker's answers are those of the data."""
    data = tmp_path / "data.nq"
    serialize(QUADS, data, RdfFormat.N_QUADS)
    expected = {
        COUNT: [{"n": "60"}],
        BY_PREDICATE: [{"p": E + "p0", "n": "30"}, {"p": E + "p1", "n": "30"}],
        IN_GRAPHS: [{"g": E + "g0", "n": "20"}, {"g": E + "g1", "n": "40"}],
    }
    memory = open_file(data)
    marked = Snapshot(memory.store, memory.fingerprint, memory.quad_count, WRONG)
    assert ask_worker(marked, COUNT) == [{"n": "999"}]
    with opened_on_disk(build_snapshot_at(tmp_path / "built", data)) as disk:
        for query, found in expected.items():
            assert ask_worker(memory, query) == ask_worker(disk, query) == found
