"""A query whose footprint a change does not touch answers as before."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from cicakg.checks.changes import Changes
from cicakg.checks.footprints import footprint_of

PREFIX = "PREFIX : <urn:x:>\n"
QUERIES = (
    "SELECT ?this { ?this :p ?o }",
    "SELECT ?this { ?this :p :b }",
    "SELECT ?this { :a :p ?this ; :q ?x }",
    "SELECT ?this { ?this :p ?x . ?x :q ?y . ?y :r :c }",
    "SELECT ?this { ?this :p ?this }",
    "SELECT ?this ?x { ?this :p ?y OPTIONAL { ?y :q ?x ; :r :c } }",
    "SELECT ?this { ?this :p ?y MINUS { ?y :q ?x . ?x :r :c } }",
    "SELECT ?this { ?this :p ?y FILTER NOT EXISTS { ?z ?any ?this } }",
    "SELECT ?this { ?this :p ?y FILTER EXISTS { ?y :q ?z FILTER NOT EXISTS { ?z :r ?this } } }",
    "SELECT ?this { { ?this :p ?x } UNION { ?x :q ?this . ?this :r ?y } }",
    "SELECT ?this { ?this :p/:q :c }",
    "SELECT ?this { ?this ^:p ?x . ?x :q ?y }",
    "SELECT ?this { ?this :p|:q ?x . ?x :r ?y }",
    "SELECT ?this { ?this :p|^:q ?x . ?x :r ?y }",
    "SELECT ?this ?x { ?this :p+ ?x . ?x :q ?y }",
    "SELECT ?this ?x { ?this :p* ?x }",
    "SELECT ?this ?x { ?this !(:p|^:q) ?x }",
    "SELECT ?this (COUNT(?x) AS ?n) { ?this :p ?x } GROUP BY ?this HAVING (COUNT(?x) > 1)",
    "SELECT ?this { ?this :p ?x { SELECT ?x { ?x :q ?this } } }",
    "SELECT ?this ?known { ?this :p ?x BIND(EXISTS { ?x :q ?this } AS ?known) }",
    "SELECT ?this { ?this a :K ; :p [ :q ?x ] }",
    "SELECT ?this { VALUES ?v { :p :q } ?this ?v ?x . ?x :r ?y }",
    "SELECT ?this { ?this :p 1 ; :q ?x }",
    "SELECT ?this (IF(EXISTS { ?this :q ?x }, 1, 2) AS ?n) { ?this :p ?y }",
)
NODES = [NamedNode(f"urn:x:{one}") for one in "abc"]
PREDICATES = [NamedNode(f"urn:x:{one}") for one in "pqr"]
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
CLASSES = [NamedNode("urn:x:K"), NamedNode("urn:x:L")]
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")

links = st.builds(Triple, st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES))
numbers = st.builds(
    Triple,
    st.sampled_from(NODES),
    st.sampled_from(PREDICATES),
    st.sampled_from([Literal("1", datatype=INTEGER), Literal("01", datatype=INTEGER)]),
)
kinds = st.builds(Triple, st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES))
graphs = st.frozensets(links | links | links | numbers | kinds, max_size=12)
edits = st.frozensets(links | numbers | kinds, min_size=1, max_size=2)


def stored(triples: Iterable[Triple]) -> Store:
    """Return a store of *triples*."""
    store = Store()
    store.extend(Quad(one.subject, one.predicate, one.object) for one in triples)
    return store


def answers(store: Store, query: str) -> list[str]:
    """Return the solutions in an order of their own."""
    found = store.query(PREFIX + query)
    assert isinstance(found, QuerySolutions)
    return sorted(str(one) for one in found)


def changes(before: frozenset[Triple], after: frozenset[Triple]) -> Changes:
    """Return what leads from *before* to *after*."""
    return Changes(stored(after), after - before, before - after)


@settings(deadline=None)
@given(before=graphs, edit=edits)
def test_a_query_that_is_not_concerned_answers_as_before(
    before: frozenset[Triple], edit: frozenset[Triple]
) -> None:
    """Whatever comes or goes, a query is asked again, or its answers are those of a fresh store."""
    after = before ^ edit
    change = changes(before, after)
    for query in QUERIES:
        if not footprint_of(PREFIX + query).is_concerned(change):
            assert answers(stored(before), query) == answers(change.store, query), query


@pytest.mark.parametrize("query", [one for one in QUERIES if "any" not in one and "!" not in one])
def test_a_predicate_that_a_query_does_not_name_concerns_it_only_where_it_may_be_any(query: str) -> None:
    """Else nothing would be gained: a triple of another predicate leaves a query with fixed ones alone."""
    before = frozenset({Triple(NODES[1], NamedNode("urn:x:r"), NODES[2])})
    after = before | {Triple(NODES[0], NamedNode("urn:x:other"), NODES[1])}
    is_open = "?v" in query or "*" in query
    assert footprint_of(PREFIX + query).is_concerned(changes(before, after)) == is_open


@pytest.mark.parametrize(
    ("query", "beside", "is_concerned"),
    [
        ("SELECT ?this { ?this :p ?x ; :q :b }", "q", True),
        ("SELECT ?this { ?this :p ?x ; :q :b }", "r", False),
        ("SELECT ?this { ?this :q ?x FILTER NOT EXISTS { ?this :p ?y } }", "q", True),
        ("SELECT ?this { ?this :q ?x FILTER NOT EXISTS { ?this :p ?y } }", "r", False),
        ("SELECT ?this { ?this :q ?x MINUS { ?this :p ?y } }", "r", True),
    ],
)
def test_a_match_counts_only_where_what_must_match_beside_it_can(
    query: str, beside: str, is_concerned: bool
) -> None:
    """A triple of a node that lacks what else is asked of that node cannot be part of an answer."""
    before = frozenset({Triple(NODES[0], NamedNode(f"urn:x:{beside}"), NODES[1])})
    after = before | {Triple(NODES[0], NamedNode("urn:x:p"), NODES[2])}
    assert footprint_of(PREFIX + query).is_concerned(changes(before, after)) == is_concerned


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?this { ?this :p ?o FILTER(RAND() > 0.5) }",
        "SELECT (SAMPLE(?one) AS ?this) { ?one :p ?o }",
        "SELECT ?this { ?this :p ?o } LIMIT 1",
        "SELECT ?this { { SELECT ?this { ?this :p ?o } LIMIT 1 } }",
        "SELECT ?this { GRAPH ?g { ?this :p ?o } }",
        "SELECT ?this { ?this unknown:p ?o }",
    ],
)
def test_a_query_that_may_answer_differently_is_always_concerned(query: str) -> None:
    """What depends on chance, on the order of the triples, or on more than them, is asked each time."""
    after = frozenset({Triple(NODES[0], NamedNode("urn:x:other"), NODES[1])})
    assert footprint_of(PREFIX + query).is_concerned(changes(frozenset(), after))
