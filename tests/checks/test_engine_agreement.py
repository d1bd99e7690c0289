"""Plain pySHACL, the checker's pySHACL and the fast engine judge random annotations alike, under the
dataset's own shapes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

import rdflib
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from pyshacl import validate
from rdflib import RDF, SH
from shape_cases import ENGINES, SHAPES, background, derived, shapes_graph

from cicakg.checks.engines.fast import fast_results
from cicakg.checks.engines.port import DataGraph, ShapeResult
from cicakg.checks.engines.reference import ReferenceEngine, validation_report
from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.checks.graphs import quiet_rdflib, rdflib_graph
from cicakg.turtle import read_turtle
from cicakg.vocab import CICA, term

ARTICLE: Final = "https://w3id.org/cicakg/article/2020-en-case"
ID: Final = "https://w3id.org/cicakg/id/"
CONCEPT: Final = "https://w3id.org/cicakg/concept/"

Parts = list[tuple[NamedNode, NamedNode | Literal]]


def names(base: str, words: str) -> st.SearchStrategy[NamedNode]:
    """Return a strategy for the IRIs of *words* under *base*."""
    return st.sampled_from([NamedNode(base + one) for one in words.split()])


def literals(datatype: str, forms: str) -> st.SearchStrategy[Literal]:
    """Return a strategy for literals of *datatype*; *forms* that are none are refused before the shapes are
    asked, and rdflib orders them in ways of its own.
    """
    return st.sampled_from([Literal(one, datatype=term(datatype)) for one in forms.split()])


THINGS: Final = names(
    ID,
    "aland berland toytown jane-roe toy-union toy-secretariat toy-times toy-ministers toy-secretary "
    "toy-chair-a toy-chair-b toy-member toy-appointment "
    " toy-series toy-meeting-1 toy-meeting-2 toy-handover toy-crisis "
    "toy-charter toy-amendment toy-plan toy-trade not-described",
)
TENURES: Final = names(ID, "toy-chair-a toy-chair-b toy-member toy-meeting-1 toy-crisis")
DATES: Final = st.one_of(
    literals("xsd:date", "2019-12-31 2020-01-01 2020-02-29 2021-06-15"),
    literals("xsd:gYearMonth", "2019-12 2020-01"),
    literals("xsd:gYear", "2019 2020 2021"),
)
NUMBERS: Final = st.one_of(
    literals("xsd:integer", "-1 0 1 27 101 99999"), literals("xsd:decimal", "-0.5 3.5 100.1 350")
)
WORDS: Final = st.builds(
    lambda value, tag: Literal(value, language=tag) if tag else Literal(value),
    st.sampled_from(
        ["", "Toy", "the Toy Union", "Ойыншық", "لعبة", "Ambassador Jane", "x" * 400, "a\u200fb"]
    ),
    st.sampled_from(["", "en", "ar", "kk", "ms", "kk-latn"]),
)
SPANS: Final = st.builds(
    lambda start, end: NamedNode(f"{ARTICLE}#char={start},{end}"),
    st.sampled_from(["0", "10", "010", "40", "990"]),
    st.sampled_from(["0", "10", "40", "400", "1001"]),
)
# No blank nodes: they are refused before the shapes are asked, and rdflib's STR() answers for them, which
# SPARQL 1.1, section 17.4.2.5, does not allow.
VALUES: Final[st.SearchStrategy[Any]] = st.one_of(THINGS, DATES, NUMBERS, WORDS, SPANS)


def part(name: str, *values: st.SearchStrategy[Any]) -> st.SearchStrategy[Parts]:
    """Return a strategy for what a node says by the property *name*: mostly one value, at times none, two or
    a strange one.
    """
    usual = st.one_of(*values)
    found = st.one_of(
        usual.map(lambda one: [one]), st.lists(usual, max_size=2), st.lists(VALUES, min_size=1, max_size=1)
    )
    return found.map(lambda given: [(term(name), one) for one in given])


def node(*parts: st.SearchStrategy[Parts]) -> st.SearchStrategy[Parts]:
    """Return a strategy for all that a node says."""
    return st.tuples(*parts).map(lambda given: [one for some in given for one in some])


def concepts(scheme: str, words: str) -> st.SearchStrategy[NamedNode]:
    """Return a strategy for concepts of *scheme*, one of them not described."""
    return names(f"{CONCEPT}{scheme}/", words + " not-described")


CLAIM_PREDICATES: Final = st.sampled_from(
    sorted(
        (
            one.triple.subject
            for one in background()
            if one.triple.object == term("cica:ClaimProperty") and isinstance(one.triple.subject, NamedNode)
        ),
        key=str,
    )
)
CLAIM: Final = node(
    part("rdf:type", st.just(term("cica:Claim"))),
    part("rdf:subject", THINGS, TENURES),
    part(
        "rdf:predicate", CLAIM_PREDICATES, names(CICA, "holder startDate endDate place memberCount capital")
    ),
    part("rdf:object", THINGS, DATES, NUMBERS, WORDS),
    part("cica:modality", concepts("modality", "fact fact plan intention proposal opinion")),
    part("cica:evidence", SPANS),
    st.one_of(st.just([]), part("cica:asOf", DATES)),
    st.one_of(st.just([]), part("cica:attributedTo", THINGS)),
    st.one_of(st.just([]), part("cica:basis", concepts("basis", "explicit resolved inferred corrected"))),
    st.one_of(st.just([]), part("cica:status", concepts("status", "accepted disputed rejected"))),
    st.one_of(st.just([]), part("cica:negated", literals("xsd:boolean", "true false"))),
    st.one_of(st.just([]), part("cica:conflictsWith", names(ARTICLE, "#c00 #c01 #c09"))),
    st.one_of(st.just([]), part("cica:quotedIn", names(ARTICLE, "#q0 #q1 #c00"))),
)
QUOTATION: Final = node(
    part("rdf:type", st.just(term("cica:Quotation"))),
    part("cica:speaker", THINGS),
    part("cica:quotationForm", concepts("quotation-form", "direct indirect")),
    part("cica:gloss", WORDS),
    part("cica:evidence", SPANS),
    st.one_of(st.just([]), part("cica:channel", THINGS)),
)
THING: Final = node(
    part(
        "rdf:type",
        names(
            CICA, "Person State Place Organization Organ Agent Chairmanship Membership Meeting ChangeEvent"
        ),
    ),
    part("skos:prefLabel", WORDS),
    part("skos:altLabel", WORDS),
    st.one_of(st.just([]), part("cica:place", THINGS)),
)
HEADER: Final = node(
    part("rdf:type", st.just(term("cica:Article"))),
    part("dcterms:identifier", st.sampled_from([Literal("000_0000000000000000"), Literal("4.txt")])),
    part("dcterms:title", WORDS),
    part("dcterms:language", st.sampled_from([Literal("en"), Literal("ar"), Literal("Arabic")])),
    part("dcterms:publisher", THINGS),
    part("cica:textLength", NUMBERS),
    st.one_of(part("dcterms:issued", DATES), node(part("cica:earliest", DATES), part("cica:latest", DATES))),
)


@st.composite
def articles(draw: st.DrawFn) -> list[Triple]:
    """Draw the triples of a small article, with faults of many kinds."""
    described = [(NamedNode(ARTICLE), draw(HEADER))]
    for kind, found in (
        ("c", draw(st.lists(CLAIM, max_size=8))),
        ("q", draw(st.lists(QUOTATION, max_size=2))),
    ):
        described += [
            (NamedNode(f"{ARTICLE}#{kind}{number:02}"), parts) for number, parts in enumerate(found)
        ]
    described += draw(st.lists(st.tuples(THINGS, THING), max_size=3))
    return [Triple(node, predicate, value) for node, parts in described for predicate, value in parts]


def results(report: rdflib.Graph) -> Counter[tuple[str, ...]]:
    """Count the results of *report*, each as all that is said of it, blank nodes of the shapes as one."""
    found = [
        result
        for node in report.subjects(RDF.type, SH.ValidationReport)
        for result in report.objects(node, SH.result)
    ]
    return Counter(
        tuple(
            sorted(
                f"{predicate} {_written(predicate, value)}"
                for predicate, value in report.predicate_objects(one)
            )
        )
        for one in found
    )


def _written(predicate: rdflib.term.Node, value: rdflib.term.Node) -> str:
    if predicate == SH.sourceConstraint and isinstance(value, rdflib.BNode):
        return "[]"
    return repr(value)


@cache
def shapes() -> ShapesGraph:
    """Return the shapes as the checker reads them."""
    paths = sorted(SHAPES.glob("*.ttl"))
    return ShapesGraph(one for path in paths for one in read_turtle(path.read_bytes()).statements)


def by_the_checker(triples: Iterable[Triple]) -> Counter[tuple[str, ...]]:
    """Return the results of the checker's own path, to the last property of the report."""
    return results(validation_report(rdflib_graph(triples), rdflib_graph(shapes().triples)))


def by_engine(
    engine: Callable[[DataGraph, ShapesGraph], list[ShapeResult]], triples: list[Triple]
) -> Counter[str]:
    """Return the results of *engine*, each as all its fields."""
    return Counter(map(repr, engine(DataGraph(triples), shapes())))


def by_plain_pyshacl(triples: Iterable[Triple]) -> Counter[tuple[str, ...]]:
    """Return the results of pySHACL on an rdflib graph whose queries are rdflib's own."""
    with quiet_rdflib():
        _, report, _ = validate(
            ENGINES["rdflib"](triples), shacl_graph=shapes_graph(), advanced=True, inplace=True
        )
    assert isinstance(report, rdflib.Graph), report
    return results(report)


def whole(triples: list[Triple]) -> list[Triple]:
    """Return *triples* with the background and what the tool derives, each once."""
    stood_on = [one.triple for one in background()]
    return list(dict.fromkeys([*stood_on, *triples, *derived([*stood_on, *triples])]))


@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink one of these takes minutes
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
@given(articles())
def test_random_annotations_are_judged_alike(triples: list[Triple]) -> None:
    """Whatever is annotated, right or wrong, the results are those of plain pySHACL, to the last property,
    and those of the fast engine are the same.
    """
    graph = whole(triples)
    assert by_the_checker(graph) == by_plain_pyshacl(graph)
    assert by_engine(fast_results, graph) == by_engine(ReferenceEngine().results, graph)
