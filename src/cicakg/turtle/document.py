"""A Turtle file read strictly: its triples, and where each of their terms stands."""

from __future__ import annotations

import codecs
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from cicakg.model import Position
from cicakg.turtle.faults import PositionsDisagreeError, TurtleFault, UnreadableTokenError, plain_sentences
from cicakg.turtle.parser import MAX_DEPTH, PlacedTriple, TooDeepError, TurtleParser
from cicakg.turtle.text import SourceText
from cicakg.turtle.tokens import tokens

_NOT_CLOSED: Final = "A dot is expected"


@dataclass(frozen=True, slots=True)
class LocatedTriple:
    """A triple and the positions of its three terms; ``language`` is the object's language tag as written.

    A prefixed name, a literal and an ``[…]`` stand where they begin; the cells of a collection where their
    items begin. The tag is kept because pyoxigraph's literals hold it in lower case.
    """

    triple: Triple
    subject: Position
    predicate: Position
    object: Position
    language: str = ""


@dataclass(frozen=True)
class TurtleDocument:
    """What one file says.

    Triples in its order, its prefixes, its last ``@base`` and where it stands, its text.
    """

    triples: tuple[LocatedTriple, ...]
    prefixes: Mapping[str, str]
    base: str | None
    source: SourceText
    base_position: Position | None = None


def read_turtle(data: bytes, base: str | None = None) -> TurtleDocument:
    """Parse *data* as Turtle 1.1, strictly; *base* holds until the first ``@base``.

    Raises :class:`TurtleFault` with position, sentence and remedy where *data* is not UTF-8 or not Turtle.
    pyoxigraph decides what is valid; that our positions belong to the same triples is verified each time, and
    :class:`PositionsDisagreeError` says that this program is wrong.
    """
    source = SourceText(_decoded(data.removeprefix(codecs.BOM_UTF8)))
    judged = _judged(source, base)
    parser = TurtleParser(
        tokens=[], base=base, scope=hashlib.sha256(data).hexdigest()[:8] + "x", end=len(source.text)
    )
    placed = _placed(source, parser)
    if _shape_of(one.triple for one in placed) != _shape_of(judged):
        raise PositionsDisagreeError("the span parser and pyoxigraph read different triples from one file")
    base_at = None if parser.base_offset is None else source.position_at(parser.base_offset)
    located = tuple(_located(source, one) for one in placed)
    return TurtleDocument(located, dict(parser.prefixes), parser.base, source, base_at)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = SourceText(data[: error.start].decode("utf-8"))
        raise TurtleFault(
            before.position_at(len(before.text)),
            f"The byte 0x{data[error.start]:02X} here is not UTF-8.",
            "Save the file as UTF-8 and restore the characters that were lost.",
        ) from None


def _judged(source: SourceText, base: str | None) -> list[Triple]:
    try:
        quads = list(parse(source.text, format=RdfFormat.TURTLE, base_iri=base))
    except SyntaxError as error:
        raise _fault(source, error) from None
    except MemoryError:  # pyoxigraph's buffer for one token is full
        raise TurtleFault(
            _longest_token(source),
            "What stands here is longer than 16 MB.",
            "An annotation is no place for a text: keep it in a file of its own and name it.",
        ) from None
    return [one.triple for one in quads]


def _fault(source: SourceText, error: SyntaxError) -> TurtleFault:
    position = Position(error.lineno or 1, error.offset or 1)
    if _NOT_CLOSED in error.msg:
        position = _end_of_statement(source, position)
    return TurtleFault(position, *plain_sentences(error.msg))


def _longest_token(source: SourceText) -> Position:
    """Return the place of the longest token, or where the text goes on with something that is none."""
    try:
        longest = max(tokens(source.text), key=lambda one: len(one.text))
    except UnreadableTokenError as error:
        return source.position_at(error.offset)
    return source.position_at(longest.offset)


def _end_of_statement(source: SourceText, position: Position) -> Position:
    """Return the place behind the last token before *position*: there the full stop is missing."""
    limit = source.offset_of(position)
    last = None
    for token in tokens(source.text[:limit]):
        last = token
    if last is None or source.position_at(last.offset).line == position.line:
        return position
    return source.position_at(last.end)


def _placed(source: SourceText, parser: TurtleParser) -> list[PlacedTriple]:
    try:
        parser.tokens = list(tokens(source.text))
        return parser.triples()
    except UnreadableTokenError as error:
        raise TurtleFault(
            source.position_at(error.offset),
            "This is RDF 1.2, which rdflib and the shapes cannot read.",
            "Write it in Turtle 1.1: a statement about a statement is a cica:Claim.",
        ) from None
    except TooDeepError as error:
        raise TurtleFault(
            source.position_at(error.offset),
            f"Brackets nest more than {MAX_DEPTH} deep.",
            "Give the inner nodes IRIs and describe them in statements of their own.",
        ) from None


def _shape_of(triples: Iterable[Triple]) -> Counter[tuple[object, object, object]]:
    """Count triples with every blank node taken as the same: labels differ between parsers."""
    return Counter((_label_free(one.subject), one.predicate, _label_free(one.object)) for one in triples)


def _label_free(node: object) -> object:
    return None if isinstance(node, BlankNode) else node


def _located(source: SourceText, placed: PlacedTriple) -> LocatedTriple:
    at = source.position_at
    return LocatedTriple(
        placed.triple, at(placed.subject), at(placed.predicate), at(placed.object), placed.language
    )
