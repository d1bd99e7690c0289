"""When two servers said the same."""

from __future__ import annotations

import json

import pytest
from endpoints.answers import difference, read_answer

_IRI = {"type": "uri", "value": "https://example.org/a"}


def _rows(*rows: dict[str, dict[str, str]]) -> bytes:
    return json.dumps({"head": {"vars": ["a", "b"]}, "results": {"bindings": list(rows)}}).encode()


def _literal(value: str, **more: str) -> dict[str, str]:
    return {"type": "literal", "value": value} | {name.replace("_", ":"): text for name, text in more.items()}


def test_order_of_rows_and_variables_is_no_difference() -> None:
    """Without ORDER BY rows have no order, and the members of a JSON object have none at all."""
    one = _rows({"a": _IRI, "b": _literal("x")}, {"a": _IRI})
    other = _rows({"a": _IRI}, {"b": _literal("x"), "a": _IRI})
    assert not difference(read_answer(one, is_graph=False), read_answer(other, is_graph=False))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_literal("x"), _literal("x", datatype="http://www.w3.org/2001/XMLSchema#string")),
        (_literal("x", xml_lang="AR"), _literal("x", xml_lang="ar")),
        (_literal("1", datatype="urn:i"), _literal("1", datatype="urn:i") | {"type": "typed-literal"}),
    ],
)
def test_ways_to_write_one_term(one: dict[str, str], other: dict[str, str]) -> None:
    """A plain literal is a string, a tag has no case (RDF 1.1, section 3.3), typed-literal is an old name."""
    assert read_answer(_rows({"a": one}), is_graph=False) == read_answer(_rows({"a": other}), is_graph=False)


@pytest.mark.parametrize(
    "other",
    [
        [{"a": _IRI}],
        [{"a": _IRI}] * 3,
        [{"a": _IRI}, {"a": _literal("https://example.org/a")}],
        [{"a": _IRI}, {"b": _IRI}],
        [{"a": _IRI}, {}],
    ],
)
def test_differences_are_seen(other: list[dict[str, dict[str, str]]]) -> None:
    """A row more or less, another kind of term, another variable, an unbound one: all are differences."""
    expected = read_answer(_rows({"a": _IRI}, {"a": _IRI}), is_graph=False)
    assert difference(expected, read_answer(_rows(*other), is_graph=False))


def test_graphs_are_sets() -> None:
    """A triple written twice is one triple; another one is a difference."""
    once, twice = b"<urn:a> <urn:b> <urn:c> .", b"<urn:a> <urn:b> <urn:c> , <urn:c> ."
    expected = read_answer(once, is_graph=True)
    assert not difference(expected, read_answer(twice, is_graph=True))
    assert difference(expected, read_answer(b"<urn:a> <urn:b> 1 .", is_graph=True))


def test_booleans_are_compared() -> None:
    """Yes is not no."""
    yes, no = (read_answer(json.dumps({"boolean": one}).encode(), is_graph=False) for one in (True, False))
    assert difference(yes, no)
