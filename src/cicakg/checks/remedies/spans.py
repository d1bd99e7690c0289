"""Mends a span: its numbers written plainly, in their order, within the text and on whole words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import object_replaced, object_written, rewriting, triple_deleted, triple_of
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import written_iri
from cicakg.checks.texts import STOPS, edge_problem, is_inside_cluster
from cicakg.corpus import SPAN_IRI
from cicakg.model import Finding, Remedy
from cicakg.paths import article_iri, slug_of
from cicakg.turtle import LocatedTriple
from cicakg.vocab import EVIDENCE, EXCLUDED_PASSAGE, term

_NUMBERS: Final = re.compile(r"(?i:char(?:s|acter|acters)?)?[^0-9]{0,3}([0-9]+)[^0-9]{1,3}([0-9]+)[^0-9]?")
_SLIP: Final = re.compile(r"char=([0-9]+)[;:._\-][0-9]+")
_LENGTH: Final = term("cica:textLength")


@dataclass(frozen=True, slots=True)
class _Span:
    article: str
    start: int
    end: int

    def written(self, context: Context, one: LocatedTriple) -> str:
        iri = f"{self.article}#char={self.start},{self.end}"
        return written_iri(context, iri, context.source.offset_of(one.object))


def _span_of(finding: Finding, context: Context) -> tuple[LocatedTriple, _Span] | None:
    one = triple_of(finding, context)
    found = None if one is None else SPAN_IRI.fullmatch(_iri(one))
    if one is None or found is None:
        return None
    return one, _Span(found[1], int(found[2]), int(found[3]))


def _iri(one: LocatedTriple) -> str:
    return one.triple.object.value if isinstance(one.triple.object, NamedNode) else ""


def _words(context: Context) -> str | None:
    return None if context.text is None else context.text.text


def plain_numbers(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the span without leading zeros, which is the same span."""
    found = _span_of(finding, context)
    if found is not None and found[1].end > 0:
        one, span = found
        yield from rewriting(context, one.object, span.written(context, one), is_safe=True)


def exchanged_numbers(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the span with its numbers exchanged; safe where the text shows whole words there."""
    found = _span_of(finding, context)
    if found is None or found[1].start <= found[1].end:
        return
    one, span = found
    mended = _Span(span.article, span.end, span.start)
    text = _words(context)
    fits = text is not None and mended.end <= len(text)
    is_safe = fits and edge_problem(text or "", mended.start, mended.end) is None
    yield from rewriting(context, one.object, mended.written(context, one), is_safe)


def misspelt_span(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the span that the two numbers in a misspelt one make; safe where only its comma is wrong."""
    one = triple_of(finding, context)
    if one is None or not isinstance(one.triple.object, NamedNode):
        return
    article, _, fragment = one.triple.object.value.partition("#")
    found = _NUMBERS.fullmatch(fragment)
    if found is None or article != article_iri(slug_of(context.place)):
        return
    start, end = sorted((int(found[1]), int(found[2])))
    is_safe = _SLIP.fullmatch(fragment) is not None and int(found[1]) < int(found[2])
    if start < end:
        yield from rewriting(context, one.object, _Span(article, start, end).written(context, one), is_safe)


def within_text(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the part of a span that lies in the text."""
    found = _span_of(finding, context)
    length = _text_length(context)
    if found is not None and length is not None and found[1].start < length < found[1].end:
        one, span = found
        end = length
        text = _words(context)
        while (
            text is not None and end > span.start + 1 and (text[end - 1].isspace() or text[end - 1] in STOPS)
        ):
            end -= 1
        yield from rewriting(context, one.object, _Span(span.article, span.start, end).written(context, one))


def _text_length(context: Context) -> int | None:
    said = [one.triple.object for one in context.triples if one.triple.predicate == _LENGTH]
    values = [one.value for one in said if isinstance(one, Literal) and one.value.isdecimal()]
    return int(values[0]) if len(values) == 1 else None


def whole_words(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the span from the first to the last of its words.

    Safe where only white space is left out and what remains is whole words.
    """
    found, text = _span_of(finding, context), _words(context)
    if found is None or text is None or not found[1].start < found[1].end <= len(text):
        return
    one, span = found
    start, end = _trimmed(text, span.start, span.end, "")
    if start < end and (start, end) != (span.start, span.end) and edge_problem(text, start, end) is None:
        yield from rewriting(context, one.object, _Span(span.article, start, end).written(context, one), True)
    start, end = _trimmed(text, span.start, span.end, STOPS)
    if start < end and edge_problem(text, start, end) is None:
        yield from rewriting(context, one.object, _Span(span.article, start, end).written(context, one))
    if start < end:
        for first, last in (_widened(text, start, end), _narrowed(text, start, end)):
            if first < last and edge_problem(text, first, last) is None:
                mended = _Span(span.article, first, last)
                yield from rewriting(context, one.object, mended.written(context, one))


def _trimmed(text: str, start: int, end: int, marks: str | frozenset[str]) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in marks):
        end -= 1
    return start, end


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    while start and _is_word(text[start - 1]) and _is_word(text[start]):
        start -= 1
    while end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]):
        end += 1
    return start, end


def _narrowed(text: str, start: int, end: int) -> tuple[int, int]:
    if start and _is_word(text[start - 1]):
        while start < end and _is_word(text[start]):
            start += 1
    if end < len(text) and _is_word(text[end]):
        while start < end and _is_word(text[end - 1]):
            end -= 1
    return _trimmed(text, start, end, STOPS)


def _is_word(character: str) -> bool:
    return character.isalnum() or is_inside_cluster("a" + character, 1)


def whole_characters(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the span with the marks that belong to its letters; safe where it only ended too early."""
    found, text = _span_of(finding, context), _words(context)
    if found is None or text is None or found[1].end > len(text):
        return
    one, span = found
    start, end = span.start, span.end
    while is_inside_cluster(text, start):
        start -= 1
    while is_inside_cluster(text, end):
        end += 1
    mended = _Span(span.article, start, end)
    yield from rewriting(context, one.object, mended.written(context, one), is_safe=start == span.start)


def joined_spans(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the ways to make one of two spans that overlap: join them, or keep either."""
    found = _span_of(finding, context)
    if found is None:
        return
    one, span = found
    for other in context.by_subject.get(str(getattr(one.triple.subject, "value", "")), ()):
        match = SPAN_IRI.fullmatch(_iri(other)) if _is_other_evidence(one, other) else None
        if match is None or not (span.start < int(match[3]) and int(match[2]) < span.end):
            continue
        outer = _Span(span.article, min(span.start, int(match[2])), max(span.end, int(match[3])))
        text = outer.written(context, one)
        shown = [object_written(context, each.object) for each in (one, other)]
        gone = triple_deleted(context, other)
        if text not in shown and gone:
            edits = (*object_replaced(context, one.object, text), *gone)
            yield titled("join-spans", edits, other=shown[1], span=text)
        for each, written in zip((one, other), shown, strict=True):
            yield titled("delete", triple_deleted(context, each), text=written)


def _is_other_evidence(one: LocatedTriple, other: LocatedTriple) -> bool:
    return other.triple.predicate == EVIDENCE and other.object != one.object


def outside_excluded(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield what is left of a span without the passages excluded from the article, where that is one part."""
    found = _span_of(finding, context)
    if found is None:
        return
    one, span = found
    start, end = span.start, span.end
    for passage in context.triples:
        match = SPAN_IRI.fullmatch(_iri(passage)) if passage.triple.predicate == EXCLUDED_PASSAGE else None
        if match is None or not (start < int(match[3]) and int(match[2]) < end):
            continue
        if int(match[2]) <= start:
            start = int(match[3])
        elif int(match[3]) >= end:
            end = int(match[2])
        else:
            return
    text = _words(context)
    if text is not None:
        start, end = _trimmed(text, start, min(end, len(text)), STOPS)
    if start < end:
        yield from rewriting(context, one.object, _Span(span.article, start, end).written(context, one))


def own_article(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the span with the same numbers in this article."""
    found = _span_of(finding, context)
    if found is not None:
        one, span = found
        mended = _Span(article_iri(slug_of(context.place)), span.start, span.end)
        yield from rewriting(context, one.object, mended.written(context, one))


REMEDIES: Final = {
    "span-form": plain_numbers,
    "span-order": exchanged_numbers,
    "span-missing": misspelt_span,
    "span-bounds": within_text,
    "span-edges": whole_words,
    "span-cluster": whole_characters,
    "span-excluded": outside_excluded,
    "span-overlap": joined_spans,
    "claim-home": own_article,
}
