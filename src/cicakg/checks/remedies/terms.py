"""Mends a name that is not there: the nearest that is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.nearness import nearest_terms
from cicakg.checks.remedies.context import Background, Context
from cicakg.checks.remedies.edits import token_at, token_replaced, triple_of
from cicakg.checks.remedies.names import local_name, nearest_names
from cicakg.checks.remedies.statements import replacement
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import iri_of, is_misdeclared, tokens_of, written_iri
from cicakg.checks.shacl_terms import SHACL_TERMS
from cicakg.checks.vocabulary import (
    STANDARD_CLASSES,
    STANDARD_PROPERTIES,
    is_entity_or_concept,
    is_own_term_iri,
    shorten,
)
from cicakg.model import Finding, Position, Remedy
from cicakg.terminal import safe
from cicakg.turtle.tokens import Token, TokenKind
from cicakg.vocab import CICA, CONCEPT, ID, PREFIXES, RDF_PREDICATE, RDF_TYPE

_OWN_NAME: Final = re.compile(r"\bcica:(\w+)")


def unknown_term(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the declared terms nearest to one that is not; safe where they differ in case or hyphens only."""
    token = token_at(context, finding.position)
    if token is None:
        return
    if token.kind is TokenKind.STRING:
        yield from _term_in_query(finding, context, token)
        return
    iri = iri_of(context, token)
    if iri is not None and not is_misdeclared(context, token):
        allowed = _terms_for(context, finding.position, iri)
        yield from renaming(context, token, iri, allowed, near=_nearest_terms(iri, allowed))


def _terms_for(context: Context, place: Position, iri: str) -> frozenset[str]:
    """Return the terms that can stand at *place* as *iri* does."""
    vocabulary, own = context.background.vocabulary, context.background.described_in(CICA)
    if context.kind is None:
        return frozenset(SHACL_TERMS) if iri.startswith(PREFIXES["sh"]) else own
    if place in context.by_predicate:
        return vocabulary.properties | STANDARD_PROPERTIES
    one = context.by_object.get(place)
    if one is not None and one.triple.predicate == RDF_TYPE:
        return vocabulary.classes | STANDARD_CLASSES
    if one is not None and one.triple.predicate == RDF_PREDICATE:
        return context.background.names.claim_properties or vocabulary.properties
    return own


def _nearest_terms(iri: str, allowed: Collection[str]) -> list[str]:
    return nearest_terms(iri, allowed)


def _term_in_query(finding: Finding, context: Context, token: Token) -> Iterator[Remedy]:
    """Yield the nearest terms for one that is misspelt inside a query, in all its places there."""
    described = context.background.vocabulary.described
    known = sorted(shorten(one) for one in described if is_own_term_iri(one))
    for name in dict.fromkeys(_OWN_NAME.findall(token.text)):
        if CICA + name in described or f"cica:{name} " not in finding.message:
            continue
        places = [one for one in _OWN_NAME.finditer(token.text) if one[1] == name]
        for near in nearest_names(f"cica:{name}", known):
            edits = [
                replacement(context.source, token.offset + one.start(), token.offset + one.end(), near)
                for one in places
            ]
            yield titled("write", edits, text=near)


def unknown_entity(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the described entities (for a concept, concepts) nearest in name, or in any label."""
    token = token_at(context, finding.position)
    iri = None if token is None else iri_of(context, token)
    if token is None or iri is None or not is_entity_or_concept(iri):
        return
    if iri in context.background.vocabulary.described or is_misdeclared(context, token):
        return
    allowed = _of_the_kind(iri, context.background)
    yield from renaming(context, token, iri, allowed)


def _of_the_kind(iri: str, background: Background) -> frozenset[str]:
    """Return what is described of the same kind: entities, or the concepts of the same list, if it is one."""
    if iri.startswith(ID):
        return background.described_in(ID)
    scheme = iri.removeprefix(CONCEPT).partition("/")[0]
    return background.described_in(f"{CONCEPT}{scheme}/") or background.described_in(CONCEPT)


def renaming(
    context: Context, token: Token, iri: str, allowed: Collection[str], near: Iterable[str] | None = None
) -> Iterator[Remedy]:
    """Yield for each name near *iri* the remedy that writes it for *token*: by label, or as given in *near*.

    One that differs only in case, hyphens or accents, and is alone in that, is safe.
    """
    names = context.background.names
    same = names.same(local_name(iri), allowed)
    for one in same:
        yield _named(context, token, one, is_safe=len(same) == 1)
    if len(same) == 1:
        return
    if near is not None:
        yield from (_named(context, token, one) for one in near if one not in same)
        return
    for found in names.nearest(local_name(iri), allowed):
        if found.iri not in same:
            yield _named(context, token, found.iri, found.text if found.is_label else "")


def _named(context: Context, token: Token, iri: str, label: str = "", is_safe: bool = False) -> Remedy:
    """Return the remedy that writes *iri* wherever the file has what *token* stands for: such a name is
    reported once, where it stands first.
    """
    text = written_iri(context, iri, token.offset)
    places = tokens_of(context, iri_of(context, token) or "") or (token,)
    edits = tuple(token_replaced(context, one, written_iri(context, iri, one.offset)) for one in places)
    if label:
        return titled("write-labelled", edits, is_safe, text=text, label=safe(label))
    return titled("write", edits, is_safe, text=text)


def undeclared_predicate(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the claim properties nearest to a predicate that is none."""
    token = token_at(context, finding.position)
    iri = None if token is None else iri_of(context, token)
    if token is not None and iri is not None:
        allowed = context.background.names.claim_properties
        yield from renaming(context, token, iri, allowed)


def deprecated(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield what stands instead of something deprecated; safe where that is one thing, itself in use."""
    token = token_at(context, finding.position)
    one = triple_of(finding, context)
    if token is None or one is None or not isinstance(one.triple.object, NamedNode):
        return
    replaced = context.background.names.replaced
    instead = replaced.get(one.triple.object.value, ())
    for iri in instead:
        is_alone = len(instead) == 1 and iri not in replaced
        text = written_iri(context, iri, token.offset)
        yield titled("write", (token_replaced(context, token, text),), is_alone, text=text)


REMEDIES: Final = {
    "unknown-term": unknown_term,
    "unknown-entity": unknown_entity,
    "entity-described": unknown_entity,
    "concept-described": unknown_entity,
    "claim-term": undeclared_predicate,
    "deprecated-used": deprecated,
}
