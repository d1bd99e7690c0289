"""Why a query has no answer: what the end of a worker, or the end of its time, says to the one who asked."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import Final

from cicakg.errors import CicakgError
from cicakg.sparql.request import MEBIBYTE, Budget

_NARROW: Final = "Ask for less: name the predicate or the graph, join on shared variables, use LIMIT."
_CRASHES: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP})


@dataclass(frozen=True, slots=True)
class Ending:
    """How a worker process ended: by a signal, with a status, or with its zygote (both ``None``)."""

    signal: int | None = None
    status: int | None = None

    @classmethod
    def from_wait(cls, status: int) -> Ending:
        """Read what :func:`os.waitpid` gave."""
        code = os.waitstatus_to_exitcode(status)
        return cls(signal=-code) if code < 0 else cls(status=code)


def timeout_error(seconds: float) -> CicakgError:
    """The query did not end in its time."""
    return CicakgError(
        "query-timeout",
        f"The query took longer than the {seconds:g} seconds it may take and was stopped.",
        _NARROW,
    )


def memory_error(budget: Budget) -> CicakgError:
    """The query needed more memory than it may have."""
    return CicakgError(
        "query-memory",
        f"The query needed more than the {_mebibytes(budget.memory_bytes)} MiB of memory it may use.",
        _NARROW,
    )


def result_error(budget: Budget) -> CicakgError:
    """The answer is larger than it may be."""
    return CicakgError(
        "query-result-too-large",
        f"The answer is larger than the {_mebibytes(budget.result_bytes)} MiB an answer may have.",
        "Ask for it in parts with ORDER BY, LIMIT and OFFSET, or select fewer variables.",
    )


def rows_error(budget: Budget) -> CicakgError:
    """The answer has more rows than it may have."""
    return CicakgError(
        "query-too-many-rows",
        f"The answer has more than the {budget.result_rows} rows an answer may have "
        "(solutions, or the triples of a graph).",
        "Ask for it in parts with ORDER BY, LIMIT and OFFSET, or count and group in the query.",
    )


def crash_error() -> CicakgError:
    """The query ended the engine's process."""
    return CicakgError(
        "query-crashed-engine",
        "The query ended the process of the query engine, as queries nested very deeply do.",
        "Write it with fewer nested groups or brackets.",
    )


def busy_error() -> CicakgError:
    """There is no place for the query at the moment."""
    return CicakgError(
        "server-busy",
        "All query processes are at work and the waiting line is full.",
        "Ask again in a few seconds.",
    )


def restarting_error() -> CicakgError:
    """The process that holds the data ended and is being started again."""
    return CicakgError(
        "server-busy",
        "The query processes are being started again.",
        "Ask again in a few seconds.",
    )


def damage_error() -> CicakgError:
    """A part of the data on disk cannot be read."""
    return CicakgError(
        "snapshot-damaged",
        "The server cannot read a part of its data that the query needs.",
        "Ask another server, or tell the operator to check the snapshot with `cicakg build --verify`.",
    )


def stopping_error() -> CicakgError:
    """The server is going down."""
    return CicakgError(
        "server-stopping",
        "The server is stopping and takes no more queries.",
        "Ask again when it is back.",
    )


def ending_error(ending: Ending, budget: Budget) -> CicakgError:
    """Say what the end of a worker during a query with *budget* means."""
    if ending.signal == signal.SIGXCPU:
        return timeout_error(budget.seconds)
    if ending.signal == signal.SIGABRT:  # what Rust does where it gets no memory
        return memory_error(budget)
    if ending.signal in _CRASHES:
        return crash_error()
    if ending.signal == signal.SIGKILL:
        return CicakgError(
            "query-memory",
            "The process at work on the query was ended from outside, most likely for want of memory.",
            f"{_NARROW} If it asked for little, ask again.",
        )
    return restarting_error() if ending == Ending() else crash_error()


def _mebibytes(count: int) -> str:
    return f"{count / MEBIBYTE:.4g}"
