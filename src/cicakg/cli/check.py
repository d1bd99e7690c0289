"""``cicakg check``: is the dataset right, and if not, where, and what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from cicakg.checks.collector import without_collections
from cicakg.checks.disk_cache import DiskCache
from cicakg.checks.memory import Memory
from cicakg.checks.renderers import FORMATS, View, plain
from cicakg.checks.renderers.summary import summary
from cicakg.checks.report import Progress, Report
from cicakg.checks.report import check as check_dataset
from cicakg.checks.templates import ENGLISH, matching_language
from cicakg.cli.colours import WHEN, is_coloured, style_for
from cicakg.cli.progress import shown_progress
from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode
from cicakg.paths import DatasetFolder

if TYPE_CHECKING:
    from cicakg.checks.mending import Mended
    from cicakg.cli.fixing import Check


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of the articles' texts: verify digests and spans, and print the words behind each span.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    help="How to write the findings.",
)
@click.option(
    "--lang",
    metavar="TAG",
    default=ENGLISH,
    help="The language of messages and fixes: en, ar, kk, ms or ru (a BCP 47 tag).",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
@click.option(
    "--changed",
    is_flag=False,
    flag_value="HEAD",
    metavar="[REV]",
    help="Report only what is new since the git revision REV (HEAD): in the files changed since, then what "
    "the change broke elsewhere. Everything is checked. Before a PATH write --changed=REV.",
)
@click.option("--strict", is_flag=True, help="Warnings fail the check too.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    help="Seconds the shapes may take.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, and report what is left.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl-C.")
@click.option(
    "--color",
    type=click.Choice(WHEN),
    default="auto",
    help="Colours in text; auto: on a terminal, NO_COLOR and FORCE_COLOR obeyed.",
)
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[Path, ...],
    texts: Path | None,
    form: str,
    lang: str,
    output: Path | None,
    changed: str | None,
    strict: bool,
    timeout: float,
    fix: bool,
    diff: bool,
    watch: bool,
    color: str,
) -> None:
    """Check the dataset and say what is wrong, where, and what to do.

    With PATH, everything is read but only findings in those files or folders are reported. A Turtle file
    from elsewhere is checked as if it were an article of the dataset. Exit code: 0 clean, 1 findings, 2
    usage, 3 our fault.
    """
    settings: Settings = ctx.obj
    folder = settings.folder()
    run = partial(_checked, folder, texts, changed, timeout)
    checked = partial(run, paths, {})
    view = _view(color, strict, output, matching_language(lang))
    if watch:
        _refuse_with_watch(form, output, is_fixing=fix or diff)
        _watch(checked, view, color, folder, paths, texts)
        ctx.exit(ExitCode.CLEAN)
    with shown_progress(form == "text") as progress:
        done = _mended(partial(run, progress=progress), folder, paths, texts, diff) if fix or diff else None
        report = run(paths, done.unsaved if done is not None and diff else {}, progress)
    if done is not None:
        _tell(done, view, is_diff=diff, is_aside=form != "text" or output is not None)
    if diff:
        click.echo(summary(report, view.language), err=True)
    else:
        with without_collections():
            text = FORMATS[form](_with_remedies(report, folder, paths, texts), view)
        _write(text, summary(report, view.language), output, color)
    fails = any(view.fails(one.severity) for one in report.findings)
    is_to_mend = diff and done is not None and bool(done.files)
    ctx.exit(ExitCode.FINDINGS if fails or is_to_mend else ExitCode.CLEAN)


def _checked(
    folder: DatasetFolder,
    texts: Path | None,
    changed: str | None,
    timeout: float,
    paths: Sequence[Path],
    unsaved: Mapping[Path, bytes],
    progress: Progress,
) -> Report:
    if changed is None:
        memory = Memory(is_kept=False, cache=DiskCache())
        return check_dataset(folder, paths, texts, timeout, unsaved, progress, memory)
    from cicakg.checks.news import check_news  # noqa: PLC0415 - as the others in this file: often not needed

    return check_news(folder, changed, paths, texts, timeout, progress, unsaved, DiskCache())


def _mended(
    check: Check, folder: DatasetFolder, paths: Sequence[Path], texts: Path | None, is_diff: bool
) -> Mended:
    """Mend what can be mended safely, and save it unless only the difference is asked for."""
    from cicakg.checks.mending import save  # noqa: PLC0415
    from cicakg.cli.fixing import mended_dataset  # noqa: PLC0415

    done = mended_dataset(check, folder, paths, texts)
    if not is_diff:
        save(done.files)
    return done


def _tell(done: Mended, view: View, is_diff: bool, is_aside: bool) -> None:
    from cicakg.cli.fixing import tell  # noqa: PLC0415

    tell(done, view, is_diff=is_diff, is_aside=is_aside)


def _with_remedies(
    report: Report, folder: DatasetFolder, paths: Sequence[Path], texts: Path | None
) -> Report:
    if not report.findings:
        return report
    from cicakg.checks.remedies import Contexts, with_remedies  # noqa: PLC0415

    return with_remedies(report, Contexts(folder, paths, texts))


def _view(color: str, is_strict: bool, output: Path | None, language: str) -> View:
    style = style_for(sys.stdout, color) if output is None else plain
    view = View(Path.cwd().resolve(), style, is_strict, language=language)
    if output is None and sys.stdout.isatty():
        # An excerpt is set in by four columns; one that wraps would part the mark from what it marks.
        columns = shutil.get_terminal_size().columns - 5
        return replace(view, width=max(40, min(columns, view.width)))
    return view


def _refuse_with_watch(form: str, output: Path | None, is_fixing: bool) -> None:
    if is_fixing:
        raise CicakgError(
            "watch-changes-nothing",
            "--watch only looks: a file that is being edited is not to change under its editor.",
            "Leave out --watch, or --fix and --diff.",
        )
    if form != "text":
        raise CicakgError(
            "watch-text-only",
            f"--watch is for people and writes text, not {form}.",
            f"Leave out --watch, or --format {form}.",
        )
    if output is not None:
        raise CicakgError(
            "watch-text-only",
            f"--watch shows what it finds and writes no file such as {output}.",
            "Leave out --watch, or --output.",
        )


def _watch(
    checked: Callable[[Progress], Report],
    view: View,
    color: str,
    folder: DatasetFolder,
    paths: Sequence[Path],
    texts: Path | None,
) -> None:
    from cicakg.cli.saved_files import saved_files  # noqa: PLC0415
    from cicakg.cli.watching import Screen, watch, watched_files  # noqa: PLC0415

    def check_once() -> Report:
        with shown_progress() as progress:
            return checked(progress)

    echo = partial(click.echo, color=is_coloured(sys.stdout, color))
    screen = Screen(view, echo, click.clear if sys.stdout.isatty() else None)
    with suppress(KeyboardInterrupt), saved_files(watched_files(folder, paths, texts)) as saves:
        watch(check_once, saves, screen, folder)


def _write(text: str, told: str, output: Path | None, color: str) -> None:
    if output is None:
        click.echo(text, nl=False, color=is_coloured(sys.stdout, color))
        return

    from cicakg.export import write_atomically  # noqa: PLC0415

    def put(file: BinaryIO) -> None:
        file.write(text.encode("utf-8", errors="replace"))

    write_atomically(output, put)
    click.echo(f"{output}: {told}", err=True)
