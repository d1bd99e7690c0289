"""Reading Turtle that is being typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from cicakg.editor.cursor import Wanted, cursor_at
from cicakg.editor.scanning import scan
from cicakg.turtle import read_turtle

NIL = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")  # written (), not as an IRI
HEAD = (
    "@base <https://example.org/a> .\n@prefix id: <https://w3id.org/cicakg/id/> .\n"
    "@prefix cica: <https://w3id.org/cicakg/ontology#> .\n"
)


def test_what_is_whole_is_read_as_the_strict_reader_reads_it(project: Path) -> None:
    """Of every shipped file, the triples of three IRIs are those of the strict reader."""
    paths = [one for name in ("data", "ontology", "shapes") for one in (project / name).rglob("*.ttl")]
    assert len(paths) > 20
    for path in paths:
        read = [one.triple for one in read_turtle(path.read_bytes()).triples]
        strict = {
            (one.subject.value, one.predicate.value, one.object.value)
            for one in read
            if isinstance(one.subject, NamedNode) and isinstance(one.object, NamedNode) and one.object != NIL
        }
        found = {
            (one.subject.iri, pair.predicate.iri, pair.value.iri)
            for one in scan(path.read_text(encoding="utf-8")).statements
            for pair in one.pairs
            if pair.value.iri
        }
        assert found == strict, path


def test_an_unfinished_statement_does_not_hide_the_next() -> None:
    """Where an object and a full stop are missing, the next statement is read for itself."""
    found = scan(f"{HEAD}<#c1> a cica:Claim ;\n  cica:x \n\n<#c2> a cica:Claim .\n")
    assert [one.subject.iri for one in found.statements] == [
        "https://example.org/a#c1",
        "https://example.org/a#c2",
    ]


def test_an_open_literal_hides_its_line_only() -> None:
    """A quotation mark without its fellow does not swallow what stands on the next lines."""
    found = scan(f'{HEAD}id:a cica:label "open .\nid:b a cica:Person .\n')
    assert "https://w3id.org/cicakg/id/b" in found.by_subject


@given(st.text(max_size=200))
def test_nothing_makes_it_fail(text: str) -> None:
    """Whatever is typed, it is read as far as it can be, and each term stands where it says."""
    for one in scan(text).terms:
        assert text[one.token.offset : one.token.end] == one.token.text


@given(st.data())
def test_any_beginning_of_a_file_has_a_cursor_or_none(data: st.DataObject) -> None:
    """At every place of a text the word before the cursor is what stands there."""
    text = (
        HEAD + '<#c1> a cica:Claim ; cica:x [ cica:y ( "а"@kk id:b ) ] , """l\nm""" . # end\nid:c cica:z 1.5'
    )
    offset = data.draw(st.integers(0, len(text)))
    found = cursor_at(text, offset)
    assert found is None or text[found.start : offset] == found.word


@pytest.mark.parametrize(
    ("typed", "wanted", "word"),
    [
        ("id:a cica:x Kassym-Jomart Tok", Wanted.OBJECT, "Kassym-Jomart Tok"),
        ("id:a a Per", Wanted.OBJECT, "Per"),
        ("id:a cica:x id:b ; ", Wanted.PREDICATE, ""),
        ("id:a cica:x id:b , Аст", Wanted.OBJECT, "Аст"),
        ("id:a cica:x [ ca", Wanted.PREDICATE, "ca"),
        ("id:a cica:x id:b . Аст", Wanted.SUBJECT, "Аст"),
        ('id:a cica:x "b"@k', Wanted.LANGUAGE, "k"),
        ('id:a cica:x "b"^^xsd:d', Wanted.DATATYPE, "xsd:d"),
        ("@pre", Wanted.DIRECTIVE, "@pre"),
    ],
)
def test_the_cursor_knows_what_may_stand_there(typed: str, wanted: Wanted, word: str) -> None:
    """By what stands before it: a subject, a predicate, an object, a tag, a datatype, a declaration."""
    found = cursor_at(HEAD + typed, len(HEAD + typed))
    assert found is not None
    assert (found.wanted, found.word) == (wanted, word)


@pytest.mark.parametrize(
    "typed",
    [
        'id:a cica:x "As',
        "id:a cica:x 'As",
        'id:a cica:x """b\nAs',
        "id:a cica:x <As",
        "# As",
        "id:a cica:x id:b # As",
    ],
)
def test_the_cursor_is_nowhere_inside_text(typed: str) -> None:
    """In a literal, an IRI in full or a comment nothing is offered."""
    assert cursor_at(HEAD + typed, len(HEAD + typed)) is None
