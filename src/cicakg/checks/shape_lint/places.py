"""Where in a file a character of a literal's text stands, behind quotation marks and escapes."""

from __future__ import annotations

import re
from typing import Final

from cicakg.model import Position
from cicakg.turtle import SourceText

_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_MARKS: Final = ('"""', "'''", '"', "'")
_LONGEST_ESCAPE: Final = 10
"""``\\U0001F30A``: ten characters for one."""


def place_within(source: SourceText, literal: Position, text: str, offset: int) -> Position:
    """Return where the code point at *offset* of *text* stands; its literal stands at *literal*.

    A literal written without quotation marks stands in one place.
    """
    start = source.offset_of(literal)
    mark = next((one for one in _MARKS if source.text.startswith(one, start)), None)
    if mark is None:
        return literal
    inside = start + len(mark)
    written = source.text[inside : inside + _LONGEST_ESCAPE * (min(offset, len(text)) + 1)]
    return source.position_at(inside + _written_length(written, min(offset, len(text))))


def _written_length(written: str, count: int) -> int:
    """Return how many characters of *written* stand for the first *count* of its text."""
    place = 0
    for _ in range(count):
        escape = _ESCAPE.match(written, place)
        place = escape.end() if escape else place + 1
    return place
