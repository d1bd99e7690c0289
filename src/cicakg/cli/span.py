"""``cicakg span``: where words stand in an article, as the IRI to paste."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from cicakg.annotating.articles import AnnotatedArticle, Span, find_article
from cicakg.annotating.places import Match, edge_notes, find_places, nearest
from cicakg.annotating.texts import ArticleText, context, verified_text
from cicakg.cli.reading import counted, in_context, quoted, span_iri, styled, texts_option
from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode


@click.command(short_help="Find words in an article, as the span to paste.")
@click.argument("article")
@click.argument("words")
@texts_option
@click.pass_context
def span(ctx: click.Context, article: str, words: str, texts: Path | None) -> int:
    """Find all places of WORDS in the text of ARTICLE (its slug, part of it, or its file).

    Where the words do not stand exactly so, other white space is allowed, then another spelling. Exit code:
    0 found, 1 not found.
    """
    settings: Settings = ctx.obj
    if not words.strip():
        raise CicakgError(
            "words-empty", "There are no words to look for.", 'Write them: cicakg span ARTICLE "words".'
        )
    found = find_article(settings.folder(), article)
    text = verified_text(found, texts)
    places = find_places(text.text, words)
    if not places.spans:
        click.echo("\n".join(_nothing_lines(found, text, words)))
        return ExitCode.FINDINGS
    head = f"{found.slug}: {counted(len(places.spans), 'place')}"
    click.echo(head if places.how is Match.EXACT else f"{head}, {places.how}")
    for one in places.spans:
        click.echo("\n".join(_place_lines(found, text, one)))
    return ExitCode.CLEAN


def _place_lines(article: AnnotatedArticle, text: ArticleText, place: Span) -> Iterator[str]:
    position = text.position(place[0])
    where = f"line {position.line}, column {position.column}"
    yield f"\n{styled(span_iri(place), bold=True)}  {where}"
    yield f"    {in_context(context(text.text, *place), article.language)}"
    for note in edge_notes(text.text, place):
        yield styled(f"    {note}", fg="yellow")
    for passage in article.excluded_at(*place):
        yield styled(f"    lies in the excluded passage {span_iri(passage)}: no evidence may", fg="red")
    for claim in article.claims_at(*place):
        yield f"    {claim.name} {claim.modality}  {quoted(claim.statement)}"


def _nothing_lines(article: AnnotatedArticle, text: ArticleText, words: str) -> Iterator[str]:
    yield f"{article.slug}: {quoted(words)} stands nowhere in the text, in no spelling."
    near = nearest(text.text, words)
    if near is None:
        yield "  Nothing in it is alike; see whether it is the right article."
        return
    position = text.position(near[0])
    yield f"  The nearest is at line {position.line}, column {position.column}, {span_iri(near)}:"
    yield f"    {in_context(context(text.text, *near), article.language)}"
