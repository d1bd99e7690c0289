"""The queries behind pages and resources, as SPARQL text.

An IRI enters a query only as a :class:`pyoxigraph.NamedNode`, whose constructor refuses every character
that could end it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from cicakg.vocab import GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_ONTOLOGY, GRAPH_QUERIES, PREFIXES

_PROLOGUE: Final = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("cica", "dcterms", "oa", "owl", "rdf", "rdfs", "skos")
)
# In the order a page prefers them. No skos:altLabel: it may be an inflected or misspelt form.
_LABELS: Final = ("skos:prefLabel", "rdfs:label", "dcterms:title")


def exists(node: NamedNode) -> str:
    """Ask whether the data says anything of *node*."""
    return f"ASK {{ {node} ?property ?value }}"


def graph_exists(graph: NamedNode) -> str:
    """Ask whether there is a named graph *graph*."""
    return f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}"


def graph_content(graph: NamedNode) -> str:
    """Construct all of the named graph *graph*."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"


def entity(node: NamedNode) -> str:
    """Construct all that is known of an entity.

    Its labels and facts, the facts it is the object of, every claim about it with its evidence, and who
    published the articles these stand in, and when.
    """
    return f"""{_PROLOGUE}CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND({node} AS ?s) ?s ?p ?o }}
  UNION {{ BIND({node} AS ?o) GRAPH {GRAPH_FACTS} {{ ?s ?p ?o }} }}
  UNION {{ ?s rdf:subject|rdf:object {node} ; a cica:Claim ; ?p ?o }}
  UNION {{ ?claim rdf:subject|rdf:object {node} ; cica:evidence ?s . ?s ?p ?o }}
  UNION {{
    {{ SELECT DISTINCT ?s WHERE {{ ?claim rdf:subject|rdf:object {node} ; cica:evidence/oa:hasSource ?s }} }}
    VALUES ?p {{ dcterms:title dcterms:issued dcterms:language dcterms:publisher cica:earliest cica:latest }}
    ?s ?p ?o
  }}
}}"""


def concept(node: NamedNode) -> str:
    """Construct a concept or a scheme, with the members of a scheme."""
    return f"""{_PROLOGUE}CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND({node} AS ?s) ?s ?p ?o }}
  UNION {{ ?s skos:inScheme {node} ; ?p ?o }}
}}"""


def concept_uses(node: NamedNode) -> str:
    """Count the claims that use a concept, and the properties they use it with."""
    return f"""{_PROLOGUE}SELECT ?property (COUNT(DISTINCT ?claim) AS ?claims) WHERE {{
  ?claim a cica:Claim .
  {{ ?claim ?property {node} FILTER(?property != rdf:object) }}
  UNION {{ ?claim rdf:object {node} ; rdf:predicate ?property }}
}} GROUP BY ?property ORDER BY DESC(?claims) ?property"""


def example(node: NamedNode) -> str:
    """Construct what the queries graph says of one example query."""
    return f"CONSTRUCT {{ {node} ?p ?o }} WHERE {{ GRAPH {GRAPH_QUERIES} {{ {node} ?p ?o }} }}"


def is_version(node: NamedNode) -> str:
    """Ask whether *node* names the version of the ontology that is held."""
    return f"{_PROLOGUE}ASK {{ GRAPH {GRAPH_ONTOLOGY} {{ ?ontology owl:versionIRI {node} }} }}"


def ontology() -> str:
    """Construct the ontology and the concept schemes."""
    return graph_content(GRAPH_ONTOLOGY)


def labels(nodes: Iterable[NamedNode]) -> str:
    """Select the labels of *nodes*, the best kind of label first."""
    wanted = " ".join(str(node) for node in nodes)
    # A UNION, because the engine joins two VALUES blocks forty times slower than it looks up their terms.
    kinds = " UNION ".join(
        f"{{ ?node {property_} ?label BIND({rank} AS ?rank) }}" for rank, property_ in enumerate(_LABELS)
    )
    return f"""{_PROLOGUE}SELECT ?node ?label WHERE {{
  VALUES ?node {{ {wanted} }}
  {kinds}
}} ORDER BY ?node ?rank ?label"""


def articles() -> str:
    """Select the articles, the newest first, with what a list shows of each."""
    # What is ordered by stands inside: Virtuoso 7 knows no name of a SELECT in an expression of its ORDER BY.
    return f"""{_PROLOGUE}SELECT * WHERE {{ {{ SELECT ?article
  (SAMPLE(?title_) AS ?title) (SAMPLE(?language_) AS ?language)
  (SAMPLE(?publisher_) AS ?publisher) (SAMPLE(?issued_) AS ?issued) (SAMPLE(?earliest_) AS ?earliest)
  (SAMPLE(?latest_) AS ?latest) (COUNT(DISTINCT ?claim) AS ?claims) WHERE {{
  ?article a cica:Article .
  OPTIONAL {{ ?article dcterms:title ?title_ }}
  OPTIONAL {{ ?article dcterms:language ?language_ }}
  OPTIONAL {{ ?article dcterms:publisher ?publisher_ }}
  OPTIONAL {{ ?article dcterms:issued ?issued_ }}
  OPTIONAL {{ ?article cica:earliest ?earliest_ }}
  OPTIONAL {{ ?article cica:latest ?latest_ }}
  OPTIONAL {{ ?claim a cica:Claim ; cica:evidence/oa:hasSource ?article }}
}} GROUP BY ?article }} }} ORDER BY DESC(STR(COALESCE(?issued, ?latest, ?earliest, ""))) ?article"""


def figures() -> str:
    """Select how many articles, claims, facts, entities and quotations there are."""
    return f"""{_PROLOGUE}SELECT * WHERE {{
  {{ SELECT (COUNT(*) AS ?articles) WHERE {{ ?one a cica:Article }} }}
  {{ SELECT (COUNT(*) AS ?claims) WHERE {{ ?one a cica:Claim }} }}
  {{ SELECT (COUNT(*) AS ?quotations) WHERE {{ ?one a cica:Quotation }} }}
  {{ SELECT (COUNT(DISTINCT ?one) AS ?entities) WHERE {{ GRAPH {GRAPH_ENTITIES} {{ ?one a ?class }} }} }}
  {{ SELECT (COUNT(*) AS ?facts) WHERE {{ GRAPH {GRAPH_FACTS} {{ ?s ?p ?o }} }} }}
}}"""


def entities() -> str:
    """Select every entity with its class."""
    where = f"GRAPH {GRAPH_ENTITIES} {{ ?entity a ?class }}"
    return f"SELECT ?entity ?class WHERE {{ {where} }} ORDER BY ?class ?entity"


def graphs() -> str:
    """Count the triples of each named graph."""
    where = "GRAPH ?graph { ?s ?p ?o }"
    return f"SELECT ?graph (COUNT(*) AS ?triples) WHERE {{ {where} }} GROUP BY ?graph ORDER BY ?graph"
