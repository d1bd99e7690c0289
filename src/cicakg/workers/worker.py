"""A worker: one forked process that evaluates one query after another until its channel closes or a query
ends it.
"""

from __future__ import annotations

import faulthandler
import os
import socket
import traceback
from typing import NoReturn

from pyoxigraph import Store

from cicakg.errors import CicakgError
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.workers import frames, limits
from cicakg.workers.endings import crash_error, memory_error, result_error, rows_error
from cicakg.workers.evaluation import ResultFile, ResultTooLargeError, evaluate
from cicakg.workers.frames import Message
from cicakg.workers.messages import read_request
from cicakg.workers.rows import TooManyRowsError


def work(store: Store, channel: socket.socket, parent: int) -> NoReturn:
    """Turn this freshly forked process into a worker on *store*; never returns. *parent* is the process
    that forked it.
    """
    try:
        faulthandler.disable()
        limits.forget_signals()
        limits.die_with_parent()
        own = limits.confine(channel)
        if os.getppid() == parent:  # else it ended before the kernel was asked to tell
            _serve(store, own)
    except BaseException:
        traceback.print_exc()  # seen only if the process could not be confined
        os._exit(1)
    finally:
        os._exit(0)


def _serve(store: Store, channel: socket.socket) -> None:
    at_birth = limits.address_space()
    while (received := frames.receive(channel)) is not None:
        message, descriptors = received
        reply = _reply(store, message, descriptors)
        frames.close_all(descriptors)
        reply["grown"] = max(0, limits.address_space() - at_birth)
        frames.send(channel, reply)


def _reply(store: Store, message: Message, descriptors: list[int]) -> Message:
    if descriptors != [limits.RESULT]:  # the free place is not filled: a query could open something
        return {"fault": f"A request came with the descriptors {descriptors}."}
    request = read_request(message)
    try:
        return _evaluate(store, request, ResultFile(limits.RESULT, request.budget.result_bytes))
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


def _evaluate(store: Store, request: QueryRequest, output: ResultFile) -> Message:
    limits.limit_query(request.budget.seconds, request.budget.memory_bytes)
    try:
        kind, written = evaluate(store, request, output)
    finally:
        limits.lift_limits()
    return {"kind": kind, "format": written.name, "size": output.size}


def _error_message(error: CicakgError) -> Message:
    return {"code": error.code, "detail": error.detail, "fix": error.fix}
