"""Text for a terminal: isolated for direction, without control characters, cut to a width."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_DIRECTIONAL_ISOLATE: Final = "\u2069"

_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CUT: Final = "…"
_TAB: Final = "    "


def isolated(text: str) -> str:
    """Return *text* for a line of a terminal, so that its direction does not change what stands around it."""
    return FIRST_STRONG_ISOLATE + safe(text) + POP_DIRECTIONAL_ISOLATE


def safe(text: str) -> str:
    """Return *text* with control and direction characters written out, so that none acts on the terminal."""
    return _UNSAFE.sub(_written, text.replace("\t", _TAB))


def _written(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\r\n":
        return " "
    return f"\\u{ord(character):04X}"


def width(text: str) -> int:
    """Return how many columns *text* takes on a terminal: 2 for wide letters, 0 for marks (UAX 11)."""
    return sum(_width(one) for one in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def excerpt(line: str, column: int, limit: int) -> tuple[str, int]:
    """Return the part of *line* around *column* (from 1) that fits *limit* columns, and how far in it begins.

    The second value is the width of what stands before *column* in the part returned.
    """
    start = 0
    if width(safe(line)) > limit:
        start = max(0, column - 1 - limit // 2)
    lead = _CUT if start else ""
    before = lead + safe(line[start : column - 1])
    part = lead + safe(line[start:])
    if width(part) > limit:
        part = _fitting(part, limit - 1) + _CUT
    return part, width(before)


def _fitting(text: str, limit: int) -> str:
    taken = 0
    for number, one in enumerate(text):
        taken += _width(one)
        if taken > limit:
            return text[:number]
    return text
