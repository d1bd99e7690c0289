"""Where words stand in a text: exactly, with other white space, or in another spelling."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cicakg.annotating.articles import Span
from cicakg.annotating.texts import words
from cicakg.folding import fold, is_silent


class Match(StrEnum):
    """How the words found are like the words sought."""

    EXACT = "exactly as given"
    SPACING = "with other white space (line breaks, no-break spaces)"
    SPELLING = "in another spelling (case, harakat, tatweel, hamza, ya and ta marbuta, punctuation)"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the words stand, in text order, and how they are alike; ``how`` says nothing where no place
    is.
    """

    how: Match
    spans: tuple[Span, ...]


def find_places(text: str, sought: str) -> Places:
    """Find all places of *sought* in *text*, by the strictest way that finds any."""
    for how, spans in (
        (Match.EXACT, _exact(text, sought)),
        (Match.SPACING, _spaced(text, sought)),
        (Match.SPELLING, _folded(text, sought)),
    ):
        if spans:
            return Places(how, spans)
    return Places(Match.SPELLING, ())


def _exact(text: str, sought: str) -> tuple[Span, ...]:
    found = re.finditer(f"(?=({re.escape(sought)}))", text) if sought else ()
    return tuple(one.span(1) for one in found)


def _spaced(text: str, sought: str) -> tuple[Span, ...]:
    parts = sought.split()
    pattern = r"\s+".join(re.escape(one) for one in parts)
    return tuple(one.span() for one in re.finditer(pattern, text)) if parts else ()


def _folded(text: str, sought: str) -> tuple[Span, ...]:
    """Return the places of the folded words; at least one side of a place is a word's."""
    inside, wanted = fold(text), fold(sought).text
    if not wanted:
        return ()
    starts = (one.start() for one in re.finditer(f"(?={re.escape(wanted)})", inside.text))
    return tuple(inside.span(start, start + len(wanted)) for start in starts)


def nearest(text: str, sought: str) -> Span | None:
    """Return the run of words in *text* most like *sought*, ``None`` where nothing is alike.

    Likeness is difflib's ratio over the folded words; below 0.6 nothing is alike.
    """
    spans = list(words(text))
    count = max(1, len(list(words(sought))))
    wanted = fold(sought).text
    best: tuple[float, Span] | None = None
    matcher = difflib.SequenceMatcher(a="", b=wanted, autojunk=False)
    for first in range(max(0, len(spans) - count) + 1 if spans else 0):
        span = spans[first][0], spans[min(first + count, len(spans)) - 1][1]
        matcher.set_seq1(fold(text[slice(*span)]).text)
        floor = best[0] if best else 0.6
        if matcher.real_quick_ratio() > floor and matcher.quick_ratio() > floor and matcher.ratio() > floor:
            best = matcher.ratio(), span
    return best[1] if best else None


def edge_notes(text: str, span: Span) -> Iterator[str]:
    """Yield what is wrong with the edges of *span*, in words for the annotator."""
    start, end = span
    if text[start].isspace():
        yield "begins with white space"
    if text[end - 1].isspace():
        yield "ends with white space"
    if start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        yield "begins inside a word"
    if end < len(text) and is_silent(text[end]) and not text[end - 1].isspace():
        yield "parts a letter from its marks, which stand behind it"
    elif end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        yield "ends inside a word"
