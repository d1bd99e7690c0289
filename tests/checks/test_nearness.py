"""What is offered for a name that nobody knows."""

from __future__ import annotations

import pytest

from cicakg.checks.nearness import nearest_terms
from cicakg.vocab import term

KNOWN = [
    term(one).value
    for one in ("cica:host", "cica:gloss", "cica:about", "skos:prefLabel", "dcterms:subject", "rdf:subject")
]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("cica:hots", ["cica:host"]),
        ("rdfs:prefLabel", ["skos:prefLabel"]),
        ("rdf:subjct", ["rdf:subject", "dcterms:subject"]),
        ("cica:abouts", ["cica:about"]),
        ("cica:zzz", []),
    ],
)
def test_local_names_are_compared(name: str, near: list[str]) -> None:
    """What all terms of a vocabulary begin with makes none of them likely; what is far behind is left out."""
    assert nearest_terms(term(name).value, KNOWN) == [term(one).value for one in near]


def test_the_same_list_comes_first() -> None:
    """Of two equal names, the one in the namespace that was written is likelier."""
    known = ["http://e/b/chair", "http://e/a/chair"]
    assert nearest_terms("http://e/a/chiar", known) == ["http://e/a/chair", "http://e/b/chair"]


def test_many_are_not_offered() -> None:
    """Three names are enough to choose from."""
    assert len(nearest_terms("http://e/name", [f"http://e/name{one}" for one in range(9)])) == 3
