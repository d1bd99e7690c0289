"""The export: the same data gives the same bytes, nothing is lost or changed on the way, and the keys of
JSON-LD are words.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from cicakg.errors import CicakgError
from cicakg.export import DATASET_FORMATS, DatasetFormat, write_dataset
from cicakg.vocab import (
    CLAIM,
    EVIDENCE,
    GRAPH,
    GRAPH_ENTITIES,
    GRAPH_ONTOLOGY,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    term,
)

ARTICLE = "https://w3id.org/cicakg/article/2020-en-toy"
ARTICLE_GRAPH = NamedNode(GRAPH + "2020-en-toy")
BY_NAME = {one.name: one for one in DATASET_FORMATS}
ENGINES = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}


def toy() -> list[Quad]:
    """A claim, an entity with labels in three scripts, two ontology terms, and one triple that stands in
    two graphs.
    """
    claim, house = NamedNode(f"{ARTICLE}#c01"), term("id:house")
    label = term("skos:prefLabel")
    return [
        Quad(claim, RDF_TYPE, CLAIM, ARTICLE_GRAPH),
        Quad(claim, RDF_SUBJECT, house, ARTICLE_GRAPH),
        Quad(claim, RDF_PREDICATE, term("cica:memberCount"), ARTICLE_GRAPH),
        Quad(claim, RDF_OBJECT, Literal("007", datatype=term("xsd:integer")), ARTICLE_GRAPH),
        Quad(claim, term("cica:modality"), term("modality:plan"), ARTICLE_GRAPH),
        Quad(claim, EVIDENCE, NamedNode(f"{ARTICLE}#char=40,52"), ARTICLE_GRAPH),
        Quad(claim, EVIDENCE, NamedNode(f"{ARTICLE}#char=7,19"), ARTICLE_GRAPH),
        Quad(claim, term("rdfs:comment"), Literal('said "so", twice\nor more', language="en"), ARTICLE_GRAPH),
        Quad(house, RDF_TYPE, term("cica:Organization"), GRAPH_ENTITIES),
        Quad(house, RDF_TYPE, term("cica:Organization"), ARTICLE_GRAPH),
        Quad(house, label, Literal("البيت", language="ar"), GRAPH_ENTITIES),
        Quad(house, label, Literal("Үй", language="kk"), GRAPH_ENTITIES),
        Quad(house, label, Literal("The House", language="en"), GRAPH_ENTITIES),
        Quad(term("cica:memberCount"), RDF_TYPE, term("owl:DatatypeProperty"), GRAPH_ONTOLOGY),
        Quad(
            term("cica:memberCount"),
            term("rdfs:label"),
            Literal("member count", language="en"),
            GRAPH_ONTOLOGY,
        ),
        Quad(term("cica:modality"), RDF_TYPE, term("owl:ObjectProperty"), GRAPH_ONTOLOGY),
        Quad(EVIDENCE, RDF_TYPE, term("owl:ObjectProperty"), GRAPH_ONTOLOGY),
    ]


def exported(name: str, quads: Sequence[Quad], graphs: Sequence[str] = ()) -> bytes:
    """The bytes the export writes."""
    file = io.BytesIO()
    write_dataset(quads, BY_NAME[name], file, graphs)
    return file.getvalue()


@pytest.mark.parametrize("chosen", DATASET_FORMATS, ids=lambda one: one.name)
def test_same_data_same_bytes(chosen: DatasetFormat) -> None:
    """The order in which the quads come makes no difference to the file."""
    quads = toy()
    shuffled = random.Random(7).sample(quads, len(quads))  # noqa: S311  # an order, not a secret
    assert exported(chosen.name, quads) == exported(chosen.name, shuffled)


@pytest.mark.parametrize("name", ["trig", "nquads", "jsonld"])
def test_nothing_is_lost_with_graphs(name: str) -> None:
    """What is read back is what was written, lexical forms such as 007 and the graph names included."""
    assert set(parse(exported(name, toy()), format=ENGINES[name])) == set(toy())


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml"])
def test_nothing_is_lost_without_graphs(name: str) -> None:
    """Formats without graphs hold the merge: a triple of two graphs stands once."""
    read = [quad.triple for quad in parse(exported(name, toy()), format=ENGINES[name])]
    assert set(read) == {quad.triple for quad in toy()}
    assert len(read) == len(set(read))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_reads_the_jsonld() -> None:
    """rdflib understands the JSON-LD without fetching anything, because the context stands in it."""
    dataset = rdflib.Dataset()
    dataset.parse(data=exported("jsonld", toy()), format="json-ld")
    assert len(list(dataset.quads((None, None, None, None)))) == len(toy())


def test_jsonld_keys_are_words() -> None:
    """No key outside the context is an IRI or a prefixed name; texts are keyed by their language."""
    document = json.loads(exported("jsonld", toy()))
    del document["@context"]
    keys: set[str] = set()

    def collect(node: object) -> None:
        if isinstance(node, dict):
            keys.update(node)
            for value in node.values():
                collect(value)
        if isinstance(node, list):
            for value in node:
                collect(value)

    collect(document)
    assert {
        "id",
        "type",
        "subject",
        "predicate",
        "object",
        "modality",
        "evidence",
        "prefLabel",
        "kk",
        "ar",
    } <= keys
    assert [key for key in keys if ":" in key] == []
    assert {key for key in keys if "@" in key} == {"@value"}, "JSON-LD's own word, for a typed number"


def test_one_graph_only() -> None:
    """--graph entities writes that graph's quads and no others."""
    read = set(parse(exported("nquads", toy(), ["entities"]), format=RdfFormat.N_QUADS))
    assert read == {quad for quad in toy() if quad.graph_name == GRAPH_ENTITIES}


def test_unknown_graph_is_named() -> None:
    """A graph that is not there is an error that lists those that are."""
    with pytest.raises(CicakgError, match="facts") as raised:
        exported("turtle", toy(), ["facts"])
    assert "2020-en-toy, entities, ontology" in raised.value.fix


def test_claims_table() -> None:
    """The CSV has one row a claim, with labels, the text of the object as annotated, and spans in text
    order.
    """
    rows = list(csv.DictReader(io.StringIO(exported("csv", toy()).decode(), newline="")))
    assert len(rows) == 1
    row = rows[0]
    assert row["claim"] == f"{ARTICLE}#c01"
    assert (row["subject_label"], row["predicate_label"], row["object"]) == (
        "The House",
        "member count",
        "007",
    )
    assert row["evidence"] == "7-19 40-52"
    assert row["comment"] == 'said "so", twice\nor more'
