"""Mends a file that is not Turtle, where what is missing is one mark or one declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.files import base_added
from cicakg.checks.remedies.names import nearest_names
from cicakg.checks.remedies.statements import line_break, replacement
from cicakg.checks.remedies.titles import titled
from cicakg.model import Edit, FileKind, Finding, Position, Remedy
from cicakg.turtle import TurtleFault, read_turtle
from cicakg.vocab import CONCEPT, PREFIXES

LONGEST: Final = 500_000
"""Of how many characters a file may be for the marks to be tried: each try reads it."""

_MARKS: Final = (";", ".", ",")
_PREFIX: Final = re.compile(r"([^\s:<>\"'()\[\];,]*):")
_DECLARED: Final = re.compile(
    r"^[ \t]*@?prefix[ \t]+([^\s:]*):[ \t]*<[^>\r\n]*>[ \t]*\.?", re.MULTILINE | re.IGNORECASE
)


def broken_syntax(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield what makes a Turtle file of it: a declaration, or one of the marks that separate statements.

    The declaration of a prefix that the project uses is safe; a mark never is.
    """
    if context.document is not None or len(context.source.text) > LONGEST:
        return
    fault = _fault(context.source.text)
    if fault is None or fault.position != finding.position:
        return
    yield from _undeclared(context, fault)
    if fault.case == "relative-iri" and context.kind is FileKind.ARTICLE:
        yield base_added(context, is_safe=True)
    if fault.case == "dot":
        yield from _marks(context, fault)


def _fault(text: str) -> TurtleFault | None:
    try:
        read_turtle(text.encode("utf-8", errors="replace"))
    except TurtleFault as fault:
        return fault
    return None


def _undeclared(context: Context, fault: TurtleFault) -> Iterator[Remedy]:
    text = context.source.text
    at = context.source.offset_of(fault.position)
    found = _PREFIX.match(text, at)
    if fault.case != "prefix" or found is None:
        return
    prefix = found[1]
    namespace = PREFIXES.get(prefix) or _list_namespace(context, prefix)
    declared = list(_DECLARED.finditer(text))
    if namespace is not None:
        yield _declaration(context, prefix, namespace, declared)
        return
    for near in nearest_names(prefix, [one[1] for one in declared if one[1]]):
        edit = replacement(context.source, at, at + len(prefix), near)
        yield titled("write", (edit,), text=f"{near}:")


def _list_namespace(context: Context, prefix: str) -> str | None:
    """Return the namespace of the concepts of the list *prefix*, where there are any."""
    namespace = f"{CONCEPT}{prefix}/"
    is_list = any(iri.startswith(namespace) for iri in context.background.vocabulary.described)
    return namespace if prefix and is_list else None


def _declaration(context: Context, prefix: str, namespace: str, declared: list[re.Match[str]]) -> Remedy:
    """Return the remedy that declares *prefix* in its place among the others, which are in their order."""
    text = context.source.text
    line = f"@prefix {prefix}: <{namespace}> ."
    before = [one for one in declared if one[1] < prefix]
    after = next((one for one in declared if one[1] > prefix), None)
    if before:
        end = before[-1].end()
        edit = replacement(context.source, end, end, line_break(text) + line)
    else:
        start = after.start() if after is not None else 0
        edit = replacement(context.source, start, start, line + line_break(text))
    return titled("add", (edit,), True, text=line)


def _marks(context: Context, fault: TurtleFault) -> Iterator[Remedy]:
    """Yield the marks that, put in where the statement ends, make the file Turtle."""
    text = context.source.text
    for place in _ends(context, fault.position):
        for mark in _MARKS:
            if _fault(f"{text[:place]} {mark}{text[place:]}") is None:
                at = context.source.position_at(place)
                yield titled("put-mark", (Edit(at, at, f" {mark}"),), mark=mark)


def _ends(context: Context, position: Position) -> Iterator[int]:
    at = context.source.offset_of(position)
    text = context.source.text
    end = at
    while end and text[end - 1] in " \t\r\n":
        end -= 1
    yield end


REMEDIES: Final = {"turtle-syntax": broken_syntax}
