"""What every term of the ontology must have, so that readers of five languages can understand it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS
from rdflib.term import BNode, Node

from cicakg.languages import standard_tag
from cicakg.vocab import CICA

ONTOLOGY = URIRef("https://w3id.org/cicakg/ontology")
LANGUAGES = {"en", "ar", "kk", "ms", "ru"}
PROPERTY_KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
FUNCTIONAL = {
    "memberCount",
    "observerStateCount",
    "observerOrganizationCount",
    "partnerOrganizationCount",
    "eventCount",
    "participantCount",
    "population",
    "grossProductShare",
    "tradeShare",
    "capital",
}
# The vocabularies we build on cannot say that a statement is denied, or that a property changes with time.
WITHOUT_STANDARD_TERM = {"negated", "functionalInTime", "ClaimProperty", "Claim"}
# rdflib knows the terms of these vocabularies; it is asked whether a term we build on exists.
KNOWN = (PROV, ORG, FOAF, SDO, SKOS, DCTERMS, OWL, RDF)
# Terms it does not know, each looked up in its own specification.
LOOKED_UP = {
    "https://schema.org/measurementQualifier",
    "http://www.w3.org/ns/oa#SpecificResource",
    "http://www.w3.org/ns/oa#TextPositionSelector",
    "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#RFC5147String",
    "http://linkedevents.org/ontology/Event",
    "http://linkedevents.org/ontology/involvedAgent",
    "http://semanticweb.cs.vu.nl/2009/11/sem/Event",
    "http://semanticweb.cs.vu.nl/2009/11/sem/eventType",
    "http://purl.org/ontology/bibo/Article",
    "http://purl.org/ontology/bibo/Conference",
    "http://purl.org/ontology/bibo/Document",
    "http://purl.org/ontology/bibo/Quote",
    "http://purl.org/ontology/bibo/presentedAt",
}


def terms(graph: Graph) -> list[URIRef]:
    """Return the terms the ontology declares, sorted."""
    return sorted(s for s in set(graph.subjects()) if isinstance(s, URIRef) and s.startswith(CICA))


def name(term: Node) -> str:
    """Return the local name of a term."""
    return str(term).removeprefix(CICA)


def english(graph: Graph, term: Node, predicate: URIRef) -> str:
    """Return the one English text that *predicate* gives *term*."""
    texts = [o for o in graph.objects(term, predicate) if isinstance(o, Literal) and o.language == "en"]
    assert len(texts) == 1, f"{name(term)} has {len(texts)} English {name(predicate)}"
    return str(texts[0])


def classes(graph: Graph) -> set[str]:
    """Return the names of the classes."""
    return {name(one) for one in graph.subjects(RDF.type, OWL.Class)}


def claim_properties(graph: Graph) -> set[str]:
    """Return the names of the properties that may be the predicate of a claim."""
    return {name(one) for one in graph.subjects(RDF.type, URIRef(CICA + "ClaimProperty"))}


def ancestors(graph: Graph, term: Node) -> Iterator[Node]:
    """Yield all superclasses and superproperties of *term*, near and far."""
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        yield from (o for o in graph.transitive_objects(term, predicate) if o is not None and o != term)


def test_both_parsers_read_the_same_triples(project: Path, ontology: Graph) -> None:
    """The ontology is Turtle that pyoxigraph and rdflib understand alike, and says nothing twice."""
    parsed = [str(triple) for triple in ox.parse(path=project / "ontology" / "cica.ttl")]
    assert len(parsed) == len(set(parsed)) == len(ontology)


def test_ontology_says_who_made_it_and_under_which_licence(ontology: Graph) -> None:
    """Whoever meets the ontology outside the project learns its version, licence, title and purpose."""
    assert ontology.value(ONTOLOGY, RDF.type) == OWL.Ontology
    version = ontology.value(ONTOLOGY, OWL.versionInfo)
    assert ontology.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert ontology.value(ONTOLOGY, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert {
        o.language for o in ontology.objects(ONTOLOGY, DCTERMS.title) if isinstance(o, Literal)
    } == LANGUAGES
    assert english(ontology, ONTOLOGY, DCTERMS.description)


def test_nothing_is_nameless_imported_or_typed_behind_the_annotators_back(ontology: Graph) -> None:
    """No blank nodes, imports, inverse properties, or domain and range from which a type would follow."""
    assert not [t for t in ontology if any(isinstance(node, BNode) for node in t)]
    forbidden = {OWL.imports, OWL.inverseOf, RDFS.domain, RDFS.range, OWL.equivalentClass}
    assert not forbidden & set(ontology.predicates())


def test_every_subject_is_the_ontology_or_one_of_its_terms(ontology: Graph) -> None:
    """The ontology speaks of no term that is not its own."""
    assert set(ontology.subjects()) == {ONTOLOGY, *terms(ontology)}


def test_terms_are_the_ones_the_guideline_names(
    ontology: Graph, guideline: dict[str, list[list[str]]]
) -> None:
    """An annotator may use every term of the guideline, and there is no other predicate of a claim."""
    words = re.findall(
        r"[A-Z][A-Za-z]+", " ".join(re.sub(r"\(.*?\)", "", row[0]) for row in guideline["class"])
    )
    assert set(words) | {"ClaimProperty"} == classes(ontology)
    predicates = {word for row in guideline["predicate of a claim"] for word in row[0].split(" · ")}
    assert predicates == claim_properties(ontology)


def test_properties_on_claims_quotations_and_articles_are_no_predicates_of_claims(ontology: Graph) -> None:
    """What describes a claim, a quotation or an article is declared, and cannot itself be claimed."""
    on_claim = "evidence modality negated attributedTo quotedIn asOf basis status comparator conflictsWith"
    on_quotation = "speaker quotationForm channel gloss"
    on_article = "digest textLength excludedPassage earliest latest"
    described = {*on_claim.split(), *on_quotation.split(), *on_article.split(), "functionalInTime"}
    declared = {name(term) for term in terms(ontology)}
    assert declared == classes(ontology) | claim_properties(ontology) | described
    assert not described & claim_properties(ontology)


def test_every_term_is_a_class_or_one_kind_of_property(ontology: Graph) -> None:
    """A term is exactly one of class, object property, datatype property and annotation property."""
    for term in terms(ontology):
        kinds = set(ontology.objects(term, RDF.type)) - {URIRef(CICA + "ClaimProperty")}
        assert len(kinds) == 1, name(term)
        assert kinds < PROPERTY_KINDS | {OWL.Class}, name(term)
        assert name(term)[0].isupper() == (kinds == {OWL.Class}), name(term)


def test_every_term_is_labelled_in_the_five_languages(ontology: Graph) -> None:
    """A reader of any of the five languages finds one label for each term, under a standard tag."""
    for term in terms(ontology):
        tags = [o.language for o in ontology.objects(term, RDFS.label) if isinstance(o, Literal)]
        assert sorted(filter(None, tags)) == sorted(LANGUAGES), name(term)
        assert all(standard_tag(tag) == tag for tag in tags if tag), name(term)


def test_every_label_is_written_in_the_script_of_its_language(
    ontology: Graph, scripts: dict[str, re.Pattern[str]]
) -> None:
    """An Arabic label is in Arabic letters, a Kazakh or Russian one in Cyrillic, the others in Latin."""
    for term, label in ontology.subject_objects(RDFS.label):
        assert isinstance(label, Literal)
        assert label.language is not None
        assert scripts[label.language].fullmatch(str(label)), f"{name(term)}: {label!r}"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_label_names_one_term(ontology: Graph, language: str) -> None:
    """Two terms never bear the same label in one language, or a reader could not tell them apart."""
    labels = Counter(
        str(o)
        for o in ontology.objects(None, RDFS.label)
        if isinstance(o, Literal) and o.language == language
    )
    assert [label for label, count in labels.items() if count > 1] == []


def test_every_term_is_defined_with_an_example(ontology: Graph) -> None:
    """Each term has one definition and one example in English, a line each, the definition a phrase."""
    for term in terms(ontology):
        definition, example = english(ontology, term, SKOS.definition), english(ontology, term, SKOS.example)
        assert definition == definition.strip(), name(term)
        assert "\n" not in definition + example, name(term)
        assert not definition.endswith("."), name(term)
        assert len(definition.split()) >= 3, name(term)
        assert ontology.value(term, RDFS.isDefinedBy) == ONTOLOGY, name(term)


def test_no_definition_is_circular(ontology: Graph) -> None:
    """A definition neither contains its label nor opens with an article, so that it can replace the term."""
    for term in terms(ontology):
        label, definition = english(ontology, term, RDFS.label), english(ontology, term, SKOS.definition)
        assert not re.search(rf"\b{re.escape(label)}s?\b", definition, re.IGNORECASE), (
            f"{label}: {definition}"
        )
        assert definition.split()[0].lower() not in {"a", "an", "the", "is"}, f"{label}: {definition}"


def test_no_two_terms_share_a_definition(ontology: Graph) -> None:
    """Terms that a definition cannot tell apart would be one term."""
    by_text = defaultdict(list)
    for term in terms(ontology):
        by_text[english(ontology, term, SKOS.definition)].append(name(term))
    assert [names for names in by_text.values() if len(names) > 1] == []


def test_every_term_specialises_a_standard_one(ontology: Graph) -> None:
    """A client that knows PROV, ORG, FOAF or schema.org understands our terms by the terms above them."""
    for term in terms(ontology):
        standard = [one for one in ancestors(ontology, term) if not str(one).startswith(CICA)]
        assert standard or name(term) in WITHOUT_STANDARD_TERM, name(term)


def test_every_term_built_on_exists(ontology: Graph) -> None:
    """No superclass, superproperty or pointer names a term that its vocabulary does not have."""
    own = {*terms(ontology)}
    used = {o for p in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso) for o in ontology.objects(None, p)}
    for one in used - own:
        if "w3id.org/cicakg/concept/" in str(one):
            continue
        assert str(one) in LOOKED_UP or any(str(one) in map(str, dir(vocabulary)) for vocabulary in KNOWN), (
            one
        )


def test_classes_go_under_classes_and_properties_under_properties(ontology: Graph) -> None:
    """A class begins with a capital and a property does not, so that a mix-up of the two shows."""
    for predicate, is_class in ((RDFS.subClassOf, True), (RDFS.subPropertyOf, False)):
        for below, above in ontology.subject_objects(predicate):
            local = re.split(r"[#/]", str(above))[-1]
            assert name(below)[0].isupper() == local[0].isupper() == is_class, f"{name(below)} under {above}"


def test_hints_of_domain_and_range_name_terms_that_exist(ontology: Graph) -> None:
    """What a property fits is said with our classes, SKOS concepts and datatypes, for checks to use."""
    own_classes = {URIRef(CICA + one) for one in classes(ontology)}
    subjects = set(ontology.objects(None, SDO.domainIncludes))
    assert subjects <= own_classes
    datatypes = {
        one for one in ontology.objects(None, SDO.rangeIncludes) if one not in own_classes | {SKOS.Concept}
    }
    xsd = "http://www.w3.org/2001/XMLSchema#"
    allowed = {
        URIRef(xsd + kind)
        for kind in ("date", "gYearMonth", "gYear", "integer", "decimal", "boolean", "string")
    }
    assert datatypes <= allowed | {RDF.langString}


def test_datatype_properties_take_literals_and_object_properties_do_not(ontology: Graph) -> None:
    """The kind of a property agrees with the values it is said to take."""
    for term in terms(ontology):
        for value in ontology.objects(term, SDO.rangeIncludes):
            is_literal = str(value).startswith("http://www.w3.org/2001/XMLSchema#") or value == RDF.langString
            kind = OWL.ObjectProperty if not is_literal else ontology.value(term, RDF.type)
            assert (term, RDF.type, kind) in ontology, name(term)
            assert not is_literal or (term, RDF.type, OWL.ObjectProperty) not in ontology, name(term)


def test_properties_whose_value_changes_are_marked(ontology: Graph) -> None:
    """Counts, shares and the capital need a date with each value; nothing else does."""
    marked = {name(one) for one in ontology.subjects(URIRef(CICA + "functionalInTime"), Literal(True))}
    assert marked == FUNCTIONAL
    assert marked <= claim_properties(ontology)


def test_claims_are_reified_statements(ontology: Graph) -> None:
    """Tools that know RDF reification find the subject, predicate and object of a claim."""
    assert (URIRef(CICA + "Claim"), RDFS.subClassOf, RDF.Statement) in ontology


def test_a_state_acts_and_lies_somewhere(ontology: Graph) -> None:
    """A state can hold a chairmanship and be the place of an event."""
    above = {name(one) for one in ancestors(ontology, URIRef(CICA + "State"))}
    assert {"Agent", "Place"} <= above
