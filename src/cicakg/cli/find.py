"""``cicakg find``: what is called so, in any language and spelling."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

import click

from cicakg.annotating.names import Hit, Label, find_names, read_names
from cicakg.cli.reading import counted, quoted, styled
from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode
from cicakg.languages import standard_tag
from cicakg.terminal import isolated

_RANKS: Final = {0: "exact", 1: "beginning or end", 2: "word", 3: "part", 4: "alike"}


@click.command(short_help="Find an entity, concept or term by any name.")
@click.argument("name", nargs=-1, required=True)
@click.option("--lang", default="en", show_default=True, metavar="TAG", help="Your language.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to write them."
)
@click.pass_context
def find(ctx: click.Context, name: tuple[str, ...], lang: str, limit: int, form: str) -> int:
    """Find what is called NAME: entities, concepts and the ontology's terms, by any label in any language.

    Spelling does not matter: case, harakat, tatweel, hamza, ya and ta marbuta, hyphens and apostrophes,
    Kazakh in Cyrillic or Latin letters. Exit code: 0 found, 1 nothing is called so.
    """
    settings: Settings = ctx.obj
    if standard_tag(lang) is None:
        raise CicakgError(
            "language-invalid", f"{lang} is not a language tag.", "Write one such as en, ar, kk, ms or ru."
        )
    sought = " ".join(name)
    names = read_names(settings.folder())
    hits = find_names(names, sought)
    for fault in names.unread:
        click.echo(f"Not counted: {fault}", err=True)
    if form == "json":
        click.echo(json.dumps([_record(one, lang) for one in hits[:limit]], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(hits, sought, lang, limit)))
    return ExitCode.CLEAN if hits else ExitCode.FINDINGS


def _lines(hits: Sequence[Hit], sought: str, lang: str, limit: int) -> Iterator[str]:
    if not hits:
        yield f"Nothing is called {quoted(sought)}, and nothing alike."
        yield "  Try one word of it, or the name in another language; else it is a new entity."
    for one in hits[:limit]:
        preferred = one.entry.preferred([lang])
        uses = counted(one.entry.uses, "claim")
        yield f"{styled(one.entry.curie, bold=True)}  {one.entry.kind}  {_labelled(preferred)}  {uses}"
        how = _RANKS[one.rank] + (" by sound" if one.is_by_sound else "")
        if one.label != preferred:
            yield f"    {how}: {_labelled(one.label)}"
        elif one.rank:
            yield f"    {how}"
    if len(hits) > limit:
        yield f"… and {len(hits) - limit} more: --limit {len(hits)} shows them."


def _labelled(label: Label) -> str:
    return isolated(label.text) + (f"@{label.tag}" if label.tag else "")


def _record(hit: Hit, lang: str) -> dict[str, object]:
    preferred = hit.entry.preferred([lang])
    return {
        "iri": hit.entry.iri,
        "curie": hit.entry.curie,
        "class": hit.entry.kind,
        "match": {
            "label": hit.label.text,
            "language": hit.label.tag or None,
            "rank": _RANKS[hit.rank],
            "bySound": hit.is_by_sound,
        },
        "preferredLabel": {"label": preferred.text, "language": preferred.tag or None},
        "claims": hit.entry.uses,
    }
