"""Reads Turtle that is being typed: what can be read is, what cannot is passed over.

The strict parser (:mod:`cicakg.turtle`) refuses a file at its first fault; here a person is in the middle of
a word. This reader never fails, and what it returns is for showing and offering, never for checking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Final
from urllib.parse import urljoin

from cicakg.turtle.escapes import local_name, string_value, unescape
from cicakg.turtle.faults import UnreadableTokenError
from cicakg.turtle.tokens import Token, TokenKind, tokens
from cicakg.vocab import RDF_TYPE

MOST_FAULTS: Final = 200
"""After how many places that cannot be read the rest is left: a text with more is no Turtle."""

_REST_OF_LINE: Final = re.compile(r"[^\r\n]*")
_WORD: Final = re.compile(r"[^\s;,\[\]()<>\"'#.]+|.", re.DOTALL)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_TERMS: Final = frozenset({TokenKind.IRI, TokenKind.NAME, TokenKind.BLANK})


class Expected(StrEnum):
    """What may come next in a Turtle text."""

    SUBJECT = "subject"
    PREDICATE = "predicate"
    OBJECT = "object"
    SEPARATOR = "separator"
    DATATYPE = "datatype"
    PREFIX = "prefix"
    NAMESPACE = "namespace"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Written:
    """One term where it stands: its token, the IRI it means (empty for others), and its language tag."""

    token: Token
    iri: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        """The value of a literal; of other terms, what is written."""
        return string_value(self.token.text) if self.token.kind is TokenKind.STRING else self.token.text


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicate and one of its objects."""

    predicate: Written
    value: Written


@dataclass
class Statement:
    """What a text says about one subject, from one full stop to the next; ``end`` is the offset behind it."""

    subject: Written
    end: int
    pairs: list[Pair] = field(default_factory=list)

    def values(self, predicate: str) -> list[Written]:
        """Return the objects of the property with the IRI *predicate*."""
        return [one.value for one in self.pairs if one.predicate.iri == predicate]

    def iri(self, predicate: str) -> str:
        """Return the first IRI that is an object of *predicate*; empty where there is none."""
        return next((one.iri for one in self.values(predicate) if one.iri), "")


@dataclass(frozen=True)
class Declared:
    """A prefix, its namespace, and the offset of the line's first token."""

    prefix: str
    namespace: str
    offset: int


@dataclass
class Scan:
    """All that could be read: terms in their order, statements, prefixes, and what may come at the end."""

    terms: list[Written] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    base: str = ""
    expected: Expected = Expected.SUBJECT
    predicate: Written | None = None
    open_statement: Statement | None = None

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The namespaces by their prefixes."""
        return {one.prefix: one.namespace for one in self.declared}

    @cached_property
    def by_subject(self) -> Mapping[str, Statement]:
        """The first statement about each IRI."""
        return {one.subject.iri: one for one in reversed(self.statements) if one.subject.iri}

    def term_at(self, offset: int) -> Written | None:
        """Return the term the code point at *offset* belongs to, or that ends there."""
        found = (one for one in self.terms if one.token.offset <= offset <= one.token.end)
        return max(found, key=lambda one: one.token.offset, default=None)


def readable_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of *text*; what is none is passed over.

    A quotation mark that is not closed hides the rest of its line, anything else the rest of its word.
    """
    start = 0
    for _ in range(MOST_FAULTS):
        try:
            for one in tokens(text[start:]):
                yield Token(one.kind, one.text, one.offset + start)
        except UnreadableTokenError as fault:
            start = _behind(text, start + fault.offset)
        else:
            return


def _behind(text: str, offset: int) -> int:
    passed = _REST_OF_LINE if text[offset] in "\"'" else _WORD
    found = passed.match(text, offset)
    return max(found.end() if found else offset, offset + 1)


def scan(text: str) -> Scan:
    """Read *text* as far as it can be."""
    return _Scanner(list(readable_tokens(text))).scan()


@dataclass
class _Frame:
    """Where a bracket was opened: what had been said so far around it."""

    mark: str
    statement: Statement | None
    predicate: Written | None
    expected: Expected


@dataclass
class _Scanner:
    tokens: Sequence[Token]
    result: Scan = field(default_factory=Scan)
    statement: Statement | None = None
    predicate: Written | None = None
    expected: Expected = Expected.SUBJECT
    frames: list[_Frame] = field(default_factory=list)
    prefix: str = ""
    directive: int = 0
    namespaces: dict[str, str] = field(default_factory=dict)

    def scan(self) -> Scan:
        for number, token in enumerate(self.tokens):
            following = self.tokens[number + 1] if number + 1 < len(self.tokens) else None
            self._token(token, following)
        self.result.expected = self.expected
        self.result.predicate = self.predicate
        self.result.open_statement = self.statement
        return self.result

    def _token(self, token: Token, following: Token | None) -> None:
        if self.statement is not None and not self.frames:
            self.statement.end = token.end
        if token.kind is TokenKind.MARK:
            self._mark(token)
        elif token.kind is TokenKind.AT or (
            token.kind is TokenKind.WORD and token.text.lower() in {"prefix", "base"}
        ):
            self._at(token)
        elif self.expected in {Expected.PREFIX, Expected.NAMESPACE, Expected.BASE}:
            self._directive(token)
        else:
            self._term(token, following)

    # Punctuation

    def _mark(self, token: Token) -> None:
        if token.text == ".":
            self._close_statement()
        elif token.text == ";":
            self.expected = Expected.PREDICATE if self.statement else Expected.SUBJECT
        elif token.text == ",":
            self.expected = Expected.OBJECT if self.predicate else self.expected
        elif token.text == "^^":
            self.expected = Expected.DATATYPE
        elif token.text in "[(":
            self._open(token)
        else:
            self._close()

    def _close_statement(self) -> None:
        self.statement = self.predicate = None
        self.frames.clear()
        self.expected = Expected.SUBJECT

    def _open(self, token: Token) -> None:
        node = Written(token)
        if self.expected is Expected.OBJECT:
            self._add(node)
        self.frames.append(_Frame(token.text, self.statement, self.predicate, self.expected))
        if token.text == "[":
            self.statement, self.predicate = Statement(node, token.end), None
            self.expected = Expected.PREDICATE
        else:
            self.expected = Expected.OBJECT

    def _close(self) -> None:
        if not self.frames:
            return
        frame = self.frames.pop()
        inner, self.statement, self.predicate = self.statement, frame.statement, frame.predicate
        if frame.expected is Expected.SUBJECT:
            self.statement, self.expected = inner, Expected.PREDICATE
        else:
            self.expected = Expected.OBJECT if self._is_in_list() else Expected.SEPARATOR

    # Declarations and language tags

    def _at(self, token: Token) -> None:
        word = token.text.removeprefix("@").lower()
        last = self._last_literal()
        if last is not None and last.value.token.end == token.offset and self.statement is not None:
            self.statement.pairs[-1] = replace(last, value=replace(last.value, language=token.text[1:]))
        elif word in {"prefix", "base"}:
            self._close_statement()
            self.directive = token.offset
            self.expected = Expected.PREFIX if word == "prefix" else Expected.BASE

    def _last_literal(self) -> Pair | None:
        """Return the last pair, where its value is a literal in quotation marks."""
        pairs = self.statement.pairs if self.statement is not None else []
        return pairs[-1] if pairs and pairs[-1].value.token.kind is TokenKind.STRING else None

    def _directive(self, token: Token) -> None:
        if self.expected is Expected.PREFIX and token.kind is TokenKind.NAME:
            self.prefix, self.expected = token.text.removesuffix(":"), Expected.NAMESPACE
        elif self.expected is Expected.NAMESPACE and token.kind is TokenKind.IRI:
            self.namespaces[self.prefix] = self._iri(token)
            self.result.declared.append(Declared(self.prefix, self.namespaces[self.prefix], self.directive))
            self.expected = Expected.SUBJECT
        elif self.expected is Expected.BASE and token.kind is TokenKind.IRI:
            self.result.base = self._iri(token)
            self.expected = Expected.SUBJECT
        else:
            self.expected = Expected.SUBJECT

    # Terms

    def _term(self, token: Token, following: Token | None) -> None:
        if self._begins_statement(token, following):
            self._close_statement()
        term = self._written(token)
        if self.expected is Expected.SUBJECT:
            self.result.terms.append(term)
            self.statement = Statement(term, token.end)
            self.result.statements.append(self.statement)
            self.expected = Expected.PREDICATE
        elif self.expected is Expected.PREDICATE:
            self.predicate = self._verb(token, term)
            self.result.terms.append(self.predicate)
            self.expected = Expected.OBJECT
        else:
            self.result.terms.append(term)
            if self.expected is Expected.OBJECT:
                self._add(term)
            self.expected = Expected.OBJECT if self._is_in_list() else Expected.SEPARATOR

    def _begins_statement(self, token: Token, following: Token | None) -> bool:
        """Whether *token* is a subject where another term is due: only a subject stands before an 'a'."""
        if token.kind not in _TERMS or self.expected is Expected.SUBJECT or following is None:
            return False
        return following.kind is TokenKind.WORD and following.text == "a"

    def _verb(self, token: Token, term: Written) -> Written:
        if token.kind is TokenKind.WORD and token.text == "a":
            return Written(token, RDF_TYPE.value)
        return term

    def _add(self, value: Written) -> None:
        if self.statement is not None and self.predicate is not None and not self._is_in_list():
            self.statement.pairs.append(Pair(self.predicate, value))

    def _is_in_list(self) -> bool:
        return bool(self.frames) and self.frames[-1].mark == "("

    def _written(self, token: Token) -> Written:
        return Written(token, self._iri(token) if token.kind in {TokenKind.IRI, TokenKind.NAME} else "")

    def _iri(self, token: Token) -> str:
        if token.kind is TokenKind.NAME:
            prefix, _, local = token.text.partition(":")
            return self.namespaces[prefix] + local_name(local) if prefix in self.namespaces else ""
        reference = unescape(token.text[1:-1])
        base = self.result.base
        if _ABSOLUTE.match(reference) or not base:
            return reference
        if not reference or reference[0] == "#":
            return base.partition("#")[0] + reference
        return urljoin(base, reference)
