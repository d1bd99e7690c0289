"""``cicakg check --fix``: what is mended, and how it is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.mending import Mended, diff_lines, mended
from cicakg.checks.remedies import Contexts
from cicakg.checks.renderers.mends import title_line
from cicakg.checks.renderers.places import shown_path
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.checks.sources import select
from cicakg.checks.templates import composed, said
from cicakg.paths import DatasetFolder
from cicakg.terminal import safe

Check = Callable[[Sequence[Path], Mapping[Path, bytes]], Report]
"""Checks the dataset and reports on some paths, with some files' content taken from memory."""


def mended_dataset(check: Check, folder: DatasetFolder, given: Sequence[Path], texts: Path | None) -> Mended:
    """Mend, in memory, what *check* finds in the files *given* (all, if none).

    What a remedy would break in any other file counts against it. A link that leads out of the dataset is
    mended only where it is itself *given*.
    """
    selection = select(folder, given)
    inside = [folder.root.resolve(), *(one.resolve() for one in given)]

    def may_change(file: Path) -> bool:
        is_inside = any(file.resolve().is_relative_to(one) for one in inside)
        return is_inside and selection.reports_on(file)

    everything = (*given, folder.root) if given else ()
    contexts = partial(Contexts, folder, given, texts)
    return mended(partial(check, everything), contexts, may_change)


def tell(done: Mended, view: View, is_diff: bool, is_aside: bool) -> None:
    """Print what was mended, or the diff; what was mended goes to standard error where that *is_aside*."""
    if is_diff:
        is_shown = sys.stdout.isatty()
        for line in diff_lines(done.files, view.here):
            click.echo(f"{safe(line.rstrip())}\n" if is_shown else line, nl=False)
        return
    for line in told(done, view):
        click.echo(line, err=is_aside)


def told(done: Mended, view: View) -> Iterator[str]:
    """Yield what was mended, a line for each, and how many findings that were."""
    language = view.language
    mended = isolated_sentence(said("mending/mended", language), language)
    for one in done.changes:
        place = f"{safe(shown_path(one.file, view.here))}:{one.line}:"
        yield f"{place} {mended} {one.code}: {title_line(one.remedy, view)}"
    yield isolated_sentence(_count(done, language), language)


def _count(done: Mended, language: str) -> str:
    if not done.changes:
        return said("mending/nothing", language)
    findings = _number("findings", len(done.changes), language)
    files = _number("files", len(done.files), language)
    return composed("mending/summary", language, findings=findings, files=files)


def _number(noun: str, count: int, language: str) -> str:
    return said(f"mending/{noun}-one" if count == 1 else f"mending/{noun}", language, count=count)
