"""``cicakg suggest``: the known entities that a text names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from cicakg.annotating.articles import AnnotatedArticle, find_article
from cicakg.annotating.language_guess import guess_language
from cicakg.annotating.mentions import Mentioned
from cicakg.annotating.mentions import suggest as suggest_mentions
from cicakg.annotating.names import read_names
from cicakg.annotating.texts import context, read_text, verified_text
from cicakg.cli.reading import counted, in_context, span_iri, styled, texts_option
from cicakg.cli.settings import Settings
from cicakg.errors import ExitCode
from cicakg.paths import DatasetFolder
from cicakg.terminal import isolated


@click.command(short_help="Find the known entities in a text.")
@click.argument("article", metavar="ARTICLE|TEXT")
@texts_option
@click.option("--lang", default="en", show_default=True, metavar="TAG", help="Your language.")
@click.pass_context
def suggest(ctx: click.Context, article: str, texts: Path | None, lang: str) -> int:
    """Find the known entities that ARTICLE, or the text file TEXT, names by one of their labels.

    Whole words, in any spelling, with what Arabic puts before a name and Kazakh behind it. Nothing is
    written: which of them a statement is about is for the annotator to say.
    """
    settings: Settings = ctx.obj
    folder = settings.folder()
    found, text, tag = _text(folder, article, texts)
    names = read_names(folder)
    for fault in names.unread:
        click.echo(f"Not counted: {fault}", err=True)
    mentioned = suggest_mentions(names.entries, text, found)
    for one in mentioned:
        click.echo("\n".join(_lines(one, text, tag, lang, is_annotated=found is not None)))
    places = sum(len(one.mentions) for one in mentioned)
    entities = "1 known entity" if len(mentioned) == 1 else f"{len(mentioned)} known entities"
    click.echo(f"{entities} in {counted(places, 'place')}")
    return ExitCode.CLEAN


def _text(folder: DatasetFolder, name: str, texts: Path | None) -> tuple[AnnotatedArticle | None, str, str]:
    """Return the annotation, if there is one, the text, and the language of it."""
    path = Path(name)
    if path.is_file() and path.suffix != ".ttl":
        text = read_text(path).text
        return None, text, guess_language(text).tag or "und"
    article = find_article(folder, name)
    return article, verified_text(article, texts).text, article.language


def _lines(one: Mentioned, text: str, tag: str, lang: str, is_annotated: bool) -> Iterator[str]:
    label = one.entry.preferred([lang])
    used = f"  {counted(one.uses, 'claim')} here" if is_annotated else ""
    yield f"{styled(one.entry.curie, bold=True)}  {one.entry.kind}  {isolated(label.text)}{used}"
    for mention in one.mentions:
        shown = in_context(context(text, *mention.span, width=30), tag)
        inside = f"  in {mention.inside}" if mention.inside else ""
        yield f"    {span_iri(mention.span):<19} {shown}{inside}"
