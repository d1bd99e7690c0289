"""Queries that differ in layout only are one; all that the engine could tell apart stays apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from cicakg.sparql.normal import normalise

SAME = (
    ("SELECT * { ?s ?p ?o }", "  SELECT  *\t{ ?s   ?p ?o } "),
    ("SELECT *\n{ ?s ?p ?o }", "SELECT *\r\n\r\n# a comment\n  { ?s ?p ?o }"),
    ("ASK {}", "ASK {} # why not"),
    ('ASK { ?s ?p "a" }', 'ASK {  ?s ?p "a"  }'),
)
DIFFERENT = (
    ("ASK { ?s ?p 'a b' }", "ASK { ?s ?p 'a  b' }"),
    ('ASK { ?s ?p "a b" }', 'ASK { ?s ?p "a  b" }'),
    ("ASK { ?s ?p '''a\nb''' }", "ASK { ?s ?p '''a\n\nb''' }"),
    ("ASK { ?s ?p 'a # b' }", "ASK { ?s ?p 'a # c' }"),
    ("ASK { <urn:a#b> ?p 'a b' }", "ASK { <urn:a#b> ?p 'a  b' }"),
    ("ASK { <urn:o'b> ?p 'x y' }", "ASK { <urn:o'b> ?p 'x  y' }"),
    ("ASK { ex:a\\#b ?p ?o }", "ASK { ex:a\\#c ?p ?o }"),
    ("ASK { ex:a\\'b ?p 'x y' }", "ASK { ex:a\\'b ?p 'x  y' }"),
    ("ASK { FILTER(1 <'y> z') }", "ASK { FILTER(1 <'y>  z') }"),
    ("ASK { } # a\n{", "ASK { } # a {"),
    ("SELECT ?a ?b {}", "SELECT ?a?b {}"),
    ("ask {}", "ASK {}"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_layout_does_not_matter(one: str, other: str) -> None:
    """White space and comments only separate (SPARQL 1.1, sections 4.1 and 19.8)."""
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_may_matter_stays(one: str, other: str) -> None:
    """Nothing inside a string, an IRI or a name is taken for layout, and no line break for a space."""
    assert normalise(one) != normalise(other)


@given(text=st.text(st.sampled_from(" \n#'\"\\<>a:?.;"), max_size=30))
def test_twice_is_once(text: str) -> None:
    """What is normal stays as it is."""
    assert normalise(normalise(text)) == normalise(text)


@given(
    gaps=st.lists(st.sampled_from((" ", "\n", "  ", "\t", " # it's <\n", "\r\n")), min_size=6, max_size=6),
    value=st.text(st.sampled_from("ab  '#<>\\"), max_size=8),
)
def test_the_engine_says_the_same_of_both(gaps: list[str], value: str) -> None:
    """Whatever stands between the words, the normal text of a query has the same answer."""
    store = Store()
    node = NamedNode("urn:a#b")
    store.add(Quad(node, node, Literal(value)))
    words = ("SELECT ?s", "{", "?s", "<urn:a#b>", str(Literal(value)), "}")
    query = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    found = [store.query(one) for one in (query, normalise(query))]
    assert [len(list(one)) for one in found if isinstance(one, QuerySolutions)] == [1, 1]


@pytest.mark.parametrize("part", ["'''a", "<a", '"', "\\", "'a\n", "''a'''", "# \n", "<'"])
def test_nonsense_costs_little(part: str) -> None:
    """No text makes the front think for long: the time grows with the length, and lengths are bounded."""
    started = time.process_time()
    normalise(part * (1_000_000 // len(part)))
    normalise(part * (60_000 // len(part)))
    assert time.process_time() - started < 2
