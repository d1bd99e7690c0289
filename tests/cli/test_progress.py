"""Progress: for people who wait, and for nobody else."""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
import threading
import time

import pytest

from cicakg.cli.progress import PATIENCE, ProgressLine, shown_progress

SLOW = """
import time
from functools import partial
from cicakg.checks.limits import limited
from cicakg.cli.progress import shown_progress
with shown_progress() as progress:
    limited(partial(time.sleep, 2), 60, partial(progress, "Checking shapes", 0, 0))
print("done")
"""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_nothing_is_shown_before_half_a_second() -> None:
    """A quick command shows nothing, and does not even import what draws."""
    code = (
        "import sys; from cicakg.cli.progress import ProgressLine; import time\n"
        "line = ProgressLine(time.monotonic); line.show('Reading files', 1, 9); line.close()\n"
        "assert 'rich' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_being_done_is_shown_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """After half a second the stage and its count are drawn, by no thread; at the end the line is cleared."""
    terminal = io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    for name in ("NO_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    clock = Clock()
    threads = threading.enumerate()
    line = ProgressLine(clock)
    line.show("Reading files", 1, 2000)
    assert terminal.getvalue() == ""
    clock.now = PATIENCE
    line.show("Reading files", 1250, 2000)
    assert "Reading files" in terminal.getvalue()
    assert "1,250 of 2,000" in terminal.getvalue()
    drawn = len(terminal.getvalue())
    line.show("Reading files", 1251, 2000)
    assert len(terminal.getvalue()) == drawn, "at most ten times a second"
    assert threading.enumerate() == threads
    line.close()
    assert "\x1b[2K" in terminal.getvalue()[drawn:]


def test_nothing_is_shown_where_nobody_watches(capfd: pytest.CaptureFixture[str]) -> None:
    """Without a terminal the callback does nothing."""
    clock = Clock()
    with shown_progress(clock=clock) as progress:
        clock.now = 99
        progress("Reading files", 1, 2)
    assert capfd.readouterr() == ("", "")


def on_terminal(environment: dict[str, str]) -> bytes:
    """Return what a command writes on a terminal while a child process works for two seconds."""
    main, terminal = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "NO_COLOR"}}
    command = [sys.executable, "-c", SLOW]
    with subprocess.Popen(
        command, stdout=terminal, stderr=terminal, env={**kept, "TERM": "xterm", **environment}
    ) as process:
        os.close(terminal)
        written, end = b"", time.monotonic() + 60
        while time.monotonic() < end and select.select([main], [], [], 60)[0]:
            try:
                part = os.read(main, 4096)
            except OSError:  # the other side is closed
                break
            written += part
        process.kill()
    os.close(main)
    return written


def test_progress_in_a_real_terminal() -> None:
    """While a child process works, the terminal says at what, and no longer when it is done."""
    written = on_terminal({})
    assert b"Checking shapes" in written
    assert written.rindex(b"\x1b[2K") > written.rindex(b"Checking shapes")
    assert written.endswith(b"done\r\n")


def test_no_progress_in_ci() -> None:
    """A CI server that gives its jobs a terminal gets none."""
    assert on_terminal({"CI": "true"}) == b"done\r\n"
