"""A Turtle file read strictly: its triples, and where each of their terms stands."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from cicakg.model import Position
from cicakg.turtle.faults import PositionsDisagreeError, TurtleFault, UnreadableTokenError, case_of
from cicakg.turtle.layout import Block, blocks_at_line_starts
from cicakg.turtle.parser import MAX_DEPTH, PlacedTriple, TooDeepError, TurtleParser
from cicakg.turtle.text import SourceText
from cicakg.turtle.tokens import STRING, tokens, unclosed_string

# What stands in these is not looked into: IRIs, strings, comments, and marks escaped in a name (``p:a\#b``).
_OPAQUE: Final = re.compile(r"<[^<>\s]*+>|" + STRING + r"|#[^\r\n]*+|\\.", re.DOTALL)
# Blank nodes, and the marks of RDF 1.2: triple terms, reifiers, annotations, directions, the version.
_PECULIAR: Final = re.compile(r"[\[(<{~]|_:|--|(?<![\w:-])version(?![\w:-])", re.IGNORECASE)
_TAG: Final = re.compile(r'""@([A-Za-z]+(?:-[A-Za-z0-9]+)*)')
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


class TurtleDocument:
    """What one file says: its triples in its order, its prefixes, its last ``@base``, its text.

    ``statements`` are the triples; ``triples`` the same with their places, which are worked out when they are
    first asked for: it takes five times as long as the reading, and few files have a finding.
    """

    def __init__(self, source: SourceText, read: _Read, given_base: str | None, scope: str) -> None:
        self.source = source
        self.prefixes: Mapping[str, str] = read.prefixes
        self.base = read.base
        self._judged = read.triples
        self._given_base = given_base
        self._scope = scope
        self._about: dict[object, tuple[LocatedTriple, ...]] = {}
        self.is_plain = is_plain(source.text)
        self.statements = self._judged
        """The triples; each blank node's label is its own in all files, and tells where it stands."""
        if not self.is_plain and not read.has_our_labels:  # and what we cannot read is refused at once
            self.statements = tuple(one.triple for one in self.triples)

    def __reduce__(self) -> tuple[object, ...]:
        """Leave out what can be worked out again, and the triples as objects: a text is read sooner."""
        with BytesIO() as file:
            serialize(self.statements, file, RdfFormat.N_TRIPLES)
            statements = file.getvalue()
        names = (dict(self.prefixes), self.base, self._given_base, self._scope)
        return _restored, (self.source, statements, *names)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The language tags as they are written; pyoxigraph's literals hold them in lower case."""
        return frozenset(_TAG.findall(_OPAQUE.sub('""', self.source.text)))

    @property
    def triples(self) -> tuple[LocatedTriple, ...]:
        """The triples with the positions of their terms."""
        return self._places.triples

    @property
    def base_position(self) -> Position | None:
        """Where the last ``@base`` stands."""
        return self._places.base

    @cached_property
    def blocks(self) -> tuple[Block, ...] | None:
        """The blocks of statements, where each plainly begins a line; ``None`` where that is not so."""
        if not self.is_plain:
            return None
        return blocks_at_line_starts(self.source.text, self.prefixes, self.base, self.statements)

    def triples_about(self, subject: object) -> tuple[LocatedTriple, ...]:
        """Return the triples of *subject*, an IRI or blank node, with the positions of their terms.

        Where its blocks are plain to see, nothing else of the file is read again.
        """
        if subject not in self._about:
            self._about[subject] = self._located_about(subject)
        return self._about[subject]

    def _located_about(self, subject: object) -> tuple[LocatedTriple, ...]:
        if self.blocks is not None and "_places" not in self.__dict__ and isinstance(subject, NamedNode):
            placed = self._read_blocks(self.blocks, subject)
            # They differ where a prefix changes between two blocks, or a block begins inside a statement.
            if [one.triple for one in placed] == [one for one in self.statements if one.subject == subject]:
                return tuple(_located(self.source, one) for one in placed)
        return tuple(one for one in self.triples if one.triple.subject == subject)

    def _read_blocks(self, blocks: Iterable[Block], subject: NamedNode) -> list[PlacedTriple]:
        """Return what the *blocks* of *subject* say, read one by one; nothing where one cannot be read."""
        try:
            return [one for block in blocks if block.subject == subject.value for one in self._read(block)]
        except TurtleFault:
            return []

    def _read(self, block: Block) -> list[PlacedTriple]:
        text = self.source.text[block.start : block.end]
        parser = TurtleParser([], self.base, self._scope, len(text), dict(self.prefixes))
        return [one.moved(block.start) for one in _placed(SourceText(text), parser)]

    @cached_property
    def _places(self) -> _Places:
        parser = TurtleParser(tokens=[], base=self._given_base, scope=self._scope, end=len(self.source.text))
        placed = _placed(self.source, parser)
        if _shape_of(one.triple for one in placed) != _shape_of(self._judged):
            raise PositionsDisagreeError(
                "the span parser and pyoxigraph read different triples from one file"
            )
        if self.is_plain and any(
            one.triple != other for one, other in zip(placed, self._judged, strict=True)
        ):
            raise PositionsDisagreeError("the span parser and pyoxigraph read triples in different orders")
        base_at = None if parser.base_offset is None else self.source.position_at(parser.base_offset)
        return _Places(tuple(_located(self.source, one) for one in placed), base_at)


class _Read(NamedTuple):
    """What pyoxigraph read."""

    triples: tuple[Triple, ...]
    prefixes: Mapping[str, str]
    base: str | None
    has_our_labels: bool = False


def _restored(
    source: SourceText,
    statements: bytes,
    prefixes: Mapping[str, str],
    base: str | None,
    given_base: str | None,
    scope: str,
) -> TurtleDocument:
    triples = tuple(one.triple for one in parse(statements, format=RdfFormat.N_TRIPLES))
    return TurtleDocument(source, _Read(triples, prefixes, base, True), given_base, scope)


class _Places(NamedTuple):
    """What our own parser adds: where things stand."""

    triples: tuple[LocatedTriple, ...]
    base: Position | None


def is_plain(text: str) -> bool:
    """Whether *text* has neither blank nodes nor anything of RDF 1.2; where in doubt, it is not."""
    return _PECULIAR.search(_OPAQUE.sub("", text)) is None


def read_turtle(data: bytes, base: str | None = None) -> TurtleDocument:
    """Parse *data* as Turtle 1.1, strictly; *base* holds until the first ``@base``.

    Raises :class:`TurtleFault` with position, sentence and remedy where *data* is not UTF-8 or not Turtle.
    pyoxigraph decides what is valid; that our positions belong to the same triples is verified whenever they
    are asked for, and :class:`PositionsDisagreeError` says that this program is wrong.
    """
    source = SourceText(_decoded(data.removeprefix(codecs.BOM_UTF8)))
    scope = hashlib.sha256(data).hexdigest()[:8] + "x"
    return TurtleDocument(source, _judged(source, base), base, scope)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = SourceText(data[: error.start].decode("utf-8"))
        raise TurtleFault(
            before.position_at(len(before.text)), "encoding", byte=f"{data[error.start]:02X}"
        ) from None


def _judged(source: SourceText, base: str | None) -> _Read:
    try:
        parser = parse(source.text, format=RdfFormat.TURTLE, base_iri=base)
        triples = tuple(one.triple for one in parser)
    except SyntaxError as error:
        raise _fault(source, error) from None
    except MemoryError:  # pyoxigraph's buffer for one token is full
        raise TurtleFault(_longest_token(source), "too-long") from None
    return _Read(triples, dict(parser.prefixes), parser.base_iri)


def _fault(source: SourceText, error: SyntaxError) -> TurtleFault:
    position = Position(error.lineno or 1, error.offset or 1)
    if _NOT_CLOSED in error.msg:
        position = _end_of_statement(source, position)
    case, values = case_of(error.msg)
    if case in ("line-break", "end-of-file"):
        opening = unclosed_string(source.text)
        if opening is not None and source.position_at(opening) <= position:
            return TurtleFault(source.position_at(opening), case.replace("end-of-file", "open-text"))
    return TurtleFault(position, case, **values)


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
        raise TurtleFault(source.position_at(error.offset), "newer") from None
    except TooDeepError as error:
        raise TurtleFault(source.position_at(error.offset), "too-deep", depth=str(MAX_DEPTH)) from None


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
