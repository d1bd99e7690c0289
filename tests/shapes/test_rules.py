"""The form of the rules: what each must carry, and that nothing in them points nowhere."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
import rdflib
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH
from rdflib.plugins.sparql import prepareQuery
from shape_cases import RULE, SHAPES, queries, rules

from cicakg.checks.shacl_terms import SHACL_TERMS
from cicakg.vocab import BASE, CICA, CONCEPT

CODES = sorted(rules())
FILES = sorted(SHAPES.glob("*.ttl"))
TARGETS = (SH.target, SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("part", "languages"),
    [
        (RULE.what, ["en"]),
        (RULE.why, ["en"]),
        (RULE.example, ["en"]),
        (RULE.fix, ["ar", "en", "kk", "ms", "ru"]),
        (SH.message, ["ar", "en", "kk", "ms", "ru"]),
    ],
)
def test_a_rule_says_each_thing_once_in_its_languages(
    code: str, part: rdflib.URIRef, languages: list[str], shapes: rdflib.Graph
) -> None:
    """What docs/rules.md, `cicakg rules` and a finding show is complete, and says one thing."""
    said = list(shapes.objects(rules()[code], part))
    assert sorted(str(getattr(one, "language", None)) for one in said) == languages
    assert all(str(one).strip() == str(one) != "" for one in said)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_one_code_one_severity_and_its_code_as_name(code: str, shapes: rdflib.Graph) -> None:
    """Reports cite the shape's IRI, people its code: they are the same word."""
    shape = rules()[code]
    assert str(shape) == str(RULE) + "".join(word.capitalize() for word in code.split("-"))
    assert [str(one) for one in shapes.objects(shape, RULE.code)] == [code]
    (severity,) = shapes.objects(shape, SH.severity)
    assert severity in {SH.Violation, SH.Warning, SH.Info}


def test_no_two_rules_share_a_code(shapes: rdflib.Graph) -> None:
    """A code names one rule."""
    codes = [str(code) for code in shapes.objects(None, RULE.code)]
    assert sorted(codes) == sorted(set(codes))


def test_all_that_can_fire_is_a_rule(shapes: rdflib.Graph) -> None:
    """A shape with a target has a code, and no rule hands its focus nodes on to shapes without one."""
    coded = set(rules().values())
    assert {shape for target in TARGETS for shape in shapes.subjects(target)} == coded
    assert not {
        shape for shape in coded if (shape, SH.property, None) in shapes or (shape, SH.node, None) in shapes
    }


def test_a_rule_of_several_constraints_is_told_by_one_message(shapes: rdflib.Graph) -> None:
    """A query inside a rule brings no message or severity of its own: pySHACL would ignore the severity."""
    inside = [node for shape in rules().values() for node in shapes.objects(shape, SH.sparql)]
    assert inside
    assert not [
        node for node in inside if (node, SH.severity, None) in shapes or (node, SH.message, None) in shapes
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.name))
def test_a_file_of_shapes_opens_with_one_plain_sentence(path: object) -> None:
    """A diplomat who opens the file reads first what it is about."""
    first = (SHAPES / str(path)).read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"# [A-Z][^#@<>]{40,}[.)]", first)


def test_the_shapes_are_well_formed_shacl(shapes: rdflib.Graph) -> None:
    """The shapes conform to the W3C's own shapes of shapes (SHACL, appendix C)."""
    conforms, _, text = validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True, advanced=True)
    assert conforms, text


def test_every_shacl_term_exists(shapes: rdflib.Graph) -> None:
    """A misspelt term (sh:mincount) is ignored by every engine, and the rule would hold nothing."""
    named = {str(node) for triple in shapes for node in triple if str(node).startswith(str(SH))}
    assert named <= SHACL_TERMS


def test_every_term_of_ours_that_a_rule_names_exists(shapes: rdflib.Graph, ontology: rdflib.Graph) -> None:
    """A rule about a class, property or concept that is not there matches nothing, silently."""
    texts = " ".join(queries().values())
    prefixes = dict(re.findall(r"PREFIX (\w+): <([^>]+)>", texts))
    named = {node for triple in shapes for node in triple if isinstance(node, rdflib.URIRef)}
    named |= {
        rdflib.URIRef(prefixes[prefix] + name) for prefix, name in re.findall(r"\b(\w+):([A-Za-z-]+)", texts)
    }
    named |= {rdflib.URIRef(iri) for iri in re.findall(rf"<({re.escape(CONCEPT)}[^>]+/[^>]+)>", texts)}
    ours = {node for node in named if str(node).startswith((CICA, CONCEPT)) and not str(node).endswith("/")}
    assert len(ours) > 50
    assert {node for node in ours if (node, RDF.type, None) not in ontology} == set()


def test_every_class_of_the_ontology_is_looked_at(shapes: rdflib.Graph, ontology: rdflib.Graph) -> None:
    """There is SHACL for every class: as a target, or as the class a query starts from."""
    classes = {one for one in ontology.subjects(RDF.type, OWL.Class) if str(one).startswith(BASE)}
    targets = {node for node in shapes.objects(None, SH.targetClass) if isinstance(node, rdflib.URIRef)}
    targets |= {
        rdflib.URIRef(CICA + name) for name in re.findall(r"\ba cica:(\w+)", " ".join(queries().values()))
    }
    assert len(classes) >= 25
    assert {str(one).removeprefix(CICA) for one in classes - targets} == set()


@pytest.mark.parametrize("use", sorted(queries()))
def test_a_query_reads_this_graph_only_and_binds_this(use: str) -> None:
    """A query in the shapes reaches out to nothing, selects ?this, and is SPARQL for both engines."""
    text = queries()[use]
    words = re.sub(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|[?$]\w+', " ", text)
    assert not re.search(r"\b(SERVICE|FROM|GRAPH|NOW|RAND|UUID)\b", words, re.IGNORECASE)
    assert "this" in [str(variable) for variable in prepareQuery(text).algebra.PV]
    empty = pyoxigraph.Store().query(text)
    assert isinstance(empty, pyoxigraph.QuerySolutions)
    assert list(empty) == []


def test_the_words_of_a_rule_are_declared(shapes: rdflib.Graph) -> None:
    """Every property of the rules' own vocabulary is explained where a reader of the shapes finds it."""
    used = {p for p in shapes.predicates() if str(p).startswith(str(RULE))}
    assert used == {
        one
        for one in shapes.subjects(RDF.type, OWL.AnnotationProperty)
        if (one, RDFS.comment, None) in shapes
    }
