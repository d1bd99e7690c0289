"""Where the terms of a Turtle file stand."""

from __future__ import annotations

import pytest

from cicakg.model import Position
from cicakg.turtle import LocatedTriple, read_turtle
from cicakg.vocab import RDF_TYPE

PREFIX = "@prefix : <http://example.org/> .\n"
Places = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


def places(text: str) -> list[Places]:
    """Return the positions of all triples of *text*, after the one line of the prefix."""
    return [_pairs(one) for one in read_turtle((PREFIX + text).encode()).triples]


def _pairs(one: LocatedTriple) -> Places:
    subject, predicate, value = one.subject, one.predicate, one.object
    return (
        (subject.line, subject.column),
        (predicate.line, predicate.column),
        (value.line, value.column),
    )


def test_a_triple_stands_where_its_three_terms_begin() -> None:
    """The positions of a plain triple are those of its subject, predicate and object."""
    assert places(":a :b :c .") == [((2, 1), (2, 4), (2, 7))]


def test_an_object_list_shares_subject_and_predicate() -> None:
    """In an object list each object has a place of its own, the rest is shared."""
    assert places(":a :b :c ,\n  :d .") == [((2, 1), (2, 4), (2, 7)), ((2, 1), (2, 4), (3, 3))]


def test_a_predicate_list_shares_its_subject() -> None:
    """In a predicate list each predicate has a place of its own; repeated semicolons add nothing."""
    assert places(":a :b 1 ;;\n   a :c ; .") == [((2, 1), (2, 4), (2, 7)), ((2, 1), (3, 4), (3, 6))]


def test_a_property_list_stands_at_its_bracket() -> None:
    """A blank-node property list is subject of the inner triples and object of the outer one, at its '['."""
    assert places(":a :b [ :c 1 ] .") == [((2, 7), (2, 9), (2, 12)), ((2, 1), (2, 4), (2, 7))]


def test_a_property_list_may_be_a_statement_of_its_own() -> None:
    """'[ … ] .' is a statement without predicates after it."""
    assert places("[ :c 1 ] .\n[] :d 2 .") == [((2, 1), (2, 3), (2, 6)), ((3, 1), (3, 4), (3, 7))]


def test_a_collection_stands_at_its_bracket_and_its_items() -> None:
    """The list itself is at '(', each cell at its item, the end of the list at ')'."""
    assert places(":a :b (1 2) .") == [
        ((2, 8), (2, 8), (2, 8)),
        ((2, 8), (2, 8), (2, 10)),
        ((2, 10), (2, 10), (2, 10)),
        ((2, 10), (2, 10), (2, 11)),
        ((2, 1), (2, 4), (2, 7)),
    ]


def test_a_list_in_a_list_keeps_its_cells_apart() -> None:
    """A cell whose item is a blank node is not that blank node."""
    triples = read_turtle((PREFIX + ":a :b ([]) , ( ( 1 ) ) , () .").encode()).triples
    assert len({one.triple for one in triples}) == 9


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_end_at_any_line_break(line_break: str) -> None:
    """LF, CRLF and CR end a line, also inside a long literal and in a comment."""
    text = (
        f'@prefix : <http://e/> .{line_break}# c{line_break}:a :b """x{line_break}y""" ;{line_break}  :c 1 .'
    )
    second = read_turtle(text.encode()).triples[1]
    assert (second.subject, second.predicate) == (Position(3, 1), Position(5, 3))


def test_a_byte_order_mark_is_not_a_column() -> None:
    """A file saved with a byte order mark has its first term at column 1."""
    first = read_turtle(b"\xef\xbb\xbf<http://e/a> <http://e/b> 1 .").triples[0]
    assert first.subject == Position(1, 1)


def test_columns_count_code_points() -> None:
    """A tab, a Kazakh letter, an Arabic mark and an emoji are one column each."""
    assert places(':a :b "\tқسُ🏞" , 1 .')[1][2] == (2, len(':a :b "\tқسُ🏞" , ') + 1)


def test_directives_may_stand_anywhere_in_both_spellings() -> None:
    """@base, @prefix, BASE and PREFIX hold from where they stand."""
    text = "@base <http://e/1> .\n<> <#p> <x> .\nPREFIX q: <#>\nbase <http://f/>\n<> q:p <x> ."
    document = read_turtle(text.encode())
    found = [str(one.triple) for one in document.triples]
    assert found == [
        "<http://e/1> <http://e/1#p> <http://e/x>",
        "<http://f/> <http://e/1#p> <http://f/x>",
    ]
    assert (document.base, document.base_position) == ("http://f/", Position(4, 6))


def test_the_base_given_holds_until_the_first_directive() -> None:
    """A relative IRI before any @base is resolved against the base given."""
    document = read_turtle(b"<a> a <b> .", base="http://e/d/")
    assert str(document.triples[0].triple) == f"<http://e/d/a> {RDF_TYPE} <http://e/d/b>"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"a\\tb"', "a\tb"),
        ("'a\"b'", 'a"b'),
        ('"""a""b"""', 'a""b'),
        ("'''a\n'b'''", "a\n'b"),
        ('"\\u0041\\U0001F3DE"', "A🏞"),
        ('"\\\\u0041"', "\\u0041"),
        ('""', ""),
        ('""""""', ""),
    ],
)
def test_string_escapes_are_resolved(written: str, value: str) -> None:
    """Turtle's four kinds of quotation and its escapes give the text they mean (Turtle, section 6.4)."""
    literal = read_turtle((PREFIX + f":a :b {written} .").encode()).triples[0].triple.object
    assert getattr(literal, "value", None) == value


def test_names_with_dots_colons_and_escapes() -> None:
    """Local names keep inner dots, colons and percent signs, and lose the backslash of an escape."""
    triples = read_turtle((PREFIX + ":a.b:c :p%41\\~ :x.\n:d\\,e :f :1.").encode()).triples
    assert [str(one.triple) for one in triples] == [
        "<http://example.org/a.b:c> <http://example.org/p%41~> <http://example.org/x>",
        "<http://example.org/d,e> <http://example.org/f> <http://example.org/1>",
    ]


def test_a_literal_keeps_its_lexical_form_and_its_tag_as_written() -> None:
    """Numbers are not normalised, and the language tag is kept in the case of the file."""
    triples = read_turtle((PREFIX + ':a :b 01 , 1.50 , 1E3 , -.5 , "x"@kk-Latn .').encode()).triples
    assert [getattr(one.triple.object, "value", "") for one in triples] == ["01", "1.50", "1E3", "-.5", "x"]
    assert triples[4].language == "kk-Latn"


def test_blank_nodes_of_two_files_are_different_nodes() -> None:
    """The same label in two files does not name one node."""
    first = read_turtle(b"_:x <http://e/p> 1 .").triples[0].triple.subject
    second = read_turtle(b"_:x <http://e/p> 2 .").triples[0].triple.subject
    assert first != second
