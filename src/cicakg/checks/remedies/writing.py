"""How an IRI or a literal is written in a file: by its own prefixes and base, as its neighbours are."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.names import local_name
from cicakg.turtle.escapes import local_name as unescaped
from cicakg.turtle.escapes import unescape
from cicakg.turtle.tokens import Token, TokenKind
from cicakg.vocab import PREFIXES

XSD: Final = PREFIXES["xsd"]
_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_NAMING: Final = frozenset({TokenKind.IRI, TokenKind.NAME})
_BARE: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}


def written_iri(context: Context, iri: str, offset: int) -> str:
    """Return *iri* as it can stand at *offset*: relative to a base that is the same document, else with the
    prefix that leaves least of it, else in full.
    """
    base, prefixes = _declared(context, offset)
    if base is not None and iri.partition("#")[0] == base.partition("#")[0]:
        return f"<{iri[len(base.partition('#')[0]) :]}>"
    for prefix, namespace in sorted(prefixes.items(), key=lambda pair: -len(pair[1])):
        local = iri.removeprefix(namespace)
        if iri.startswith(namespace) and _PLAIN_LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _declared(context: Context, offset: int) -> tuple[str | None, dict[str, str]]:
    """Return the base and the prefixes that hold at *offset*."""
    base: str | None = None
    prefixes: dict[str, str] = {}
    bases = 0
    for one in context.outline.directives:
        if one.start > offset:
            break
        iri = unescape(one.iri.text[1:-1])
        if one.prefix is None:
            base, bases = iri, bases + 1
        else:
            prefixes[one.prefix] = iri
    is_absolute = base is not None and bases == 1 and re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", base)
    return (base if is_absolute else None), prefixes


def quoted(text: str) -> str:
    """Return *text* between quotation marks, escaped where Turtle asks for it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def written_literal(context: Context, literal: Literal, offset: int) -> str:
    """Return *literal* as it can stand at *offset*: a number or truth value bare, if that means the same."""
    bare = _BARE.get(literal.datatype.value)
    if bare is not None and bare.fullmatch(literal.value):
        return literal.value
    if literal.language:
        return f"{quoted(literal.value)}@{literal.language}"
    if literal.datatype.value == XSD + "string":
        return quoted(literal.value)
    return f"{quoted(literal.value)}^^{written_iri(context, literal.datatype.value, offset)}"


def tokens_of(context: Context, iri: str) -> tuple[Token, ...]:
    """Return the tokens that stand for *iri* in the file, however it is written."""
    local = local_name(iri)
    return tuple(
        one
        for one in context.outline.tokens
        if one.kind in _NAMING and local in one.text and iri_of(context, one) == iri
    )


def is_misdeclared(context: Context, token: Token) -> bool:
    """Whether *token* is a name with a prefix that means something else in its file than everywhere."""
    prefix = token.text.partition(":")[0] if token.kind is TokenKind.NAME else ""
    declared = _declared(context, token.offset)[1].get(prefix)
    return prefix in PREFIXES and declared not in (None, PREFIXES[prefix])


def iri_of(context: Context, token: Token) -> str | None:
    """Return the IRI that *token* stands for in its file, ``None`` where it is no IRI."""
    base, prefixes = _declared(context, token.offset)
    if token.kind is TokenKind.IRI:
        reference = unescape(token.text[1:-1])
        if re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", reference):
            return reference
        is_here = base is not None and (not reference or reference[0] == "#")
        return f"{(base or '').partition('#')[0]}{reference}" if is_here else None
    if token.kind is TokenKind.NAME:
        prefix, _, local = token.text.partition(":")
        return prefixes[prefix] + unescaped(local) if prefix in prefixes else None
    return None
