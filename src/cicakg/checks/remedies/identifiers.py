"""Mends identifiers: those of others in their owner's form, those of an article's parts in ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import object_at, rewriting, token_replaced, triple_of, triples_of
from cicakg.checks.remedies.files import free_number
from cicakg.checks.remedies.literals import literal_of
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import tokens_of, written_iri
from cicakg.model import Finding, Remedy
from cicakg.vocab import term

_WIKIDATA: Final = re.compile(
    r"https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity|wiki/Special:EntityPage|wiki/Special:EntityData)"
    r"/(Q[1-9][0-9]*)(?:\.[a-z]+)?(?:[?#].*)?"
)
_GEONAMES: Final = re.compile(r"https?://(?:www\.|sws\.)?geonames\.org/([1-9][0-9]*)(?:/.*)?")
_PARTS: Final = {"claim-iri": "c", "quotation-iri": "q"}
_NUMBERED: Final = re.compile(r"(?i:[cq]|claim|quotation|quote)[-_]?([0-9]+)")
_SOURCE: Final = re.compile(r"([0-9]{3,}_[0-9a-f]{16})\.[A-Za-z]{2,5}")
_DIGEST: Final = re.compile(r"(?:(?i:sha-?256)[:= ])?\s*([0-9A-Fa-f]{64})")


def external_identifier(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the identifier in its owner's form, where the address of a page about the thing stands."""
    one = triple_of(finding, context)
    if one is None:
        return
    found = str(getattr(one.triple.object, "value", ""))
    if (item := _WIKIDATA.fullmatch(found)) is not None:
        yield from _written(context, finding, f"http://www.wikidata.org/entity/{item[1]}")
    elif (place := _GEONAMES.fullmatch(found)) is not None:
        yield from _written(context, finding, f"https://sws.geonames.org/{place[1]}/")


def _written(context: Context, finding: Finding, iri: str) -> Iterator[Remedy]:
    offset = context.source.offset_of(finding.position)
    yield from rewriting(context, finding.position, written_iri(context, iri, offset), is_safe=True)


def part_name(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the name of a claim or quotation by its number, or by the next free one, in all its places."""
    letter = _PARTS[finding.code]
    start = finding.focus.partition("#")[0] + "#"
    numbered = _NUMBERED.fullmatch(finding.focus.partition("#")[2])
    iri = free_number(context, start, letter)
    if numbered is not None:
        same = (
            f"{start}{letter}{int(numbered[1]):02}" if letter == "c" else f"{start}{letter}{int(numbered[1])}"
        )
        iri = same if same not in context.by_subject else iri
    edits = tuple(
        token_replaced(context, token, written_iri(context, iri, token.offset))
        for token in tokens_of(context, finding.focus)
    )
    yield titled("name", edits, iri=f"<#{iri.partition('#')[2]}>")


def source_identifier(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the name of the source file without its ending."""
    literal = literal_of(finding, context)
    found = None if literal is None else _SOURCE.fullmatch(literal.value)
    if found is not None:
        yield from rewriting(context, finding.position, f'"{found[1]}"', is_safe=True)


def digest(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the digest in the one form it has here: lower case, with its method before it."""
    for one in triples_of(context, finding.focus, term("cica:digest")):
        literal = one.triple.object
        found = _DIGEST.fullmatch(literal.value) if isinstance(literal, Literal) else None
        if found is not None and object_at(context, one.object) is not None:
            yield from rewriting(context, one.object, f'"sha256:{found[1].lower()}"', is_safe=True)


def quotation_number(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the quotations the file describes instead of one it does not, where there are few."""
    one = triple_of(finding, context)
    described = [
        each.triple.subject
        for each in context.triples
        if each.triple.object == term("cica:Quotation") and isinstance(each.triple.subject, NamedNode)
    ]
    if one is None or len(described) > 3:
        return
    for node in described:
        if isinstance(node, NamedNode):
            text = written_iri(context, node.value, context.source.offset_of(one.object))
            yield from rewriting(context, one.object, text)


REMEDIES: Final = {
    "external-id": external_identifier,
    "claim-iri": part_name,
    "quotation-iri": part_name,
    "article-identifier": source_identifier,
    "article-digest": digest,
    "claim-quotation": quotation_number,
}
