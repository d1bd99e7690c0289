"""What the end of a worker says to the one who asked."""

from __future__ import annotations

import os
import signal

import pytest

from cicakg.sparql.request import Budget
from cicakg.workers.endings import Ending, ending_error


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGXCPU, "query-timeout"),
        (signal.SIGABRT, "query-memory"),
        (signal.SIGKILL, "query-memory"),
        (signal.SIGSEGV, "query-crashed-engine"),
        (signal.SIGBUS, "query-crashed-engine"),
        (signal.SIGILL, "query-crashed-engine"),
    ],
)
def test_signals(number: int, code: str) -> None:
    """Each signal that ends an engine has its meaning, read from a real process that ended so."""
    pid = os.fork()
    if pid == 0:
        signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
        os.kill(os.getpid(), number)
        os._exit(0)
    ending = Ending.from_wait(os.waitpid(pid, 0)[1])
    assert ending.signal == number
    assert ending_error(ending, Budget()).code == code


def test_an_end_nobody_saw() -> None:
    """A worker that ended with its zygote says nothing of the query: the caller may ask again."""
    assert ending_error(Ending(), Budget()).code == "server-busy"


def test_a_worker_that_left() -> None:
    """An exit in the middle of a query is a crash, whatever its status."""
    assert ending_error(Ending(status=1), Budget()).code == "query-crashed-engine"
