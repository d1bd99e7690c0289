"""A triple taken out of a file, or put in: the file stays Turtle and differs by that triple, and no more."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, RdfFormat, parse

from cicakg.checks.mending import edited
from cicakg.checks.remedies.outline import outline_of
from cicakg.checks.remedies.statements import addition, another_object, deletion
from cicakg.turtle import TurtleDocument, TurtleFault, read_turtle

HEAD = "@prefix x: <http://x.test/> .\n"
GAPS = ("", "", " ", " ", "  ", "\n", "\r\n", "\t", "\n    ", " # a; b , c .\n", "#]\r\n  ", "\n# ü 𝄞\n    ")
TERMS = (
    "x:a",
    "x:b.c",
    "x:",
    "<http://x.test/#d>",
    "_:e",
    "1",
    "-2.5",
    "1e5",
    "true",
    '"f"',
    '"; , ."@en',
    "'g'^^x:t",
    '"""h # i\n j"""',
    "[]",
    "()",
)

gaps = st.sampled_from(GAPS)
verbs = st.sampled_from(("a", "x:p", "x:q", "<http://x.test/r>"))
subjects = st.sampled_from(("x:s", "<http://x.test/t>", "_:u", "[]", "x:v.w"))
terms = st.sampled_from(TERMS)


@st.composite
def gapped(draw: st.DrawFn, parts: list[str]) -> str:
    """Join *parts* with any gaps."""
    return "".join(one + draw(gaps) for one in parts)


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    """Draw an object: a term, or brackets with more in them."""
    kind = draw(st.integers(0, 7)) if depth else 7
    if kind == 0:
        return draw(gapped(["[", draw(predicates(depth - 1)), "]"]))
    if kind == 1:
        inner = draw(st.lists(values(depth - 1), min_size=1, max_size=2))
        return draw(gapped(["( ", *(one + " " for one in inner), ")"]))
    return draw(terms)


@st.composite
def predicates(draw: st.DrawFn, depth: int = 2) -> str:
    """Draw predicates with their objects, and semicolons in any number."""
    parts: list[str] = []
    for number in range(draw(st.integers(1, 3))):
        if number:
            parts.extend([";"] * draw(st.integers(1, 2)))
        objects = draw(st.lists(values(depth), min_size=1, max_size=3))
        parts.extend([draw(verbs), draw(st.sampled_from(["", " "])), objects[0]])
        for one in objects[1:]:
            parts.extend([",", one])
    parts.extend([";"] * draw(st.integers(0, 1)))
    return draw(gapped(parts))


@st.composite
def files(draw: st.DrawFn) -> str:
    """Draw a file of statements."""
    count = draw(st.integers(1, 3))
    return HEAD + "".join(draw(gapped([draw(subjects), " ", draw(predicates()), "."])) for _ in range(count))


def document_of(text: str) -> TurtleDocument:
    """Read *text*, which hypothesis may have made unreadable by leaving out a space."""
    try:
        return read_turtle(text.encode())
    except TurtleFault:
        assume(False)
        raise


def triples(text: str) -> Counter[tuple[str, ...]]:
    """Count the triples of *text* as pyoxigraph reads it, all blank nodes taken as one."""
    return Counter(
        tuple(
            "_" if isinstance(one, BlankNode) else str(one)
            for one in (each.subject, each.predicate, each.object)
        )
        for each in parse(text, format=RdfFormat.TURTLE)
    )


def without(text: str, offset: int) -> str | None:
    """Return *text* without the triple whose object begins at *offset*, ``None`` where that is refused."""
    source = read_turtle(text.encode()).source
    edits = deletion(source, outline_of(text), offset)
    return edited(text.encode(), edits).decode() if edits else None


def comments(text: str) -> list[str]:
    """Return the comments of *text*."""
    gaps_of = outline_of(text).gaps(0, len(text))
    return re.findall(r"#[^\r\n]*", "\n".join(text[start:end] for start, end in gaps_of))


class TestDeletion:
    """One triple less."""

    @settings(max_examples=150, deadline=None)
    @given(files(), st.randoms(use_true_random=False))
    def test_exactly_the_triple_is_gone(self, text: str, random: object) -> None:
        """The judge reads the edited file, and exactly one triple fewer in it; no comment is lost."""
        document = document_of(text)
        one = random.choice(document.triples)  # type: ignore[attr-defined]
        offset = document.source.offset_of(one.object)
        after = without(text, offset)
        if after is None:
            return
        terms_of = (one.triple.subject, one.triple.predicate, one.triple.object)
        gone = tuple("_" if isinstance(each, BlankNode) else str(each) for each in terms_of)
        assert triples(text) - triples(after) == Counter([gone])
        assert triples(after) - triples(text) == Counter()
        assert comments(after) == comments(text)

    @pytest.mark.parametrize(
        ("before", "value", "after"),
        [
            ("x:s x:p 1 , 2 .\n", "1", "x:s x:p 2 .\n"),
            ("x:s x:p 1 , 2 .\n", "2", "x:s x:p 1 .\n"),
            ("x:s x:p 1,\r\n    2,\r\n    3 .\r\n", "2", "x:s x:p 1,\r\n    3 .\r\n"),
            ("x:s a x:c ;\n    x:p 1 ;\n    x:q 2 .\n", "1", "x:s a x:c ;\n    x:q 2 .\n"),
            ("x:s a x:c ;\n    x:p 1 ;\n    x:q 2 .\n", "2", "x:s a x:c ;\n    x:p 1 .\n"),
            ("x:s a x:c ;\n    x:p 1 ;\n    x:q 2 .\n", "x:c", "x:s x:p 1 ;\n    x:q 2 .\n"),
            ("x:s a x:c ; # why\n\tx:p 1 . # end\n", "1", "x:s a x:c # why\n\t . # end\n"),
            ("x:s x:p 1 ; ; x:q 2 ; .\n", "1", "x:s x:q 2 ; .\n"),
            ("x:s x:p 1 ; ; x:q 2 ; .\n", "2", "x:s x:p 1 ; .\n"),
            ("x:r x:p 1 .\n\nx:s x:p 2 .\n\nx:t x:p 3 .\n", "2", "x:r x:p 1 .\n\nx:t x:p 3 .\n"),
            ("x:s x:p [ x:q 1 ; x:r 2 ] .\n", "2", "x:s x:p [ x:q 1 ] .\n"),
            (
                "x:s x:p x:o,<http://x.test/d>.x:t x:p 1 .\n",
                "<http://x.test/d>",
                "x:s x:p x:o .x:t x:p 1 .\n",
            ),
        ],
    )
    def test_layout(self, before: str, value: str, after: str) -> None:
        """What is left is laid out as it was: one comma or semicolon goes, with the line it stood on."""
        assert without(HEAD + before, len(HEAD) + before.index(value)) == HEAD + after

    @pytest.mark.parametrize(
        "text", ["x:s x:p [ x:q 1 ] .", "[ x:q 1 ] x:p 2 .", "(1) x:p 2 .", "[ x:p 2 ] ."]
    )
    def test_refused(self, text: str) -> None:
        """A triple that others hang on is not taken out."""
        place = text.index("[ x:q") if "x:s" in text else text.index("2")
        assert without(HEAD + text, len(HEAD) + place) is None


class TestAddition:
    """One triple more."""

    @settings(max_examples=100, deadline=None)
    @given(files(), st.randoms(use_true_random=False), st.booleans())
    def test_exactly_the_triple_is_added(self, text: str, random: object, is_new: bool) -> None:
        """The judge reads the edited file, and exactly one triple more in it; no comment is lost."""
        document = document_of(text)
        outline = outline_of(text)
        assume(outline.statements)
        statement = random.choice(outline.statements)  # type: ignore[attr-defined]
        number = random.randrange(len(statement.predicates))  # type: ignore[attr-defined]
        if is_new:
            edit = addition(document.source, statement, number, "x:new", '"n"@kk')
        else:
            edit = another_object(document.source, statement.predicates[number], '"n"@kk')
        after = edited(text.encode(), [edit]).decode()
        assert triples(text) - triples(after) == Counter()
        (new,) = (triples(after) - triples(text)).elements()
        assert new[2] == '"n"@kk'
        assert comments(after) == comments(text)

    def test_a_line_of_its_own(self) -> None:
        """Where predicates stand on lines of their own, so does the new one, with the file's line ends."""
        text = f"{HEAD}x:s a x:c ; # kept\r\n    x:p 1 . # end\r\n"
        (statement,) = outline_of(text).statements
        source = read_turtle(text.encode()).source
        first = edited(text.encode(), [addition(source, statement, 0, "x:n", "2")]).decode()
        last = edited(text.encode(), [addition(source, statement, 1, "x:n", "2")]).decode()
        assert first == f"{HEAD}x:s a x:c ; # kept\r\n    x:n 2 ;\r\n    x:p 1 . # end\r\n"
        assert last == f"{HEAD}x:s a x:c ; # kept\r\n    x:p 1 ;\r\n    x:n 2 . # end\r\n"
