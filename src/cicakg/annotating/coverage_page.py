"""The coverage of articles as one page: the text shaded by its claims.

The page has no script and loads nothing. Each text stands in one container whose text content is the
article's, character by character; overlapping spans are flattened to marks that do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from cicakg.annotating.articles import Claim
from cicakg.annotating.coverage import Coverage
from cicakg.languages import direction

_MODALITIES: Final = {
    "fact": "46 125 50",
    "plan": "21 101 192",
    "intention": "0 131 143",
    "proposal": "239 108 0",
    "prediction": "106 27 154",
    "opinion": "194 24 91",
}
_MIXED: Final = "93 64 55"
_MOST: Final = 5
"""From how many claims the shade does not get darker."""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
:root { color-scheme: light; font: 1.05rem/1.9 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.3; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #ccc; padding: 1rem; }
.excluded { color: #5e5e5e; background: #eee; }
.bare { text-decoration: underline wavy #b00020; text-underline-offset: .3em; }
mark { color: inherit; }
.legend { display: flex; flex-wrap: wrap; gap: .5rem 1rem; padding: 0; list-style: none; line-height: 1.5; }
"""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the text in which nothing begins or ends."""

    start: int
    end: int
    claims: tuple[Claim, ...]
    is_excluded: bool
    is_bare: bool


def segments(coverage: Coverage, length: int) -> Iterator[Segment]:
    """Yield the parts of a text of *length* code points, one after the other and without a gap."""
    article = coverage.article
    bare = [one.span for one in coverage.bare]
    spans = [*(span for claim in article.claims for span in claim.evidence), *article.excluded, *bare]
    edges = sorted({0, length, *(edge for span in spans for edge in span if edge <= length)})
    for start, end in pairwise(edges):
        is_bare = any(first <= start and end <= last for first, last in bare)
        excluded = bool(article.excluded_at(start, end))
        yield Segment(start, end, article.claims_at(start, end), excluded, is_bare and not excluded)


def page(read: Sequence[tuple[Coverage, str]]) -> str:
    """Return the page for articles and their texts."""
    parts = [_article(coverage, text) for coverage, text in read]
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n<title>Coverage of the annotation</title>\n'
        f"<style>{_STYLE}{_colours()}</style>\n</head>\n<body>\n<h1>Coverage of the annotation</h1>\n"
    )
    return f"{head}{_legend()}{''.join(parts)}</body>\n</html>\n"


def _colours() -> str:
    rules = []
    for name, colour in (*_MODALITIES.items(), ("mixed", _MIXED)):
        rules += [
            f".{name}.n{count} {{ background: rgb({colour} / {0.10 + 0.08 * count:.2f}); }}"
            for count in range(1, _MOST + 1)
        ]
    return "\n".join(rules) + "\n"


def _legend() -> str:
    names = "".join(f'<li><mark class="{one} n3">{one}</mark></li>\n' for one in (*_MODALITIES, "mixed"))
    return (
        "<p>This page holds an article’s text: it is for the annotator’s eyes and must not be published. "
        "A darker shade is more claims; point at a mark to see which.</p>\n"
        f'<ul class="legend">\n{names}<li><span class="excluded">excluded passage</span></li>\n'
        '<li><span class="bare">sentence without a claim</span></li>\n</ul>\n'
    )


def _article(coverage: Coverage, text: str) -> str:
    article = coverage.article
    tag = article.language or "und"
    body = "".join(_marked(one, text) for one in segments(coverage, len(text)))
    return (
        f'<article>\n<h2 id="{escape(article.slug)}">{escape(article.slug)}</h2>\n'
        f"<p>{_summary(coverage)}</p>\n"
        f'<div class="text" lang="{escape(tag)}" dir="{direction(tag)}">{body}</div>\n</article>\n'
    )


def _summary(coverage: Coverage) -> str:
    share = 100 * coverage.covered_count / coverage.word_count if coverage.word_count else 0
    return (
        f"{len(coverage.article.claims)} claims; {len(coverage.bare)} of {len(coverage.sentences)} sentences "
        f"without a claim; {share:.0f} % of {coverage.word_count} words in some span."
    )


def _marked(segment: Segment, text: str) -> str:
    words = _escaped(text[segment.start : segment.end])
    if segment.claims:
        title = escape("\n".join(f"{one.name} {one.modality}: {one.statement}" for one in segment.claims))
        extra = " excluded" if segment.is_excluded else ""
        return f'<mark class="{_shade(segment.claims)}{extra}" title="{title}">{words}</mark>'
    if segment.is_excluded or segment.is_bare:
        return f'<span class="{"excluded" if segment.is_excluded else "bare"}">{words}</span>'
    return words


def _shade(claims: Sequence[Claim]) -> str:
    found = {one.modality for one in claims}
    name = found.pop() if len(found) == 1 else "mixed"
    return f"{name if name in _MODALITIES else 'mixed'} n{min(len(claims), _MOST)}"


def _escaped(text: str) -> str:
    """Return *text* for HTML; a carriage return as a reference, or a browser reads a line feed."""
    return escape(text, quote=False).replace("\r", "&#13;")
