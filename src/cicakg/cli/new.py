"""``cicakg new``: begin the file of an article."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cicakg.annotating.scaffold import choose_slug, destination, scaffold, write_new
from cicakg.annotating.texts import read_text
from cicakg.cli.settings import Settings
from cicakg.errors import ExitCode


@click.command(short_help="Begin the file of an article from its text.")
@click.argument("text", type=click.Path(path_type=Path))
@click.option("--lang", metavar="TAG", help="The text's language; default: guessed from its letters.")
@click.option(
    "--slug",
    metavar="SLUG",
    help="The article's name, <year>-<lang>-<words>, or its words alone. Default: the year the text's dates "
    "give, the language, and the name of the text's file.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Default: data/articles/<year>/<slug>.ttl; - is standard output.",
)
@click.pass_context
def new(ctx: click.Context, text: Path, lang: str | None, slug: str | None, output: Path | None) -> int:
    """Begin an article's file from TEXT: identifier, digest, length, language, header.

    What only a person can say is left as a TODO. A file that is there is never overwritten.
    """
    settings: Settings = ctx.obj
    folder = settings.folder()
    read = read_text(text)
    is_piped = output == Path("-")
    if output is not None and not is_piped and slug is None:
        slug = output.stem
    choice = choose_slug(read, lang, slug)
    turtle = scaffold(folder, read, choice, date.today())  # noqa: DTZ011 - the annotator's own day
    if is_piped:
        click.echo(turtle, nl=False)
        return ExitCode.CLEAN
    path = destination(folder, choice.slug, output)
    write_new(path, turtle)
    shown = _from_here(path)
    click.echo(f"{shown}: {len(read.text)} code points")
    click.echo(f"  language {choice.language}, {choice.language_reason}")
    click.echo(f"  year {choice.slug[:4]}, {choice.year_reason}")
    click.echo(f"Fill in what says TODO, then: cicakg check {shown}")
    return ExitCode.CLEAN


def _from_here(path: Path) -> Path:
    here, place = Path.cwd().resolve(), path.resolve()
    return place.relative_to(here) if place.is_relative_to(here) else path
