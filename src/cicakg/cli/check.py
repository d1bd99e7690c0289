"""``cicakg check``: is the dataset right, and if not, where, and what to do."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

import click

from cicakg.checks.news import check_news
from cicakg.checks.renderers import FORMATS, Style, View, plain
from cicakg.checks.renderers.summary import summary
from cicakg.checks.report import Report
from cicakg.checks.report import check as check_dataset
from cicakg.cli.settings import Settings
from cicakg.errors import ExitCode
from cicakg.export import write_atomically

_COLOURS: Final = {"violation": "red", "warning": "yellow", "info": "blue", "fix": "green", "code": "magenta"}


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
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[Path, ...],
    texts: Path | None,
    form: str,
    output: Path | None,
    changed: str | None,
    strict: bool,
    timeout: float,
) -> None:
    """Check the dataset and say what is wrong, where, and what to do.

    With PATH, everything is read but only findings in those files or folders are reported. A Turtle file
    from elsewhere is checked as if it were an article of the dataset. Exit code: 0 clean, 1 findings, 2
    usage, 3 our fault.
    """
    settings: Settings = ctx.obj
    folder = settings.folder()
    if changed is None:
        report = check_dataset(folder, paths, texts, timeout)
    else:
        report = check_news(folder, changed, paths, texts, timeout)
    view = View(Path.cwd().resolve(), _style() if output is None else plain, strict)
    _write(report, FORMATS[form](report, view), output)
    fails = any(view.fails(one.severity) for one in report.findings)
    ctx.exit(ExitCode.FINDINGS if fails else ExitCode.CLEAN)


def _write(report: Report, text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return

    def put(file: BinaryIO) -> None:
        file.write(text.encode("utf-8", errors="replace"))

    write_atomically(output, put)
    click.echo(f"{output}: {summary(report)}", err=True)


def _style() -> Style:
    """Return colours for a terminal, and none where the output goes elsewhere or NO_COLOR is set."""
    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return _coloured if is_coloured else plain


def _coloured(text: str, role: str) -> str:
    return click.style(text, fg=_COLOURS.get(role), bold=role == "place")
