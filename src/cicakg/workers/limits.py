"""What a worker may do: the limits a process puts on itself before it meets a query.

Linux is the target; where a limit does not exist (macOS has no ``prctl``, no ``/proc``, and does not hold
RLIMIT_AS) the others still hold, and the front's deadline always does.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import math
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

_Taken = TypeVar("_Taken")

# The descriptors of a worker, in order; the one that takes the answer is the last it can ever be given.
_NULL: Final = 0
CONTROL: Final = 3
STATM: Final = 4
RESULT: Final = 5

_PAGE: Final = resource.getpagesize()
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_PR_SET_NO_NEW_PRIVS: Final = 38
_OOM_SCORE: Final = "500"  # of 1000: the kernel takes a worker before the front
_IS_LINUX: Final = sys.platform == "linux"


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends (Linux; elsewhere a closed socket tells it)."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(channel: socket.socket, take: Callable[[], _Taken]) -> tuple[socket.socket, _Taken]:
    """Give this freshly forked process its descriptors and nothing else, for good; return its channel anew,
    and what *take* returned, which is called when all else is closed and may open what the process needs.

    Afterwards the process holds standard input, output and error on ``/dev/null``, the channel, its own
    memory figures, the files *take* left open, and one free place: the file an answer goes to. While it
    evaluates, that place is taken and **no file or socket can be opened**.
    """
    high = fcntl.fcntl(channel.detach(), fcntl.F_DUPFD_CLOEXEC, 64)
    _make_preferred_victim()
    null = os.open(os.devnull, os.O_RDWR)
    statm = fcntl.fcntl(_open_statm(null), fcntl.F_DUPFD_CLOEXEC, 64)
    for place, source in ((0, null), (1, null), (2, null), (CONTROL, high), (STATM, statm)):
        os.dup2(source, place, inheritable=False)
    os.dup2(_NULL, RESULT, inheritable=False)  # its place is not for what is opened now
    os.closerange(RESULT + 1, _highest_descriptor())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)  # before there are threads: it is of a thread and those it starts
    taken = take()
    # What is open stays so above the limit; the lowest free place is the only one below it.
    os.close(RESULT)
    resource.setrlimit(resource.RLIMIT_NOFILE, (RESULT + 1, RESULT + 1))
    return socket.socket(fileno=CONTROL), taken


def forget_signals() -> None:
    """Give every signal back its default action: a forked process must not run its parent's handlers."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)


def limit_query(seconds: float, memory_bytes: int) -> None:
    """Limit what the next query may take: *memory_bytes* more than now, and a second line behind the
    front's deadline.
    """
    own = resource.getrusage(resource.RUSAGE_SELF)
    spent = own.ru_utime + own.ru_stime
    _set_soft(resource.RLIMIT_CPU, math.ceil(spent + seconds) + 1)
    if size := address_space():
        _set_soft(resource.RLIMIT_AS, size + memory_bytes)


def lift_limits() -> None:
    """Take the limits of one query off, so that a reply can be written where the query used its memory up."""
    for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
        resource.setrlimit(kind, (resource.getrlimit(kind)[1],) * 2)


def address_space() -> int:
    """The bytes of this confined process's address space; 0 where the system does not say."""
    pages = os.pread(STATM, 64, 0).split()
    return int(pages[0]) * _PAGE if pages else 0


def _set_soft(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _highest_descriptor() -> int:
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 20)


def _make_preferred_victim() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")


def _open_statm(null: int) -> int:
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except FileNotFoundError:  # not Linux, or no /proc: no limit on memory then
        return null


def _prctl(option: int, value: int) -> None:
    if _IS_LINUX:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
