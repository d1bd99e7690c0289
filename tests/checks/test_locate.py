"""From a node of the graph to its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from cicakg.checks.locate import Homes, Locator
from cicakg.corpus import SourceFile
from cicakg.model import FileKind
from cicakg.turtle import read_turtle
from cicakg.vocab import EVIDENCE

TEXT = """@prefix : <http://e/> .
@prefix cica: <https://w3id.org/cicakg/ontology#> .
:a :p :x , "1" ;
   :q :a .
:b :p :span ;
   cica:evidence :span .
"""


@pytest.fixture
def locator() -> Locator:
    """A locator of one file."""
    file = SourceFile(Path("f.ttl"), FileKind.ARTICLE, NamedNode("http://g/"), read_turtle(TEXT.encode()))
    return Locator([file])


def place(
    locator: Locator, focus: str, predicate: str | None = None, value: object = None
) -> tuple[int, int]:
    """Return line and column of the place found; names are local names of the one namespace."""
    found = locator.place(
        NamedNode(f"http://e/{focus}"),
        NamedNode(f"http://e/{predicate}") if predicate else None,
        value if isinstance(value, Literal | NamedNode) else None,
    )
    assert found is not None
    return found.position.line, found.position.column


def test_an_exact_triple_is_at_its_object(locator: Locator) -> None:
    """Focus node, path and value together name one object in the file."""
    assert place(locator, "a", "p", Literal("1")) == (3, 12)


def test_without_the_value_the_predicate_is_meant(locator: Locator) -> None:
    """Where the value is missing or derived, the finding points to the predicate."""
    assert place(locator, "a", "q") == (4, 4)
    assert place(locator, "a", "p", Literal("2")) == (3, 4)


def test_without_the_predicate_the_subject_is_meant(locator: Locator) -> None:
    """What a node lacks is found where the node is described."""
    assert place(locator, "b", "q") == (5, 1)
    assert place(locator, "b") == (5, 1)


def test_a_span_is_where_it_is_cited_as_evidence(locator: Locator) -> None:
    """A node that no file describes stands where its IRI is evidence, before any other mention."""
    assert EVIDENCE.value.endswith("evidence")
    assert place(locator, "span", "start", Literal("0")) == (6, 18)
    assert place(locator, "x") == (3, 7)


def test_a_node_in_no_file_has_no_place(locator: Locator) -> None:
    """There is no place for what stands nowhere."""
    assert locator.place(NamedNode("http://e/none")) is None


def test_a_locator_that_knows_the_files_from_before_finds_what_a_new_one_finds() -> None:
    """A file that changed, came or went counts as it is now, and the order of the files decides."""
    homes = Homes("subject"), Homes("object")

    def file(name: str, text: str) -> SourceFile:
        document = read_turtle(f"@prefix : <http://e/> .\n{text}".encode())
        return SourceFile(Path(name), FileKind.ARTICLE, NamedNode("http://g/"), document)

    one, two, other = file("one", ":a :p :x ."), file("two", "\n:a :p :y ."), file("one", ":b :p :x .")
    for files in ([one, two], [two, one], [other, two], [two], [two, other], []):
        for node in ("a", "b", "x", "y"):
            focus = NamedNode(f"http://e/{node}")
            assert Locator(files, homes).place(focus) == Locator(files).place(focus), (node, files)
