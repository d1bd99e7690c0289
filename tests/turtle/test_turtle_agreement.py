"""The positions belong to the triples that pyoxigraph reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from cicakg.model import Position
from cicakg.turtle import read_turtle

# A layout between two terms: at least one space, tab, line break or comment.
gaps = st.sampled_from([" ", "\t", "\n", "\r\n", "  \n\t", " # a comment; . , [ \n", "\n\n"])
iris = st.sampled_from(["<http://e/қ>", "<http://e/%20>", "p:x", "p:a.b", "p:", "p:1:2", "p:\\~z"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def quoted(text: str) -> str:
    """Return *text* as a Turtle string in double quotation marks."""
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(character, escape)
    return f'"{text}"'


objects = st.one_of(
    iris,
    st.sampled_from(["1", "-2.50", "1e3", "true", "_:b", '"""a\n"b"""', '"x"@kk-Latn', "'y'^^p:d"]),
    texts.map(quoted),
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, int]]]:
    """Draw a file and the offsets of the three terms of each of its triples."""
    text, offsets = "@prefix p: <http://p/> .\n", []
    for _ in range(draw(st.integers(1, 5))):
        triple = []
        for strategy in (iris, iris, objects):
            triple.append(len(text))
            text += draw(strategy) + draw(gaps)
        offsets.append((triple[0], triple[1], triple[2]))
        text += "." + draw(gaps)
    return text, offsets


def position(text: str, offset: int) -> Position:
    """Return the position of *offset*, counted in the plainest way."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


@settings(max_examples=150, deadline=None)
@given(files())
def test_random_layout_is_located_exactly(file: tuple[str, list[tuple[int, int, int]]]) -> None:
    """Whatever stands between the terms, each is located at the offset it was written to."""
    text, offsets = file
    found = [(one.subject, one.predicate, one.object) for one in read_turtle(text.encode()).triples]
    assert found == [tuple(position(text, one) for one in triple) for triple in offsets]


@pytest.mark.parametrize("folder", ["data", "ontology", "shapes"])
def test_the_projects_own_files_are_read_as_pyoxigraph_reads_them(project: Path, folder: str) -> None:
    """Every Turtle file of the dataset gives as many triples as pyoxigraph finds, none of them misread."""
    paths = sorted((project / folder).rglob("*.ttl"))
    assert paths
    for path in paths:
        judged = list(parse(path.read_bytes(), format=RdfFormat.TURTLE))
        assert len(read_turtle(path.read_bytes()).triples) == len(judged)


def test_the_w3c_files_are_read(shared: Path) -> None:
    """All Turtle files of the W3C suites at hand are read as pyoxigraph reads them."""
    paths = sorted((shared / "w3c").rglob("*.ttl"))
    assert len(paths) > 100
    for path in paths:
        judged = list(parse(path.read_bytes(), format=RdfFormat.TURTLE, base_iri="http://e/x"))
        assert len(read_turtle(path.read_bytes(), "http://e/x").triples) == len(judged), path
