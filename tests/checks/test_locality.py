"""A shape that is called local says of a node what the nodes reached from it say, whatever else there is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from cicakg.checks.locality import ShapeTriples, is_local, query_parts
from cicakg.turtle import read_turtle

BASE = "http://localhost/"
PREFIXES = """@prefix : <http://localhost/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix cica: <https://w3id.org/cicakg/ontology#> ."""
NODES = [NamedNode(BASE + name) for name in "abcd"]
PREDICATES = [NamedNode(BASE + name) for name in "pq"]
TRIPLES = [Triple(*one) for one in product(NODES, PREDICATES, NODES)]

LOCAL = [
    "SELECT ?this { ?this :p ?x }",
    "SELECT ?this { ?x :q ?y . ?this :p ?x }",
    "SELECT ?this { ?x ^:p ?this . ?x :q ?y }",
    "SELECT ?this { ?this :p/(:q|:p)* ?x . ?x !:p ?y }",
    "SELECT ?this { ?this :p [ :q ?x ] . ?x :q :a . :a :p ?z }",
    "SELECT ?this { ?this :p ?x OPTIONAL { ?x :q ?y FILTER NOT EXISTS { ?y :q ?this } } FILTER(!BOUND(?y)) }",
    "SELECT ?this { ?this :p ?x MINUS { ?x :q ?y } }",
    "SELECT ?this { { ?this :p ?x } UNION { ?this :q ?x } ?x :p ?y }",
    "SELECT ?this { ?this :p ?x { SELECT ?x (COUNT(?y) AS ?n) { ?x :q ?y } GROUP BY ?x } FILTER(?n > 1) }",
    "SELECT ?this { ?this :p ?x BIND(?x AS ?y) ?y :q ?z }",
    "SELECT ?this { ?x :p* ?y . ?this a ?x }",
    "SELECT ?this { VALUES ?p { :p :q } ?this ?p ?x FILTER(EXISTS { ?x :p ?this }) }",
    "SELECT ?this (COUNT(*) AS ?n) { ?this :p ?x } GROUP BY ?this HAVING (COUNT(*) > 1)",
]
NOT_LOCAL = [
    ("SELECT ?this { «?x :p ?this }", "node"),
    ("SELECT ?this { ?this ^:p «?x }", "node"),
    ("SELECT ?this { «?this :p/^:q ?x }", "path"),
    ("SELECT ?this { ?this :p ?x . «[ :q ?x ] :p ?y }", "nameless"),
    ("SELECT ?this { ?this ?p ?x . «?p :q ?y }", "node"),
    ("SELECT ?this { ?this :p ?x . «:b :q ?y }", "node"),
    ("SELECT ?this { OPTIONAL { «?this :p ?x } }", "node"),
    ("SELECT ?this { ?this :p ?x { OPTIONAL { «?x :q ?y } } }", "node"),
    ("SELECT ?this { ?this :p ?x { { ?this :q ?y } MINUS { «?x :q ?z } } }", "node"),
    ("SELECT ?this { { ?this :p ?x } UNION { ?this :q ?y } «?x :p ?z }", "node"),
    ("SELECT ?this { ?this :p ?x { SELECT ?y { «?x :q ?y } } }", "node"),
    ("SELECT ?this { ?this :p ?x { SELECT (COUNT(?y) AS ?n) { «?x :q ?y } } }", "node"),
    (
        "SELECT ?this { ?this :p ?x { SELECT (SUM(?y) AS ?n) ?x { ?x :q ?y } GROUP BY ?y ?x } } «LIMIT 1",
        "limit",
    ),
    ("SELECT ?this { BIND(?x AS ?y) ?this :p ?x . «?y :q ?z }", "node"),
    ("SELECT ?this { ?this :p ?x BIND(IRI(CONCAT(STR(?x), 'd')) AS ?y) «?y :q ?z }", "node"),
    ("SELECT ?this { «?this :p* ?x }", "empty"),
    ("SELECT ?this { ?this :p ?x FILTER(«NOW() > ?x) }", "unstable"),
    ("SELECT ?this (EXISTS { «?this :p ?x } AS ?n) { ?this :p ?x }", "node"),
    ("«SELECT (?x AS ?this) { ?x :p ?y }", "computed"),
    ("SELECT ?this { ?this :p ?x «GRAPH ?g { ?x :p ?y } }", "elsewhere"),
    ("SELECT ?this { ?this :p ?x . «<<?x :p ?y>> :q ?z }", "unread"),
]


def with_prefix(query: str) -> str:
    """Return *query* with the prefix its names need."""
    return f"PREFIX : <{BASE}> {query}"


@pytest.mark.parametrize("query", LOCAL)
def test_what_goes_on_from_this_is_local(query: str) -> None:
    """From subject to object, wherever in the query it stands."""
    assert query_parts(with_prefix(query), is_bound=False) == []


@pytest.mark.parametrize(("query", "case"), NOT_LOCAL)
def test_what_does_not_is_told_where_it_stands(query: str, case: str) -> None:
    """The first part that is out of reach is named, at its place in the query."""
    text = with_prefix(query).replace("«", "")
    found = min(query_parts(text, is_bound=False), key=lambda one: one.offset)
    assert (found.case, found.offset) == (case, with_prefix(query).index("«"))


def test_this_is_known_everywhere_where_it_is_bound_beforehand() -> None:
    """In a constraint $this is a value: an OPTIONAL at the beginning looks at that node only."""
    query = with_prefix("SELECT $this { OPTIONAL { $this :p ?x } FILTER(!BOUND(?x)) }")
    assert query_parts(query, is_bound=True) == []
    assert query_parts(query, is_bound=False) != []


def test_a_variable_not_handed_on_is_another() -> None:
    """Even $this, where an inner SELECT does not hand it on."""
    query = with_prefix("SELECT $this { $this :q ?x { SELECT ?x { $this :p ?x } } }")
    assert [one.case for one in query_parts(query, is_bound=True)] == ["node"]


# Whole shapes


def parts(text: str) -> list[str]:
    """Return the cases of what is not local in the shape :S of *text*."""
    document = read_turtle(f"{PREFIXES} {text}".encode())
    found = ShapeTriples(document.triples).non_local_parts(NamedNode(BASE + "S"))
    return [one.case for one in found]


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        (":S sh:targetClass cica:Claim ; sh:property [ sh:path ( :p :q ) ; sh:class :C ] .", []),
        (":S sh:targetSubjectsOf :p ; sh:node :T . :T sh:property [ sh:path :p ; sh:hasValue :B ] .", []),
        (":S sh:targetObjectsOf :p ; sh:nodeKind sh:IRI .", ["backwards"]),
        (":S sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:maxCount 1 ] .", ["backwards"]),
        (":S sh:or ( [ sh:node :T ] ) . :T sh:property [ sh:path [ sh:inversePath :q ] ] .", ["backwards"]),
        (":S sh:node :T . :T sh:node :S ; sh:nodeKind sh:IRI .", []),
        (':S sh:target [ sh:select "SELECT ?this { ?x <x:p> ?this }" ] .', ["node"]),
        (':S sh:sparql [ sh:select "SELECT $this { FILTER NOT EXISTS { $this <x:p> ?x } }" ] .', []),
        (':S sh:target [ sh:select "SELECT ?this { FILTER NOT EXISTS { ?this <x:p> ?x } }" ] .', ["node"]),
        (':S sh:sparql [ sh:ask "ASK { $this ?p ?x }" ] .', ["unknown"]),
        (":S sh:js [ ] .", ["unknown"]),
        (
            ':S <https://w3id.org/cicakg/shapes#facts> [ sh:select "SELECT $this ?x { ?x <x:p> $this }" ] .',
            [],
        ),
        (":S sh:hasValue :T . :T sh:targetObjectsOf :p .", []),
    ],
)
def test_a_shape_is_local_where_all_its_parts_are(text: str, cases: list[str]) -> None:
    """Targets, paths, queries and the shapes a shape uses are looked at; what it only names is not, nor what
    is asked for a reader when all is judged.
    """
    assert parts(text) == cases
    document = read_turtle(f"{PREFIXES} {text}".encode())
    assert is_local(NamedNode(BASE + "S"), document.triples) is not bool(cases)


# Held against the answers


def reached(start: NamedNode, triples: list[Triple]) -> list[Triple]:
    """Return the triples whose subject is reached from *start*."""
    nodes: set[object] = {start}
    while more := {one.object for one in triples if one.subject in nodes} - nodes:
        nodes |= more
    return [one for one in triples if one.subject in nodes]


def answers(query: str, triples: list[Triple], start: NamedNode, is_bound: bool) -> list[str]:
    """Return pyoxigraph's solutions for *start* over *triples*, sorted."""
    store = Store()
    store.extend(Quad(one.subject, one.predicate, one.object) for one in triples)
    bound = {Variable("this"): start} if is_bound else {}
    found = store.query(query, substitutions=dict(bound))
    assert isinstance(found, QuerySolutions)
    names = [one.value for one in found.variables]
    rows = [{name: solution[name] for name in names} for solution in found]
    return sorted(str(sorted(map(str, row.items()))) for row in rows if is_bound or row["this"] == start)


TERMS = st.sampled_from(["?this", "?this", "?x", "?y", "?z", ":a", ":b"])
STEPS = st.sampled_from([":p", ":q", ":p", "^:p", ":p/:q", ":p*", "^:q/:p", ":p|^:q", "!:p", "?y"])
BLOCKS = st.builds("{} {} {} . ".format, TERMS, STEPS, TERMS)
VARIABLES = st.sampled_from(["?this", "?x", "?y", "?z"])
FILTERS = st.builds("FILTER(BOUND({}) || {} = {}) ".format, VARIABLES, VARIABLES, VARIABLES)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy for what a group can hold, with groups of *inner*."""
    group = st.lists(inner, min_size=1, max_size=3).map("".join)
    return st.one_of(
        st.builds("OPTIONAL {{ {} }} ".format, group),
        st.builds("MINUS {{ {} }} ".format, group),
        st.builds("{{ {} }} ".format, group),
        st.builds("{{ {} }} UNION {{ {} }} ".format, group, group),
        st.builds("FILTER EXISTS {{ {} }} ".format, group),
        st.builds("FILTER NOT EXISTS {{ {} }} ".format, group),
        st.builds("{{ SELECT {} {} {{ {} }} }} ".format, VARIABLES, VARIABLES, group),
        st.builds(
            "{{ SELECT {0} (COUNT({1}) AS ?n) {{ {2} }} GROUP BY {0} }} ".format, VARIABLES, VARIABLES, group
        ),
    )


GROUPS = st.lists(
    st.recursive(st.one_of(BLOCKS, BLOCKS, FILTERS), nested, max_leaves=6), min_size=1, max_size=4
).map("".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    block=st.builds("?this {} {} . ".format, STEPS, TERMS),
    group=GROUPS,
    triples=st.lists(st.sampled_from(TRIPLES), max_size=10, unique=True),
    is_bound=st.booleans(),
)
def test_a_local_query_answers_the_same_over_what_is_reached(
    block: str, group: str, triples: list[Triple], is_bound: bool
) -> None:
    """Whatever else is in the data, the solutions for a node are those over the triples reached from it."""
    query = with_prefix(f"SELECT * {{ {block}{group} }}")
    try:
        Store().query(query)
    except SyntaxError:
        return
    if query_parts(query, is_bound):
        return
    for start in NODES:
        assert answers(query, triples, start, is_bound) == answers(
            query, reached(start, triples), start, is_bound
        )


def test_the_test_above_meets_local_queries_and_others(project: Path) -> None:
    """Of the queries it makes a good part is local, and a good part is not."""
    counts = [0, 0]

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(block=st.builds("?this {} {} . ".format, STEPS, TERMS), group=GROUPS)
    def count(block: str, group: str) -> None:
        counts[not query_parts(with_prefix(f"SELECT * {{ {block}{group} }}"), is_bound=False)] += 1

    run: Callable[[], None] = count
    run()
    assert min(counts) > 20
