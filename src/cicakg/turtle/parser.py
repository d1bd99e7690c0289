"""From tokens to triples, each with the offsets of its three terms.

The judge of validity is pyoxigraph, which has read the text before; this parser only says where things
stand. It knows Turtle 1.1; what pyoxigraph reads beyond that (RDF 1.2) is an :class:`UnreadableTokenError`
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from cicakg.turtle.escapes import local_name, string_value, unescape
from cicakg.turtle.faults import UnreadableTokenError
from cicakg.turtle.tokens import Token, TokenKind
from cicakg.vocab import PREFIXES, RDF_TYPE, term

MAX_DEPTH: Final = 60
"""How deep ``[`` and ``(`` may nest. Each level takes three calls; Python gives up at about a thousand."""

_RDF: Final = PREFIXES["rdf"]
_FIRST: Final = NamedNode(_RDF + "first")
_REST: Final = NamedNode(_RDF + "rest")
_NIL: Final = NamedNode(_RDF + "nil")
_NUMBERS: Final = {
    TokenKind.INTEGER: term("xsd:integer"),
    TokenKind.DECIMAL: term("xsd:decimal"),
    TokenKind.DOUBLE: term("xsd:double"),
}
_BOOLEAN: Final = term("xsd:boolean")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal


class TooDeepError(Exception):
    """Brackets nest deeper than :data:`MAX_DEPTH`."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"too deep at offset {offset}")
        self.offset = offset


class PlacedTriple(NamedTuple):
    """A triple, the offsets of its terms, and the language tag of its object as written."""

    triple: Triple
    subject: int
    predicate: int
    object: int
    language: str

    def moved(self, by: int) -> PlacedTriple:
        """Return the same triple, standing *by* code points further on."""
        return self._replace(
            subject=self.subject + by, predicate=self.predicate + by, object=self.object + by
        )


class _Placed(NamedTuple):
    """A term where it stands."""

    term: Value
    offset: int
    language: str = ""


@dataclass
class TurtleParser:
    """Reads one file's tokens. ``scope`` makes the labels of its blank nodes its own."""

    tokens: list[Token]
    base: str | None
    scope: str
    end: int
    prefixes: dict[str, str] = field(default_factory=dict)
    base_offset: int | None = None
    _next: int = 0
    _depth: int = 0
    _triples: list[PlacedTriple] = field(default_factory=list)
    _resolved: dict[tuple[str | None, str], NamedNode] = field(default_factory=dict)

    def triples(self) -> list[PlacedTriple]:
        """Read all statements; raises :class:`UnreadableTokenError` or :class:`TooDeepError`."""
        while self._next < len(self.tokens):
            self._statement()
        return self._triples

    # Looking at tokens

    def _peek(self) -> Token:
        if self._next == len(self.tokens):
            raise UnreadableTokenError(self.end)
        return self.tokens[self._next]

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _expect(self, mark: str) -> Token:
        token = self._take()
        if token.text != mark:
            raise UnreadableTokenError(token.offset)
        return token

    def _skips(self, mark: str) -> bool:
        found = self._next < len(self.tokens) and self.tokens[self._next].text == mark
        self._next += found
        return found

    # Statements

    def _statement(self) -> None:
        token = self._peek()
        if token.kind is TokenKind.AT:
            self._directive(self._take().text[1:])
            self._expect(".")
        elif token.kind is TokenKind.WORD:
            self._directive(self._take().text.lower())
        else:
            self._triple_statement()
            self._expect(".")

    def _directive(self, word: str) -> None:
        if word == "base":
            self.base_offset = self._peek().offset
            self.base = self._iri(self._take()).value
        elif word == "prefix":
            prefix = self._take().text.removesuffix(":")
            self.prefixes[prefix] = self._iri(self._take()).value
        else:
            raise UnreadableTokenError(self.tokens[self._next - 1].offset)

    def _triple_statement(self) -> None:
        opens_properties = self._peek().text == "["
        subject = self._object()
        if isinstance(subject.term, Literal):
            raise UnreadableTokenError(subject.offset)
        if not (opens_properties and self._peek().text == "."):
            self._predicates(_Placed(subject.term, subject.offset))

    def _predicates(self, subject: _Placed) -> None:
        while True:
            predicate = self._predicate()
            self._objects(subject, predicate)
            if not self._skips(";"):
                return
            while self._skips(";"):
                pass
            if self._peek().text in {".", "]"}:
                return

    def _predicate(self) -> _Placed:
        token = self._take()
        if token.kind is TokenKind.WORD and token.text == "a":
            return _Placed(RDF_TYPE, token.offset)
        return _Placed(self._iri(token), token.offset)

    def _objects(self, subject: _Placed, predicate: _Placed) -> None:
        self._add(subject, predicate, self._object())
        while self._skips(","):
            self._add(subject, predicate, self._object())

    def _add(self, subject: _Placed, predicate: _Placed, value: _Placed) -> None:
        if isinstance(subject.term, Literal) or not isinstance(predicate.term, NamedNode):
            raise UnreadableTokenError(subject.offset)
        triple = Triple(subject.term, predicate.term, value.term)
        self._triples.append(
            PlacedTriple(triple, subject.offset, predicate.offset, value.offset, value.language)
        )

    # Terms

    def _object(self) -> _Placed:
        token = self._take()
        if token.kind is TokenKind.MARK:
            return self._nested(token)
        if token.kind is TokenKind.STRING:
            return self._string(token)
        if token.kind is TokenKind.BLANK:
            return _Placed(BlankNode(f"n{self.scope}{token.text[2:]}"), token.offset)
        if token.kind in _NUMBERS:
            return _Placed(Literal(token.text, datatype=_NUMBERS[token.kind]), token.offset)
        if token.kind is TokenKind.WORD and token.text in {"true", "false"}:
            return _Placed(Literal(token.text, datatype=_BOOLEAN), token.offset)
        return _Placed(self._iri(token), token.offset)

    def _string(self, token: Token) -> _Placed:
        value = string_value(token.text)
        following = self.tokens[self._next] if self._next < len(self.tokens) else None
        if following is not None and following.kind is TokenKind.AT:
            tag = self._take().text[1:]
            return _Placed(Literal(value, language=tag), token.offset, tag)
        if self._skips("^^"):
            return _Placed(Literal(value, datatype=self._iri(self._take())), token.offset)
        return _Placed(Literal(value), token.offset)

    def _nested(self, token: Token) -> _Placed:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeepError(token.offset)
        if token.text == "[":
            placed = self._property_list(token)
        elif token.text == "(":
            placed = self._collection(token)
        else:
            raise UnreadableTokenError(token.offset)
        self._depth -= 1
        return placed

    def _blank(self, offset: int) -> BlankNode:
        return BlankNode(f"at{self.scope}{offset}")

    def _property_list(self, opening: Token) -> _Placed:
        subject = _Placed(self._blank(opening.offset), opening.offset)
        if not self._skips("]"):
            self._predicates(subject)
            self._expect("]")
        return subject

    def _collection(self, opening: Token) -> _Placed:
        items: list[_Placed] = []
        while self._peek().text != ")":
            items.append(self._object())
        closing = self._take()
        if not items:
            return _Placed(_NIL, opening.offset)
        # A cell stands where its item stands; its label keeps it apart from an item that is a blank node.
        cells = [_Placed(BlankNode(f"cell{self.scope}{one.offset}"), one.offset) for one in items]
        following = [*cells[1:], _Placed(_NIL, closing.offset)]
        for cell, item, rest in zip(cells, items, following, strict=True):
            self._add(cell, _Placed(_FIRST, item.offset), item)
            self._add(cell, _Placed(_REST, item.offset), rest)
        return _Placed(cells[0].term, opening.offset)

    def _iri(self, token: Token) -> NamedNode:
        if token.kind is TokenKind.IRI:
            return self._resolve(unescape(token.text[1:-1]))
        if token.kind is not TokenKind.NAME:
            raise UnreadableTokenError(token.offset)
        prefix, _, local = token.text.partition(":")
        if prefix not in self.prefixes:
            raise UnreadableTokenError(token.offset)
        return NamedNode(self.prefixes[prefix] + local_name(local))

    def _resolve(self, reference: str) -> NamedNode:
        if _ABSOLUTE.match(reference):
            return NamedNode(reference)
        if self.base is not None and (not reference or reference[0] == "#"):
            return NamedNode(self.base.partition("#")[0] + reference)
        key = (self.base, reference)
        if key not in self._resolved:
            self._resolved[key] = _resolved_by_judge(reference, self.base)
        return self._resolved[key]


def _resolved_by_judge(reference: str, base: str | None) -> NamedNode:
    """Resolve *reference* as pyoxigraph does (RFC 3986, section 5), which has found it valid before."""
    line = f"<{reference}> <x:x> <x:x> ."
    quads: Iterator[object] = iter(parse(line, format=RdfFormat.TURTLE, base_iri=base))
    subject = getattr(next(quads), "subject", None)
    if not isinstance(subject, NamedNode):
        raise TypeError(f"pyoxigraph did not resolve {reference!r}")
    return subject
