"""The two engines say the same, and the fast one leaves to the judge what it does not know."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
import shacl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rich_shapes import BLANK_NODES, NODES, PARTS, QUERIES, graphs, shapes, shapes_in, triples_in

from cicakg.checks.engines import engine_named
from cicakg.checks.engines.fast import FastEngine, fast_results
from cicakg.checks.engines.plan import plan_of
from cicakg.checks.engines.port import DataGraph, Engine, ShapeResult, UnsupportedShapesError
from cicakg.checks.engines.reference import ReferenceEngine
from cicakg.checks.engines.shapes_graph import ShapesGraph, sh
from cicakg.errors import CicakgError
from cicakg.turtle import read_turtle
from cicakg.vocab import PREFIXES

XSD: Final = PREFIXES["xsd"]
ASKED: Final = ("targets", "queries")
"""The parts whose focus nodes are found by queries, which give blank nodes no name."""

Seen = tuple[str, ...]


def seen(results: list[ShapeResult]) -> Counter[Seen]:
    """Count *results*, each as all that is said of it."""
    return Counter(
        (
            str(one.focus),
            one.path_text,
            str(one.path),
            str(one.value),
            one.component,
            str(one.shape),
            str(one.severity),
            *sorted(map(str, one.messages)),
        )
        for one in results
    )


def by_both(data: list[Triple], given: ShapesGraph) -> tuple[Counter[Seen], Counter[Seen]]:
    """Return the results of *given* on *data* by the fast engine alone, and by the judge."""
    return seen(fast_results(DataGraph(data), given)), seen(ReferenceEngine().results(DataGraph(data), given))


def nodes_of(part: str) -> st.SearchStrategy[NamedNode | BlankNode]:
    """Return a strategy for the nodes of graphs that are held against a part of the shapes."""
    return NODES if part in ASKED else st.one_of(NODES, NODES, BLANK_NODES)


@pytest.mark.parametrize("part", PARTS)
def test_random_graphs_are_judged_alike(part: str) -> None:
    """Whatever the data, each result of the fast engine is one of pySHACL's, as often, and the reverse."""
    counted: Counter[str] = Counter()

    @settings(
        max_examples=40,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink one takes minutes
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(graphs(nodes_of(part)))
    def are_alike(triples: list[Triple]) -> None:
        found, judged = by_both(triples, shapes(part))
        assert found == judged
        counted.update(one[5] for one in found)

    are_alike()
    assert len(counted) > 1, "nothing was found, so nothing was compared"


def test_random_graphs_are_judged_alike_where_blank_nodes_are_asked_about() -> None:
    """A blank node that a query should be asked about is left to the judge, and no result of it is lost."""
    data = triples_in("_:x a ex:A ; ex:p 1 . ex:n0 a ex:A ; ex:p 2 .")
    with pytest.raises(UnsupportedShapesError):
        fast_results(DataGraph(data), shapes("queries"))
    found = FastEngine().results(DataGraph(data), shapes("queries"))
    assert seen(found) == seen(ReferenceEngine().results(DataGraph(data), shapes("queries")))
    assert {type(one.focus) for one in found} == {BlankNode, NamedNode}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("sh:targetClass ex:A", "d n0 n1"),
        ("a rdfs:Class, sh:NodeShape", "s"),
        ("sh:targetSubjectsOf ex:p", "n0 n2"),
        ("sh:targetObjectsOf ex:p", "n1 n3"),
        ("sh:targetNode ex:n3, ex:n4", "n3 n4"),
        ("sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this { ?this <http://e/p> ?o }' ]", "n0 n2"),
    ],
)
def test_queries_are_asked_about_the_targets_of_their_shape(
    engine: Engine, target: str, expected: str
) -> None:
    """Instances of a class are those of its subclasses, too, in a circle as well (SHACL, section 2.1.3)."""
    data = triples_in("""ex:n0 a ex:A ; ex:p ex:n1 . ex:n1 a ex:C . ex:n2 a ex:D ; ex:p ex:n3 . ex:d a ex:B .
        ex:C rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:A, ex:C .
        ex:A rdfs:subClassOf ex:D . ex:s a ex:S .""")
    given = shapes_in(
        f"ex:S a sh:NodeShape ; {target} ; sh:sparql [ sh:select 'SELECT $this {{ ?a ?b ?c }}' ] ."
    )
    found = {str(one.focus) for one in engine.results(DataGraph(data), given)}
    assert found == {f"<http://e/{name}>" for name in expected.split()}


# What differs: by the specification the fast engine is right in each case; docs/checking.md lists them.

DIFFERENCES: Final = {
    "the inverse of a sequence is the sequence of the inverses in reverse order": (
        "ex:S sh:targetNode ex:c ; sh:property [ sh:maxCount 0 ; sh:path [ sh:inversePath ( ex:p ex:q ) ] ].",
        "ex:a ex:p ex:b . ex:b ex:q ex:c .",
        1,
    ),
    "values that cannot be compared are no less than one another (4.5.3)": (
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:lessThan ex:q ] .",
        "ex:a ex:p true ; ex:q 1 .",
        1,
    ),
    "prefixes are those of the graphs imported, too (5.2.1)": (
        """ex:Y sh:declare [ sh:prefix 'ex' ; sh:namespace 'http://e/' ] .
        ex:X <http://www.w3.org/2002/07/owl#imports> ex:Y . ex:S sh:targetNode ex:a ;
            sh:sparql [ sh:prefixes ex:X ; sh:select 'SELECT $this { $this ex:p ?o }' ] .""",
        "ex:a ex:p ex:b .",
        1,
    ),
    "only the literal true turns sh:uniqueLang on (4.4.5)": (
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:uniqueLang '1'^^xsd:boolean ] .",
        "ex:a ex:p 'x'@en, 'y'@en .",
        0,
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_known_differences_are_as_they_are_listed(name: str) -> None:
    """Where pySHACL departs from the specification, the fast engine gives as many results as it asks for.

    One that differs no longer must go from the list.
    """
    text, data, expected = DIFFERENCES[name]
    assert len(fast_results(DataGraph(triples_in(data)), shapes_in(text))) == expected
    try:
        judged = len(ReferenceEngine().results(DataGraph(triples_in(data)), shapes_in(text)))
    except CicakgError:
        judged = -1
    assert judged != expected


def test_dates_in_queries_are_compared(engine: Engine) -> None:
    """The library never finds a date less than another inside sh:sparql; our queries must.

    2020-01-02 is before 2020-01-10, and 2021-01-01 is not before 2020-12-31.
    """
    data = triples_in("""ex:n0 a ex:A ; ex:d "2020-01-10"^^xsd:date ; ex:e "2020-01-02"^^xsd:date .
        ex:n1 a ex:A ; ex:d "2020-12-31"^^xsd:date ; ex:e "2021-01-01"^^xsd:date .""")
    given = shapes_in("""ex:S sh:targetClass ex:A ; sh:sparql [ sh:select '''
        SELECT $this WHERE { $this <http://e/d> ?d ; <http://e/e> ?e FILTER(?e < ?d) }''' ] .""")
    assert [str(one.focus) for one in engine.results(DataGraph(data), given)] == ["<http://e/n0>"]


REWRITTEN: Final = """ex:n0 ex:p 01, 1.50, "1"^^xsd:boolean, "2020-02-30"^^xsd:date, "x"^^xsd:integer, +3,
    "2020-01-01T24:00:00"^^xsd:dateTime ; ex:q 2 . ex:n1 ex:p 007 ; ex:q 010 ."""


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("sh:in ( 1 1.5 true 3 )", 8),
        ('sh:in ( 01 1.50 "1"^^xsd:boolean +3 007 )', 3),
        ('sh:pattern "^0"', 6),
        ("sh:datatype xsd:integer", 5),
        ("sh:datatype xsd:boolean", 7),
        ("sh:hasValue 1", 2),
        ("sh:hasValue 01", 1),
        ("sh:maxLength 2", 4),
        ("sh:disjoint ex:q", 0),
    ],
)
def test_literals_that_a_store_would_rewrite(engine: Engine, constraint: str, broken: int) -> None:
    """A literal is judged by its own form (RDF 1.1, section 3.3: terms are equal by their characters), not
    by the one in which the store keeps it.
    """
    given = shapes_in(f"ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; {constraint} ] .")
    assert len(engine.results(DataGraph(triples_in(REWRITTEN)), given)) == broken


def test_numbers_in_other_forms_are_compared(engine: Engine) -> None:
    """01, 1.50 and +3 are numbers: only 3 is not less than 2, and 7 is less than 10."""
    data = triples_in("ex:n0 ex:p 01, 1.50, +3 ; ex:q 2 . ex:n1 ex:p 007 ; ex:q 010 .")
    given = shapes_in("ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:lessThan ex:q ] .")
    found = engine.results(DataGraph(data), given)
    assert [one.value for one in found] == [Literal("+3", datatype=NamedNode(XSD + "integer"))]


def test_focus_nodes_keep_their_form() -> None:
    """The object of a property, as a focus node of a query, is told as it is written, not as it is stored."""
    given = shapes_in(
        "ex:S sh:targetObjectsOf ex:p ; sh:sparql [ sh:select 'SELECT $this { ?a ?b $this }' ] ."
    )
    found = fast_results(DataGraph(triples_in("ex:n0 ex:p 01 . ex:n1 ex:p 1 .")), given)
    assert sorted(str(one.focus)[:4].rstrip("^") for one in found) == ['"01"', '"1"']


# What is left to the judge

AGENT: Final = "ex:S sh:targetNode ex:n0 ; "
QUERY: Final = AGENT + "sh:sparql [ sh:select '''%s''' ] ."
REFUSED: Final = {
    "sh:rule": AGENT
    + "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:p ; sh:object ex:o ] .",
    "sh:js": AGENT + "sh:js [ a sh:JSConstraint ; sh:jsFunctionName 'f' ] .",
    "an unknown term": AGENT + "sh:mincount 1 ; sh:nodeKind sh:Literal .",
    "a component": "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:v ] . "
    + AGENT
    + "ex:v 1 ; sh:nodeKind sh:Literal .",
    "sh:targetShape": "ex:S sh:targetNode ex:n0 ; sh:nodeKind sh:Literal . ex:T a sh:Function .",
    "another target": "ex:S sh:target [ a ex:Target ] ; sh:nodeKind sh:Literal .",
    "two queries of a target": "ex:S sh:nodeKind sh:Literal ; sh:target [ a sh:SPARQLTarget ; sh:select "
    "'SELECT ?this { ?this ?a ?b }', 'SELECT ?this { ?this <http://e/p> ?b }' ] .",
    "sh:sparql in a shape of another": AGENT
    + "sh:node [ sh:sparql [ sh:select 'SELECT $this { $this ?a ?b }' ] ] .",
    "sh:sparql in a property": AGENT
    + "sh:property [ sh:path ex:p ; sh:sparql [ sh:select 'SELECT $this { $this ?a ?b }' ] ] .",
    "a property shape without a path": AGENT + "sh:property [ sh:minCount 1 ] .",
    "$PATH": "ex:S a sh:PropertyShape ; sh:path ex:p ; sh:targetNode ex:n0 ; sh:sparql "
    "[ sh:select 'SELECT $this ?value { $this $PATH ?value }' ] .",
    "$shapesGraph": QUERY % "SELECT $this { GRAPH $shapesGraph { $currentShape ?a ?b } }",
    "?failure": QUERY % "SELECT $this (true AS ?failure) { $this ?a ?b }",
    "MINUS": QUERY % "SELECT $this { $this ?a ?b MINUS { $this ?a 1 } }",
    "VALUES": QUERY % "SELECT $this { VALUES ?a { <http://e/p> } $this ?a ?b }",
    "AS $this": QUERY % "SELECT (?b AS $this) { <http://e/n0> ?a ?b }",
    "an inner query without $this": QUERY % "SELECT $this { { SELECT ?a { ?x ?a ?b } } }",
    "a literal chosen by a query": "ex:S sh:nodeKind sh:IRI ; sh:target [ a sh:SPARQLTarget ; "
    "sh:select 'SELECT ?this { ?a ?b ?this }' ] .",
    "a class of OWL": "ex:A a <http://www.w3.org/2002/07/owl#Class>, sh:NodeShape ; sh:nodeKind sh:Literal .",
    "a class of classes": "ex:M rdfs:subClassOf rdfs:Class . ex:A a ex:M, sh:NodeShape ; sh:class ex:C .",
    "a class with a query": "ex:A a rdfs:Class ; sh:sparql [ sh:select 'SELECT $this { $this ?a ?b }' ] .",
    "a chosen node with a query": "ex:S sh:sparql [ sh:select 'SELECT $this { $this ?a ?b }' ] ; "
    "sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this { ?this <http://e/p> ?o }' ] .",
    "sh:deactivated 1": AGENT + "sh:deactivated '1'^^xsd:boolean ; sh:nodeKind sh:Literal .",
    "sh:closed 'true'": AGENT + "sh:closed 'true' .",
    "a blank node of the shapes": "ex:S sh:targetNode [] ; sh:nodeKind sh:Literal .",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_known_is_left_to_the_judge(name: str) -> None:
    """The fast engine refuses what it does not know, and what the judge says of it is what comes out."""
    data, given = triples_in("ex:n0 a ex:A ; ex:p 1, ex:n1 ."), shapes_in(REFUSED[name])
    with pytest.raises(UnsupportedShapesError):
        fast_results(DataGraph(data), given)
    assert outcome(FastEngine(), data, given) == outcome(ReferenceEngine(), data, given)


def outcome(engine: Engine, data: list[Triple], given: ShapesGraph) -> object:
    """Return the results, or the code of the error."""
    try:
        return {one[:1] + one[2:] for one in map(tuple, seen(engine.results(DataGraph(data), given)))}
    except CicakgError as error:
        return error.code


def test_words_that_only_look_like_what_is_refused_are_not() -> None:
    """A variable ?thisValues, a comment about minus, or a shape in a string keep nothing from being fast."""
    text = """SELECT $this ?values { # minus what has a value
        $this ?values "MINUS a Shape" , ?minus }"""
    assert plan_of(shapes_in(QUERY % text.replace("'", ""))).constraints


@pytest.mark.parametrize("without", ["corpus", ""])
def test_the_shapes_of_the_dataset_are_not_refused(project: Path, without: str) -> None:
    """Both levels of the dataset's own shapes are for the fast engine, or a check would take a hundred times
    as long.
    """
    paths = [one for one in (project / "shapes").glob("*.ttl") if not without or without not in one.name]
    plan = plan_of(ShapesGraph(one for path in paths for one in read_turtle(path.read_bytes()).statements))
    assert plan.core
    assert plan.targets


def test_shapes_without_a_name_are_told_by_their_own_label() -> None:
    """The library's name for a blank node is never handed on."""
    given = shapes_in("[] sh:targetNode ex:n0 ; sh:nodeKind sh:Literal .")
    (found,) = fast_results(DataGraph([]), given)
    assert found.shape in {one.subject for one in given.triples}


class Failing:
    """Stands in for the library's shapes, and fails."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def from_text(self, *_: object, **__: object) -> shacl.Shapes:
        """Fail."""
        raise self._error


class PanicException(BaseException):
    """What pyo3 raises when Rust panics; it has no name of its own to import."""


@pytest.mark.parametrize("error", [ValueError("no"), PanicException("index out of bounds")])
def test_a_library_that_fails_is_replaced_by_the_judge(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Neither an error of the library nor a panic in it keeps the shapes from being run."""
    monkeypatch.setattr("shacl.Shapes", Failing(error))
    given = shapes_in(AGENT + "sh:nodeKind sh:Literal .")
    (found,) = FastEngine().results(DataGraph([]), given)
    assert found.component == str(sh("NodeKindConstraintComponent"))


def test_an_interruption_is_no_failure_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the check and does not start it again with the slower engine."""
    monkeypatch.setattr("shacl.Shapes", Failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        FastEngine().results(DataGraph([]), shapes_in(AGENT + "sh:nodeKind sh:Literal ."))


def test_the_fast_engine_must_be_installed_to_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is missing, "fast" is an error that says what to do, and "auto" is the judge."""
    assert isinstance(engine_named("auto"), FastEngine)
    assert isinstance(engine_named("pyshacl"), ReferenceEngine)
    monkeypatch.setattr(
        "cicakg.checks.engines.find_spec", lambda name: None if name == "shacl" else find_spec(name)
    )
    assert isinstance(engine_named("auto"), ReferenceEngine)
    with pytest.raises(CicakgError) as caught:
        engine_named("fast")
    assert caught.value.code == "engine-missing"


def test_messages_are_told_in_their_languages(engine: Engine) -> None:
    """A message of a query keeps its language and gets the values found, whatever the engine."""
    found = engine.results(DataGraph(triples_in("ex:n0 a ex:A ; ex:p ex:n1 .")), shapes_in(QUERIES))
    said = {text for one in found for text in one.messages}
    assert Literal("http://e/n1 is a http://e/n0.", language="en") in said
    assert Literal("Мәні http://e/n1.", language="kk") in said
    assert Literal("No {?nothing}") in said
