"""What the engine's complaints become. The positions are counted by hand."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from cicakg.errors import CicakgError
from cicakg.sparql.syntax import syntax_error
from cicakg.vocab import PREFIXES


def error_of(query: str) -> CicakgError:
    """Return what is said of *query*, which the engine must refuse."""
    with pytest.raises(SyntaxError) as caught:
        Store().query(query, prefixes=dict(PREFIXES))
    return syntax_error(query, str(caught.value), PREFIXES)


@pytest.mark.parametrize(
    ("query", "place", "reason"),
    [
        ("SELECT * WHERE { ?s ?p ?o ", "line 1, column 16", "“{” here is not closed"),
        ("SELECT * { ?s ?p ?o }}", "line 1, column 22", "“}” here closes no “{”"),
        ("SELECT * {\n ?s foo:b ?o }", "line 2, column 5", "prefix “foo:” is not declared"),
        ("ASK { ?s ?p 'abc }", "line 1, column 13", "string that starts here is not closed"),
        ('ASK {\n?s ?p """abc }', "line 2, column 7", "string that starts here is not closed"),
        ("SELEC * { ?s ?p ?o }", "line 1, column 1", "“SELEC” is no keyword"),
        ("ASK { ?x a b }", "line 1, column 12", "“b” is no keyword"),
        ("ASK { ?x a '😀ж' . b }", "line 1, column 19", "“b” is no keyword"),
        ("SELECT DISTINCT WHERE { ?s ?p ?o }", "line 1, column 17", "“WHERE” is not expected here"),
        ("SELECT * { ?s <rel> ?o }", "line 1, column 15", "<rel> is no absolute IRI"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "line 1", "SELECT * is not authorized with GROUP BY"),
        ("SELECT (?x AS ?x) { ?x ?y ?z }", "line 1", "overrides an existing variable"),
        ("# nothing", "line 1, column 1", "there is no query in it"),
        ("DESCRIBE", "line 1, column 9", "ends before it is complete"),
    ],
)
def test_place_and_reason(query: str, place: str, reason: str) -> None:
    """What people get wrong is named with its line and column."""
    error = error_of(query)
    assert error.code == "query-syntax"
    assert place in error.detail
    assert reason in error.detail
    assert error.fix.endswith(".")


def test_the_line_is_shown_with_a_caret() -> None:
    """The caret stands beneath the character at fault; tabs before it stay tabs."""
    error = error_of("SELECT * {\n\t?s foo:b ?o\n}")
    assert error.detail.splitlines()[1:] == ["  \t?s foo:b ?o", "  \t   ^"]


def test_a_long_line_is_shown_in_part() -> None:
    """Of a line of a thousand characters as much is shown as fits a screen, with the place in it."""
    error = error_of("SELECT * { " + "?s ?p ?o . " * 100 + "?s foo:b ?o }")
    shown, caret = error.detail.splitlines()[1:]
    assert len(shown) <= 110
    assert shown[caret.index("^") :].startswith("foo:b")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o ",
        "SELECT ?x FROM WHERE {}",
        "SELECT * { ?s ?p 'a\\x' }",
        "SELECT * { FILTER(?o > ) }",
        "{",
        "é",
    ],
)
def test_no_character_classes(query: str) -> None:
    """The engine's lists of character classes never reach a person."""
    detail = error_of(query).detail
    assert "..=" not in detail
    assert "\\u{" not in detail
    assert len(detail) < 400


def test_a_complaint_of_another_shape_is_passed_on() -> None:
    """A message of a coming version of the engine is still shown."""
    assert "something new" in syntax_error("ASK {}", "something new", PREFIXES).detail
