"""Spans against the text."""

from __future__ import annotations

import pytest
from toy_repository import Toy

from cicakg.checks.texts import edge_problem, is_inside_cluster
from cicakg.errors import CicakgError


@pytest.mark.parametrize(
    ("text", "offset", "is_inside"),
    [
        ("مجلسُ", 4, True),
        ("مجلسُ النهر", 5, False),
        ("e\u0301a", 1, True),
        ("e\u0301a", 2, False),
        ("\U0001f468\u200d\U0001f469", 2, True),
        ("\U0001f44d\U0001f3fd", 1, True),
        ("a\r\nb", 2, True),
        ("ab", 0, False),
        ("ab", 2, False),
        ("a b", 1, False),
    ],
)
def test_a_cut_inside_a_grapheme_cluster_is_seen(text: str, offset: int, is_inside: bool) -> None:
    """Marks, joiners, skin tones and CR LF belong to what is before them (UAX 29, GB3, GB9, GB11)."""
    assert is_inside_cluster(text, offset) is is_inside


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        (0, 4, None),
        (5, 11, None),
        (4, 11, ("space-beginning", "")),
        (5, 12, ("stop-end", "002E")),
        (0, 5, ("space-end", "")),
        (1, 4, ("word-beginning", "")),
        (0, 3, ("word-end", "")),
        (13, 16, None),
    ],
)
def test_the_edges_of_a_span_are_those_of_words(
    start: int, end: int, problem: tuple[str, str] | None
) -> None:
    """A span begins and ends with whole words; brackets and percent signs may end it."""
    assert edge_problem("Satu Majlis. 15%", start, end) == problem


def test_a_text_that_is_not_utf8_is_refused(toy: Toy) -> None:
    """The texts are read as they are; bytes that are no text are a fault of the folder."""
    (toy.texts / "900_00000000000000a1.txt").write_bytes(b"\xff")
    with pytest.raises(CicakgError) as caught:
        toy.check(has_texts=True)
    assert caught.value.code == "text-unreadable"


def test_a_text_is_not_looked_for_outside_the_folder(toy: Toy) -> None:
    """An identifier with a path in it names no file elsewhere."""
    (toy.root / "secret.txt").write_text("x")
    toy.replace("ms", '"900_00000000000000a1"', '"../secret"')
    toy.check(has_texts=True)
    assert not toy.check(has_texts=True).readings or all(
        one.file != toy.path("ms") for one in toy.check(has_texts=True).readings
    )


def test_line_ends_of_a_text_are_counted_as_they_stand(toy: Toy) -> None:
    """A text with CR LF has another length and another digest: nothing is normalised on reading."""
    path = toy.texts / "900_00000000000000a1.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert {one.code for one in toy.findings(has_texts=True)} == {"text-digest", "text-length"}
