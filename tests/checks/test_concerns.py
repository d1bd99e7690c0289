"""Of the shapes that look at the whole corpus, those a change can concern are asked again, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from cicakg.checks.changes import Changes
from cicakg.checks.concerns import Families
from cicakg.checks.engines import engine_named
from cicakg.checks.engines.port import DataGraph, ShapeResult
from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.checks.shape_rules import shape_rules_of
from cicakg.checks.shapes import shapes_graph
from cicakg.checks.sources import is_whole
from cicakg.turtle import TurtleDocument, read_turtle
from cicakg.vocab import PREFIXES, RDF_TYPE, term

Value = NamedNode | Literal

SHAPES = Path(__file__).resolve().parents[2] / "shapes"
ARTICLE = "https://w3id.org/cicakg/article/2031-ms-{}"
CLAIMS = [NamedNode(ARTICLE.format(a) + f"#c{n}") for a in "ab" for n in range(1, 6)]
SPANS = [NamedNode(ARTICLE.format(a) + "#char=0,9") for a in "ab"]
ARTICLES = [NamedNode(ARTICLE.format(a)) for a in "ab"]
ENTITIES = [term(f"id:{one}") for one in ("one", "two", "three")]
CONCEPT = "https://w3id.org/cicakg/concept/"
MODALITIES = [NamedNode(f"{CONCEPT}modality/{one}") for one in ("fact", "plan")]
STATUSES = [NamedNode(f"{CONCEPT}status/{one}") for one in ("accepted", "rejected", "superseded")]
VALUES = [Literal(one, datatype=term("xsd:date")) for one in ("2031-05-02", "2031-05-04")]
VALUES += [Literal(one, datatype=term("xsd:integer")) for one in ("1", "2")]
LABELS = [Literal("One", language="en"), Literal("Satu", language="ms")]
TRUE = Literal("true", datatype=term("xsd:boolean"))

NAMES = """
    startDate endDate ordinal inSeries holder organization office place affects adoptedAt documentType
    precededBy role amends memberCount
"""
KINDS = "Meeting MeetingSeries Chairmanship Membership ChangeEvent Place State"

terms = st.sampled_from([term(f"cica:{one}") for one in NAMES.split()])
classes = st.sampled_from([term(f"cica:{one}") for one in KINDS.split()])


def said(
    subjects: Iterable[NamedNode], name: str, values: st.SearchStrategy[object]
) -> st.SearchStrategy[Triple]:
    """Return triples of *subjects* with the predicate *name*."""
    return st.builds(Triple, st.sampled_from(list(subjects)), st.just(term(name)), values)


triples = st.one_of(
    *(said(CLAIMS, "rdf:subject", st.sampled_from(ENTITIES)) for _ in range(2)),
    *(said(CLAIMS, "rdf:predicate", terms) for _ in range(2)),
    *(said(CLAIMS, "rdf:object", st.sampled_from([*ENTITIES, *VALUES])) for _ in range(2)),
    said(CLAIMS, "rdf:type", st.just(term("cica:Claim"))),
    said(CLAIMS, "cica:modality", st.sampled_from(MODALITIES)),
    said(CLAIMS, "cica:status", st.sampled_from(STATUSES)),
    said(CLAIMS, "cica:negated", st.just(TRUE)),
    said(CLAIMS, "cica:asOf", st.sampled_from(VALUES[:2])),
    said(CLAIMS, "cica:conflictsWith", st.sampled_from(CLAIMS)),
    said(CLAIMS, "dcterms:replaces", st.sampled_from(CLAIMS)),
    said(CLAIMS, "cica:evidence", st.sampled_from(SPANS)),
    said(CLAIMS, "cica:quotedIn", st.sampled_from(SPANS)),
    said(SPANS, "rdf:type", st.just(term("cica:Quotation"))),
    said(SPANS, "oa:hasSource", st.sampled_from(ARTICLES)),
    said(ARTICLES, "rdf:type", st.just(term("cica:Article"))),
    said(ARTICLES, "cica:digest", st.just(Literal("sha256:1"))),
    said(ARTICLES, "dcterms:language", st.sampled_from([Literal("ms"), Literal("ar")])),
    *(said(ENTITIES, "rdf:type", classes) for _ in range(2)),
    said(ENTITIES, "skos:prefLabel", st.sampled_from(LABELS)),
    said(ENTITIES, "owl:sameAs", st.just(NamedNode("http://example.org/1"))),
    said(ENTITIES, "owl:deprecated", st.just(TRUE)),
)
OTHERS: Sequence[Value] = ENTITIES
FITTING: dict[str, Sequence[Value]] = {
    "inSeries": [ENTITIES[2]],
    "ordinal": VALUES[2:],
    "startDate": VALUES[:2],
    "endDate": VALUES[:2],
}


@st.composite
def claims(draw: st.DrawFn) -> frozenset[Triple]:
    """Return the triples of a claim that is whole, so that rules between claims have something to find."""
    claim, name = draw(st.sampled_from(CLAIMS)), draw(st.sampled_from(["amends", "holder", *FITTING]))
    said_of: dict[str, Value] = {
        "rdf:type": term("cica:Claim"),
        "rdf:subject": draw(st.sampled_from(ENTITIES[:2])),
        "rdf:predicate": term(f"cica:{name}"),
        "rdf:object": draw(st.sampled_from(FITTING.get(name, OTHERS))),
        "cica:modality": draw(st.sampled_from(MODALITIES)),
    }
    return frozenset(Triple(claim, term(one), value) for one, value in said_of.items())


@st.composite
def entities(draw: st.DrawFn) -> frozenset[Triple]:
    """Return the triples of an entity, with a label that another may have."""
    entity, kind = draw(st.sampled_from(ENTITIES)), draw(st.sampled_from(["Meeting", "Meeting", "Place"]))
    label = Triple(entity, term("skos:prefLabel"), draw(st.sampled_from(LABELS)))
    return frozenset({Triple(entity, RDF_TYPE, term(f"cica:{kind}")), label})


@st.composite
def meetings(draw: st.DrawFn) -> frozenset[Triple]:
    """Return two meetings of a series, each with its number and its day, in any order."""
    found = [Triple(one, RDF_TYPE, term("cica:Meeting")) for one in ENTITIES[:2]]
    free = iter(CLAIMS)
    for entity in ENTITIES[:2]:
        for name in ("inSeries", "ordinal", "startDate"):
            claim, value = next(free), draw(st.sampled_from(FITTING[name]))
            parts: dict[str, Value] = {"subject": entity, "predicate": term(f"cica:{name}"), "object": value}
            found += [Triple(claim, term(f"rdf:{one}"), node) for one, node in parts.items()]
    return frozenset(found)


corpora = st.builds(
    lambda *parts: frozenset[Triple]().union(*parts),
    st.frozensets(triples, max_size=12),
    st.one_of(st.just(frozenset[Triple]()), meetings()),
    *(st.one_of(st.just(frozenset[Triple]()), claims()) for _ in range(10)),
    *(entities() for _ in range(3)),
)
edits = st.frozensets(triples, min_size=1, max_size=3)


@cache
def documents() -> tuple[TurtleDocument, ...]:
    """Return the dataset's shapes that look at the whole corpus."""
    paths = (one for one in sorted(SHAPES.glob("*.ttl")) if is_whole(one) or one.name == "rules.ttl")
    return tuple(read_turtle(one.read_bytes()) for one in paths)


@cache
def dataset_shapes() -> tuple[ShapesGraph, Families]:
    """Return those shapes, and their families."""
    graph = shapes_graph(documents())
    return graph, Families(graph)


def results(graph: DataGraph, shapes: ShapesGraph) -> list[ShapeResult]:
    """Return what the shapes say of *graph*."""
    return engine_named().results(graph, shapes)


def changes(before: frozenset[Triple], after: frozenset[Triple]) -> Changes:
    """Return what leads from *before* to *after*."""
    return Changes(DataGraph(after).store, after - before, before - after)


@settings(deadline=None)
@given(before=corpora, edit=edits)
def test_a_shape_that_is_not_concerned_says_what_it_said(
    before: frozenset[Triple], edit: frozenset[Triple]
) -> None:
    """Whatever comes or goes, the results kept with those asked again are the results of all shapes."""
    shapes, families = dataset_shapes()
    after = before ^ edit
    known = results(DataGraph(before), shapes)
    nodes = families.concerned(changes(before, after), known)
    kept = [one for one in known if one.shape not in nodes]
    again = results(DataGraph(after), families.part(nodes)) if nodes else []
    assert set(kept + again) == set(results(DataGraph(after), shapes))
    assert len(kept + again) == len(set(kept + again))


def codes_concerned(edit: Triple, *others: Triple) -> set[str]:
    """Return the codes of the rules that *edit*, put beside *others*, concerns."""
    _, families = dataset_shapes()
    before = frozenset(others)
    nodes = families.concerned(changes(before, before | {edit}), ())
    rules = shape_rules_of(documents()).rules
    return {rule.code for shape, rule in rules.items() if shape in nodes}


Edit = Callable[[], set[str]]


@pytest.mark.parametrize(
    ("concerned", "some", "others"),
    [
        (
            lambda: codes_concerned(
                Triple(ENTITIES[0], term("skos:prefLabel"), LABELS[0]),
                Triple(ENTITIES[0], RDF_TYPE, term("cica:Place")),
            ),
            {"label-homonym", "entity-unused"},
            {"claim-duplicate", "ordinal-order", "conflict-unflagged", "date-order"},
        ),
        (
            lambda: codes_concerned(
                Triple(CLAIMS[0], term("rdf:object"), VALUES[2]),
                Triple(CLAIMS[0], term("rdf:object"), VALUES[3]),
                Triple(CLAIMS[0], term("rdf:predicate"), term("cica:ordinal")),
                Triple(CLAIMS[0], term("rdf:subject"), ENTITIES[0]),
            ),
            {"claim-duplicate"},
            {"label-homonym", "entity-unused", "article-twice", "place-circle", "succession-unique"},
        ),
    ],
)
def test_a_change_concerns_few_of_the_rules(concerned: Edit, some: set[str], others: set[str]) -> None:
    """A label does not make the claims be compared again, nor a number the labels: else nothing is gained."""
    found = concerned()
    assert some <= found
    assert not others & found


def test_a_shape_that_is_not_understood_is_always_concerned() -> None:
    """What has values counted or nested shapes is asked again whatever changes."""
    text = f"""
        @prefix sh: <{PREFIXES["sh"]}> . @prefix : <urn:x:> .
        :A a sh:NodeShape ; sh:target [
            a sh:SPARQLTarget ; sh:select "SELECT ?this {{ ?this <urn:x:p> 1 }}" ] ;
            sh:property [ sh:path :q ; sh:minCount 1 ] .
    """
    shapes = shapes_graph([read_turtle(text.encode())])
    edit = frozenset({Triple(ENTITIES[0], NamedNode("urn:x:other"), ENTITIES[1])})
    nodes = Families(shapes).concerned(changes(frozenset(), edit), ())
    assert NamedNode("urn:x:A") in nodes
    assert Families(shapes).part(nodes).triples == shapes.triples
