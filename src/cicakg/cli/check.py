"""``cicakg check``: is the dataset right, and if not, where, and what to do."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click

from cicakg.checks.render import Style, github_lines, json_text, plain, text_lines
from cicakg.checks.report import Report
from cicakg.checks.report import check as check_dataset
from cicakg.cli.settings import Settings
from cicakg.errors import ExitCode
from cicakg.model import Severity

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
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to write the findings.",
)
@click.option("--strict", is_flag=True, help="Warnings fail the check too.")
@click.pass_context
def check(ctx: click.Context, paths: tuple[Path, ...], texts: Path | None, form: str, strict: bool) -> None:
    """Check the dataset and say what is wrong, where, and what to do.

    With PATH, everything is read but only findings in those files or folders are reported. A Turtle file
    from elsewhere is checked as if it were an article of the dataset. Exit code: 0 clean, 1 findings, 2
    usage, 3 our fault.
    """
    settings: Settings = ctx.obj
    report = check_dataset(settings.folder(), paths, texts)
    here = Path.cwd().resolve()
    if form == "json":
        click.echo(json_text(report, here))
    else:
        lines = github_lines(report, here) if form == "github" else text_lines(report, here, _style())
        click.echo("\n".join(lines))
    ctx.exit(_exit_code(report, strict))


def _style() -> Style:
    """Return colours for a terminal, and none where the output goes elsewhere or NO_COLOR is set."""
    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return _coloured if is_coloured else plain


def _coloured(text: str, role: str) -> str:
    return click.style(text, fg=_COLOURS.get(role), bold=role == "place")


def _exit_code(report: Report, strict: bool) -> int:
    fails = report.count(Severity.VIOLATION) + (report.count(Severity.WARNING) if strict else 0)
    return ExitCode.FINDINGS if fails else ExitCode.CLEAN
