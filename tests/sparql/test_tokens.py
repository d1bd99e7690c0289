"""The words of a SPARQL text. Expected values are read off the SPARQL 1.1 grammar, section 19.8."""

from __future__ import annotations

import time

import pytest

from cicakg.model import Position
from cicakg.sparql.tokens import (
    TokenKind,
    first_unclosed_string,
    lower_booleans,
    position_of,
    tokens,
    unescape,
    unescape_iri,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<http://example.org/قمة>", TokenKind.IRI),
        ("<>", TokenKind.IRI),
        ("'it\\'s'", TokenKind.STRING),
        ('"SERVICE"', TokenKind.STRING),
        ("'''two\nlines with ' and '' in them'''", TokenKind.STRING),
        ('"""a "quoted" word"""', TokenKind.STRING),
        ("?саммит", TokenKind.VARIABLE),
        ("$x1", TokenKind.VARIABLE),
        ("_:b.1", TokenKind.BLANK),
        ("@kk-Cyrl", TokenKind.LANGUAGE),
        ("cica:holder", TokenKind.NAME),
        (":", TokenKind.NAME),
        ("ex:a.b%20c\\~:d", TokenKind.NAME),
        ("a.b:c", TokenKind.NAME),
        ("3.5e-1", TokenKind.NUMBER),
        ("SELECT", TokenKind.WORD),
        ("{", TokenKind.MARK),
    ],
)
def test_one_token(text: str, kind: TokenKind) -> None:
    """Each production of the grammar is one token of its kind, whole."""
    assert [(one.kind, one.text) for one in tokens(text)] == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a<?b", ["?a", "<", "?b"]),
        ("ex:a.", ["ex:a", "."]),
        ("true.SERVICE", ["true", ".", "SERVICE"]),
        ("5.SERVICE", ["5", ".", "SERVICE"]),
        ("a#b\n<c#d>", ["a", "<c#d>"]),
        ("'a'@en'b'", ["'a'", "@en", "'b'"]),
        ("'' ' '", ["''", "' '"]),
    ],
)
def test_where_one_token_ends(text: str, expected: list[str]) -> None:
    """A token is as long as the grammar lets it be, and not longer; comments are none."""
    assert [one.text for one in tokens(text)] == expected


def test_a_string_that_is_not_closed_ends_the_reading() -> None:
    """What follows an opening quotation mark without its partner is neither text nor query."""
    assert [one.text for one in tokens("ASK { ?s ?p 'abc } SERVICE")] == ["ASK", "{", "?s", "?p"]
    assert first_unclosed_string("ASK { ?s ?p 'abc }") == 12
    assert first_unclosed_string('ASK { ?s ?p """abc }\n"') == 12
    assert first_unclosed_string("ASK { ?s ?p 'abc' }") is None


def test_codepoint_escapes_are_read_outside_strings_and_iris_only() -> None:
    r"""Section 19.2: escapes stand for their characters; inside strings and IRIs the engine reads them, so
    ``\u0027`` ends no string."""
    assert unescape("S\\u0045LECT") == "SELECT"
    assert unescape("\\U0001F600") == "\U0001f600"
    assert unescape("'\\u0027' <a\\u0062> # \\u000A") == "'\\u0027' <a\\u0062> # \\u000A"
    assert unescape("\\uD800") == "\\uD800"
    assert unescape_iri("<a\\u0062c>") == "abc"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { FILTER(TRUE && False) }", "ASK { FILTER(true && false) }"),
        ("ASK { ?TRUE <x:TRUE> 'True' } # FALSE", "ASK { ?TRUE <x:TRUE> 'True' } # FALSE"),
        ("ASK { True:a a:TRUE ?x.True }", "ASK { True:a a:TRUE ?x.true }"),
        ("ASK { true 'FALSE }", "ASK { true 'FALSE }"),
    ],
)
def test_booleans_in_capitals(text: str, expected: str) -> None:
    """Section 19.8: keywords have no case. Variables, names, strings, IRIs and comments keep theirs."""
    assert lower_booleans(text) == expected


def test_position_counts_code_points() -> None:
    """Line and column count from 1, and a character outside the BMP is one column."""
    text = "a\n😀b"
    assert position_of(text, 3) == Position(2, 2)
    assert position_of(text, 0) == Position(1, 1)


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "<a",
        "a..........",
        "_:a.",
        "ex:%41.",
        "'",
        '"""',
        "\\u0041",
        "1",
        "é-·",
        "?",
        "(",
        "<>",
        "ex:",
        "@a-",
    ],
)
def test_reading_takes_time_in_proportion_to_the_length(piece: str) -> None:
    """A row of anything, eight times as long, takes nowhere near 64 times as long to read, as it would if
    each piece were looked at again for the next.
    """
    list(tokens(piece * 100))

    def seconds(count: int) -> float:
        text = piece * count
        best = 9.0
        for _ in range(3):
            started = time.process_time()
            list(tokens(text))
            best = min(best, time.process_time() - started)
        return best

    assert seconds(16_000) < 32 * seconds(2_000) + 0.5
