"""From columns in code points to the characters an editor counts, and back.

The protocol counts UTF-16 code units unless both ends agree on another encoding
(https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#positionEncodingKind).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cicakg.model import Position
from cicakg.turtle import SourceText


class Encoding(StrEnum):
    """How the editor counts the characters of a line; the values are the protocol's."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"

    def units(self, text: str) -> int:
        """Return how many code units *text* takes."""
        if self is Encoding.UTF32 or text.isascii():
            return len(text)
        if self is Encoding.UTF8:
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(one > "\uffff" for one in text)

    def code_points(self, line: str, units: int) -> int:
        """Return how many code points of *line* lie before its code unit number *units*; at most all."""
        if self is Encoding.UTF32 or line.isascii():
            return min(units, len(line))
        taken = 0
        for number, one in enumerate(line):
            if taken >= units:
                return number
            taken += self.units(one)
        return len(line)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place as the protocol has it: line and character, both from 0, the character in code units."""

    line: int
    character: int


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """What lies from *start* up to, not including, *end*."""

    start: Point
    end: Point

    def touches(self, other: Extent) -> bool:
        """Whether the two overlap, or one ends where the other begins."""
        return self.start <= other.end and other.start <= self.end


def point_at(source: SourceText, position: Position, encoding: Encoding) -> Point:
    """Return the point of *position* in *source*."""
    before = source.line(position.line)[: position.column - 1]
    return Point(position.line - 1, encoding.units(before))


def point_of(source: SourceText, offset: int, encoding: Encoding) -> Point:
    """Return the point of the code point at *offset* in *source*."""
    return point_at(source, source.position_at(offset), encoding)


def extent_of(source: SourceText, start: int, end: int, encoding: Encoding) -> Extent:
    """Return the extent of the code points from *start* to *end* in *source*."""
    return Extent(point_of(source, start, encoding), point_of(source, end, encoding))


def offset_of(source: SourceText, point: Point, encoding: Encoding) -> int:
    """Return the offset in *source* of *point*; one behind the end of its line is moved there."""
    if point.line >= len(source.line_starts):
        return len(source.text)
    line = source.line(point.line + 1)
    return source.line_starts[point.line] + encoding.code_points(line, point.character)
