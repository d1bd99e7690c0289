"""The sentences of a text, by a heuristic that knows no language well.

A line is a paragraph. Within it a sentence ends at a run of ``. ! ? ؟ … ۔ 。`` (and the quotation marks and
brackets behind it) where white space or the line's end follows, unless

- the run is one full stop and what stands before it is an initial (one letter), a known abbreviation, or
  a number at the beginning of the line (a numbered item);
- or what follows begins with a small letter (a spurious stop, or an abbreviation nobody listed).

Where no white space follows, a full stop still ends a sentence if a word of three letters or more stands
before it and a capital letter, or a letter of a script without case, behind it: web pages lose spaces. So
``3.5``, ``Egemen.kz`` and ``М.Тілеуберді`` stay whole. A stop inside a clause of Arabic cannot be told from a
real one, and ends a sentence here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cicakg.annotating.articles import Span
from cicakg.annotating.texts import words
from cicakg.folding import is_silent

_PARAGRAPH: Final = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_STOP: Final = re.compile(r"[.!?؟…۔。]+[\"'»”’›)\]}]*")
_TOKEN: Final = re.compile(r"[^\s(\[«“\"‘']*\Z")
_OPENING: Final = re.compile(r"[\s\"'«“‘‹(\[{–—-]*")
_SHORTEST_WORD: Final = 3

# English, Malay, Kazakh, Russian, Arabic; as they stand before their last full stop, in small letters.
_ABBREVIATED: Final = (
    "mr mrs ms dr prof no st vs etc gen col lt capt gov sen rep jan feb mar apr jun jul aug sep sept oct nov "
    "dec en pn tn hj bil dll dsb hlm sdn bhd т.б т.с.с т.ғ ж жж ғ м р мың млн млрд т.е т.д т.п г гг им ул "
    "стр см e.g i.e u.s u.n a.m p.m أ.د د م هـ ق.م"
)
_ABBREVIATIONS: Final = frozenset(_ABBREVIATED.split())


def sentences(text: str) -> Iterator[Span]:
    """Yield the span of each sentence of *text* that holds a word, without white space around it."""
    for paragraph in _PARAGRAPH.finditer(text):
        start = paragraph.start()
        for end in (*_ends(text, *paragraph.span()), paragraph.end()):
            span = _stripped(text, start, end)
            if any(words(text[slice(*span)])):
                yield span
                start = end


def _stripped(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    for stop in _STOP.finditer(text, start, end):
        if _is_end(text[start : stop.start()], stop.group(), text[stop.end() : end]):
            yield stop.end()


def _is_end(before: str, stop: str, after: str) -> bool:
    if not after.strip():
        return True
    follows = after[_after_opening(after) :][:1]
    if not after[0].isspace():
        return stop[0] == "." and _is_glued_end(before, follows)
    if stop == "." and _is_abbreviated(before):
        return False
    return not follows.islower()


def _after_opening(after: str) -> int:
    found = _OPENING.match(after)
    return found.end() if found else 0


def _is_glued_end(before: str, follows: str) -> bool:
    """Whether a sentence ends at a full stop without a space behind it."""
    last = [one for one in _last_token(before) if not is_silent(one)]
    is_word = len(last) >= _SHORTEST_WORD and all(one.isalpha() for one in last)
    return is_word and follows.isalpha() and not follows.islower()


def _is_abbreviated(before: str) -> bool:
    token = _last_token(before)
    if len([one for one in token.rpartition(".")[2] if not is_silent(one)]) == 1 and token[-1:].isalpha():
        return True
    is_item = token.isdecimal() and token == before.strip()
    return is_item or token.casefold() in _ABBREVIATIONS


def _last_token(before: str) -> str:
    found = _TOKEN.search(before)
    return found[0] if found else ""
