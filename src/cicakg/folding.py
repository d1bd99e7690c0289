"""What two spellings of a name have in common: the one normalisation of every search for a name.

Nothing folded is ever stored: a folded text is for finding, and :class:`Folded` leads back to the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# Letters that NFKD leaves apart although writers mix them. Alef with hamza or madda, waw and ya with hamza
# lose their sign by NFKD without marks; what is left is here.
_ARABIC: Final = {
    "\u0671": "\u0627",  # alef wasla
    "\u0649": "\u064a",  # alef maqsura
    "\u06cc": "\u064a",  # Farsi yeh
    "\u06a9": "\u0643",  # keheh
    "\u0629": "\u0647",  # ta marbuta
    "\u0621": "",  # hamza
}
_LATIN: Final = {"\u0131": "i", "\u00f8": "o", "\u0142": "l", "\u0111": "d"}
_VARIANTS: Final = {**_ARABIC, **_LATIN}
_APOSTROPHES: Final = frozenset("'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2018\u2019\u201b\u2032\uff07")
_TATWEEL: Final = "\u0640"
_MARKS: Final = frozenset({"Mn", "Me", "Mc"})

# Kazakh and Russian Cyrillic by sound, as folded (short i has become i). The Latin alphabet of 2021 and the
# common transliterations meet here: a rough key, for ranking below the exact one.
_SOUNDS: Final = dict(
    zip(
        "абвгғдежзиіклмнңоөпрстуұүфхһцчшщъыьэәқ",
        "abvggdejziiklmnnooprstuuufkkccss*i*eak",
        strict=True,
    )
) | {"ю": "iu", "я": "ia"}
_SPELLINGS: Final = (
    (re.compile("shch|sch|sh"), "s"),
    (re.compile("tch|ch|ts"), "c"),
    (re.compile("dzh|zh|dj"), "j"),
    (re.compile("gh"), "g"),
    (re.compile("kh|[qxh]"), "k"),
    (re.compile("ng"), "n"),
    (re.compile("y"), "i"),
    (re.compile("w"), "u"),
    (re.compile("i+(?=[aeou])"), ""),  # Tokayev, Toqaev; Azia, Aziya
)
_DOUBLED: Final = re.compile(r"([^\W\d])\1+")


@dataclass(frozen=True)
class Folded:
    """A text as folded, and for each of its characters the offset of the one it comes from."""

    text: str
    offsets: tuple[int, ...]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original behind the folded characters *start* to *end*.

        A mark or tatweel behind the last letter belongs to it, and a letter that is dropped, such as a final
        hamza, to its word.
        """
        first, last = self.offsets[start], self.offsets[end - 1] + 1
        while first and _is_dropped_letter(self.original[first - 1]):
            first -= 1
        while last < len(self.original) and (
            is_silent(self.original[last]) or _is_dropped_letter(self.original[last])
        ):
            last += 1
        return first, last

    def at(self, offset: int) -> int:
        """Return the place in the folded text of the first character that comes from *offset* or later."""
        return bisect_left(self.offsets, offset)


def fold(text: str) -> Folded:
    """Fold *text*: words of letters and digits with one space between, all that writers vary taken away.

    Unicode case folding; NFKD without combining marks (harakat, accents); tatweel, hamza and apostrophes
    dropped; Arabic alef, ya and ta marbuta each in one form; digits as 0 to 9; hyphens, punctuation and
    every kind of space as one space.
    """
    characters: list[str] = []
    offsets: list[int] = []
    for offset, piece in _pieces(text):
        if piece == " " and (not characters or characters[-1] == " "):
            continue
        characters.append(piece)
        offsets.append(offset)
    if characters and characters[-1] == " ":
        del characters[-1], offsets[-1]
    return Folded("".join(characters), tuple(offsets), text)


def key(text: str) -> str:
    """Return *text* as folded: equal for two spellings of one name in one script."""
    return " ".join(text.translate(_FOLDING).split())


def sound(text: str) -> str:
    """Return a rough Latin key of *text*, equal for Kazakh in Cyrillic and in Latin letters.

    Source of the letters: the Kazakh Latin alphabet as presented in 2021, and the transliterations in use
    (kh, zh, sh, ch, q or k, y or i).
    """
    latin = "".join(_SOUNDS.get(one, one).replace("*", "") for one in key(text))
    for spelling, plain in _SPELLINGS:
        latin = spelling.sub(plain, latin)
    return _DOUBLED.sub(r"\1", latin)


def is_silent(character: str) -> bool:
    """Whether *character* only adds to the letter before it: a mark, or tatweel."""
    return character == _TATWEEL or unicodedata.category(character) in _MARKS


def _is_dropped_letter(character: str) -> bool:
    return character.isalpha() and not _folded(character)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    for offset, character in enumerate(text):
        for piece in _folded(character):
            yield offset, piece


class _Folding:
    """What is left of each character, by its code point, as ``str.translate`` asks for it."""

    def __getitem__(self, code: int) -> str:
        return _folded(chr(code))


_FOLDING: Final = _Folding()


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Return what is left of one *character*: letters and digits, a space, or nothing."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(_reduced(one) for one in parts)


def _reduced(character: str) -> str:
    if is_silent(character) or character in _APOSTROPHES or unicodedata.category(character) == "Cf":
        return ""
    if character in _VARIANTS:
        return _VARIANTS[character]
    if character.isdecimal():
        return str(unicodedata.digit(character))
    return character if character.isalnum() else " "
