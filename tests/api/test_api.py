"""The Python API: rows for pandas, a Dataset for rdflib, errors that say what to do."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pandas as pd
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode

import cicakg
from cicakg.api import to_python
from cicakg.vocab import term

KAZAKHSTAN = "https://w3id.org/cicakg/id/kazakhstan"


@pytest.fixture(scope="module")
def graph() -> cicakg.KnowledgeGraph:
    """The shipped dataset, opened once."""
    return cicakg.open_graph()


def test_rows_go_into_pandas(graph: cicakg.KnowledgeGraph) -> None:
    """A data frame of the rows has the query's columns and Python values, so that numbers can be summed."""
    rows = graph.query(
        """SELECT ?name ?one ?nothing WHERE {
             id:kazakhstan skos:prefLabel ?name . VALUES ?one { 1 } FILTER(LANG(?name) = 'kk')
           }"""
    )
    frame = pd.DataFrame(rows)
    assert list(frame.columns) == ["name", "one", "nothing"]
    assert frame["name"].tolist() == ["Қазақстан"]
    assert frame["one"].sum() == 1
    assert rows[0]["nothing"] is None


def test_empty_result_keeps_its_columns(graph: cicakg.KnowledgeGraph) -> None:
    """A query without solutions still gives a frame with the variables as columns."""
    rows = graph.query("SELECT ?a ?b WHERE { ?a <urn:nothing> ?b }")
    assert list(rows) == []
    assert list(rows.to_dataframe().columns) == ["a", "b"]


def test_terms_keep_language(graph: cicakg.KnowledgeGraph) -> None:
    """The same rows as RDF terms keep the language tag."""
    rows = graph.query("SELECT ?n WHERE { id:kazakhstan skos:prefLabel ?n FILTER(LANG(?n) = 'kk') }")
    assert rows.terms == [{"n": Literal("Қазақстан", language="kk")}]


def test_ask_and_construct(graph: cicakg.KnowledgeGraph) -> None:
    """ASK gives a bool and CONSTRUCT an rdflib graph."""
    assert graph.ask("ASK { id:cica a cica:Organization }") is True
    assert graph.ask("ASK { id:cica a cica:Person }") is False
    made = graph.construct("CONSTRUCT { id:cica a ?c } WHERE { id:cica a ?c }")
    assert set(made) == {
        (
            rdflib.URIRef("https://w3id.org/cicakg/id/cica"),
            rdflib.RDF.type,
            rdflib.URIRef("https://w3id.org/cicakg/ontology#Organization"),
        )
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ASK { ?s ?p ?o }", "query-form"),
        ("SELECT * WHERE { ?s ?p", "query-syntax"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "query-service-refused"),
        ("DELETE WHERE { ?s ?p ?o }", "query-update-refused"),
    ],
)
def test_wrong_queries(graph: cicakg.KnowledgeGraph, text: str, code: str) -> None:
    """A query of another form, a broken one, one that reaches out and an update are each refused by name."""
    with pytest.raises(cicakg.CicakgError) as raised:
        graph.query(text)
    assert raised.value.code == code


# rdflib warns about its own use of a property it deprecates.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
def test_load_gives_an_rdflib_dataset() -> None:
    """load() keeps the graphs apart and lets a plain pattern see them all; Cyrillic and Arabic labels are
    intact.
    """
    dataset = cicakg.load()
    kazakhstan = rdflib.URIRef(KAZAKHSTAN)
    entities = dataset.graph(rdflib.URIRef("https://w3id.org/cicakg/graph/entities"))
    assert rdflib.Literal("Қазақстан", lang="kk") in set(entities.objects(kazakhstan, rdflib.SKOS.prefLabel))
    assert (kazakhstan, rdflib.RDF.type, None) in dataset
    asked = dataset.query(
        "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a <https://w3id.org/cicakg/ontology#Claim> }"
    )
    count = cicakg.query("SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a cica:Claim }")[0]["n"]
    assert [int(str(row[0])) for row in asked] == [count]  # type: ignore[index]


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (Literal("27", datatype=term("xsd:integer")), 27),
        (Literal("3.50", datatype=term("xsd:decimal")), Decimal("3.50")),
        (Literal("true", datatype=term("xsd:boolean")), True),
        (Literal("2020-09-24", datatype=term("xsd:date")), datetime.date(2020, 9, 24)),
        (Literal("2022", datatype=term("xsd:gYear")), "2022"),
        (Literal("24", datatype=term("xsd:date")), "24"),
        (Literal("сөз", language="kk"), "сөз"),
        (NamedNode("https://example.org/ә"), "https://example.org/ә"),
        (None, None),
    ],
)
def test_python_values(node: object, value: object) -> None:
    """Numbers, booleans and full dates become Python's; partial dates, ill-formed ones, texts and IRIs
    stay text.
    """
    assert to_python(node) == value
    assert type(to_python(node)) is type(value)
