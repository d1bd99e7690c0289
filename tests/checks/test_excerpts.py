"""The line a finding is about: what is marked, and that the mark is right beside Arabic."""

from __future__ import annotations

import pytest

from cicakg.checks.renderers.excerpts import is_reordered, marked_line, token_length


@pytest.mark.parametrize(
    ("line", "column", "token"),
    [
        ("id:x a cica:Y .", 8, "cica:Y"),
        ("    cica:evidence <#char=0,9> , <#char=4,9> .", 19, "<#char=0,9>"),
        ('    skos:prefLabel "قمم سيكا"@ar ,', 20, '"قمم سيكا"'),
        ('rdfs:comment """two', 14, '"""two'),
        ('rdfs:comment "open', 14, '"'),
        ("rdf:object 012 ;", 12, "012"),
        ("modality:fact", 14, ""),
        ("a ; b", 2, " "),
    ],
)
def test_the_whole_token_is_marked(line: str, column: int, token: str) -> None:
    """The mark is as long as the token that begins there, and one column long where none can be read."""
    assert token_length(line, column) == max(1, len(token))


def test_the_mark_stands_under_the_token() -> None:
    """Tabs, marks and wide letters before it and in it are counted as a terminal shows them."""
    excerpt, mark = marked_line('\tid:x "\u4e2da\u0301" .', 7, 80)
    assert excerpt.strip("\u2066\u2069") == '    id:x "\u4e2da\u0301" .'
    assert mark == " " * 9 + "^" * 5


def test_the_mark_ends_with_what_is_shown() -> None:
    """Under a token that is cut off there is no mark beyond the cut."""
    excerpt, mark = marked_line('rdfs:comment "' + "a" * 300 + '"', 14, 60)
    assert len(excerpt.strip("\u2066\u2069")) == len(mark) == 60


ARABIC = 'dcterms:title "قمة سيكا 6 في أستانا"@ar ;'


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("dcterms", False),
        ('"قمة', False),
        ("قمة", True),
        (" سيكا", True),
        ("6", True),
        ('"@ar', False),
        (";", False),
    ],
)
def test_only_what_stands_between_arabic_letters_is_reordered(part: str, expected: bool) -> None:
    """By UAX #9 in a left-to-right line: a quotation mark at the edge stays, a number inside moves."""
    assert is_reordered(ARABIC, ARABIC.index(part) + 1) is expected


def test_a_character_in_an_arabic_run_is_named() -> None:
    """There a terminal may show it anywhere in the run, so its number and name stand in place of a mark."""
    column = ARABIC.index("في") + 1
    assert (
        list(marked_line(ARABIC, column, 80))[1]
        == f"character {column} of the line: U+0641 ARABIC LETTER FEH"
    )


def test_a_line_is_shown_from_left_to_right() -> None:
    """A line that begins with Arabic is isolated left to right, as the rest of the file is read."""
    excerpt = next(marked_line("سيكا مؤتمر", 1, 80))
    assert (excerpt[0], excerpt[-1]) == ("\u2066", "\u2069")
