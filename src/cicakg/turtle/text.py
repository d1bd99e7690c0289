"""Text with its lines: from an offset to a position and back.

A line ends at a line feed, a carriage return, or the two together. Columns count Unicode code points.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cicakg.model import Position

_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class SourceText:
    """The decoded text of a file, without a byte order mark."""

    text: str

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset of the first code point of each line."""
        return (0, *(found.end() for found in _LINE_BREAK.finditer(self.text)))

    def position_at(self, offset: int) -> Position:
        """Return the position of the code point at *offset*."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def offset_of(self, position: Position) -> int:
        """Return the offset of *position*, moved to the end of the text where it lies behind it."""
        if position.line > len(self.line_starts):
            return len(self.text)
        return min(self.line_starts[position.line - 1] + position.column - 1, len(self.text))

    def line(self, number: int) -> str:
        """Return line *number*, counted from 1, without its line break; empty behind the end."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
