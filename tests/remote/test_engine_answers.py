"""The same question, the same answer, whichever engine evaluates: a real Oxigraph, a real Virtuoso.

What Virtuoso answers otherwise is listed here, query by query, as in docs/engines.md: an answer that begins
to differ fails, and so does one that has stopped to.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from engine_playing import OpenPool, RunningEngine, asked
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from cicakg.errors import CicakgError
from cicakg.remote.holdings import MERGED_GRAPH, STATUS_GRAPH, Holdings
from cicakg.remote.questions import make_question
from cicakg.store import Snapshot
from cicakg.vocab import GRAPH
from cicakg.workers.evaluation import results_of

PROJECT: Final = Path(__file__).resolve().parents[2]
QUERIES: Final = sorted((PROJECT / "queries").glob("*.rq"))
Table: TypeAlias = tuple[list[str], list[tuple[str, ...]]]

# What Virtuoso 7.2.5 does with these, and what is then so of its answer.
VIRTUOSO_DIFFERS: Final = {
    "024": "a boolean that is computed is the integer 1 or 0",
    "056": "STR(COALESCE(…)) over OPTIONALs beside a UNION is nothing in one row",
}
# DISTINCT lets a row through twice, not always the same: a set is compared as a set.
VIRTUOSO_REPEATS: Final = {"038", "057"}
VIRTUOSO_REFUSES: Final = {"063": "VALUES and a BIND in an OPTIONAL end in an internal error of its compiler"}


def table(results: QuerySolutions) -> Table:
    """Return variables and rows, terms as N-Triples has them."""
    names = [variable.value for variable in results.variables]
    return names, [tuple(str(row[name]) for name in names) for row in results]


def built_in(snapshot: Snapshot, query: str) -> Table:
    """Return what the built-in engine answers."""
    results = results_of(snapshot.store, asked(query))
    assert isinstance(results, QuerySolutions)
    return table(results)


def of_engine(pooled: OpenPool, query: str, default_graphs: tuple[str, ...] = ()) -> Table:
    """Return what the front gives when *engine* evaluates."""
    answer = pooled.answer(asked(query, default_graphs=default_graphs))
    results = parse_query_results(answer, format=QueryResultsFormat.JSON)
    assert isinstance(results, QuerySolutions)
    return table(results)


def is_virtuoso(engine: RunningEngine) -> bool:
    """Whether it is that one."""
    return engine.credentials is not None


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_competency_questions(
    path: Path, engine: RunningEngine, pooled: OpenPool, snapshot: Snapshot
) -> None:
    """A question of the dataset has the built-in engine's answer, row by row in order; Virtuoso's known
    faults are what they are known to be.
    """
    query, number = path.read_text(encoding="utf-8"), path.stem[:3]
    if is_virtuoso(engine) and number in VIRTUOSO_REFUSES:
        assert pooled.error(asked(query)).code == "query-unsupported"
        return
    names, rows = of_engine(pooled, query)
    if is_virtuoso(engine) and "DISTINCT" in query:
        rows = list(dict.fromkeys(rows))
    is_equal = (names, rows) == built_in(snapshot, query)
    assert is_equal == (not is_virtuoso(engine) or number not in VIRTUOSO_DIFFERS)


def test_differences_are_documented() -> None:
    """docs/engines.md names every query Virtuoso answers otherwise, and no other."""
    text = (PROJECT / "docs" / "engines.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\d{3})`", text, flags=re.MULTILINE))
    assert named == VIRTUOSO_DIFFERS.keys() | VIRTUOSO_REFUSES.keys() | VIRTUOSO_REPEATS


FROM_STATUS: Final = f"SELECT (COUNT(*) AS ?n) FROM <{STATUS_GRAPH}> WHERE {{ ?s ?p ?o }}"  # noqa: S608  # SPARQL
SYSTEM_GRAPH: Final = """SELECT (COUNT(*) AS ?n) WHERE {
  GRAPH <http://www.openlinksw.com/schemas/virtrdf#> { ?s ?p ?o } }"""


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", "default graph"),
        ("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }", "all named graphs"),
        ("SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }", "how many"),
        ("SELECT (COUNT(*) AS ?n) FROM graph:facts WHERE { ?s ?p ?o }", "FROM"),
        ("SELECT (COUNT(*) AS ?n) FROM graph:facts FROM graph:entities WHERE { ?s ?p ?o }", "two of FROM"),
        ("SELECT (COUNT(*) AS ?n) FROM NAMED graph:facts WHERE { GRAPH ?g { ?s ?p ?o } }", "FROM NAMED"),
        ("SELECT (COUNT(*) AS ?n) FROM NAMED graph:facts WHERE { ?s ?p ?o }", "no default graph"),
        ("SELECT (COUNT(*) AS ?n) FROM graph:facts WHERE { GRAPH ?g { ?s ?p ?o } }", "no named graph"),
        (
            "SELECT (COUNT(*) AS ?n) FROM NAMED graph:facts WHERE { GRAPH graph:entities { ?s ?p ?o } }",
            "a graph that is not of the data set",
        ),
        ("SELECT (COUNT(*) AS ?n) WHERE { GRAPH graph:entities { ?s ?p ?o } }", "one graph"),
        (f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{MERGED_GRAPH}> {{ ?s ?p ?o }} }}", "our merge"),
        (FROM_STATUS, "our status"),
        (
            "SELECT (COUNT(*) AS ?n) FROM <http://www.openlinksw.com/schemas/virtrdf#> WHERE { ?s ?p ?o }",
            "the engine's own",
        ),
        (SYSTEM_GRAPH, "the engine's own by GRAPH"),
    ],
    ids=lambda value: value if "SELECT" not in value else "",
)
def test_data_sets(pooled: OpenPool, snapshot: Snapshot, query: str, number: str) -> None:
    """Default and named graphs are those of SPARQL 1.1, section 13.2, and nothing else of the engine's."""
    assert of_engine(pooled, query) == built_in(snapshot, query), number


def test_protocol_data_set(pooled: OpenPool, snapshot: Snapshot) -> None:
    """The protocol's graphs take the place of the query's own (SPARQL 1.1 Protocol, section 2.1.4)."""
    query = "SELECT (COUNT(*) AS ?n) FROM graph:entities WHERE { ?s ?p ?o }"
    found = of_engine(pooled, query, default_graphs=(GRAPH + "facts",))
    assert found == built_in(snapshot, query.replace("entities", "facts"))


def test_texts_there_and_back(pooled: OpenPool, snapshot: Snapshot) -> None:
    """Texts and IRIs of every script come back character by character, with their tags."""
    query = "SELECT ?s ?o WHERE { GRAPH <http://example.org/texts> { ?s ?p ?o } }"
    names, rows = of_engine(pooled, query)
    expected = built_in(snapshot, query)
    assert len(expected[1]) > 20
    assert (names, Counter(rows)) == (expected[0], Counter(expected[1]))


@pytest.mark.parametrize("row", range(0, 28, 3))
def test_texts_in_a_query(pooled: OpenPool, snapshot: Snapshot, row: int) -> None:
    """A text or IRI that stands in a query reaches the engine as it is."""
    triples = [quad for quad in snapshot.store if str(quad.graph_name) == "<http://example.org/texts>"]
    one = sorted(triples, key=str)[row % len(triples)]
    query = f"SELECT ?p WHERE {{ {one.subject} ?p {one.object} }}"  # SPARQL, of our own terms
    assert of_engine(pooled, query) == (["p"], [("<http://example.org/p>",)])


def test_graphs(pooled: OpenPool, snapshot: Snapshot) -> None:
    """A graph that is constructed has the built-in engine's triples."""
    query = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH graph:facts { ?s ?p ?o } }"
    answer = pooled.answer(asked(query))
    found = Counter(str(quad.triple) for quad in parse(answer, format=RdfFormat.N_TRIPLES))
    expected = Counter(
        str(quad.triple)
        for quad in snapshot.store
        if getattr(quad.graph_name, "value", "") == GRAPH + "facts"
    )
    assert found == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("INSERT DATA { <x:a> <x:b> <x:c> }", "query-update-refused"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "query-service-refused"),
        ('DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1/> WHERE { ?s ?p ?o }', "query-syntax"),
        (
            'SELECT (<bif:virtuoso_ini_item_value>("SPARQL", "ResultSetMaxRows") AS ?x) WHERE {}',
            "query-unsupported",
        ),
        ("SELECT * WHERE { ?s ?p ?o OPTION (TRANSITIVE) }", "query-syntax"),
        ("SELECT * WHERE { ?s ?p", "query-syntax"),
    ],
)
def test_only_sparql_reaches_the_engine(pooled: OpenPool, query: str, code: str) -> None:
    """Updates, SERVICE and what only Virtuoso knows are refused by the front, whoever evaluates."""
    assert pooled.error(asked(query)).code == code


def test_overlapping_graphs_are_refused() -> None:
    """Several graphs as one, of which two share a triple, would be counted wrongly: that is said."""
    held = Holdings(frozenset({"x:a", "x:b", "x:c", "x:d"}), frozenset({"x:a", "x:b"}))
    query = "SELECT * FROM <x:a> FROM <x:%s> WHERE { ?s ?p ?o }"
    assert make_question(asked(query % "c"), held).default_graphs == ("x:a", "x:c")
    with pytest.raises(CicakgError) as caught:
        make_question(asked(query % "b"), held)
    assert caught.value.code == "query-unsupported"
