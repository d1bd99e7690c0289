"""The edits the remedies are made of: a term replaced, a triple deleted, a value added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.outline import WrittenObject, WrittenStatement
from cicakg.checks.remedies.statements import addition, another_object, deletion, replacement
from cicakg.checks.remedies.titles import titled
from cicakg.model import Edit, Finding, Position, Remedy
from cicakg.turtle import LocatedTriple
from cicakg.turtle.tokens import Token


def offset_of(context: Context, position: Position) -> int:
    """Return the offset of *position* in the file."""
    return context.source.offset_of(position)


def token_at(context: Context, position: Position) -> Token | None:
    """Return the token that begins at *position*."""
    return context.outline.token(offset_of(context, position))


def object_at(context: Context, position: Position) -> WrittenObject | None:
    """Return the object that begins at *position*, as written."""
    found = context.outline.object_at(offset_of(context, position))
    if found is None:
        return None
    statement, number, place = found
    return statement.predicates[number].objects[place]


def triple_of(finding: Finding, context: Context) -> LocatedTriple | None:
    """Return the triple whose object stands where *finding* points."""
    return context.by_object.get(finding.position)


def token_replaced(context: Context, token: Token, text: str) -> Edit:
    """Return the edit that writes *text* instead of *token*."""
    return replacement(context.source, token.offset, token.end, text)


def object_replaced(context: Context, position: Position, text: str) -> tuple[Edit, ...]:
    """Return the edit that writes *text* instead of the object at *position*; none if there is no object."""
    written = object_at(context, position)
    return () if written is None else (replacement(context.source, written.start, written.end, text),)


def object_written(context: Context, position: Position) -> str:
    """Return the object at *position* as it stands in the file."""
    written = object_at(context, position)
    return "" if written is None else context.source.text[written.start : written.end]


def rewriting(context: Context, position: Position, text: str, is_safe: bool = False) -> Iterator[Remedy]:
    """Yield the remedy that writes *text* instead of the object at *position*."""
    edits = object_replaced(context, position, text)
    if edits and text != object_written(context, position):
        yield titled("write", edits, is_safe, text=text)


def triple_deleted(context: Context, one: LocatedTriple) -> tuple[Edit, ...]:
    """Return the edits that take the triple *one* out of its file."""
    return deletion(context.source, context.outline, offset_of(context, one.object))


def deleting(context: Context, one: LocatedTriple, is_safe: bool = False) -> Iterator[Remedy]:
    """Yield the remedy that takes the triple *one* out, where that can be."""
    edits = triple_deleted(context, one)
    if edits:
        token = token_at(context, one.predicate)
        name = "" if token is None else token.text
        text = f"{name} {object_written(context, one.object)}".lstrip()
        yield titled("delete", edits, is_safe, text=text)


def triples_of(context: Context, subject: str, predicate: NamedNode) -> list[LocatedTriple]:
    """Return the triples of *subject* and *predicate* in the file."""
    return [one for one in context.by_subject.get(subject, ()) if one.triple.predicate == predicate]


def value_added(
    context: Context, subject: str, predicate: NamedNode, name: str, value: str, after: Sequence[NamedNode]
) -> tuple[Edit, ...]:
    """Return the edit that adds *value* to what *subject* says with *predicate*, written *name*.

    Where it says nothing with it yet, it is put behind the last of the predicates *after* that is there, else
    at the end of the subject's first block; none where the subject has no block in the file.
    """
    same = triples_of(context, subject, predicate)
    if same:
        found = context.outline.predicate_at(offset_of(context, same[-1].predicate))
        if found is None:
            return ()
        return (another_object(context.source, found[0].predicates[found[1]], value),)
    block = _block(context, subject)
    if block is None:
        return ()
    number = _number_after(context, subject, block, after)
    return (addition(context.source, block, number, name, value),)


def _block(context: Context, subject: str) -> WrittenStatement | None:
    triples = context.by_subject.get(subject, ())
    return context.outline.subject_at(offset_of(context, triples[0].subject)) if triples else None


def _number_after(context: Context, subject: str, block: WrittenStatement, after: Sequence[NamedNode]) -> int:
    numbers = {one.start: number for number, one in enumerate(block.predicates)}
    found = [
        numbers[at]
        for predicate in after
        for one in triples_of(context, subject, predicate)
        if (at := offset_of(context, one.predicate)) in numbers
    ]
    return max(found, default=len(block.predicates) - 1)
