"""A process that reads queries before they go to an engine, and the engine's answers before they go to a
caller.

``python -m cicakg.remote.transcriber DESCRIPTOR`` with a socket to the front at DESCRIPTOR. It is confined as
a query worker is (:mod:`cicakg.workers.limits`): it can open nothing, and each task has its time and memory.

Two orders, each with the file for the answer, so that no place for another file is left: ``question`` is
replied to with the query as the engine is to be asked it; ``transcribe`` is followed by the engine's answer
in pieces: four bytes (length) and that many bytes; none is the end, :data:`ABORT` in place of a length gives
it up.
"""

from __future__ import annotations

import faulthandler
import io
import os
import socket
import struct
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Final

from cicakg.errors import CicakgError
from cicakg.remote.dialects import DIALECTS
from cicakg.remote.holdings import Holdings
from cicakg.remote.questions import make_question
from cicakg.remote.transcription import MendedSource, Source, Transcription, transcribe
from cicakg.sparql.formats import FORMATS, ResultKind, format_named
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.workers import frames, limits
from cicakg.workers.endings import crash_error, memory_error, result_error, rows_error
from cicakg.workers.evaluation import ResultFile, ResultTooLargeError, choose_format
from cicakg.workers.frames import Message
from cicakg.workers.messages import read_request
from cicakg.workers.rows import TooManyRowsError

PIECE: Final = struct.Struct("!I")
ABORT: Final = 0xFFFF_FFFF
_AT_ONCE: Final = 64 * 1024
_WARMING: Final = {
    ResultKind.BOOLEAN: b'{"boolean":true}',
    ResultKind.SOLUTIONS: b'{"head":{"vars":["a"]},"results":{"bindings":[{}]}}',
    ResultKind.GRAPH: b'<x:a> <x:b> "c"@en .\n',
}


class GivenUpError(Exception):
    """The front has given the answer up."""


class PieceReader:
    """The engine's answer as it comes from the front."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._left = 0
        self.is_over = False

    def read(self, size: int = -1, /) -> bytes:
        """Return some bytes, *size* at most; none at the end."""
        if not self._left and not self.is_over:
            self._begin_piece()
        if self.is_over or size == 0:
            return b""
        data = self._channel.recv(min(self._left, size if size > 0 else _AT_ONCE, _AT_ONCE))
        if not data:
            raise GivenUpError
        self._left -= len(data)
        return data

    def drain(self) -> None:
        """Read what still comes and drop it."""
        while self.read():
            pass

    def _begin_piece(self) -> None:
        head = b""
        while len(head) < PIECE.size:
            data = self._channel.recv(PIECE.size - len(head))
            if not data:
                raise GivenUpError
            head += data
        self._left = PIECE.unpack(head)[0]
        self.is_over = self._left in {0, ABORT}
        if self._left == ABORT:
            self._left = 0
            raise GivenUpError


class _Transcriber:
    """Carries out the front's orders. ``holdings`` is kept from one to the next: it may name many graphs."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._holdings: Holdings | None = None

    def serve(self) -> None:
        """Serve until the front is gone."""
        while (received := frames.receive(self._channel)) is not None:
            message, descriptors = received
            if descriptors != [limits.RESULT]:  # the free place is not filled: a query could open something
                raise GivenUpError
            if message["do"] == "question":
                frames.send(self._channel, self._question(message))
            else:
                self._transcribe(message)
            frames.close_all(descriptors)

    def _question(self, message: Message) -> Message:
        if "holdings" in message:
            told = message["holdings"]
            self._holdings = None if told is None else Holdings(*map(frozenset, told))
        request = read_request(message["request"], limits.RESULT)
        try:
            with _limited(request.budget):
                question = make_question(request, self._holdings)
                choose_format(question.kind, request.formats)
                return asdict(question)
        except BaseException as error:  # a Rust panic is no Exception
            return _failure(error, request.budget)

    def _transcribe(self, message: Message) -> None:
        """Write the answer that follows *message*. A failure is told at once, so that the front can leave the
        engine; what it has sent already is dropped.
        """
        pieces = PieceReader(self._channel)
        try:
            reply = self._written(message, pieces)
        except BaseException as error:
            reply = _failure(error, Budget(*message["budget"]))
        frames.send(self._channel, reply)
        with suppress(GivenUpError):
            pieces.drain()

    def _written(self, message: Message, pieces: PieceReader) -> Message:
        budget = Budget(*message["budget"])
        output = ResultFile(limits.RESULT, budget.result_bytes)
        order = _order(message, budget)
        mend = DIALECTS[message["dialect"]].mend if order.kind is ResultKind.SOLUTIONS else None
        source: Source = pieces if mend is None else MendedSource(pieces, mend)
        with _limited(budget):
            transcribe(source, order, output)
        pieces.drain()
        return {"size": output.size}


def _order(message: Message, budget: Budget) -> Transcription:
    written = format_named(message["format"])
    if written is None:
        raise ValueError(f"there is no format {message['format']}")
    return Transcription(ResultKind(message["kind"]), written, budget.result_rows, message["cut_at"])


@contextmanager
def _limited(budget: Budget) -> Iterator[None]:
    limits.limit_query(budget.seconds, budget.memory_bytes)
    try:
        yield
    finally:
        limits.lift_limits()


def _failure(error: BaseException, budget: Budget) -> Message:
    """Return what *error* says to the front."""
    match error:
        case CicakgError():
            said = error
        case ResultTooLargeError():
            said = result_error(budget)
        case TooManyRowsError():
            said = rows_error(budget)
        case MemoryError():
            said = memory_error(budget)
        case GivenUpError():
            return {"given_up": True}
        case _ if type(error).__name__ == "PanicException":
            said = crash_error()
        case _:
            return {"fault": "".join(traceback.format_exception(error))}
    return {"code": said.code, "detail": said.detail, "fix": said.fix}


def warm_up() -> None:
    """Load all that the work needs: a confined process cannot open a file any more."""
    null = os.open(os.devnull, os.O_WRONLY)
    for query in ("SELECT * { ?s ?p ?o }", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "SELECT"):
        with suppress(CicakgError):
            make_question(QueryRequest(query, {}), None)
    for one in FORMATS:
        for kind in one.kinds:
            order = Transcription(kind, one, 1)
            transcribe(io.BytesIO(_WARMING[kind]), order, ResultFile(null, 1 << 20))
            with suppress(CicakgError):
                transcribe(io.BytesIO(b"?"), order, ResultFile(null, 1 << 20))
    traceback.format_exc()
    os.close(null)


def main(arguments: list[str]) -> int:
    """Serve the front at the descriptor *arguments* name, until it is gone."""
    limits.die_with_parent()
    faulthandler.disable()
    channel = socket.socket(fileno=int(arguments[0]))
    warm_up()
    limits.forget_signals()
    own, _ = limits.confine(channel, lambda: None)
    frames.send(own, {"ready": True})
    with suppress(OSError, GivenUpError):
        _Transcriber(own).serve()
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    os._exit(status)  # nothing is left to clean up, and nothing can be opened for it
