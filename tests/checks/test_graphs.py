"""The graph that pySHACL is given."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.engines.asking import ShapeQuery
from cicakg.checks.graphs import from_rdflib, rdflib_graph, to_rdflib
from cicakg.errors import CicakgError
from cicakg.vocab import term

A, P = NamedNode("http://e/a"), NamedNode("http://e/p")


@pytest.mark.parametrize(
    "node",
    [
        A,
        BlankNode("x1"),
        Literal("a"),
        Literal("قال", language="ar"),
        Literal("1.50", datatype=term("xsd:decimal")),
        Literal("2020-13-45", datatype=term("xsd:date")),
        Literal("x", datatype=NamedNode("http://e/type")),
    ],
)
def test_terms_survive_the_way_there_and_back(node: NamedNode | BlankNode | Literal) -> None:
    """No term is changed by the conversion, valid or not."""
    assert from_rdflib(to_rdflib(node)) == node


def test_queries_are_answered_over_the_same_triples() -> None:
    """A SELECT gets its rows, unbound variables included, and bindings given are substituted."""
    graph = rdflib_graph([Triple(A, P, Literal("x")), Triple(P, P, Literal("y"))])
    query = "SELECT ?this ?value ?none WHERE { ?this <http://e/p> ?value }"
    rows = list(graph.query(query, initBindings={"this": rdflib.URIRef("http://e/a")}))
    assert [row.asdict() for row in rows if isinstance(row, rdflib.query.ResultRow)] == [
        {"this": rdflib.URIRef("http://e/a"), "value": rdflib.Literal("x")}
    ]


@pytest.mark.parametrize(
    ("query", "is_out"),
    [
        ("SELECT * FROM <http://e/> WHERE { ?a ?b ?c }", True),
        ("SELECT * from named <http://e/> { ?a ?b ?c }", True),
        ("SELECT * { service <http://e/> { ?a ?b ?c } }", True),
        (r"SELECT * { \u0053ervice <http://e/> { ?a ?b ?c } }", True),
        ("SELECT * { ?a ?b ?c } # from here", False),
        ("SELECT * { ?from <http://e/service> \"from\", 'service' }", False),
        ("SELECT * { ?a cica:service ?c }", False),
    ],
)
def test_a_query_that_reaches_out_is_known_by_its_keywords(query: str, is_out: bool) -> None:
    """FROM and SERVICE count as keywords only, not in comments, literals, IRIs, names or variables."""
    refusal = pytest.raises(CicakgError, match="FROM or SERVICE") if is_out else nullcontext()
    with refusal:
        ShapeQuery(query)


@pytest.mark.parametrize("query", ["SELECT * FROM <file:///etc/passwd> { ?a ?b ?c }", "SELECT", "ASK {}"])
def test_a_query_that_cannot_be_asked_is_refused(query: str) -> None:
    """A shape's query that reads elsewhere, is not SPARQL or no SELECT stops the check with a sentence."""
    with pytest.raises(CicakgError) as caught:
        rdflib_graph([]).query(query)
    assert caught.value.code == "shape-query"
