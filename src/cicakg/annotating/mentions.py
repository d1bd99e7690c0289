"""The known entities that a text names, by their labels: whole words, with the letters that Arabic puts
before a name and Kazakh behind it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cicakg.annotating.articles import AnnotatedArticle, Span
from cicakg.annotating.names import Entry, Label
from cicakg.folding import Folded, fold

# And, so, with, for, like, the; and what they become together: wa-, fa-, bi-, li-, ka-, al-.
_PREFIX: Final = re.compile("[وف]?(?:[بلك]|ال|[بك]ال|لل)?")
_TO_THE: Final = re.compile("[وف]?لل")
_ARTICLE: Final = "ال"
# As folded. Plural, possessive, case, and the adjective of a place; each may be absent.
_PLURAL: Final = "(?:[лдт][ае]р)?"
_POSSESSIVE: Final = "(?:[ыі]м(?:[ыі]з)?|[ыі]ң(?:[ыі]з)?|с?[ыі]н?)?"
_CASE: Final = "(?:[ндт][ыі]ң|[ғгқк][ае]|н[ае]|[ндт][ыі]|н|н?[дт][ае]н?|н[ае]н|[мбп]ен)?"
_ADJECTIVE: Final = "(?:[ғгқк][ыі]|[дт][ыі]қ|л[ыі][қк]|[дт]ік)?"
_SUFFIX: Final = re.compile(_PLURAL + _POSSESSIVE + _CASE + _ADJECTIVE)
_ARABIC: Final = re.compile("[\u0620-\u064a]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_HYPHENS: Final = frozenset("-\u2010\u2011'\u2019\u02bc")
_SHORTEST_STEM: Final = 4
"""How many letters a name in small letters must have to take prefixes or suffixes."""

_LONGEST_ACRONYM: Final = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a text names an entity, and the label it names it by; ``inside`` is another entity whose
    longer name it is a part of.
    """

    span: Span
    label: Label
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An entity and the places that name it, in text order; ``uses`` counts the claims of the article at
    hand that use the entity already.
    """

    entry: Entry
    mentions: tuple[Mention, ...]
    uses: int


@dataclass(frozen=True)
class _Words:
    """A text as folded words: for each word where it begins and ends in the folded text."""

    folded: Folded
    spans: tuple[Span, ...]
    starts: defaultdict[str, list[int]]

    def word(self, number: int) -> str:
        return self.folded.text[slice(*self.spans[number])] if number < len(self.spans) else ""


def suggest(entries: Iterable[Entry], text: str, article: AnnotatedArticle | None) -> list[Mentioned]:
    """Return the entities *text* names, in the order in which it first does.

    The mentions of one entity do not overlap: the longest stands. What lies in a passage that *article*
    excludes is left out.
    """
    inside = _words(text)
    found: list[Mentioned] = []
    for entry in entries:
        chosen = _longest(one for label in entry.labels for one in _mentions(inside, label))
        kept = tuple(one for one in chosen if article is None or not article.excluded_at(*one.span))
        if entry.is_entity and kept:
            found.append(Mentioned(entry, kept, _uses(article, entry)))
    found = [replace(one, mentions=_nested(one, found)) for one in found]
    return sorted(found, key=lambda one: (one.mentions[0].span[0], -one.mentions[0].span[1], one.entry.iri))


def _nested(one: Mentioned, found: Sequence[Mentioned]) -> tuple[Mention, ...]:
    """Return the mentions of *one*, each with the entity of the longest name around it."""
    return tuple(replace(mention, inside=_around(mention.span, found)) for mention in one.mentions)


def _around(span: Span, found: Sequence[Mentioned]) -> str:
    length = span[1] - span[0]
    around = [
        (last - first, other.entry.curie)
        for other in found
        for first, last in (mention.span for mention in other.mentions)
        if first <= span[0] and span[1] <= last and last - first > length
    ]
    return max(around, default=(0, ""))[1]


def _uses(article: AnnotatedArticle | None, entry: Entry) -> int:
    return sum(entry.iri in one.terms for one in article.claims) if article else 0


def _words(text: str) -> _Words:
    folded = fold(text)
    spans = tuple(one.span() for one in re.finditer(r"\S+", folded.text))
    starts: defaultdict[str, list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(spans):
        for bare in _without_prefix(folded.text[start:end]):
            starts[bare[:_SHORTEST_STEM]].append(number)
    return _Words(folded, spans, starts)


def _without_prefix(word: str) -> set[str]:
    """Return *word* and, where it is Arabic, what is left behind each prefix it can have."""
    if not _ARABIC.match(word):
        return {word}
    behind = {word[end:] for end in range(1, min(5, len(word) - 1)) if _PREFIX.fullmatch(word[:end])}
    joined = _TO_THE.match(word)
    return {word, *behind, *([_ARTICLE + word[joined.end() :]] if joined else [])}


def _mentions(inside: _Words, label: Label) -> Iterator[Mention]:
    parts = label.key.split()
    if not parts:
        return
    for number in sorted(set(inside.starts.get(parts[0][:_SHORTEST_STEM], ()))):
        span = _span(inside, number, parts, label)
        if span is not None and _is_written_so(inside.folded.original[slice(*span)], label):
            yield Mention(span, label)


def _span(inside: _Words, number: int, parts: Sequence[str], label: Label) -> Span | None:
    last = number + len(parts) - 1
    if last >= len(inside.spans) or any(
        inside.word(number + place) != part for place, part in enumerate(parts[1:-1], start=1)
    ):
        return None
    if len(parts) == 1:
        fits = any(_fits_end(one, parts[0], label) for one in _starts(inside.word(number), parts[0]))
    else:
        is_begun = parts[0] in _starts(inside.word(number), parts[0])
        fits = is_begun and _fits_end(inside.word(last), parts[-1], label)
    if not fits:
        return None
    start, end = inside.folded.span(inside.spans[number][0], inside.spans[last][1])
    return start, _with_suffix(inside.folded.original, end)


def _starts(word: str, part: str) -> set[str]:
    """Return the forms of *word* to compare with *part*: with its prefix, and without if *part* is long."""
    return _without_prefix(word) if len(part) >= _SHORTEST_STEM - 1 else {word}


def _fits_end(word: str, part: str, label: Label) -> bool:
    if word == part:
        return True
    can_have_suffix = len(part) >= _SHORTEST_STEM or _is_acronym(label)
    if not (can_have_suffix and word.startswith(part) and _CYRILLIC.match(part)):
        return False
    return _SUFFIX.fullmatch(word[len(part) :]) is not None


def _with_suffix(text: str, end: int) -> int:
    """Return *end* moved behind a Kazakh suffix that is joined by a hyphen, as to an acronym."""
    if text[end : end + 1] not in _HYPHENS:
        return end
    rest = re.match(r"\w+", text[end + 1 :])
    is_suffix = rest and _CYRILLIC.match(rest[0]) and _SUFFIX.fullmatch(fold(rest[0]).text)
    return end + 1 + len(rest[0]) if rest and is_suffix else end


def _is_acronym(label: Label) -> bool:
    return len(label.text) <= _LONGEST_ACRONYM and label.text.isupper()


def _is_written_so(words: str, label: Label) -> bool:
    """Whether capitals allow the match: UN is not the word "un"."""
    return not _is_acronym(label) or words.startswith(label.text) or not label.text.isalpha()


def _longest(found: Iterable[Mention]) -> list[Mention]:
    chosen: list[Mention] = []
    for one in sorted(set(found), key=lambda one: (one.span[0] - one.span[1], one.span, one.label.tag)):
        if all(one.span[1] <= other.span[0] or other.span[1] <= one.span[0] for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.span)
