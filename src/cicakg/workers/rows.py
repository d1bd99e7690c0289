"""How many rows an answer has, counted while it is written, so that one with too many is stopped.

The engine writes an answer by itself, many times faster than row by row through Python. So its rows are
counted in what it has written, by what ends or opens a row in each format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

_Row = TypeVar("_Row")

# All of JSON that tells a row from what it holds.
_STRUCTURE: Final = b'"{[,:'
_NO_STRUCTURE: Final = bytes(one for one in range(256) if one not in _STRUCTURE)
_ROW_TAG: Final = b"<result>"


class TooManyRowsError(Exception):
    """The answer passed its number of rows; nothing of it is sent."""


class RowLimit:
    """Counts rows up to the most there may be."""

    def __init__(self, most: int) -> None:
        self._left = most

    def add(self, count: int) -> None:
        """Count *count* more rows; raises :class:`TooManyRowsError` where these are too many."""
        self._left -= count
        if self._left < 0:
            raise TooManyRowsError


class RowCounter(Protocol):
    """Finds rows in an answer that comes in pieces."""

    def feed(self, data: bytes) -> None:
        """Read the next piece."""


def counted(rows: Iterable[_Row], limit: RowLimit) -> Iterator[_Row]:
    """Yield *rows* as long as there are not too many."""
    for row in rows:
        limit.add(1)
        yield row


def row_counter(written: QueryResultsFormat | RdfFormat, limit: RowLimit) -> RowCounter:
    """Return a counter for solutions or for lines of triples *written* in a format."""
    if written == QueryResultsFormat.JSON:
        return JsonRows(limit)
    if written == QueryResultsFormat.XML:
        return XmlRows(limit)
    if written == QueryResultsFormat.CSV:
        return CsvRows(limit)
    return LineRows(limit, 1 if written == QueryResultsFormat.TSV else 0)


class LineRows:
    """TSV, N-Triples, N-Quads: a line break inside a value is escaped, so a line is a row."""

    def __init__(self, limit: RowLimit, heads: int) -> None:
        self._limit = limit
        self._heads = heads

    def feed(self, data: bytes) -> None:
        """Read the next piece."""
        lines = data.count(b"\n")
        skipped = min(self._heads, lines)
        self._heads -= skipped
        self._limit.add(lines - skipped)


class CsvRows:
    """CSV: a line break between quotation marks is part of a value (RFC 4180, section 2, rule 6)."""

    def __init__(self, limit: RowLimit) -> None:
        self._lines = LineRows(limit, 1)
        self._is_quoted = False

    def feed(self, data: bytes) -> None:
        """Read the next piece."""
        pieces = data.split(b'"')  # a doubled mark opens again at once what it closed
        self._lines.feed(b"".join(pieces[self._is_quoted :: 2]))
        self._is_quoted ^= len(pieces) % 2 == 0


class XmlRows:
    """SPARQL results in XML: ``<`` inside a value is escaped, so a tag is a tag."""

    def __init__(self, limit: RowLimit) -> None:
        self._limit = limit
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Read the next piece; a tag may be cut between two."""
        data = self._rest + data
        self._limit.add(data.count(_ROW_TAG))
        self._rest = data[-len(_ROW_TAG) + 1 :]


class JsonRows:
    """SPARQL results in JSON: a row is an object that follows ``[`` or ``,``; all other objects are the
    value of a member and follow ``:``.
    """

    def __init__(self, limit: RowLimit) -> None:
        self._limit = limit
        self._held = b""  # a backslash whose character comes with the next piece
        self._is_quoted = False
        self._before = b""  # the last mark outside strings

    def feed(self, data: bytes) -> None:
        """Read the next piece."""
        marks = self._marks(self._held + data)
        # What is left between quotation marks is in a string. A string that ends where the next begins is
        # read as one, which changes nothing outside them.
        pieces = marks.replace(b'""', b"").split(b'"')
        outside = self._before + b"".join(pieces[self._is_quoted :: 2])
        self._is_quoted ^= len(pieces) % 2 == 0
        self._before = outside[-1:]
        self._limit.add(outside.count(b"[{") + outside.count(b",{"))

    def _marks(self, data: bytes) -> bytes:
        """Return the structure of *data*: no escapes, no letters."""
        data = data.replace(b"\\\\", b"")
        self._held = b"\\" if data.endswith(b"\\") else b""
        if b"\\" in data:
            data = data.replace(b'\\"', b"")
        return data.translate(None, _NO_STRUCTURE)
