"""Places worked out block by block are those of the whole file, whatever its layout."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode

from cicakg.turtle import TurtleDocument, TurtleFault, read_turtle

HEAD: Final = "@prefix p: <http://p/> .\n"

PARTS: Final = (
    "@prefix p: <http://p/> .\n",
    "@prefix p: <http://other/> .",
    "PREFIX p: <http://third/>\n",
    "prefix : <http://empty/>\n",
    "@base <http://b/x#y> .\n",
    "BASE <http://c/d/>\n",
    "@prefix q: <#> .",
)
TERMS: Final = (
    "p:s",
    "p:t",
    ":s",
    "<http://e/s>",
    "<http://e/t>",
    "<#s>",
    "<>",
    "<t>",
    "p:a.b",
    "p:%20",
    r"p:a\#b",
    r"p:a\'b",
    r"<http://e/\u0073>",
    "p:",
    "p:version",
    "<http://e/(s)>",
)
OBJECTS: Final = (
    *TERMS,
    '"x"',
    "'y'",
    '"# no"',
    '"<http://e/s> <http://e/p> 1 ."@en',
    '"""a\nb"""',
    "'''\np:s p:p p:o .\n'''",
    '"a\\"b"@kk-Latn',
    "1",
    "-1.5",
    "true",
    '"x"^^p:d',
    '"\\u0041"',
    '"[ _:x"',
    "'it\\'s'",
)
BLANK: Final = ("_:b", "[ p:p 1 ]", "( 1 p:s )", "[]")
GAPS: Final = (" ", "\n", "\n    ", "\t", "\r\n", " # \"a < b, 'c' [ \n", "\n# <http://e/s>\n", "  ", "\n\n")


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """Draw a Turtle file of a strange layout; what is not Turtle is for the test to pass over."""
    parts = [HEAD, "@prefix : <http://colon/> .\n@base <http://a/b> .\n"]
    # Most files keep to one kind of gap; those that are laid out in blocks do.
    gap = draw(st.sampled_from((st.sampled_from(GAPS), st.just(" "), st.just("\n    "))))
    objects = st.lists(
        st.sampled_from(draw(st.sampled_from((OBJECTS, OBJECTS + BLANK)))), min_size=1, max_size=2
    )
    for _ in range(draw(st.integers(1, 5))):
        if draw(st.integers(0, 4)) == 0:
            parts.append(draw(st.sampled_from(PARTS)) + draw(gap))
        predicates = draw(st.lists(st.sampled_from(("a", "p:p", ":q")), min_size=1, max_size=2))
        said = [f"{one}{draw(gap)}" + f"{draw(gap)},{draw(gap)}".join(draw(objects)) for one in predicates]
        parts.append(draw(st.sampled_from(TERMS)) + draw(gap) + f"{draw(gap)};{draw(gap)}".join(said))
        parts.append(f"{draw(gap)}.{draw(st.one_of(st.just(chr(10)), gap))}")
    return "".join(parts)


def subjects(document: TurtleDocument) -> Iterable[object]:
    """Return the subjects, each once, and one that is none."""
    return dict.fromkeys([*(one.subject for one in document.statements), NamedNode("http://nobody/")])


def assert_places_agree(data: bytes, base: str | None = None) -> bool:
    """Compare the places of each subject with those of the whole file; return whether there are blocks."""
    whole = read_turtle(data, base)
    placed = whole.triples
    assert [one.triple for one in placed] == list(whole.statements)
    lazy = read_turtle(data, base)
    for subject in subjects(lazy):
        expected = tuple(one for one in placed if one.triple.subject == subject)
        assert lazy.triples_about(subject) == expected
    if whole.blocks is not None:
        said = list(dict.fromkeys(one.triple.subject for one in placed))
        assert {NamedNode(one.subject) for one in whole.blocks} == set(said)
    return whole.blocks is not None


@settings(max_examples=300, deadline=None)
@given(layouts())
@example(
    "@prefix a: <http://1/> .\n<http://e/s> a:p a:o . @prefix a: <http://2/> .\n<http://e/t> a:p a:o .\n"
)
@example(
    "@prefix a: <http://1/> .\n<http://e/s> a:p a:o .\n @prefix a: <http://2/> .\n<http://e/t> a:p a:o ."
)
@example("<http://e/s> <http://e/p>\n<http://e/t> . <http://e/t> <http://e/q> <http://e/o> .\n")
@example("@base <http://1/> .\n<http://e/s> a <x> .\n @base <http://2/> .\n<http://e/t> a <x> .")
@example(HEAD + "p:s p:a\\#b [ p:c p:d ] .")
@example(HEAD + "p:s p:p p:a\\'b , _:x , p:a\\'c .")
def test_places_of_a_subject_are_those_in_the_whole_file(text: str) -> None:
    """Whatever the layout, what is worked out for one subject alone is what stands in the file."""
    try:
        read_turtle(text.encode())
    except TurtleFault:
        return
    assert_places_agree(text.encode())


def test_strange_layouts_are_read_at_all() -> None:
    """Most of what is drawn is Turtle, and some of it is laid out in blocks, else nothing is compared."""
    counts = {"turtle": 0, "blocks": 0, "drawn": 0}

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(layouts())
    def count(text: str) -> None:
        counts["drawn"] += 1
        try:
            document = read_turtle(text.encode())
        except TurtleFault:
            return
        counts["turtle"] += 1
        counts["blocks"] += document.blocks is not None

    count()
    assert counts["turtle"] > counts["drawn"] / 2
    assert counts["blocks"] > 5


@pytest.mark.parametrize("folder", ["data", "ontology", "shapes", "tests/toy"])
def test_places_in_the_projects_own_files_agree(project: Path, folder: str) -> None:
    """Every subject of every file of the project stands where the parse of the whole file says."""
    paths = sorted((project / folder).rglob("*.ttl"))
    has_blocks = [assert_places_agree(path.read_bytes()) for path in paths]
    assert has_blocks
    assert folder == "shapes" or any(has_blocks)  # shapes are full of blank nodes


def test_articles_and_entities_have_their_blocks(project: Path) -> None:
    """What is laid out as docs/annotating.md asks is read block by block: a finding costs little there."""
    for path in (project / "data").rglob("*.ttl"):
        assert read_turtle(path.read_bytes()).blocks is not None, path


def test_places_in_the_w3c_files_agree(shared: Path) -> None:
    """Every Turtle file of the W3C suites is located subject by subject as it is as a whole."""
    paths = sorted((shared / "w3c").rglob("*.ttl"))
    assert len(paths) > 100
    for path in paths:
        assert_places_agree(path.read_bytes(), "http://e/x")


@settings(max_examples=60, deadline=None)
@given(layouts(), st.booleans())
def test_a_document_is_the_same_after_pickling(text: str, is_placed_before: bool) -> None:
    """What the cache keeps of a file says the same, at the same places, whether asked before or after."""
    try:
        document = read_turtle(text.encode(), "http://given/")
    except TurtleFault:
        return
    if is_placed_before:
        assert document.triples is not None
    restored: TurtleDocument = pickle.loads(pickle.dumps(document))  # noqa: S301 - our own
    assert restored.statements == document.statements
    assert restored.triples == document.triples
    assert restored.tags == document.tags
    assert restored.blocks == document.blocks
    assert (restored.prefixes, restored.base, restored.source.text) == (
        document.prefixes,
        document.base,
        document.source.text,
    )
    assert restored.base_position == document.base_position
    for subject in subjects(document):
        again: TurtleDocument = pickle.loads(pickle.dumps(document))  # noqa: S301 - our own
        assert again.triples_about(subject) == document.triples_about(subject)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p:s p:p p:o .", True),
        ("p:s p:p '[' , \"_:b\" , '''<<''' .", True),
        ("p:s p:p p:o . # [ _:b (", True),
        (r"p:s p:p p:a\#b .", True),
        (r"p:s p:p p:a\(b .", True),
        (r"p:s p:p p:a\#b , [] .", False),
        (r"p:s p:p p:a\'b , [] , p:a\'b .", False),
        ("p:s p:p [] .", False),
        ("p:s p:p ( 1 ) .", False),
        ("_:s p:p p:o .", False),
        ("[] p:p p:o .", False),
    ],
)
def test_what_has_blank_nodes_is_never_taken_for_plain(text: str, expected: bool) -> None:
    """A blank node that is overlooked would have another label each time the file is read."""
    document = read_turtle((HEAD + text).encode())
    assert document.is_plain is expected
    terms = {term for one in document.statements for term in (one.subject, one.object)}
    assert not (document.is_plain and any(isinstance(one, BlankNode) for one in terms))


def test_tags_are_as_they_are_written() -> None:
    """pyoxigraph makes tags lower case; ours are those of the file, and none of a string or a name."""
    text = HEAD + r"""p:s p:p "x"@kk-Latn , 'y"@en'@MS , p:a\'b , '''z'''@ar . # "no"@de"""
    assert read_turtle(text.encode()).tags == {"kk-Latn", "MS", "ar"}


def test_labels_of_blank_nodes_are_their_own_in_each_file() -> None:
    """Two files may both say _:b, and mean two nodes; the same file read again means the same."""
    one, other = (read_turtle(f"_:b <http://e/p> [] . # {name}".encode()) for name in ("a", "b"))
    nodes = [{one.subject for one in read.statements} for read in (one, other)]
    assert not nodes[0] & nodes[1]
    assert read_turtle(one.source.text.encode()).statements == one.statements
