"""A worker: one forked process that evaluates one query after another until its channel closes or a query
ends it.
"""

from __future__ import annotations

import faulthandler
import os
import socket
import traceback
from typing import Final, NoReturn

from pyoxigraph import BlankNode, Store

from cicakg.errors import CicakgError
from cicakg.sparql.counting import Counts
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.store import DiskSnapshot, Snapshot
from cicakg.workers import frames, limits
from cicakg.workers.endings import crash_error, memory_error, result_error, rows_error
from cicakg.workers.evaluation import ResultFile, ResultTooLargeError, evaluate
from cicakg.workers.frames import Message
from cicakg.workers.messages import read_request
from cicakg.workers.rows import TooManyRowsError

OPENED: Final[Message] = {"opened": True}
"""What a worker says first, on its channel, unless it could not open its data: then it says why, and ends."""

_OPENING_SECONDS: Final = 60.0
_OPENING_BYTES: Final = 8192 * MEBIBYTE
_DRAWS_TO_SEED: Final = 4200  # of 16 bytes or more: the generator takes a new seed after 64 KiB


def work(snapshot: Snapshot | DiskSnapshot, channel: socket.socket, parent: int) -> NoReturn:
    """Turn this freshly forked process into a worker on *snapshot*; never returns. *parent* is the process
    that forked it.
    """
    try:
        faulthandler.disable()
        limits.forget_signals()
        limits.die_with_parent()
        _draw_afresh()
        snapshot.enter()
        own, opened = limits.confine(channel, lambda: _open(snapshot))
        if os.getppid() == parent:  # else it ended before the kernel was asked to tell
            frames.send(own, _error_message(opened) if isinstance(opened, CicakgError) else OPENED)
            if isinstance(opened, Store):
                _serve(_Desk(opened, snapshot.counts, snapshot.engine_bytes), own)
    except BaseException:
        traceback.print_exc()  # seen only if the process could not be confined
        os._exit(1)
    finally:
        os._exit(0)


def _draw_afresh() -> None:
    """Have the engine draw by a seed of this process's own. A forked process has its parent's state of the
    generator (Rust's ``ThreadRng``), so without this all workers would give the same UUIDs and blank nodes.
    """
    for _ in range(_DRAWS_TO_SEED):
        BlankNode()


def _open(snapshot: Snapshot | DiskSnapshot) -> Store | CicakgError:
    """Open the data within limits: a damaged file can lead the engine anywhere."""
    limits.limit_query(_OPENING_SECONDS, _OPENING_BYTES)
    try:
        return snapshot.open_store()
    except CicakgError as error:
        return error
    finally:
        limits.lift_limits()


class _Desk:
    """A store, what is counted of it, and how much this process has grown since it was opened.

    ``engine_bytes`` is what the engine may come to keep for itself: it counts for no query, nor is a worker
    replaced for it.
    """

    def __init__(self, store: Store, counts: Counts, engine_bytes: int) -> None:
        self.store = store
        self.counts = counts
        self._usual = limits.address_space() + engine_bytes

    @property
    def grown(self) -> int:
        """The bytes this process has beyond what it may keep."""
        return max(0, limits.address_space() - self._usual)

    @property
    def slack(self) -> int:
        """The bytes that the engine may still come to keep."""
        return max(0, self._usual - limits.address_space())


def _serve(desk: _Desk, channel: socket.socket) -> None:
    while (received := frames.receive(channel)) is not None:
        message, descriptors = received
        reply = _reply(desk, message, descriptors)
        frames.close_all(descriptors)
        reply["grown"] = desk.grown
        frames.send(channel, reply)


def _reply(desk: _Desk, message: Message, descriptors: list[int]) -> Message:
    if descriptors != [limits.RESULT]:  # the free place is not filled: a query could open something
        return {"fault": f"A request came with the descriptors {descriptors}."}
    request = read_request(message, limits.RESULT)
    try:
        return _evaluate(desk, request, ResultFile(limits.RESULT, request.budget.result_bytes))
    except BaseException as error:  # a Rust panic is no Exception
        reason = _reason(error, request.budget)
        return _error_message(reason) if reason else {"fault": traceback.format_exc()}


def _reason(error: BaseException, budget: Budget) -> CicakgError | None:
    """Return what *error* says to the one who asked; ``None`` where it is a fault of our own."""
    match error:
        case CicakgError():
            return error
        case ResultTooLargeError():
            return result_error(budget)
        case TooManyRowsError():
            return rows_error(budget)
        case MemoryError():
            return memory_error(budget)
    return crash_error() if type(error).__name__ == "PanicException" else None


def _evaluate(desk: _Desk, request: QueryRequest, output: ResultFile) -> Message:
    limits.limit_query(request.budget.seconds, request.budget.memory_bytes + desk.slack)
    try:
        kind, written = evaluate(desk.store, request, output, desk.counts)
    finally:
        limits.lift_limits()
    return {"kind": kind, "format": written.name, "size": output.size}


def _error_message(error: CicakgError) -> Message:
    return {"code": error.code, "detail": error.detail, "fix": error.fix}
