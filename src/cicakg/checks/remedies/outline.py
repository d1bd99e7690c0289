"""How the statements of a Turtle file are built: subjects, predicates, objects and the marks between them.

This is what an edit needs and the triples do not tell: where a term ends, and which comma or semicolon
belongs to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cicakg.turtle.tokens import Token, TokenKind, tokens


@dataclass(frozen=True, slots=True)
class WrittenObject:
    """An object from its first to behind its last character; ``holds`` where it has triples of its own."""

    start: int
    end: int
    holds: bool


@dataclass(frozen=True, slots=True)
class WrittenPredicate:
    """A predicate with its objects; ``semicolons`` are the offsets of those behind its last object."""

    start: int
    end: int
    objects: tuple[WrittenObject, ...]
    semicolons: tuple[int, ...]

    @property
    def last(self) -> int:
        """The offset behind the last object."""
        return self.objects[-1].end


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """A subject and its predicates up to the full stop, or what stands in one ``[…]``.

    ``start`` and ``subject_end`` are the subject's (the opening bracket's); ``end`` is behind the full stop
    (the closing bracket). ``is_bracket`` where it is a ``[…]``, ``can_be_empty`` where that can be ``[]``.
    """

    start: int
    subject_end: int
    end: int
    predicates: tuple[WrittenPredicate, ...]
    is_bracket: bool = False
    can_be_empty: bool = False
    subject_holds: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """A declaration of a prefix, or of the base (``prefix`` is ``None``), and the token of its IRI."""

    start: int
    end: int
    prefix: str | None
    iri: Token


@dataclass(frozen=True)
class Outline:
    """The tokens of a file and what they build."""

    tokens: tuple[Token, ...] = ()
    statements: tuple[WrittenStatement, ...] = ()
    directives: tuple[Directive, ...] = ()

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        return {one.offset: number for number, one in enumerate(self.tokens)}

    @cached_property
    def _offsets(self) -> tuple[int, ...]:
        return tuple(one.offset for one in self.tokens)

    @cached_property
    def _objects(self) -> Mapping[int, tuple[WrittenStatement, int, int]]:
        return {
            written.start: (statement, number, place)
            for statement in self.statements
            for number, predicate in enumerate(statement.predicates)
            for place, written in enumerate(predicate.objects)
        }

    @cached_property
    def _predicates(self) -> Mapping[int, tuple[WrittenStatement, int]]:
        return {
            one.start: (statement, number)
            for statement in self.statements
            for number, one in enumerate(statement.predicates)
        }

    @cached_property
    def _subjects(self) -> Mapping[int, WrittenStatement]:
        return {one.start: one for one in self.statements if not one.is_bracket}

    def token(self, offset: int) -> Token | None:
        """Return the token that begins at *offset*."""
        number = self._numbers.get(offset)
        return None if number is None else self.tokens[number]

    def following(self, token: Token, count: int = 1) -> Token | None:
        """Return the token *count* behind *token*."""
        number = self._numbers[token.offset] + count
        return self.tokens[number] if number < len(self.tokens) else None

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield what lies between the tokens from *start* to *end*: white space and comments."""
        at = start
        for number in range(bisect_left(self._offsets, start), bisect_left(self._offsets, end)):
            yield at, self.tokens[number].offset
            at = self.tokens[number].end
        yield at, end

    def object_at(self, offset: int) -> tuple[WrittenStatement, int, int] | None:
        """Return statement, number of the predicate and number of the object that begins at *offset*."""
        return self._objects.get(offset)

    def predicate_at(self, offset: int) -> tuple[WrittenStatement, int] | None:
        """Return statement and number of the predicate that begins at *offset*."""
        return self._predicates.get(offset)

    def subject_at(self, offset: int) -> WrittenStatement | None:
        """Return the statement whose subject begins at *offset*."""
        return self._subjects.get(offset)


def outline_of(text: str) -> Outline:
    """Return the outline of *text*, which must be Turtle that was read before."""
    reader = _Reader(list(tokens(text)))
    while reader.next < len(reader.tokens):
        reader.read_statement()
    return Outline(tuple(reader.tokens), tuple(reader.statements), tuple(reader.directives))


@dataclass
class _Reader:
    tokens: list[Token]
    next: int = 0
    statements: list[WrittenStatement] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)

    def take(self) -> Token:
        self.next += 1
        return self.tokens[self.next - 1]

    def sees(self, mark: str) -> bool:
        return self.next < len(self.tokens) and self.tokens[self.next].text == mark

    def read_statement(self) -> None:
        first = self.tokens[self.next]
        if first.kind is TokenKind.AT or first.text.lower() in {"prefix", "base"}:
            self._read_directive(self.take())
            return
        subject = self._read_term(is_alone=True)
        if self.sees("."):  # […] .
            self.take()
            return
        predicates = self._read_predicates()
        end = self.take().end
        self.statements.append(
            WrittenStatement(first.offset, subject.end, end, predicates, subject_holds=subject.holds)
        )

    def _read_directive(self, word: Token) -> None:
        is_prefix = word.text.lower().endswith("prefix")
        prefix = self.take().text.removesuffix(":") if is_prefix else None
        iri = self.take()
        end = self.take().end if word.kind is TokenKind.AT else iri.end
        self.directives.append(Directive(word.offset, end, prefix, iri))

    def _read_predicates(self) -> tuple[WrittenPredicate, ...]:
        found = []
        while not (self.sees(".") or self.sees("]")):
            verb = self.take()
            objects = [self._read_term()]
            while self.sees(","):
                self.take()
                objects.append(self._read_term())
            semicolons = []
            while self.sees(";"):
                semicolons.append(self.take().offset)
            found.append(WrittenPredicate(verb.offset, verb.end, tuple(objects), tuple(semicolons)))
        return tuple(found)

    def _read_term(self, is_alone: bool = False) -> WrittenObject:
        token = self.take()
        if token.text == "[":
            return self._read_bracket(token, is_alone)
        if token.text == "(":
            return self._read_collection(token)
        end = token.end
        if token.kind is TokenKind.STRING and self.next < len(self.tokens):
            if self.tokens[self.next].kind is TokenKind.AT:
                end = self.take().end
            elif self.sees("^^"):
                self.take()
                end = self.take().end
        return WrittenObject(token.offset, end, holds=False)

    def _read_bracket(self, opening: Token, is_alone: bool) -> WrittenObject:
        place = len(self.statements)
        predicates = self._read_predicates()
        end = self.take().end
        if predicates:
            can_be_empty = not (is_alone and self.sees("."))
            bracket = WrittenStatement(
                opening.offset, opening.end, end, predicates, is_bracket=True, can_be_empty=can_be_empty
            )
            self.statements.insert(place, bracket)
        return WrittenObject(opening.offset, end, holds=bool(predicates))

    def _read_collection(self, opening: Token) -> WrittenObject:
        count = 0
        while not self.sees(")"):
            self._read_term()
            count += 1
        return WrittenObject(opening.offset, self.take().end, holds=count > 0)
