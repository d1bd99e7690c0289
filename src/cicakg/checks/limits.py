"""Does a piece of work in a child process that is ended when it takes too long or too much memory.

A pattern or a query in a shape can take longer than anybody waits, inside a library call that nothing in
this process can stop.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from cicakg.errors import CicakgError

T = TypeVar("T")

_PAUSE: Final = 0.1
"""How many seconds pass between two calls of who waits."""

_TAKEN: Final = Path("/proc/self/statm")

MEMORY: Final = 2 * 1024**3
"""How many bytes of address space the work may take beyond what the process has already."""


def limited(work: Callable[[], T], seconds: float, waiting: Callable[[], None] | None = None) -> T:
    """Return what *work* returns, done in a forked child; the process must have no other threads.

    Raises :class:`CicakgError` (``check-timeout``, ``check-memory``) where it takes more than *seconds* of
    wall clock or :data:`MEMORY`, and whatever *work* raises. *waiting* is called ten times a second until
    the work is done.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    try:
        answer = _read_all(reading, time.monotonic() + seconds, waiting)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if answer is None:
        raise CicakgError(
            "check-timeout",
            f"The shapes were not done after {seconds:g} seconds.",
            "Look for a pattern or a query in the shapes that takes for ever, or allow more time.",
        )
    if not answer:
        raise CicakgError(
            "check-memory",
            f"The shapes took more than {MEMORY // 1024**2} MB of memory.",
            "Look for a query in the shapes that joins everything with everything.",
        )
    result: T | BaseException = pickle.loads(answer)  # noqa: S301 - written by our own child
    if isinstance(result, BaseException):
        raise result
    return result


def _work(work: Callable[[], object], writing: int) -> None:
    """Do *work*, write its pickled result or exception to *writing*, and end the process."""
    try:
        limit_memory()
        try:
            result = work()
        except MemoryError:
            os._exit(1)
        except Exception as fault:
            result = fault
        with os.fdopen(writing, "wb") as file:
            pickle.dump(result, file)
    finally:
        os._exit(1)


def limit_memory() -> None:
    """Let this process take :data:`MEMORY` more than it has, where the system tells that (Linux)."""
    if _TAKEN.is_file():
        most = int(_TAKEN.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _read_all(reading: int, deadline: float, waiting: Callable[[], None] | None) -> bytes | None:
    """Return all that is written to *reading* until it is closed, ``None`` where *deadline* comes first."""
    parts: list[bytes] = []
    while True:
        left = max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([reading], [], [], left if waiting is None else min(left, _PAUSE))
        if not ready and not left:
            return None
        if not ready:
            if waiting is not None:
                waiting()
            continue
        part = os.read(reading, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
