"""An engine's answer read to its end, and written anew in the format its caller takes.

Engines are asked for JSON, whose end can be seen, and for N-Triples. (A result in XML would not do: its
reader takes one that breaks off between two elements for a whole one.) What cannot be read to the end is no
answer.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Final, Protocol, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from cicakg.errors import CicakgError
from cicakg.remote.faults import incomplete_error, spoken
from cicakg.sparql.formats import Format, ResultKind
from cicakg.vocab import WRITTEN_PREFIXES
from cicakg.workers.evaluation import ResultFile
from cicakg.workers.rows import RowLimit, TooManyRowsError, counted, row_counter

_WITH_PREFIXES: Final = frozenset({RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML})
_LONGEST_BOOLEAN: Final = 64 * 1024  # bytes; the largest seen has 233


class Source(Protocol):
    """Bytes that come in pieces; an empty one is the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return some bytes, *size* at most."""


@dataclass(frozen=True, slots=True)
class Transcription:
    """How an answer is to be written. ``cut_at`` is the number of rows the engine cuts tables at, which is
    then no whole one any more; ``most_rows`` is what the caller may have.
    """

    kind: ResultKind
    format: Format
    most_rows: int
    cut_at: int | None = None


def transcribe(source: Source, order: Transcription, output: ResultFile) -> None:
    """Read the answer in *source* and write all of it to *output*.

    Raises :class:`CicakgError` (``engine-incomplete``) where it is not whole, and what *output* raises where
    it is too large.
    """
    try:
        _WAYS[order.kind](source, order, output)
    except (SyntaxError, ValueError) as error:
        raise incomplete_error(f"it cannot be read to its end ({spoken(str(error))})") from error


def _transcribe_boolean(source: Source, order: Transcription, output: ResultFile) -> None:
    """JSON with a boolean is read whole: its reader would stop at the boolean."""
    data = b"".join(iter(lambda: source.read(_LONGEST_BOOLEAN), b""))
    if len(data) > _LONGEST_BOOLEAN:
        raise incomplete_error("true or false takes less room than it has")
    document = json.loads(data)
    value = document.get("boolean") if isinstance(document, dict) else None
    if not isinstance(value, bool):
        raise incomplete_error("it says neither true nor false")
    found = parse_query_results(json.dumps({"head": {}, "boolean": value}), format=QueryResultsFormat.JSON)
    if not isinstance(found, QueryBoolean) or not isinstance(order.format.engine, QueryResultsFormat):
        raise TypeError("a boolean is written in a result format")
    found.serialize(cast("IO[bytes]", output), format=order.format.engine)


def _transcribe_solutions(source: Source, order: Transcription, output: ResultFile) -> None:
    found = parse_query_results(cast("IO[bytes]", source), format=QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise incomplete_error("it holds no solutions, and the query asks for some")
    if not isinstance(order.format.engine, QueryResultsFormat):
        raise TypeError("solutions are written in a result format")
    # A table with exactly as many rows as the engine gives at most may have had more.
    most = order.most_rows if order.cut_at is None else min(order.most_rows, order.cut_at - 1)
    output.rows = row_counter(order.format.engine, RowLimit(most))
    try:
        found.serialize(cast("IO[bytes]", output), format=order.format.engine)
    except TooManyRowsError:
        if order.cut_at is not None and order.cut_at <= order.most_rows:
            raise cut_error(order.cut_at) from None
        raise


def _transcribe_graph(source: Source, order: Transcription, output: ResultFile) -> None:
    engine = order.format.engine
    if not isinstance(engine, RdfFormat):
        raise TypeError("a graph is written in an RDF format")
    triples = counted(_triples(source), RowLimit(order.most_rows))
    prefixes = WRITTEN_PREFIXES if engine in _WITH_PREFIXES else None
    serialize(triples, cast("IO[bytes]", output), format=engine, prefixes=prefixes)


def _triples(source: Source) -> Iterator[Triple]:
    return (quad.triple for quad in parse(cast("IO[bytes]", source), format=RdfFormat.N_TRIPLES))


_WAYS: Final[dict[ResultKind, Callable[[Source, Transcription, ResultFile], None]]] = {
    ResultKind.BOOLEAN: _transcribe_boolean,
    ResultKind.SOLUTIONS: _transcribe_solutions,
    ResultKind.GRAPH: _transcribe_graph,
}


def cut_error(rows: int) -> CicakgError:
    """A table as long as the engine's tables can be."""
    return incomplete_error(f"the engine cuts results at {rows} rows, and this one has that many")


class MendedSource:
    """*source* with *mend* applied to whole lines."""

    def __init__(self, source: Source, mend: Callable[[bytes], bytes]) -> None:
        self._source = source
        self._mend = mend
        self._ready = io.BytesIO()
        self._rest = b""
        self._is_over = False

    def read(self, size: int = -1, /) -> bytes:
        """Return some bytes, *size* at most; none at the end."""
        while True:
            data = self._ready.read(size)
            if data or self._is_over:
                return data
            self._fill()

    def _fill(self) -> None:
        piece = self._source.read(64 * 1024)
        self._is_over = not piece
        lines, mark, rest = (self._rest + piece).rpartition(b"\n")
        if self._is_over:
            lines, mark, rest = self._rest, b"", b""
        self._rest = rest
        self._ready = io.BytesIO(self._mend(lines + mark))
