"""Work in a child process with limits."""

from __future__ import annotations

import gc
import time
from contextlib import suppress

import pytest

from cicakg.checks.collector import without_collections
from cicakg.checks.limits import MEMORY, limited
from cicakg.errors import CicakgError

# A test runner may have threads of its own, which Python 3.12 and later warn of; the child uses none of them.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_work_gives_its_result() -> None:
    """What the work returns comes out, however large."""
    assert limited(lambda: ["x" * 1000] * 1000, 20) == ["x" * 1000] * 1000


def test_work_that_refuses_is_heard() -> None:
    """An error of the work is the caller's, with all its parts."""

    def refuse() -> None:
        raise CicakgError("some-code", "It is wrong.", "Mend it.")

    with pytest.raises(CicakgError) as caught:
        limited(refuse, 20)
    assert (caught.value.code, caught.value.detail, caught.value.fix) == (
        "some-code",
        "It is wrong.",
        "Mend it.",
    )


def test_work_that_takes_too_long_is_ended() -> None:
    """The limit is kept and named."""
    started = time.monotonic()
    with pytest.raises(CicakgError) as caught:
        limited(lambda: time.sleep(60), 0.5)
    assert caught.value.code == "check-timeout"
    assert "0.5 seconds" in caught.value.detail
    assert time.monotonic() - started < 10


def test_work_that_takes_too_much_memory_is_ended() -> None:
    """Memory beyond the limit ends the work, not the machine."""
    with pytest.raises(CicakgError) as caught:
        limited(lambda: len(bytearray(2 * MEMORY)), 20)
    assert caught.value.code == "check-memory"


def test_the_collector_is_as_before_afterwards() -> None:
    """A check leaves the process as it found it, whatever happens in it."""
    before = gc.isenabled()
    with suppress(KeyError), without_collections():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled() == before
