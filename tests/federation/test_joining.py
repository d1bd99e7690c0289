"""What a SERVICE clause yields, wherever it stands: the multiset its endpoint gave, joined with the rest.

Expected are the rows of the engine's own SERVICE over the same two sets of data, which the server never uses,
or what the specification says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from pyoxigraph import DefaultGraph, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store
from remote_playing import PlayedEndpoint, answering, iri, literal, over, rows_of, table

from cicakg.errors import CicakgError
from cicakg.federation import CallLimits

Body: TypeAlias = Callable[..., bytes]
Failure: TypeAlias = Callable[..., CicakgError]

PREFIX = "PREFIX : <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
REMOTE = """@prefix : <http://example.org/> .
:a :age 30 ; :likes :b , :c .
:b :age 40 , 41 .
:d :age 50 ; :label "дүние"@kk , "عالم"@ar , "\U0001f600"@x-emoji , 'a "b" \\\\ \\n\\t\\u0007' .
:d :made "2020-01-01"^^:date , 1.50 , 1e3 , true , "x"^^:own .
"""


@pytest.fixture(scope="module")
def remote() -> Iterator[PlayedEndpoint]:
    """An honest endpoint."""
    store = Store()
    store.load(REMOTE.encode(), format=RdfFormat.TURTLE)
    with PlayedEndpoint(over(store)) as one:
        yield one


@pytest.fixture(scope="module")
def local(local_data: Path) -> Store:
    """The local data, its default graph the merge of all graphs as in a snapshot."""
    store = Store()
    store.load(path=local_data, format=RdfFormat.N_QUADS)
    for one in list(store):
        store.add(Quad(one.subject, one.predicate, one.object, DefaultGraph()))
    return store


PATTERNS = {
    "joined": "?s :name ?n . @ { ?s :age ?age }",
    "first": "@ { ?s :age ?age } ?s :name ?n",
    "alone": "@ { ?s :age ?age }",
    "in the middle": "?s :knows ?t . @ { ?s :likes ?t } ?t :name ?n",
    "no shared variable": "?s :name ?n @ { ?x :likes ?y }",
    "no variables": "?s :name ?n @ { :a :likes :b }",
    "no variables, twice": "?s :name ?n @ { { :a :likes :b } UNION { :a :likes :c } }",
    "nothing": "?s :name ?n @ { ?s :nothing ?x }",
    "nothing and no variables": "?s :name ?n @ { :a :nothing :b }",
    "unbound": "?s :name ?n @ { ?s :age ?age OPTIONAL { ?s :likes ?t } }",
    "unbound join variable": "?s :name ?n @ { { ?s :age ?age } UNION { ?x :likes ?y } }",
    "never bound": "?s :name ?n @ { ?s :age ?age OPTIONAL { ?s :nothing ?none } }",
    "duplicates": "?s :name ?n @ { SELECT ?s { ?s :age|:likes ?x } }",
    "optional": "?s :name ?n OPTIONAL { @ { ?s :age ?age } }",
    "optional with a filter": "?s :name ?n OPTIONAL { @ { ?s :age ?age } FILTER(?n = 'B') }",
    "optional beside": "@ { ?s :age ?age } OPTIONAL { ?s :name ?n }",
    "union": "{ ?s :name ?n } UNION { @ { ?s :age ?age } }",
    "minus": "?s :name ?n MINUS { @ { ?s :age ?age } }",
    "minus from": "@ { ?s :age ?age } MINUS { ?s :name 'B' }",
    "exists": "?s :name ?n FILTER EXISTS { @ { ?s :age ?age } }",
    "not exists": "?s :name ?n FILTER NOT EXISTS { @ { ?s :age ?age } }",
    "subselect": "{ SELECT ?s (COUNT(*) AS ?count) { ?s :name ?n @ { ?s :age ?age } } GROUP BY ?s }",
    "hidden by a subselect": "?s :name ?n { SELECT ?s { @ { ?s :age ?n } } }",
    "named graph": "GRAPH :g { ?s :name ?n } @ { ?s :age ?age }",
    "bind": "@ { ?s :age ?age } BIND(?age + 1 AS ?next) ?s :name ?n",
    "filter inside and outside": "?s :name ?n @ { ?s :age ?age FILTER(?age > 30) } FILTER(?age < 41)",
    "values beside": "VALUES ?s { :a :b :d } @ { ?s :age ?age }",
    "values inside": "?s :name ?n @ { ?s :age ?age VALUES ?s { :a :d } }",
    "path": "?s :name ?n @ { ?s :likes/:age ?age }",
    "two": "@ { ?s :age ?age } @ { ?s :likes ?t }",
    "two in two groups": "{ @ { ?s :age ?age } } UNION { @ { ?s :likes ?t } }",
    "the same twice": "@ { ?s :age ?age } @ { ?s :age ?age }",
    "every kind of literal": "@ { :d :label|:made ?value }",
    "dot after": "?s :name ?n . @ { ?s :age ?age } . ?s :name ?m .",
}


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_rows_are_those_of_the_engines_own_service(
    remote: PlayedEndpoint, local: Store, body: Body, pattern: str
) -> None:
    """Wherever a clause stands, the answer has the rows, the duplicates and the variables the engine's own
    federation has.
    """
    query = f"{PREFIX}SELECT * {{ {pattern.replace('@', f'SERVICE <{remote.address}>')} }}"
    expected = local.query(query)
    assert isinstance(expected, QuerySolutions)
    names = {one.value for one in expected.variables}
    found = body(query, remote.address)
    assert rows_of(found) == rows_of(expected.serialize(format=QueryResultsFormat.JSON) or b"")
    assert set(json.loads(found)["head"]["vars"]) == names


def test_inside_a_graph_of_any_name(remote: PlayedEndpoint, body: Body) -> None:
    """The graph that is active here is nothing to the endpoint (Federated Query, section 4); the engine's own
    federation finds nothing there.
    """
    clause = f"SERVICE <{remote.address}> {{ ?s :age ?age }}"
    found = rows_of(
        body(f"{PREFIX}SELECT ?g ?n ?age {{ GRAPH ?g {{ ?s :name ?n {clause} }} }}", remote.address)
    )
    assert sorted((row["g"], row["n"], row["age"][1:3]) for row in found) == [
        ("<http://example.org/g>", '"A"', "30"),
        ("<http://example.org/g>", '"B"', "40"),
        ("<http://example.org/g>", '"B"', "41"),
    ]


def test_other_forms(remote: PlayedEndpoint, body: Body) -> None:
    """ASK and CONSTRUCT may have SERVICE too."""
    clause = f"SERVICE <{remote.address}> {{ ?s :age ?age }}"
    assert json.loads(body(f"{PREFIX}ASK {{ ?s :name 'B' {clause} }}", remote.address))["boolean"] is True
    assert json.loads(body(f"{PREFIX}ASK {{ ?s :name 'C' {clause} }}", remote.address))["boolean"] is False
    built = body(f"{PREFIX}CONSTRUCT {{ ?s :is ?age }} {{ ?s :name 'A' {clause} }}", remote.address)
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    assert built.decode() == f'<http://example.org/a> <http://example.org/is> "30"^^{integer} .\n'


def test_a_call_for_equal_clauses_is_made_once(remote: PlayedEndpoint, body: Body) -> None:
    """Clauses with the same endpoint and group share one call."""
    clause = f"{{ SERVICE <{remote.address}> {{ ?s :age ?age }} }}"
    before = remote.connections
    body(f"{PREFIX}SELECT * {{ {clause} UNION {clause} UNION {clause} }}", remote.address)
    assert remote.connections == before + 1


class TestBlankNodes:
    """Blank nodes of a result are IRIs here (RDF 1.1 Concepts, section 3.5)."""

    BLANK = table(
        ["s", "t"],
        {"s": {"type": "bnode", "value": "x"}, "t": {"type": "bnode", "value": "x"}},
        {"s": {"type": "bnode", "value": "y"}, "t": iri("http://example.org/a")},
    )

    def test_they_are_skolemised(self, body: Body) -> None:
        """One node of one answer is one IRI below /.well-known/genid/ of this server; two are two."""
        with PlayedEndpoint(answering(self.BLANK)) as one:
            query = f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?t }} }}"
            first, second = sorted(
                rows_of(body(query, one.address)), key=lambda row: row["t"].startswith("<http://example.org/")
            )
        assert first["s"] == first["t"]
        assert first["s"] != second["s"]
        for row in (first, second):
            assert row["s"].startswith("<http://here.example/.well-known/genid/")

    def test_they_are_new_in_each_clause_and_each_query(self, body: Body) -> None:
        """A blank node means nothing beyond its own answer, even where two clauses share a call."""
        with PlayedEndpoint(answering(self.BLANK)) as one:
            clause = f"SERVICE <{one.address}> {{ ?s ?p ?t }}"
            query = f"SELECT * {{ {{ {clause} }} UNION {{ {clause} }} }}"
            nodes = [row["s"] for _ in range(2) for row in rows_of(body(query, one.address))]
        assert len(set(nodes)) == 8


def test_quoted_triples(body: Body) -> None:
    """A triple as a value comes through whole, with what is inside it."""
    triple = {
        "type": "triple",
        "value": {
            "subject": iri("http://example.org/s"),
            "predicate": iri("http://example.org/p"),
            "object": literal("ө", **{"xml:lang": "kk"}),
        },
    }
    with PlayedEndpoint(answering(table(["t"], {"t": triple}))) as one:
        query = f"SELECT (SUBJECT(?t) AS ?s) (OBJECT(?t) AS ?o) {{ SERVICE <{one.address}> {{ ?x ?y ?t }} }}"
        assert rows_of(body(query, one.address)) == [{"s": "<http://example.org/s>", "o": '"ө"@kk'}]


def test_a_base_direction_comes_through(body: Body) -> None:
    """The direction of a text is part of it (SPARQL 1.2 Query Results JSON)."""
    value = literal("سلام", **{"xml:lang": "ar", "its:dir": "rtl"})
    with PlayedEndpoint(answering(table(["x"], {"x": value}))) as one:
        query = f"SELECT (LANGDIR(?x) AS ?d) {{ SERVICE <{one.address}> {{ ?s ?p ?x }} }}"
        assert rows_of(body(query, one.address)) == [{"d": '"rtl"'}]


def test_variables_beyond_the_clause_are_passed_over(body: Body) -> None:
    """An endpoint binds what the clause has in scope and nothing else of the query."""
    answer = table(["s", "n"], {"s": iri("http://example.org/a"), "n": literal("forged")})
    with PlayedEndpoint(answering(answer)) as one:
        query = f"{PREFIX}SELECT * {{ ?s :name ?n SERVICE <{one.address}> {{ ?s :age ?age }} }}"
        assert rows_of(body(query, one.address)) == [{"s": "<http://example.org/a>", "n": '"A"'}]


def test_as_many_rows_as_may_be_and_one_more(body: Body, failure: Failure) -> None:
    """At the limit the answer is complete; beyond it there is none, SILENT or not."""
    rows = [{"s": literal(str(one))} for one in range(11)]
    limits = CallLimits(rows=10)
    for count, silent in ((10, ""), (11, ""), (11, "SILENT")):
        with PlayedEndpoint(answering(table(["s"], *rows[:count]))) as one:
            query = f"SELECT * {{ SERVICE {silent} <{one.address}> {{ ?s ?p ?o }} }}"
            if count == 10:
                assert len(rows_of(body(query, one.address, limits=limits))) == 10
            else:
                error = failure(query, one.address, limits=limits)
                assert (error.code, "more than the 10 rows" in error.detail) == ("service-failed", True)
            assert one.asked[0].query.endswith("LIMIT 11")


def test_two_large_tables_are_joined_by_their_keys(body: Body) -> None:
    """Two clauses of 10,000 rows each join within a budget that comparing every pair would exceed."""
    people = [{"s": iri(f"http://example.org/n{one}")} for one in range(10_000)]
    with (
        PlayedEndpoint(answering(table(["s"], *people))) as first,
        PlayedEndpoint(answering(table(["s"], *reversed(people)))) as second,
    ):
        query = (
            f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{first.address}> {{ ?s :p 1 }} "
            f"SERVICE <{second.address}> {{ ?s :q 1 }} }}"
        )
        found = rows_of(body(PREFIX + query, first.address, second.address))
    assert found == [{"n": '"10000"^^<http://www.w3.org/2001/XMLSchema#integer>'}]
