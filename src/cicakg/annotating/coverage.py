"""What of an article has been read: which sentences have claims, which words stand in no span."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cicakg.annotating.articles import AnnotatedArticle, Span
from cicakg.annotating.sentences import sentences
from cicakg.annotating.texts import words

SHORTEST_GAP: Final = 4
"""How many code points a gap must have to be shown without the text: spaces and stops are everywhere."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of article text: where it stands, the names of the claims with evidence in it, how many
    words it has outside excluded passages, and the runs of words that no evidence touches.
    """

    span: Span
    claims: tuple[str, ...]
    word_count: int
    uncovered_count: int
    uncovered: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of one article has been read, sentence by sentence; sentences wholly excluded are left out."""

    article: AnnotatedArticle
    sentences: tuple[Sentence, ...]

    @property
    def bare(self) -> tuple[Sentence, ...]:
        """The sentences that no claim's evidence touches."""
        return tuple(one for one in self.sentences if not one.claims)

    @property
    def word_count(self) -> int:
        """How many words stand outside the excluded passages."""
        return sum(one.word_count for one in self.sentences)

    @property
    def covered_count(self) -> int:
        """How many of them some evidence touches."""
        return self.word_count - sum(one.uncovered_count for one in self.sentences)


@dataclass(frozen=True, slots=True)
class Positions:
    """What is known without the text: code points under evidence, and the gaps of some length between."""

    article: AnnotatedArticle
    covered: tuple[Span, ...]
    gaps: tuple[Span, ...]


def cover(article: AnnotatedArticle, text: str) -> Coverage:
    """Return what of *text* the claims of *article* cover; *text* is the verified one."""
    found = (_sentence(article, text, span) for span in sentences(text))
    return Coverage(article, tuple(one for one in found if one.word_count))


def _sentence(article: AnnotatedArticle, text: str, span: Span) -> Sentence:
    start, end = span
    places = [(start + first, start + last) for first, last in words(text[start:end])]
    counted = [one for one in places if not article.excluded_at(*one)]
    bare = [not article.claims_at(*one) for one in counted]
    claims = tuple(one.name for one in article.claims_at(start, end))
    return Sentence(span, claims, len(counted), sum(bare), tuple(_runs(counted, bare)))


def _runs(places: Sequence[Span], chosen: Sequence[bool]) -> list[Span]:
    """Join chosen *places* that follow each other."""
    runs: list[Span] = []
    was_chosen = False
    for (start, end), is_chosen in zip(places, chosen, strict=True):
        if is_chosen and was_chosen:
            runs[-1] = (runs[-1][0], end)
        elif is_chosen:
            runs.append((start, end))
        was_chosen = is_chosen
    return runs


def positions(article: AnnotatedArticle) -> Positions:
    """Return what is covered and what is not, in offsets alone."""
    covered = joined(span for claim in article.claims for span in claim.evidence)
    length = (
        int(article.length) if article.length.isdecimal() else max((end for _, end in covered), default=0)
    )
    taken = joined([*covered, *article.excluded])
    edges = [0, *(edge for span in taken for edge in span), length]
    gaps = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    gaps = [(start, end) for start, end in gaps if end - start >= SHORTEST_GAP]
    return Positions(article, covered, tuple(gaps))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return *spans* without overlaps, in order; spans that touch become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
