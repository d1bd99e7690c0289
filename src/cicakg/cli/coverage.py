"""``cicakg coverage``: which sentences have no claim, which words no span."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click

from cicakg.annotating.articles import AnnotatedArticle, Span, article_paths, find_article, read_article
from cicakg.annotating.checkout import require_unpublished
from cicakg.annotating.coverage import SHORTEST_GAP, Coverage, Positions, Sentence, cover, positions
from cicakg.annotating.coverage_page import page
from cicakg.annotating.texts import verified_text
from cicakg.cli.reading import TEXTS, counted, span_iri, styled, texts_option
from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode
from cicakg.export import write_atomically
from cicakg.paths import DatasetFolder
from cicakg.terminal import isolated

MAX_WORDS = 60
"""How many code points of a run of uncovered words the table shows."""


@click.command(short_help="Show which sentences have no claim.")
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@texts_option
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the texts, shaded by their claims, as a page. It holds article text: FILE must lie outside "
    "the dataset's folder, or be ignored by git.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 where a sentence has no claim.")
@click.pass_context
def coverage(
    ctx: click.Context, articles: tuple[str, ...], texts: Path | None, html: Path | None, strict: bool
) -> int:
    """Show, for each ARTICLE (all, if none), its sentences with the number of claims that touch each, and the
    words in no span; without the texts, offsets alone.
    """
    settings: Settings = ctx.obj
    folder = settings.folder()
    chosen = _articles(folder, articles)
    if texts is None:
        _require_no_text(html, strict)
        click.echo("\n\n".join("\n".join(_position_lines(positions(one))) for one in chosen))
        return ExitCode.CLEAN
    if html is not None:
        require_unpublished(folder, html)
    read = list(_read(chosen, texts, is_each_needed=bool(articles) or strict))
    for one, text in read:
        click.echo("\n".join(_lines(one, text)) + "\n")
    click.echo(_total([one for one, _ in read]))
    if html is not None:
        _write_page(html, page(read))
    return ExitCode.FINDINGS if strict and any(one.bare for one, _ in read) else ExitCode.CLEAN


def _read(
    articles: Sequence[AnnotatedArticle], texts: Path, is_each_needed: bool
) -> Iterator[tuple[Coverage, str]]:
    """Yield what of each article is covered, with its text; where not each is needed, leave out those whose
    text is not there and say so.
    """
    for one in articles:
        try:
            text = verified_text(one, texts).text
        except CicakgError as fault:
            if is_each_needed or fault.code != "text-missing":
                raise
            click.echo(f"Left out: {fault.detail}", err=True)
        else:
            yield cover(one, text), text


def _articles(folder: DatasetFolder, names: Sequence[str]) -> list[AnnotatedArticle]:
    if names:
        return [find_article(folder, one) for one in names]
    return [read_article(path) for path in article_paths(folder)]


def _require_no_text(html: Path | None, strict: bool) -> None:
    if html is not None or strict:
        option = "--html" if html is not None else "--strict"
        raise CicakgError(
            "texts-unknown",
            f"{option} needs the articles' texts, and where they are was not said.",
            f"Name their folder with --texts DIR, or in the environment as {TEXTS}.",
        )


def _lines(one: Coverage, text: str) -> Iterator[str]:
    yield styled(one.article.slug, bold=True)
    for number, sentence in enumerate(one.sentences, start=1):
        yield _sentence_line(number, sentence, text)
        for run in sentence.uncovered:
            yield f"                            {span_iri(run)} {_shown(text, run)}"
    yield "  " + _summary(one)


def _sentence_line(number: int, sentence: Sentence, text: str) -> str:
    claims = counted(len(sentence.claims), "claim") if sentence.claims else "NO CLAIM"
    covered = sentence.word_count - sentence.uncovered_count
    opening = f"  {_shown(text, sentence.span)}" if not sentence.claims else ""
    share = f"{covered}/{sentence.word_count} words"
    line = f"  {number:>3}  {span_iri(sentence.span):<19} {claims:>9}  {share}{opening}"
    return line if sentence.claims else styled(line, fg="red")


def _shown(text: str, span: Span) -> str:
    words = text[slice(*span)]
    return isolated(words if len(words) <= MAX_WORDS else words[:MAX_WORDS].rstrip() + "…")


def _summary(one: Coverage) -> str:
    return (
        f"{counted(len(one.article.claims), 'claim')}; "
        f"{len(one.bare)} of {counted(len(one.sentences), 'sentence')} without a claim; "
        f"{one.covered_count} of {one.word_count} words in some span "
        f"({_percent(one.covered_count, one.word_count)})"
    )


def _total(read: Sequence[Coverage]) -> str:
    bare, sentences = sum(len(one.bare) for one in read), sum(len(one.sentences) for one in read)
    covered, words = sum(one.covered_count for one in read), sum(one.word_count for one in read)
    return (
        f"{counted(len(read), 'article')}: {bare} of {counted(sentences, 'sentence')} without a claim; "
        f"{_percent(covered, words)} of the words outside excluded passages in some span"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "no words"


def _position_lines(one: Positions) -> Iterator[str]:
    yield styled(one.article.slug, bold=True)
    yield f"  {counted(len(one.article.claims), 'claim')} on {counted(len(one.covered), 'part')} of the text"
    for name, spans in (
        ("covered", one.covered),
        ("excluded", one.article.excluded),
        ("in no span", one.gaps),
    ):
        yield f"  {name}: " + (", ".join(span_iri(span) for span in spans) or "nothing")
    yield f"  Gaps of under {SHORTEST_GAP} code points are left out; with --texts DIR you see the words."


def _write_page(path: Path, text: str) -> None:
    data = text.encode("utf-8")

    def put(file: BinaryIO) -> None:
        file.write(data)

    write_atomically(path, put)
    click.echo(f"{path}: holds article text, keep it to yourself.", err=True)
