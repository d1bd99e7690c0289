"""The namespaces and terms the program itself names, as pyoxigraph nodes. The ontology files are the source
of the rest.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/cicakg/"
CICA: Final = BASE + "ontology#"
ID: Final = BASE + "id/"
CONCEPT: Final = BASE + "concept/"
ARTICLE: Final = BASE + "article/"
GRAPH: Final = BASE + "graph/"

# The prefixes every serialisation, page and example query uses.
PREFIXES: Final[dict[str, str]] = {
    "article": ARTICLE,
    "bibo": "http://purl.org/ontology/bibo/",
    "cica": CICA,
    "concept": CONCEPT,
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "graph": GRAPH,
    "id": ID,
    "modality": CONCEPT + "modality/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# What serialisers abbreviate with. Local names of articles and graphs hold "#", "=" and ",", which Turtle
# would have to escape: they read better in full.
WRITTEN_PREFIXES: Final[dict[str, str]] = {
    prefix: namespace for prefix, namespace in PREFIXES.items() if prefix not in {"article", "graph"}
}


def term(curie: str) -> NamedNode:
    """Expand a prefixed name such as ``"cica:Claim"`` to a node; an undeclared prefix is a
    :class:`KeyError`.
    """
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


RDF_TYPE: Final = term("rdf:type")
RDF_SUBJECT: Final = term("rdf:subject")
RDF_PREDICATE: Final = term("rdf:predicate")
RDF_OBJECT: Final = term("rdf:object")
CLAIM: Final = term("cica:Claim")
SPAN: Final = term("cica:Span")
EVIDENCE: Final = term("cica:evidence")
EXCLUDED_PASSAGE: Final = term("cica:excludedPassage")
MODALITY: Final = term("cica:modality")
MODALITY_FACT: Final = term("modality:fact")
NEGATED: Final = term("cica:negated")
STATUS: Final = term("cica:status")
STATUS_REJECTED: Final = NamedNode(CONCEPT + "status/rejected")
STATUS_SUPERSEDED: Final = NamedNode(CONCEPT + "status/superseded")
FUNCTIONAL_IN_TIME: Final = term("cica:functionalInTime")
OA_HAS_SOURCE: Final = term("oa:hasSource")
OA_START: Final = term("oa:start")
OA_END: Final = term("oa:end")

GRAPH_ENTITIES: Final = NamedNode(GRAPH + "entities")
GRAPH_ONTOLOGY: Final = NamedNode(GRAPH + "ontology")
GRAPH_FACTS: Final = NamedNode(GRAPH + "facts")
GRAPH_QUERIES: Final = NamedNode(GRAPH + "queries")
GRAPH_READINGS: Final = NamedNode(GRAPH + "readings")
GRAPH_VOID: Final = NamedNode(GRAPH + "void")
