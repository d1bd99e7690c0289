"""What a long command is doing, on the last line of a terminal, gone when it is done."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import rich.progress

Progress = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and of how much; 0 of 0 where that is not known."""

PATIENCE: Final = 0.5
"""How many seconds a command may take before anything is shown."""

_PAUSE: Final = 0.1


@contextmanager
def shown_progress(is_wanted: bool = True, clock: Callable[[], float] = time.monotonic) -> Iterator[Progress]:
    """Give a callback that shows on standard error how far a command is, until the block ends.

    Only for people who watch: where both standard output and standard error are a terminal that can, and
    not in CI. There is no thread behind it, for what forks.
    """
    if not (is_wanted and _is_watched()):
        yield lambda _stage, _done, _total: None
        return
    line = ProgressLine(clock)
    try:
        yield line.show
    finally:
        line.close()


def _is_watched() -> bool:
    is_poor = os.environ.get("TERM") == "dumb" or bool(os.environ.get("CI"))
    return not is_poor and sys.stdout.isatty() and sys.stderr.isatty()


class ProgressLine:
    """The line on the terminal; it is drawn after half a second, and then ten times a second at most."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next = clock() + PATIENCE
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def show(self, stage: str, done: int, total: int) -> None:
        """Show that *done* of *total* of *stage* is done."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + _PAUSE
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task(stage, count="")
        if self._task is not None:
            count = f"{done:,} of {total:,}" if total else ""
            self._bar.update(self._task, description=stage, completed=done, total=total or None, count=count)
            self._bar.refresh()

    def close(self) -> None:
        """Take the line away."""
        if self._bar is not None:
            self._bar.stop()


def _bar() -> rich.progress.Progress:
    # Imported only when it is shown: a check of a small dataset is done before that.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}"),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
