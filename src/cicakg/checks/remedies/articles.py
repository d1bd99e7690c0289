"""Mends what is said of an article and of its annotation set, where the file or the text decides it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import rewriting, triple_deleted, triples_of, value_added
from cicakg.checks.remedies.literals import number
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import written_iri
from cicakg.model import Finding, Remedy
from cicakg.paths import is_article_slug, slug_of
from cicakg.vocab import BASE, term

_DIGEST: Final = term("cica:digest")
_LANGUAGE: Final = term("dcterms:language")
_TITLE: Final = term("dcterms:title")
_GUIDELINE: Final = term("dcterms:conformsTo")
_CREATIVE_COMMONS: Final = re.compile(r"(?i:cc)[ -]((?i:by(?:[ -]nc)?(?:[ -](?:sa|nd))?))[ -]([1-4]\.0)")
_VERSION: Final = re.compile(r"https?://w3id\.org/cicakg/guideline/v?([0-9]+)/?")


def text_length(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the number of code points of the text; safe where it is the text that was annotated."""
    if context.text is not None:
        found = "sha256:" + hashlib.sha256(context.text.data).hexdigest()
        said = [one.triple.object for one in context.triples if one.triple.predicate == _DIGEST]
        length = str(len(context.text.text))
        yield from rewriting(context, finding.position, length, is_safe=said == [Literal(found)])


def length(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the number that stands in quotation marks, or the length of the text."""
    yield from number(finding, context)
    yield from text_length(finding, context)


def language(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the language that the file's name and the title both give."""
    slug = slug_of(context.place)
    titles = triples_of(context, finding.focus, _TITLE)
    if not is_article_slug(slug) or len(titles) != 1:
        return
    named = slug[5:].partition("-")[0]
    said = triples_of(context, finding.focus, _LANGUAGE)
    codes = {one.triple.object.value for one in said if isinstance(one.triple.object, Literal)}
    if titles[0].language.partition("-")[0] == named:
        if len(said) > 1 and named in codes:
            others = [one for one in said if one.triple.object != Literal(named)]
            gone = triple_deleted(context, others[0]) if len(others) == 1 else ()
            yield titled("keep-only", gone, text=f'"{named}"')
        elif len(said) == 1:
            yield from rewriting(context, said[0].object, f'"{named}"')
        elif not said:
            name = written_iri(context, _LANGUAGE.value, context.source.offset_of(titles[0].predicate))
            edits = value_added(context, finding.focus, _LANGUAGE, name, f'"{named}"', [_TITLE])
            yield titled("add", edits, text=f'{name} "{named}"')
    elif codes == {named} and titles[0].language:
        found = context.outline.object_at(context.source.offset_of(titles[0].object))
        if found is not None:
            written = found[0].predicates[found[1]].objects[found[2]]
            text = context.source.text[written.start : written.end]
            yield from rewriting(context, titles[0].object, f"{text.rpartition('@')[0]}@{named}")


def guideline(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the address of the guideline's version, where it is written in another way."""
    for one in triples_of(context, finding.focus, _GUIDELINE):
        found = _VERSION.fullmatch(str(getattr(one.triple.object, "value", "")))
        if found is not None:
            iri = f"{BASE}guideline/{int(found[1])}"
            text = written_iri(context, iri, context.source.offset_of(one.object))
            yield from rewriting(context, one.object, text, is_safe=True)


def licence(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the licence's address as an IRI, where that, or its short name, stands in quotation marks."""
    for one in triples_of(context, finding.focus, term("dcterms:license")):
        value = one.triple.object
        if not isinstance(value, Literal):
            continue
        offset = context.source.offset_of(one.object)
        short = _CREATIVE_COMMONS.fullmatch(value.value)
        if re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", value.value):
            iri = NamedNode(value.value).value
            yield from rewriting(context, one.object, written_iri(context, iri, offset), is_safe=True)
        elif short is not None:
            parts = short[1].lower().replace(" ", "-"), short[2]
            iri = f"https://creativecommons.org/licenses/{parts[0]}/{parts[1]}/"
            yield from rewriting(context, one.object, written_iri(context, iri, offset))


REMEDIES: Final = {
    "text-length": text_length,
    "article-length": length,
    "article-language": language,
    "article-name": language,
    "set-guideline": guideline,
    "set-licence": licence,
}
