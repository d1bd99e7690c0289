"""Mends a typed literal: the form the store keeps, the datatype its text has the form of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.literals import as_stored, is_valid
from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import deleting, rewriting, token_at, triple_of, triples_of
from cicakg.checks.remedies.writing import XSD, written_iri, written_literal
from cicakg.model import Finding, Remedy
from cicakg.turtle.tokens import TokenKind
from cicakg.vocab import ID, RDF_PREDICATE

_STRING: Final = XSD + "string"
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]*")
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})
_YES: Final = frozenset({"yes", "True", "TRUE"})
_NO: Final = frozenset({"no", "False", "FALSE"})
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[,\u00a0 ][0-9]{3})+")


def literal_of(finding: Finding, context: Context) -> Literal | None:
    """Return the literal that stands where *finding* points."""
    one = triple_of(finding, context)
    return one.triple.object if one is not None and isinstance(one.triple.object, Literal) else None


def canonical(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the form the store keeps, which means the same."""
    literal = literal_of(finding, context)
    if literal is None or not is_valid(literal):
        return
    yield from rewriting(context, finding.position, _like(finding, context, as_stored(literal)), is_safe=True)


def _like(finding: Finding, context: Context, literal: Literal) -> str:
    """Return *literal* as the one at the finding is written: in quotation marks where that one is."""
    offset = context.source.offset_of(finding.position)
    token = token_at(context, finding.position)
    text = written_literal(context, literal, offset)
    if token is not None and token.kind is TokenKind.STRING and text[0] not in "\"'":
        return f'"{text}"^^{written_iri(context, literal.datatype.value, offset)}'
    return text


def number(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the number that stands in quotation marks, or with marks between its thousands."""
    literal = literal_of(finding, context)
    if literal is None:
        return
    if _WHOLE.fullmatch(literal.value):
        is_safe = literal.datatype.value == _STRING and not literal.language
        yield from rewriting(context, finding.position, literal.value, is_safe)
    elif _GROUPED.fullmatch(literal.value):
        yield from rewriting(context, finding.position, re.sub(r"[^0-9]", "", literal.value))


def malformed(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield what a malformed number or truth value can only be meant as."""
    literal = literal_of(finding, context)
    if literal is None:
        return
    if literal.datatype.value == XSD + "boolean" and literal.value.lower() in {"true", "false"}:
        yield from rewriting(context, finding.position, literal.value.lower(), is_safe=True)
    elif literal.datatype.value == XSD + "boolean":
        said = {**dict.fromkeys(_YES, "true"), **dict.fromkeys(_NO, "false")}.get(literal.value)
        if said is not None:
            yield from rewriting(context, finding.position, said)
    elif literal.datatype.value == XSD + "integer":
        yield from number(finding, context)


def denial(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield ``true`` for what says yes, and without the statement what says no."""
    one, literal = triple_of(finding, context), literal_of(finding, context)
    if one is None or literal is None:
        return
    if literal.value in _TRUE | _YES:
        yield from rewriting(context, one.object, "true", is_safe=literal.value in {"true", "1"})
    elif literal.value in _FALSE | _NO:
        yield from deleting(context, one, is_safe=literal.value in {"false", "0"})


def comparator(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the removal of a comparator from what is no number."""
    one = triple_of(finding, context)
    if one is not None:
        yield from deleting(context, one)


def value_in_range(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the value in the one datatype that its predicate takes and its text has the form of; else, for a
    name in quotation marks, the entities that are called so.
    """
    one, literal = triple_of(finding, context), literal_of(finding, context)
    if one is None or literal is None:
        return
    predicates = triples_of(context, finding.focus, RDF_PREDICATE)
    taken = [
        datatype
        for each in predicates
        for datatype in context.background.names.ranges.get(str(getattr(each.triple.object, "value", "")), ())
        if datatype.startswith(XSD) and datatype != _STRING
    ]
    fitting = [each for each in taken if _fits(literal.value, each)]
    if len(fitting) == 1:
        mended = Literal(literal.value, datatype=NamedNode(fitting[0]))
        text = written_literal(context, mended, context.source.offset_of(one.object))
        is_text = literal.datatype.value == _STRING
        yield from rewriting(context, one.object, text, is_safe=is_text)
    elif not taken:
        for near in context.background.names.nearest(literal.value):
            if near.iri.startswith(ID):
                offset = context.source.offset_of(one.object)
                yield from rewriting(context, one.object, written_iri(context, near.iri, offset))


def _fits(value: str, datatype: str) -> bool:
    literal = Literal(value, datatype=NamedNode(datatype))
    return is_valid(literal) and as_stored(literal) == literal


REMEDIES: Final = {
    "literal-canonical": canonical,
    "claim-negated": denial,
    "comparator-number": comparator,
    "claim-range": value_in_range,
}
