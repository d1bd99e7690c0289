"""How answers are read and compared: a comparison that takes anything for right would prove nothing."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat
from w3c_sparql.answers import (
    Answer,
    Cells,
    Row,
    Table,
    read_csv,
    read_graph,
    read_json,
    read_tsv,
    read_xml,
)
from w3c_sparql.comparison import Match, compare

XSD = "http://www.w3.org/2001/XMLSchema#"
A, B, C = BlankNode("a"), BlankNode("b"), BlankNode("c")
IRI = NamedNode("x:i")
ONE = Literal("1", datatype=NamedNode(f"{XSD}integer"))
JSON = b"""{"head": {"vars": ["s", "o"]}, "results": {"bindings": [
  {"s": {"type": "bnode", "value": "b"}, "o": {"type": "literal", "value": "x\\ty", "xml:lang": "kk"}},
  {"s": {"type": "uri", "value": "x:i"}},
  {"s": {"type": "bnode", "value": "b"}, "o": {"type": "literal", "value": "1", "datatype":
    "http://www.w3.org/2001/XMLSchema#integer"}}]}}"""
XML = b"""<sparql xmlns="http://www.w3.org/2005/sparql-results#">
  <head><variable name="s"/><variable name="o"/></head>
  <results><result><binding name="s"><bnode>q</bnode></binding>
    <binding name="o"><literal xml:lang="kk">x&#9;y</literal></binding></result>
  <result><binding name="s"><uri>x:i</uri></binding></result>
  <result><binding name="s"><bnode>q</bnode></binding>
    <binding name="o"><literal datatype="http://www.w3.org/2001/XMLSchema#integer">1</literal></binding>
  </result></results></sparql>"""
TSV = b'?s\t?o\n_:z\t"x\\ty"@kk\n<x:i>\t\n_:z\t1\n'
CSV = b"s,o\r\n_:z,x\ty\r\nx:i,\r\n_:z,1\r\n"


def _table(*rows: Row) -> Table:
    width = len(rows[0]) if rows else 1
    return Table(tuple("xyz"[:width]), rows)


def test_each_format_reads_to_the_same() -> None:
    """JSON, XML and TSV of one result, written by hand, are one table; CSV has its cells."""
    expected = Table(("s", "o"), ((A, Literal("x\ty", language="kk")), (IRI, None), (A, ONE)))
    for found in (read_json(JSON), read_xml(XML), read_tsv(TSV)):
        assert compare(expected, found, is_ordered=True) is Match.TERMS
    cells = Cells(("s", "o"), (("_:q", "x\ty"), ("x:i", ""), ("_:q", "1")))
    assert compare(cells, read_csv(CSV), is_ordered=True) is Match.TERMS


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (_table((IRI,)), _table((IRI,), (IRI,))),
        (_table((IRI,), (ONE,), (ONE,)), _table((IRI,), (IRI,), (ONE,))),
        (_table((IRI, None)), _table((None, IRI))),
        (_table((A, A)), _table((A, B))),
        (_table((A, B), (B, C), (C, A)), _table((A, B), (B, A), (C, C))),
        (_table((A,), (A,)), _table((A,), (B,))),
        (_table((Literal("x"),)), _table((Literal("x", language="en"),))),
        (_table((Literal("x", language="kk"),)), _table((Literal("x", language="ms"),))),
        (_table((ONE,)), _table((Literal("1"),))),
        (_table((ONE,)), _table((Literal("1", datatype=NamedNode(f"{XSD}decimal")),))),
        (_table((ONE,)), _table((Literal("2", datatype=NamedNode(f"{XSD}integer")),))),
        (_table((NamedNode("x:\u0439"),)), _table((NamedNode("x:\u0438\u0306"),))),
        (Table(("x",), ()), Table(("y",), ())),
        (Table(("x",), ()), True),
        (True, False),
        (Cells(("x", "y"), ()), Cells(("y", "x"), ())),
        (Cells(("x",), (("a",),)), Cells(("x",), (("b",),))),
        (Cells(("x",), (("1",),)), Cells(("x",), (("one",),))),
        (Cells(("x", "y"), (("_:a", "_:a"),)), Cells(("x", "y"), (("_:a", "_:b"),))),
        (read_graph(b"[] <x:p> 1 .", RdfFormat.TURTLE), read_graph(b"[] <x:p> 2 .", RdfFormat.TURTLE)),
        (
            read_graph(b"_:a <x:p> _:a .", RdfFormat.TURTLE),
            read_graph(b"_:a <x:p> _:b .", RdfFormat.TURTLE),
        ),
    ],
)
def test_what_differs_is_told_apart(expected: Answer, found: Answer) -> None:
    """Number of rows, terms, types, languages, variables, and which blank nodes are one."""
    assert compare(expected, found) is Match.NONE
    assert compare(found, expected) is Match.NONE


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (_table((A, B), (B, C), (C, A)), _table((C, A), (B, C), (A, B))),
        (_table((A,), (B,), (IRI,)), _table((IRI,), (C,), (A,))),
        (Table(("x", "y"), ((IRI, ONE),)), Table(("y", "x"), ((ONE, IRI),))),
        (_table((Literal("x", language="KK"),)), _table((Literal("x", language="kk"),))),
        (
            read_graph(b"_:a <x:p> _:b .", RdfFormat.TURTLE),
            read_graph(b"_:b <x:p> _:a .", RdfFormat.TURTLE),
        ),
    ],
)
def test_what_says_the_same_is_equal(expected: Answer, found: Answer) -> None:
    """Rows without order, names of blank nodes, order of columns and case of language tags do not count."""
    assert compare(expected, found) is Match.TERMS


def test_order_counts_where_it_is_asked_for() -> None:
    """ORDER BY makes a sequence of the multiset."""
    one, other = _table((IRI,), (ONE,)), _table((ONE,), (IRI,))
    assert compare(one, other) is Match.TERMS
    assert compare(one, other, is_ordered=True) is Match.NONE


def test_lax_cardinality() -> None:
    """REDUCED may leave duplicates out, but no row altogether, and may add none."""
    expected = _table((ONE,), (ONE,), (IRI,))
    assert compare(expected, _table((ONE,), (IRI,)), is_lax=True) is Match.TERMS
    assert compare(expected, _table((ONE,), (ONE,)), is_lax=True) is Match.NONE
    assert compare(expected, _table((ONE,), (IRI,), (IRI,)), is_lax=True) is Match.NONE


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("1.0", "1", "decimal"),
        ("1.0e6", "1000000", "double"),
        ("01", "1", "integer"),
        ("1", "true", "boolean"),
    ],
)
def test_equal_values_are_told_from_equal_terms(one: str, other: str, kind: str) -> None:
    """Other characters for the same value of the same type fit by value, and only so."""
    datatype = NamedNode(XSD + kind)
    found = compare(_table((Literal(one, datatype=datatype),)), _table((Literal(other, datatype=datatype),)))
    assert found is Match.VALUES


def test_characters_of_a_string_have_no_value() -> None:
    """A string that looks like a number is no number."""
    assert compare(_table((Literal("1.0"),)), _table((Literal("1"),))) is Match.NONE
