"""``cicakg check --watch``: the check again after every save, and what the save has changed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import click

from cicakg.checks.differences import Difference, difference
from cicakg.checks.renderers import View
from cicakg.checks.renderers.text import closing_lines, finding_blocks
from cicakg.checks.report import Report
from cicakg.cli.saved_files import SUFFIXES, Watched
from cicakg.errors import CicakgError
from cicakg.model import Finding
from cicakg.paths import DatasetFolder
from cicakg.terminal import width

_HOPELESS: Final = frozenset(
    {
        "file-not-found",
        "git-missing",
        "not-a-checkout",
        "nothing-to-check",
        "revision-unknown",
        "texts-not-found",
    }
)
"""The errors that are in the command itself: where the first check ends with one, there is no watching."""

_ROOM: Final = 6
"""The fewest lines of findings that are shown, however small the window."""


def watched_files(folder: DatasetFolder, given: Iterable[Path], texts: Path | None) -> Watched:
    """Return what to watch for a check of *folder* with the paths *given* and the folder of *texts*."""
    folders = [folder.data, folder.ontology, folder.shapes, *([texts] if texts is not None else [])]
    files: list[Path] = []
    for path in given:
        (folders if path.is_dir() else files).append(path)
    suffixes = (*SUFFIXES, ".txt") if texts is not None else SUFFIXES
    return Watched(_outermost(folders), tuple(path.resolve() for path in files), suffixes)


def _outermost(folders: Iterable[Path]) -> tuple[Path, ...]:
    resolved = sorted({folder.resolve() for folder in folders})
    return tuple(one for one in resolved if not any(other in one.parents for other in resolved))


@dataclass
class Screen:
    """Where a watch writes: a terminal shows the last report, anything else gets one below the other.

    ``echo`` writes a line; ``clear`` empties the terminal, ``None`` where it is none; ``height`` and ``now``
    tell the lines of the terminal and the time of day.
    """

    view: View
    echo: Callable[[str], None] = click.echo
    clear: Callable[[], None] | None = None
    height: Callable[[], int] = field(default=lambda: shutil.get_terminal_size().lines)
    now: Callable[[], str] = field(default=lambda: time.strftime("%H:%M:%S"))

    def show(self, report: Report, change: Difference | None, occasion: str) -> None:
        """Show *report* after *occasion*, and what changed since the last, if there was one."""
        new = change.new if change is not None else frozenset[Finding]()
        view = replace(self.view, new=new)
        shown = replace(_new_first(report, new), readings=())
        closing = list(closing_lines(shown, view))
        told = f": {changes_in_words(change, view)}" if change is not None else ""
        last = f"{self.now()} {occasion}{told}. {view.line('watch-hint')}"
        if self.clear is None:
            lines = [line for block in finding_blocks(shown, view) for line in block]
        else:
            self.clear()
            lines = self._fitting(shown, view, len(closing) + 2)
        for line in (*lines, *closing, last):
            self.echo(line)

    def fail(self, fault: CicakgError, occasion: str) -> None:
        """Show why the check after *occasion* could not be carried out."""
        if self.clear is not None:
            self.clear()
        self.echo(f"{fault.detail}\n  {fault.fix}")
        not_checked, hint = self.view.line("watch-not-checked"), self.view.line("watch-hint")
        self.echo(f"{self.now()} {occasion}: {not_checked}. {hint}")

    def _fitting(self, report: Report, view: View, below: int) -> list[str]:
        """Return the findings that fit above *below* lines, and how many more there are."""
        room = max(self.height() - below - 1, _ROOM)
        columns = shutil.get_terminal_size().columns
        blocks = list(finding_blocks(report, view))
        lines: list[str] = []
        for number, block in enumerate(blocks):
            room -= sum(max(1, -(-width(click.unstyle(line)) // columns)) for line in block)
            if room < 0 and number:
                left = len(blocks) - number
                return [*lines, view.line("watch-left-out" + "-one" * (left == 1), count=left)]
            lines += block
        return lines


def _new_first(report: Report, new: Collection[Finding]) -> Report:
    """Return *report* with the *new* findings first; a report of news has its own order."""
    if report.since is not None:
        return report
    ordered = sorted(report.findings, key=lambda one: one not in new)
    return replace(report, findings=tuple(ordered))


def changes_in_words(change: Difference, view: View) -> str:
    """Return what changed, as a person says it: ``2 mended, 1 new``."""
    counts = {"watch-mended": change.mended, "watch-new": len(change.new), "watch-hidden": change.hidden}
    told = [view.line(name, count=count) for name, count in counts.items() if count]
    return view.word("separator").join(told) or view.line("watch-unchanged")


def watch(
    check: Callable[[], Report], saves: Iterable[Collection[Path]], screen: Screen, folder: DatasetFolder
) -> None:
    """Do *check* and show its report, and again after each of *saves*, until they end or Ctrl-C comes.

    *saves* waits for files to be saved and tells their paths; what is saved during a check is told after it.
    Raises :class:`CicakgError` where the first check shows that the command itself is wrong; any other is
    shown, and the watch goes on.
    """
    try:
        known = _checked(check, screen, folder, None, screen.view.line("watch-checked"), fatal=_HOPELESS)
        for saved in saves:
            known = _checked(check, screen, folder, known, _occasion(saved, screen.view))
    except KeyboardInterrupt:
        screen.echo("")


Known = Mapping[str, Finding] | None


def _checked(
    check: Callable[[], Report],
    screen: Screen,
    folder: DatasetFolder,
    known: Known,
    occasion: str,
    fatal: Collection[str] = (),
) -> Known:
    """Check once, show what comes of it, and return the findings known by now."""
    try:
        report = check()
    except CicakgError as fault:
        if fault.code in fatal:
            raise
        screen.fail(fault, occasion)
        return known
    except OSError as fault:
        screen.fail(_gone(fault), occasion)
        return known
    change = difference(known or {}, report, folder.root)
    screen.show(report, change if known is not None else None, occasion)
    return change.known


def _gone(fault: OSError) -> CicakgError:
    """Return the error for a file that was taken away while it was read."""
    return CicakgError(
        "file-unreadable",
        f"{fault.filename or 'A file'} could not be read: {fault.strerror}.",
        "It is checked again when something is saved.",
    )


def _occasion(saved: Collection[Path], view: View) -> str:
    names = sorted(path.name for path in saved)
    if not names:
        return view.line("watch-saved")
    if len(names) == 1:
        return view.line("watch-saved-file", file=names[0])
    return view.line("watch-saved-files", file=names[0], count=len(names) - 1)
