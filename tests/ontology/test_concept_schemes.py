"""What every concept scheme must have: the guideline's concepts, and words for them in five languages."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.term import BNode

from cicakg.languages import standard_tag
from cicakg.vocab import CONCEPT

LANGUAGES = ["ar", "en", "kk", "ms", "ru"]


def schemes(graph: Graph) -> dict[str, set[str]]:
    """Return the slugs of the concepts of each scheme, by the slug of the scheme."""
    found: dict[str, set[str]] = {}
    for concept, scheme in graph.subject_objects(SKOS.inScheme):
        found.setdefault(str(scheme).removeprefix(CONCEPT), set()).add(
            str(concept).removeprefix(f"{scheme}/")
        )
    return found


def english(graph: Graph, subject: URIRef, predicate: URIRef) -> str:
    """Return the one English text that *predicate* gives *subject*."""
    (text,) = (o for o in graph.objects(subject, predicate) if isinstance(o, Literal) and o.language == "en")
    return str(text)


def described(graph: Graph) -> list[URIRef]:
    """Return all schemes and concepts, sorted."""
    return sorted(one for one in set(graph.subjects()) if isinstance(one, URIRef))


def test_both_parsers_read_the_same_triples(project: Path, concepts: Graph) -> None:
    """The schemes are Turtle that both parsers understand alike, without blank nodes or repetitions."""
    parsed = [str(triple) for triple in ox.parse(path=project / "ontology" / "concepts.ttl")]
    assert len(parsed) == len(set(parsed)) == len(concepts)
    assert not [t for t in concepts if any(isinstance(node, BNode) for node in t)]


def test_schemes_hold_the_concepts_the_guideline_lists(
    concepts: Graph, guideline: dict[str, list[list[str]]]
) -> None:
    """An annotator may use every concept of the guideline's table, and there is no other."""
    assert schemes(concepts) == {row[0]: set(row[1].split()) for row in guideline["scheme"]}


def test_a_concept_and_its_scheme_name_each_other(concepts: Graph) -> None:
    """Each concept is in exactly one scheme, is a top concept of it, and the scheme lists it."""
    for concept in concepts.subjects(RDF.type, SKOS.Concept):
        (scheme,) = concepts.objects(concept, SKOS.inScheme)
        assert str(concept).startswith(f"{scheme}/")
        assert list(concepts.objects(concept, SKOS.topConceptOf)) == [scheme]
        assert (scheme, SKOS.hasTopConcept, concept) in concepts
        assert (scheme, RDF.type, SKOS.ConceptScheme) in concepts


def test_a_scheme_lists_no_concept_that_is_not_described(concepts: Graph) -> None:
    """A top concept that a scheme lists is a concept with a label."""
    listed = set(concepts.objects(None, SKOS.hasTopConcept))
    assert listed == set(concepts.subjects(RDF.type, SKOS.Concept))


def test_everything_is_labelled_in_the_five_languages(
    concepts: Graph, scripts: dict[str, re.Pattern[str]]
) -> None:
    """A reader of any of the five languages finds one preferred label, in the script of that language."""
    for one in described(concepts):
        labels = [o for o in concepts.objects(one, SKOS.prefLabel) if isinstance(o, Literal)]
        assert sorted(str(label.language) for label in labels) == LANGUAGES, one
        for label in labels:
            tag = str(label.language)
            assert standard_tag(tag) == tag, one
            assert scripts[tag].fullmatch(str(label)), f"{one}: {label!r}"


def test_labels_tell_the_concepts_of_a_scheme_apart(concepts: Graph) -> None:
    """Two concepts of one scheme never bear the same label in one language."""
    seen = Counter(
        (scheme, label)
        for concept, scheme in concepts.subject_objects(SKOS.inScheme)
        for label in concepts.objects(concept, SKOS.prefLabel)
    )
    assert [pair for pair, count in seen.items() if count > 1] == []


def test_everything_is_defined_without_its_own_name(concepts: Graph) -> None:
    """Each scheme and concept has one English definition, a phrase that does not lean on the label."""
    for one in described(concepts):
        label, definition = english(concepts, one, SKOS.prefLabel), english(concepts, one, SKOS.definition)
        assert not definition.endswith("."), one
        assert len(definition.split()) >= 3, one
        assert definition.split()[0].lower() not in {"a", "an", "the", "is"}, one
        assert not re.search(rf"\b{re.escape(label)}s?\b", definition, re.IGNORECASE), (
            f"{label}: {definition}"
        )


def test_dimensions_bear_the_names_that_cica_gives_them(concepts: Graph) -> None:
    """The five dimensions are called as they are in CICA's Catalogue of Confidence-Building Measures."""
    names = {
        english(concepts, concept, SKOS.prefLabel).removesuffix(" dimension")
        for concept in concepts.subjects(SKOS.inScheme, URIRef(CONCEPT + "dimension"))
        if isinstance(concept, URIRef)
    }
    assert names == {"military-political", "new challenges and threats", "economic", "environmental", "human"}


def test_properties_point_to_schemes_that_exist(ontology: Graph, concepts: Graph) -> None:
    """A property that takes a concept says out of which scheme, and every scheme serves a property."""
    pointed = {o for o in ontology.objects(None, RDFS.seeAlso) if str(o).startswith(CONCEPT)}
    assert pointed == set(concepts.subjects(RDF.type, SKOS.ConceptScheme))
    range_includes = URIRef("https://schema.org/rangeIncludes")
    for subject in ontology.subjects(range_includes, SKOS.Concept):
        assert pointed & set(ontology.objects(subject, RDFS.seeAlso)), subject
