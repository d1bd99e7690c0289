"""What the dataset says of itself: its VoID description, and the service description of an endpoint that
serves it.

Sources: VoID (https://www.w3.org/TR/void/), SPARQL 1.1 Service Description
(https://www.w3.org/TR/sparql11-service-description/). The VoID graph already describes the data set as the
service offers it (``sd:defaultGraph``, ``sd:namedGraph``), so what is left for :func:`service_description`
is what depends on the address. No node is blank: dumps stay the same from run to run.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from cicakg.sparql.formats import FORMATS
from cicakg.vocab import BASE, GRAPH_VOID, PREFIXES, RDF_TYPE, term

_HERE: Final = GRAPH_VOID.value + "#"
DATASET: Final = NamedNode(_HERE + "dataset")
DEFAULT_GRAPH: Final = NamedNode(_HERE + "default-graph")
LICENCE: Final = NamedNode("https://creativecommons.org/licenses/by/4.0/")
SIMPLE_ENTAILMENT: Final = NamedNode("http://www.w3.org/ns/entailment/Simple")

_TITLE: Final = "A multilingual, evidence-anchored knowledge graph of news about CICA"
_DESCRIPTION: Final = (
    "News articles about the Conference on Interaction and Confidence-Building Measures in Asia in Malay, "
    "Arabic and Kazakh, annotated by hand: every statement names the characters of the article that say it."
)
_TRIPLES: Final = term("void:triples")
_OWN: Final = tuple(PREFIXES[one] for one in ("article", "concept", "graph", "id"))

_Object = NamedNode | Literal
_Statement = tuple[NamedNode, NamedNode, _Object]


def void_quads(quads: Sequence[Quad]) -> Iterator[Quad]:
    """Yield the VoID description of the data set *quads*, in the graph :data:`cicakg.vocab.GRAPH_VOID`.

    The sizes of the dataset and its partitions are those of *quads*, each triple counted once. The default
    graph of the service holds the description too, which counts itself there and in its own graph.
    """
    triples = {quad.triple for quad in quads}
    graphs = _by_graph(quads)
    said = [
        *_about_dataset(triples),
        *_statistics(DATASET, triples),
        *_partitions(triples),
        *(one for name in sorted(graphs, key=str) for one in _named_graph(name)),
        *(one for name in sorted(graphs, key=str) for one in _statistics(_part("graph", name), graphs[name])),
        *_named_graph(GRAPH_VOID),
        *_default_graph(),
    ]
    own = len(said) + 2
    said.append((_part("graph", GRAPH_VOID), _TRIPLES, Literal(own)))
    said.append((DEFAULT_GRAPH, _TRIPLES, Literal(len(triples) + own)))
    yield from (Quad(subject, predicate, value, GRAPH_VOID) for subject, predicate, value in said)


def service_description(
    endpoint: str, void: Iterable[Triple] = (), is_federated: bool = False
) -> list[Triple]:
    """Return the description of the SPARQL service at the address *endpoint*, which has to be exactly the
    one asked.

    *void* is the description of the data set there, as in the graph :data:`cicakg.vocab.GRAPH_VOID`;
    *is_federated* says whether queries may have SERVICE.
    """
    address = NamedNode(endpoint)
    service = NamedNode(endpoint + "#service")
    said: list[tuple[NamedNode, NamedNode]] = [
        (RDF_TYPE, term("sd:Service")),
        (term("sd:endpoint"), address),
        (term("sd:supportedLanguage"), term("sd:SPARQL11Query")),
        # True: the default graph is the merge of all graphs. Not said, because not true here:
        # DereferencesURIs, RequiresDataset, EmptyGraphs.
        (term("sd:feature"), term("sd:UnionDefaultGraph")),
        (term("sd:defaultEntailmentRegime"), SIMPLE_ENTAILMENT),
        (term("sd:defaultDataset"), DATASET),
        *((term("sd:resultFormat"), NamedNode(one.iri)) for one in FORMATS),
    ]
    if is_federated:
        said.append((term("sd:feature"), term("sd:BasicFederatedQuery")))
    about = [Triple(service, predicate, value) for predicate, value in said]
    return [*about, Triple(DATASET, term("void:sparqlEndpoint"), address), *void]


def _about_dataset(triples: Iterable[Triple]) -> Iterator[_Statement]:
    yield DATASET, RDF_TYPE, term("void:Dataset")
    yield DATASET, RDF_TYPE, term("sd:Dataset")
    yield DATASET, term("dcterms:title"), Literal(_TITLE, language="en")
    yield DATASET, term("dcterms:description"), Literal(_DESCRIPTION, language="en")
    yield DATASET, term("dcterms:creator"), Literal("cicakg editors")
    yield DATASET, term("dcterms:license"), LICENCE
    yield DATASET, term("void:uriSpace"), Literal(BASE)
    for namespace in sorted(_vocabularies(triples)):
        yield DATASET, term("void:vocabulary"), NamedNode(namespace)


def _vocabularies(triples: Iterable[Triple]) -> set[str]:
    """Return the namespaces of the properties and classes used; one without a prefix is no vocabulary we
    know.
    """
    used = {one.predicate.value for one in triples}
    used |= {one.value for one in _classes(triples)}
    namespaces = {_curie(iri)[0] for iri in used}
    return {PREFIXES[prefix] for prefix in namespaces if prefix and PREFIXES[prefix] not in _OWN}


def _statistics(node: NamedNode, triples: Iterable[Triple]) -> Iterator[_Statement]:
    """Yield the sizes of a set of distinct triples (VoID, section 4.2)."""
    some = list(triples)
    subjects = {one.subject for one in some}
    named = {one.value for one in subjects if isinstance(one, NamedNode)}
    sizes = {
        "void:triples": len(some),
        "void:entities": sum(iri.startswith(BASE) for iri in named),
        "void:distinctSubjects": len(subjects),
        "void:distinctObjects": len({one.object for one in some}),
        "void:properties": len({one.predicate for one in some}),
        "void:classes": len(set(_classes(some))),
    }
    for name, size in sizes.items():
        yield node, term(name), Literal(size)


def _partitions(triples: set[Triple]) -> Iterator[_Statement]:
    """Yield how many instances each class and how many triples each property has (VoID, section 4.5)."""
    classes = Counter(_classes(triples))
    for one, count in sorted(classes.items(), key=lambda item: item[0].value):
        part = _part("class", one)
        yield DATASET, term("void:classPartition"), part
        yield part, term("void:class"), one
        yield part, term("void:entities"), Literal(count)
    properties = Counter(one.predicate for one in triples)
    for one, count in sorted(properties.items(), key=lambda item: item[0].value):
        part = _part("property", one)
        yield DATASET, term("void:propertyPartition"), part
        yield part, term("void:property"), one
        yield part, term("void:triples"), Literal(count)


def _default_graph() -> Iterator[_Statement]:
    yield DATASET, term("sd:defaultGraph"), DEFAULT_GRAPH
    yield DEFAULT_GRAPH, RDF_TYPE, term("sd:Graph")
    yield DEFAULT_GRAPH, RDF_TYPE, term("void:Dataset")


def _named_graph(name: NamedNode) -> Iterator[_Statement]:
    node, content = _part("named-graph", name), _part("graph", name)
    yield DATASET, term("sd:namedGraph"), node
    yield node, RDF_TYPE, term("sd:NamedGraph")
    yield node, term("sd:name"), name
    yield node, term("sd:graph"), content
    yield DATASET, term("void:subset"), content
    yield content, RDF_TYPE, term("sd:Graph")
    yield content, RDF_TYPE, term("void:Dataset")


def _by_graph(quads: Iterable[Quad]) -> dict[NamedNode, set[Triple]]:
    graphs: dict[NamedNode, set[Triple]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name, set()).add(quad.triple)
    return graphs


def _part(kind: str, of: NamedNode) -> NamedNode:
    """Return the IRI of a part of the data set, named after what it is the part of."""
    prefix, local = _curie(of.value)
    return NamedNode(f"{_HERE}{kind}-{prefix}.{local}" if prefix else f"{_HERE}{kind}-{local}")


def _curie(iri: str) -> tuple[str, str]:
    """Return prefix and local name; for an IRI without a known namespace no prefix and a digest."""
    known = [(len(space), name) for name, space in PREFIXES.items() if iri.startswith(space)]
    if not known:
        return "", hashlib.sha256(iri.encode()).hexdigest()[:12]
    size, name = max(known)
    return name, iri[size:]


def _classes(triples: Iterable[Triple]) -> Iterator[NamedNode]:
    """Yield the class of each typing."""
    for one in triples:
        if one.predicate == RDF_TYPE and isinstance(one.object, NamedNode):
            yield one.object
