"""The JSON-LD context of the dataset: its keys are words, made from the ontology (JSON-LD 1.1, section
3.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Quad

from cicakg.vocab import CICA, PREFIXES, RDF_TYPE, term

Context: TypeAlias = Mapping[str, object]

# "@value" and "@language" keep their names: with an alias for them PyLD 3 no longer folds texts into
# language maps.
_KEYWORDS: Final = {"id": "@id", "type": "@type", "graph": "@graph"}
# In Turtle these prefixes cannot be mistaken for a property; as keys of JSON they could.
_OTHER_NAMES: Final = {"article": "articles", "graph": "graphs", "id": "entities", "modality": "modalities"}

# Terms of other vocabularies that the dataset uses, by the word a reader of JSON would expect.
_LINKS: Final = {
    "subject": "rdf:subject",
    "predicate": "rdf:predicate",
    "exactMatch": "skos:exactMatch",
    "closeMatch": "skos:closeMatch",
    "sameAs": "owl:sameAs",
    "inScheme": "skos:inScheme",
    "topConceptOf": "skos:topConceptOf",
    "hasTopConcept": "skos:hasTopConcept",
    "hasSource": "oa:hasSource",
    "isDefinedBy": "rdfs:isDefinedBy",
    "subClassOf": "rdfs:subClassOf",
    "subPropertyOf": "rdfs:subPropertyOf",
    "domainIncludes": "schema:domainIncludes",
    "rangeIncludes": "schema:rangeIncludes",
    "license": "dcterms:license",
    "publisher": "dcterms:publisher",
    "replaces": "dcterms:replaces",
    "conformsTo": "dcterms:conformsTo",
    "isAbout": "dcterms:subject",
}
_VALUES: Final = {
    "object": ("rdf:object", None),  # an IRI or a literal, so it is not coerced
    "identifier": ("dcterms:identifier", None),
    "language": ("dcterms:language", None),
    "issued": ("dcterms:issued", "xsd:date"),
    "created": ("dcterms:created", "xsd:date"),
    "creator": ("dcterms:creator", None),
    "start": ("oa:start", "xsd:integer"),
    "end": ("oa:end", "xsd:integer"),
}
# Texts that come at most once or more than once per language; the key inside is the language tag.
_TEXTS: Final = {
    "prefLabel": "skos:prefLabel",
    "altLabel": "skos:altLabel",
    "label": "rdfs:label",
    "definition": "skos:definition",
    "example": "skos:example",
    "comment": "rdfs:comment",
    "title": "dcterms:title",
    "description": "dcterms:description",
}


def make_context(ontology: Iterable[Quad]) -> Context:
    """Return the ``@context`` object for the classes and properties that *ontology* declares in the cica
    namespace.
    """
    context: dict[str, object] = {**_KEYWORDS, **_prefixes()}
    context.update({key: {"@id": name, "@type": "@id"} for key, name in _LINKS.items()})
    for key, (name, datatype) in _VALUES.items():
        context[key] = {"@id": name, "@type": datatype} if datatype else name
    context.update({key: {"@id": name, "@container": "@language"} for key, name in _TEXTS.items()})
    for name, entry in _own_terms(ontology):
        context.setdefault(name, entry)
    return {key: context[key] for key in sorted(context)}


def _prefixes() -> dict[str, str]:
    """The usual prefixes, but those that are words of their own here under another name."""
    return {_OTHER_NAMES.get(prefix, prefix): namespace for prefix, namespace in PREFIXES.items()}


def _own_terms(ontology: Iterable[Quad]) -> list[tuple[str, object]]:
    """The words for our own classes and properties, sorted; links are marked as such."""
    classes, links = term("owl:Class"), term("owl:ObjectProperty")
    kinds = {classes, links, term("owl:DatatypeProperty"), term("owl:AnnotationProperty")}
    found: dict[str, object] = {}
    for quad in ontology:
        if quad.predicate != RDF_TYPE or quad.object not in kinds or not isinstance(quad.subject, NamedNode):
            continue
        if not quad.subject.value.startswith(CICA):
            continue
        word = quad.subject.value.removeprefix(CICA)
        name = f"cica:{word}"
        found[word] = {"@id": name, "@type": "@id"} if quad.object == links else name
    return sorted(found.items())
