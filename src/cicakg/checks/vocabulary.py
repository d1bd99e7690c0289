"""The words an annotation may use: the ontology's own terms, and a closed list of standard ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from cicakg.corpus import SourceFile
from cicakg.model import FileKind
from cicakg.vocab import CICA, CONCEPT, ID, PREFIXES, RDF_TYPE, term


def iris_of(*names: str) -> frozenset[str]:
    """Return the IRIs that the prefixed *names* stand for."""
    return frozenset(term(one).value for one in names)


# What data and ontology use of other vocabularies. A term enters here when a file has a use for it.
STANDARD_PROPERTIES: Final = iris_of(
    "dcterms:abstract",
    "dcterms:conformsTo",
    "dcterms:contributor",
    "dcterms:created",
    "dcterms:creator",
    "dcterms:description",
    "dcterms:hasVersion",
    "dcterms:identifier",
    "dcterms:isReplacedBy",
    "dcterms:isVersionOf",
    "dcterms:issued",
    "dcterms:language",
    "dcterms:license",
    "dcterms:modified",
    "dcterms:publisher",
    "dcterms:relation",
    "dcterms:replaces",
    "dcterms:rights",
    "dcterms:rightsHolder",
    "dcterms:source",
    "dcterms:spatial",
    "dcterms:subject",
    "dcterms:title",
    "oa:end",
    "oa:hasSource",
    "oa:start",
    "owl:deprecated",
    "owl:disjointWith",
    "owl:equivalentClass",
    "owl:equivalentProperty",
    "owl:sameAs",
    "owl:versionIRI",
    "owl:versionInfo",
    "owl:priorVersion",
    "prov:hadPrimarySource",
    "prov:wasDerivedFrom",
    "prov:wasAttributedTo",
    "prov:wasRevisionOf",
    "rdf:object",
    "rdf:predicate",
    "rdf:subject",
    "rdf:type",
    "rdfs:comment",
    "rdfs:domain",
    "rdfs:isDefinedBy",
    "rdfs:label",
    "rdfs:range",
    "rdfs:seeAlso",
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "schema:domainIncludes",
    "schema:rangeIncludes",
    "schema:sameAs",
    "skos:altLabel",
    "skos:broadMatch",
    "skos:broader",
    "skos:changeNote",
    "skos:closeMatch",
    "skos:definition",
    "skos:editorialNote",
    "skos:exactMatch",
    "skos:example",
    "skos:hasTopConcept",
    "skos:hiddenLabel",
    "skos:historyNote",
    "skos:inScheme",
    "skos:narrowMatch",
    "skos:narrower",
    "skos:notation",
    "skos:note",
    "skos:prefLabel",
    "skos:related",
    "skos:relatedMatch",
    "skos:scopeNote",
    "skos:topConceptOf",
)
STANDARD_CLASSES: Final = iris_of(
    "owl:AnnotationProperty",
    "owl:Class",
    "owl:DatatypeProperty",
    "owl:NamedIndividual",
    "owl:ObjectProperty",
    "owl:Ontology",
    "rdf:Property",
    "rdf:Statement",
    "rdfs:Class",
    "rdfs:Datatype",
    "skos:Concept",
    "skos:ConceptScheme",
)

_CLASS_TYPES: Final = frozenset({term("owl:Class"), term("rdfs:Class")})
_PROPERTY_TYPES: Final = frozenset(
    term(one)
    for one in ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "rdf:Property")
)
_SUBCLASS: Final = term("rdfs:subClassOf")
_LONGEST_FIRST: Final = tuple(sorted(PREFIXES.items(), key=lambda pair: -len(pair[1])))


@dataclass(frozen=True)
class Vocabulary:
    """The terms and entities there are, as IRIs.

    ``superclasses`` gives for each class of the ontology itself and all above it. ``is_whole`` is false
    where an ontology or entity file could not be read, so that a missing name may only be missing here.
    """

    classes: frozenset[str]
    properties: frozenset[str]
    described: frozenset[str]
    superclasses: dict[str, frozenset[str]]
    is_whole: bool

    def fingerprint(self) -> bytes:
        """Return a digest that two vocabularies share only where they are equal."""
        sets = [sorted(one) for one in (self.classes, self.properties, self.described)]
        above = sorted((name, sorted(classes)) for name, classes in self.superclasses.items())
        text = repr((self.is_whole, sets, above))
        return hashlib.sha256(text.encode(errors="surrogatepass")).digest()

    @cached_property
    def entities(self) -> frozenset[str]:
        """The entities and concepts there are."""
        return frozenset(filter(is_entity_or_concept, self.described))

    def is_known_property(self, iri: str) -> bool:
        """Whether *iri* may be a predicate."""
        return iri in self.properties or iri in STANDARD_PROPERTIES

    def is_known_class(self, iri: str) -> bool:
        """Whether *iri* may be the class of something."""
        return iri in self.classes or iri in STANDARD_CLASSES

    def is_own_term(self, iri: str) -> bool:
        """Whether *iri* is a term of the ontology, of whatever kind."""
        return iri in self.described


def vocabulary_of(files: Iterable[SourceFile], is_whole: bool) -> Vocabulary:
    """Collect the vocabulary that the ontology and entity files among *files* declare."""
    background = [one for one in files if one.kind is not FileKind.ARTICLE]
    types = [pair for file in background for pair in _types(file)]
    return Vocabulary(
        classes=frozenset(subject for subject, kind in types if kind in _CLASS_TYPES),
        properties=frozenset(subject for subject, kind in types if kind in _PROPERTY_TYPES),
        described=frozenset(subject for file in background for subject in _subjects(file)),
        superclasses=_superclasses(background),
        is_whole=is_whole,
    )


def _types(file: SourceFile) -> Iterator[tuple[str, NamedNode]]:
    for one in file.document.statements:
        if one.predicate == RDF_TYPE and isinstance(one.subject, NamedNode):
            kind = one.object
            if isinstance(kind, NamedNode):
                yield one.subject.value, kind


def _subjects(file: SourceFile) -> Iterator[str]:
    return (one.subject.value for one in file.document.statements if isinstance(one.subject, NamedNode))


def _superclasses(files: Iterable[SourceFile]) -> dict[str, frozenset[str]]:
    above: dict[str, set[str]] = {}
    for one in (triple for file in files for triple in file.document.statements):
        if (
            one.predicate == _SUBCLASS
            and isinstance(one.subject, NamedNode)
            and isinstance(one.object, NamedNode)
        ):
            above.setdefault(one.subject.value, set()).add(one.object.value)
    return {one: frozenset(_closure(one, above)) for one in above}


def _closure(start: str, above: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(above.get(one, ()))
    return found


def shorten(iri: str) -> str:
    """Return *iri* as a person writes it: as a prefixed name where a prefix fits, else ``<…>``."""
    scheme, _, concept = iri.removeprefix(CONCEPT).partition("/")
    if iri.startswith(CONCEPT) and concept:
        return f"{scheme}:{concept}"
    for prefix, namespace in _LONGEST_FIRST:
        local = iri.removeprefix(namespace)
        if local != iri and local and all(one not in local for one in "/#?"):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def is_entity_or_concept(iri: str) -> bool:
    """Whether *iri* names something that must be described in an entity or concept file."""
    return iri.startswith((ID, CONCEPT))


def is_own_term_iri(iri: str) -> bool:
    """Whether *iri* lies in the ontology's namespace."""
    return iri.startswith(CICA)
