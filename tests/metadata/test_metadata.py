"""VoID and service description, on data small enough to count by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from cicakg.metadata import DATASET, DEFAULT_GRAPH, service_description, void_quads
from cicakg.store import build_snapshot
from cicakg.vocab import CLAIM, GRAPH_VOID, ID, RDF_TYPE, term

ONE, TWO = NamedNode(ID + "one"), NamedNode(ID + "two")
FACTS, ENTITIES = term("graph:facts"), term("graph:entities")
HOLDER = term("cica:holder")

# Three distinct triples in four quads, two subjects, two properties, one class.
QUADS = [
    Quad(ONE, RDF_TYPE, CLAIM, ENTITIES),
    Quad(TWO, RDF_TYPE, CLAIM, ENTITIES),
    Quad(ONE, HOLDER, TWO, FACTS),
    Quad(ONE, HOLDER, TWO, ENTITIES),
]


def values(triples: list[Triple], subject: NamedNode, curie: str) -> set[object]:
    """Return the objects of a property."""
    return {one.object for one in triples if (one.subject, one.predicate) == (subject, term(curie))}


@pytest.fixture
def void() -> list[Triple]:
    """The description of QUADS."""
    return [quad.triple for quad in void_quads(QUADS)]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("triples", 3),
        ("entities", 2),
        ("distinctSubjects", 2),
        ("distinctObjects", 2),
        ("properties", 2),
        ("classes", 1),
    ],
)
def test_sizes_of_the_dataset(void: list[Triple], name: str, size: int) -> None:
    """Each size counts a triple once, however many graphs hold it (VoID, section 4.2)."""
    assert values(void, DATASET, f"void:{name}") == {Literal(size)}


def test_class_and_property_partitions(void: list[Triple]) -> None:
    """Each class says how many instances it has, each property how many triples (VoID, section 4.5)."""
    (part,) = values(void, DATASET, "void:classPartition")
    assert isinstance(part, NamedNode)
    assert values(void, part, "void:class") == {CLAIM}
    assert values(void, part, "void:entities") == {Literal(2)}
    counts = {
        one: values(void, one, "void:triples")
        for one in values(void, DATASET, "void:propertyPartition")
        if isinstance(one, NamedNode)
    }
    assert sorted(str(value) for value in counts.values()) == sorted(str({Literal(size)}) for size in (1, 2))


def test_named_graphs_and_their_sizes(void: list[Triple]) -> None:
    """Each named graph, the description's own among them, is a subset with its number of triples."""
    sizes = {}
    for one in values(void, DATASET, "sd:namedGraph"):
        assert isinstance(one, NamedNode)
        (name,) = values(void, one, "sd:name")
        (content,) = values(void, one, "sd:graph")
        assert isinstance(content, NamedNode)
        assert content in values(void, DATASET, "void:subset")
        sizes[name] = values(void, content, "void:triples")
    assert sizes == {
        FACTS: {Literal(1)},
        ENTITIES: {Literal(3)},
        GRAPH_VOID: {Literal(len(void))},
    }


def test_the_default_graph_is_as_large_as_said(void: list[Triple]) -> None:
    """What is said of the default graph is what a query counts there."""
    snapshot = build_snapshot([*QUADS, *void_quads(QUADS)])
    (size,) = values(void, DEFAULT_GRAPH, "void:triples")
    counted = len(list(snapshot.store.quads_for_pattern(None, None, None, None))) - snapshot.quad_count
    assert size == Literal(counted)


def test_vocabularies_are_those_of_properties_and_classes(void: list[Triple]) -> None:
    """The namespaces of what the data are about are no vocabularies."""
    assert values(void, DATASET, "void:vocabulary") == {
        NamedNode("https://w3id.org/cicakg/ontology#"),
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    }


def test_nothing_is_blank_and_nothing_is_said_twice() -> None:
    """Dumps are the same from run to run only without blank nodes, and sizes are true only without
    repetition.
    """
    quads = list(void_quads(QUADS))
    assert not [
        one for one in quads if isinstance(one.subject, BlankNode) or isinstance(one.object, BlankNode)
    ]
    assert max(Counter(quads).values()) == 1
    assert {one.graph_name for one in quads} == {GRAPH_VOID}


def test_a_class_without_a_known_namespace_is_described() -> None:
    """A foreign class gets a partition of its own, and no invented vocabulary."""
    foreign = NamedNode("http://example.org/Class")
    void = [quad.triple for quad in void_quads([Quad(ONE, RDF_TYPE, foreign, FACTS)])]
    (part,) = values(void, DATASET, "void:classPartition")
    assert isinstance(part, NamedNode)
    assert values(void, part, "void:class") == {foreign}
    assert NamedNode("http://example.org/") not in values(void, DATASET, "void:vocabulary")


def test_service_description_names_the_address_asked(void: list[Triple]) -> None:
    """Clients look for ``sd:endpoint`` equal to the address they asked (Service Description, section
    3.2.2).
    """
    address = "http://127.0.0.1:8000/sparql"
    said = service_description(address, void)
    (service,) = {one.subject for one in said if one.object == term("sd:Service")}
    assert isinstance(service, NamedNode)
    assert values(said, service, "sd:endpoint") == {NamedNode(address)}
    assert values(said, service, "sd:supportedLanguage") == {term("sd:SPARQL11Query")}
    assert values(said, service, "sd:defaultDataset") == {DATASET}
    assert values(said, DATASET, "sd:defaultGraph") == {DEFAULT_GRAPH}
    assert set(void) <= set(said)


def test_service_description_claims_what_is_true_only() -> None:
    """The default graph is the union; nothing is dereferenced and no other server is called."""
    said = service_description("http://localhost/sparql")
    features = {one.object for one in said if one.predicate == term("sd:feature")}
    assert features == {term("sd:UnionDefaultGraph")}


def test_result_formats_are_w3c_names() -> None:
    """Formats are named as in https://www.w3.org/ns/formats/."""
    said = service_description("http://localhost/sparql")
    formats = {
        str(one.object.value)
        for one in said
        if one.predicate == term("sd:resultFormat")
        if isinstance(one.object, NamedNode)
    }
    names = (
        "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
        "Turtle N-Triples JSON-LD RDF_XML TriG N-Quads"
    )
    assert formats == {f"http://www.w3.org/ns/formats/{name}" for name in names.split()}
