"""Queries that are answered by counts taken at load: exactly some shapes, and never another answer."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Store

from cicakg.sparql.counting import Counts, insert_counts
from cicakg.store import build_snapshot
from cicakg.store.counts import take_counts
from cicakg.vocab import PREFIXES, RDF_TYPE

E = "http://example.org/"
BASE = E + "base/"
NODES = [NamedNode(E + name) for name in ("a", "b", "base/c", "d/../e")]
PREDICATES = [RDF_TYPE, NamedNode(E + "p"), NamedNode(E + "q")]
GRAPHS: list[NamedNode | DefaultGraph] = [DefaultGraph(), NamedNode(E + "g1"), NamedNode(E + "g2")]
ODD_NODES = [*NODES, BlankNode("x"), Literal("a"), Literal("a", language="kk"), Literal(1.0)]
ODD_GRAPHS = [*GRAPHS, BlankNode("g")]


def quads(values: list[Any], graphs: list[Any]) -> st.SearchStrategy[list[Quad]]:
    """Return lists of statements, many of which several graphs share."""
    subjects = [one for one in values if not isinstance(one, Literal)]
    parts = (subjects, PREDICATES, values, graphs)
    return st.lists(st.builds(Quad, *(st.sampled_from(part) for part in parts)), max_size=25)


@dataclass(frozen=True)
class Known:
    """A store and its counts; all are listed, however few they are of."""

    store: Store
    counts: Counts


def known(statements: list[Quad]) -> Known:
    """Hold *statements* as a server does."""
    store = build_snapshot(statements).store
    return Known(store, take_counts(store, fewest_each=0))


def answer(store: Store, query: str) -> tuple[list[str], list[str]]:
    """Return the variables and the rows that the engine writes, in order."""
    results: Any = store.query(query, base_iri=BASE, prefixes=PREFIXES)
    said = json.loads(results.serialize(format=QueryResultsFormat.JSON))
    return said["head"]["vars"], [json.dumps(row, sort_keys=True) for row in said["results"]["bindings"]]


# Patterns by their words, with the variable that may be a key: S, P, O and G stand for variables.
PATTERNS: list[tuple[list[str], str | None]] = [
    (["S", "P", "O"], "P"),
    (["S", "a", "O"], "O"),
    (["S", "rdf:type", "O"], "O"),
    (["S", f"<{RDF_TYPE.value}>", "O"], "O"),
    (["S", "a", f"<{E}a>"], None),
    (["S", "a", "<c>"], None),
    (["S", "a", f"<{E}none>"], None),
    (["S", "e:p", "O"], None),
    (["S", "<../q>", "O"], None),
    (["S", f"<{E}none>", "O"], None),
    (["GRAPH", "G", "{", "S", "P", "O", "}"], "G"),
]
PROLOGUES = ["", f"PREFIX e: <{E}> ", f"BASE <{E}> PREFIX e: <> BASE <base/>\n"]
SPACES = st.sampled_from([" ", "\n", "\t \r\n", " # it's 5 \" COUNT(*) } \n"])
NAMES = {"S": "s", "P": "known", "O": "Объект", "G": "graph", "N": "n"}


@dataclass(frozen=True)
class Question:
    """A query, and whether its order leaves nothing open."""

    text: str
    is_ordered: bool


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Return a query of one of the shapes, in any spelling."""
    pattern, key = draw(st.sampled_from(PATTERNS))
    kind = draw(st.sampled_from(["count", "group", "distinct"] if key else ["count"]))
    named = [one for one in pattern if one in NAMES]
    count = ["COUNT", "(", draw(st.sampled_from(["*", *named])), ")"]
    select, tail = ["(", *count, "AS", "N", ")"], []
    group = [key] if key and kind != "count" else []
    if kind == "distinct":
        select = ["DISTINCT", *group]
    elif group:
        select = draw(st.sampled_from([[*group, *select], [*select, *group], select]))
        tail += ["GROUP", "BY", *group]
    if kind != "distinct" and draw(st.booleans()):
        operand = draw(st.sampled_from([["N"], ["COUNT", "(", "*", ")"]]))
        mark = draw(st.sampled_from(["<", ">", "=", "!=", "<=", ">="]))
        tail += ["HAVING", "(", *operand, mark, str(draw(st.integers(0, 6))), ")"]
    is_ordered = draw(st.booleans())
    if is_ordered:
        names = [*group, *(["N"] if kind != "distinct" else [])]
        tail += ["ORDER", "BY"]
        for name in draw(st.permutations(names)):
            tail += draw(st.sampled_from([[name], ["ASC", "(", name, ")"], ["DESC", "(", name, ")"]]))
        cuts = [["LIMIT", str(draw(st.integers(0, 3)))], ["OFFSET", str(draw(st.integers(0, 2)))]]
        for cut in draw(st.permutations(cuts))[: draw(st.integers(0, 2))]:
            tail += cut
    words = ["SELECT", *select, *draw(st.sampled_from([["WHERE"], []])), "{", *pattern]
    words += [*draw(st.sampled_from([["."], []])), "}", *tail]
    prologue = draw(st.sampled_from(PROLOGUES[1:] if "e:p" in pattern else PROLOGUES))
    return Question(prologue + draw(spelt(words)), is_ordered)


@st.composite
def spelt(draw: st.DrawFn, words: list[str]) -> str:
    """Return *words* with variables named, keywords in some case, and some layout between them."""
    text = ""
    for word in words:
        if word in NAMES:
            text += draw(st.sampled_from("?$")) + NAMES[word]
        else:
            text += draw(st.sampled_from([word, word.lower()])) if word.isupper() else word
        text += draw(SPACES)
    return text


def require_same(data: Known, question: Question) -> None:
    """Compare the answers with and without the counts."""
    rewritten = insert_counts(question.text, data.counts, BASE)
    (head, rows), (given_head, given_rows) = answer(data.store, rewritten), answer(data.store, question.text)
    assert head == given_head
    assert Counter(rows) == Counter(given_rows)
    if question.is_ordered:
        assert rows == given_rows


@settings(deadline=None, max_examples=400)
@given(statements=quads(NODES, GRAPHS), question=questions())
def test_counts_change_no_answer(statements: list[Quad], question: Question) -> None:
    """Every shape in every spelling has the engine's own answer, its variables in the same order."""
    data = known(statements)
    assert None not in (data.counts.predicates, data.counts.classes, data.counts.graphs)
    require_same(data, question)


@settings(deadline=None, max_examples=200)
@given(statements=quads(ODD_NODES, ODD_GRAPHS), question=questions())
def test_odd_terms_change_no_answer(statements: list[Quad], question: Question) -> None:
    """Nor with blank nodes and literals as classes and blank nodes as graphs."""
    require_same(known(statements), question)


# Six triples in all: four of rdf:type, of three classes, two of which stand in both graphs.
FIXED = known(
    [
        *(Quad(NODES[0], RDF_TYPE, NODES[one], GRAPHS[1]) for one in (0, 1)),
        *(Quad(NODES[0], RDF_TYPE, NODES[one], GRAPHS[2]) for one in (0, 1, 2)),
        Quad(NODES[1], RDF_TYPE, NODES[0], GRAPHS[2]),
        Quad(NODES[1], PREDICATES[1], NODES[0], GRAPHS[1]),
        Quad(NODES[1], PREDICATES[2], NODES[0], DefaultGraph()),
    ]
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ["6"]),
        ("select(count(?known)as?n){?s?p?known.}", ["6"]),
        ("SELECT (COUNT(*) AS ?n) WHERE { ?s a ?c }", ["4"]),
        (f"SELECT (COUNT(?s) AS ?n) {{ ?s a <{E}a> }}", ["2"]),
        (f"PREFIX e: <{E}> SELECT (COUNT(?s) AS ?n) {{ $s e:p ?o }}", ["1"]),
        ("SELECT (COUNT(?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }", ["7"]),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?n", ["1", "1", "4"]),
        ("SELECT (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?n LIMIT 9", ["1", "1", "2"]),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?n", ["3", "4"]),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(?s) > 3)", ["4"]),
        ("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g", [E + "g1", E + "g2"]),
        ("SELECT DISTINCT ?c { ?s a ?c } ORDER BY DESC(?c)", [E + "base/c", E + "b", E + "a"]),
        ("SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?p OFFSET 2", [RDF_TYPE.value]),
    ],
)
def test_shapes_are_answered_by_counts(query: str, expected: list[str]) -> None:
    """Each shape is recognised, and right without any data at hand."""
    rewritten = insert_counts(query, FIXED.counts)
    assert rewritten != query
    found: Any = Store().query(rewritten)
    assert [row[0].value for row in found] == expected


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ["0"]),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p", []),
    ],
)
def test_nothing_is_counted(query: str, rows: list[str]) -> None:
    """Over no data there is one row without groups and none with them (SPARQL 1.1, section 11.2)."""
    rewritten = insert_counts(query, known([]).counts)
    assert rewritten != query
    found: Any = Store().query(rewritten)
    assert [row[0].value for row in found] == rows


def test_a_cut_without_an_order_keeps_its_length() -> None:
    """Which rows come first is left open; how many do is not."""
    for cut in ("LIMIT 2", "OFFSET 1", "LIMIT 5 OFFSET 2"):
        query = f"SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p ?o }} GROUP BY ?p {cut}"
        head, rows = answer(FIXED.store, insert_counts(query, FIXED.counts))
        given_head, given_rows = answer(FIXED.store, query)
        assert (head, len(rows)) == (given_head, len(given_rows))


COUNT_ALL = "SELECT (COUNT(*) AS ?n)"
NEAR_MISSES = [
    "ASK { ?s ?p ?o } # count(*)",
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(?x) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(1) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) + 1 AS ?n) { ?s ?p ?o }",
    "SELECT (SUM(?o) AS ?n) { ?s ?p ?o } # count",
    "SELECT (COUNT(*) AS ?n) (COUNT(?s) AS ?m) { ?s ?p ?o }",
    "SELECT DISTINCT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT REDUCED ?p { ?s ?p ?o } # distinct",
    "SELECT ?p { ?s ?p ?o } # distinct",
    "SELECT DISTINCT * { ?s ?p ?o }",
    "SELECT DISTINCT ?s { ?s ?p ?o }",
    "SELECT DISTINCT ?p { ?s ?p ?o } HAVING (?p > 1)",
    "SELECT (COUNT(*) AS ?o) { ?s ?p ?o }",
    "SELECT DISTINCT ?o { ?s ?p ?o }",
    "SELECT DISTINCT ?p ?o { ?s ?p ?o }",
    "SELECT DISTINCT ?p { GRAPH ?g { ?s ?p ?o } }",
    "SELECT DISTINCT ?g { GRAPH ?g { } }",
    "SELECT DISTINCT ?x { ?s ?p ?o }",
    "SELECT DISTINCT ?p { ?s ?p ?o } GROUP BY ?p",
    "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?s",
    "SELECT DISTINCT ?p { ?s ?p ?o } LIMIT -1",
    "SELECT DISTINCT ?p { ?s ?p ?o } LIMIT 1.5",
    "SELECT DISTINCT ?p { ?s ?p ?o } LIMIT 99999999999999999999",
    "SELECT DISTINCT ?p { ?s ?p ?o } LIMIT 1 LIMIT 2",
    "SELECT DISTINCT ?p FROM <http://example.org/g1> { ?s ?p ?o }",
    "SELECT DISTINCT ?p FROM NAMED <http://example.org/g1> { ?s ?p ?o }",
    f"{COUNT_ALL} {{ ?s ?p ?o }} VALUES ?s {{ <{E}a> }}",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?s",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY (STR(?p) AS ?x)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p ?s",
    f"{COUNT_ALL} {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?p",
    f"{COUNT_ALL} {{ ?s a <{E}a> }} GROUP BY ?s",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p HAVING (AVG(?o) > 1)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p HAVING (COUNT(*) > 1 && ?p != ?n)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p HAVING (COUNT(DISTINCT ?s) > 1)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p HAVING (COUNT(?x) > 1)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p HAVING (?n > 1.5)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p HAVING (?n > 1) (?n < 5)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p ORDER BY COUNT(?s)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p ORDER BY DESC(COUNT(*))",
    f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p ORDER BY STR(?p)",
    f"{COUNT_ALL} {{ ?s ?p ?o }} ORDER BY ?p",
    f"{COUNT_ALL} {{ ?s ?p ?s }}",
    f"{COUNT_ALL} {{ ?s ?s ?o }}",
    f"{COUNT_ALL} {{ GRAPH ?s {{ ?s ?p ?o }} }}",
    f"{COUNT_ALL} {{ GRAPH ?g {{ ?s a ?o }} }}",
    f"{COUNT_ALL} {{ GRAPH <{E}g1> {{ ?s ?p ?o }} }}",
    f"{COUNT_ALL} {{ ?s ?p 'a' }}",
    f"{COUNT_ALL} {{ ?s ?p 1 }}",
    f"{COUNT_ALL} {{ ?s ?p true }}",
    f"{COUNT_ALL} {{ ?s ?p <{E}a> }}",
    f"{COUNT_ALL} {{ ?s <{E}p> <{E}a> }}",
    f"{COUNT_ALL} {{ <{E}a> ?p ?o }}",
    f"{COUNT_ALL} {{ _:s ?p ?o }}",
    f"{COUNT_ALL} {{ ?s ?p [] }}",
    f"{COUNT_ALL} {{ [] ?p ?o }}",
    f"{COUNT_ALL} {{ ?s <{E}p>+ ?o }}",
    f"{COUNT_ALL} {{ ?s <{E}p>/<{E}q> ?o }}",
    f"{COUNT_ALL} {{ ?s ^<{E}p> ?o }}",
    f"{COUNT_ALL} {{ ?s !<{E}p> ?o }}",
    f"{COUNT_ALL} {{ ?s a/a ?o }}",
    f"{COUNT_ALL} {{ ?s ?p ?o , ?q }}",
    f"{COUNT_ALL} {{ ?s ?p ?o ; ?q ?r }}",
    f"{COUNT_ALL} {{ ?s ?p ?o . ?o ?q ?r }}",
    f"{COUNT_ALL} {{ ?s ?p ?o FILTER(ISIRI(?o)) }}",
    f"{COUNT_ALL} {{ ?s ?p ?o BIND(1 AS ?x) }}",
    f"{COUNT_ALL} {{ {{ ?s ?p ?o }} }}",
    f"{COUNT_ALL} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}",
    f"{COUNT_ALL} {{ {{ SELECT DISTINCT ?p {{ ?s ?p ?o }} }} }}",
    f"{COUNT_ALL} {{ OPTIONAL {{ ?s ?p ?o }} }}",
    f"{COUNT_ALL} {{ }}",
    f"{COUNT_ALL} {{ ?s a <{E}none> }}",
    f"{COUNT_ALL} {{ ?s <{E}none> ?o }}",
    f"CONSTRUCT {{ ?s ?p ?o }} {{ {{ {COUNT_ALL} {{ ?s ?p ?o }} }} }}",
    f"SELECT * {{ {{ {COUNT_ALL} {{ ?s ?p ?o }} }} }}",
    f"{COUNT_ALL} {{ ?s ?p ?o }} # {'long ' * 400}",
]


@pytest.mark.parametrize("query", NEAR_MISSES)
def test_what_is_merely_like_a_shape_is_left_alone(query: str) -> None:
    """A query that is not exactly of a shape reaches the engine as it is."""
    assert insert_counts(query, FIXED.counts) == query


@pytest.mark.parametrize(
    "query",
    [
        "SELECT COUNT(*) AS ?n { ?s ?p ?o }",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
        f"{COUNT_ALL} {{ ?s ?p ?o }} HAVING (?n > = 1)",
        f"{COUNT_ALL} {{ ?s ?p ?o }} GROUP BY ?p ORDER BY",
        f"{COUNT_ALL} {{ ?s ?p ?o",
        f"{COUNT_ALL} {{ ?s ?p ?o }} }}",
        f"{COUNT_ALL} {{ ?s ?p ?o }} '",
        f'{COUNT_ALL} {{ ?s ?p ?o }} """ ',
        f"{COUNT_ALL} {{ ?s ?p ?o . . }}",
        f"{COUNT_ALL} {{ ?s ?p a }}",
        f"{COUNT_ALL} {{ ?s a a }}",
        f"{COUNT_ALL} {{ ?s A ?o }}",
        f"{COUNT_ALL} {{ ?s nope:p ?o }}",
        f"{COUNT_ALL} {{ ?s <p> ?o }}",
        f"\u017f{COUNT_ALL[1:]} {{ ?s ?p ?o }}",
    ],
)
def test_errors_are_left_to_the_engine(query: str) -> None:
    """A query the engine refuses stays as it is, so its places are those of the text that was sent."""
    with pytest.raises(SyntaxError):
        FIXED.store.query(query)
    assert insert_counts(query, FIXED.counts) == query


def test_nothing_known_changes_nothing() -> None:
    """Where nothing was counted, or too much to be listed, the engine counts."""
    for query in (
        f"{COUNT_ALL} {{ ?s ?p ?o }}",
        "SELECT DISTINCT ?p { ?s ?p ?o }",
        f"{COUNT_ALL} {{ ?s a ?c }}",
    ):
        assert insert_counts(query, Counts()) == query


@pytest.mark.parametrize(
    "start", ["BASE x ", "PREFIX e <x:> ", "PREFIX e: x ", "BASE <rel> PREFIX e: <rel> "]
)
def test_a_faulty_prologue_is_said_where_it_is(start: str) -> None:
    """What comes before the pattern is kept, so an error there has the same place and words."""
    query = f"{start}{COUNT_ALL} {{ ?s ?p ?o }}"
    said = []
    for text in (query, insert_counts(query, FIXED.counts)):
        with pytest.raises(SyntaxError) as caught:
            FIXED.store.query(text)
        said.append(str(caught.value))
    assert said[0] == said[1]
