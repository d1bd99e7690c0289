"""How many statements there are, and of what: questions answered by counts taken when the data were loaded.

What everybody asks of an unknown endpoint first (how much is there, which predicates, how many of each class)
makes the engine walk through all data. Where a query is exactly of such a shape, its pattern is replaced by
``VALUES`` with the known counts and its ``COUNT`` by their ``SUM``; all else of the text stays, so the engine
groups, orders, cuts and writes as before. Every other query stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from cicakg.sparql.outline import Prologue, read_prologue
from cicakg.sparql.tokens import Token, TokenKind, first_unclosed_string, tokens
from cicakg.vocab import PREFIXES, RDF_TYPE

_LONGEST: Final = 2000  # characters; a longer text is none of these questions
# Reading tokens takes as long as answering a small query. So what is seen at once to be none of the shapes,
# or looks so, is not read.
_OF_INTEREST: Final = ("count", "distinct")
_OTHER: Final = (";", "filter", "optional", "union")
_OPENING: Final = re.compile(r"\{\s*(?:[?$#]|graph)")
_SPOKEN: Final = frozenset({TokenKind.WORD, TokenKind.MARK})
_INTEGER: Final = re.compile(r"[0-9]{1,18}")  # what the engine's integers hold
_COMPARATORS: Final = frozenset({"=", "<", ">", "!=", "<=", ">="})
_TYPE: Final = str(RDF_TYPE)

Tally = Mapping[str, int]
"""How many statements there are by term, which is written as in N-Triples."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is known of a data set; ``None`` is not known, or too long to be worth listing.

    ``triples`` counts the default graph, ``predicates`` by predicate and ``classes`` the statements of
    rdf:type by object; ``in_graphs`` counts the named graphs together, ``graphs`` by graph.
    """

    triples: int | None = None
    predicates: Tally | None = None
    classes: Tally | None = None
    in_graphs: int | None = None
    graphs: Tally | None = None


def insert_counts(text: str, counts: Counts, base: str | None = None) -> str:
    """Return the query *text* with *counts* in it where it asks for them, else as it is.

    *base* is what its relative IRIs are resolved against. It must be asked of the whole data set: a query
    with a data set of its own by the protocol is not for here.
    """
    if len(text) > _LONGEST:
        return text
    if not _may_ask(text.lower()):
        return text
    try:
        return _Reader(text, counts, base).read()
    except _OtherShapeError:
        return text


def _may_ask(folded: str) -> bool:
    return (
        any(word in folded for word in _OF_INTEREST)
        and not any(word in folded for word in _OTHER)
        and _OPENING.search(folded) is not None
    )


def values_of(variables: str, rows: Iterator[str]) -> str:
    """Return a ``VALUES`` clause for *variables*, in which each of *rows* is written as SPARQL has it."""
    return f"VALUES {variables} {{ {' '.join(rows)} }}"


class _OtherShapeError(Exception):
    """The query is none of those that are known."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of one statement: its variables, how often it is met, and that by each value of ``key``."""

    variables: frozenset[str]
    total: int | None
    key: str | None = None
    tally: Tally | None = None


@dataclass(slots=True)
class _Selection:
    """What is selected: the variable that is a key, the count's name, and what is counted by each ``COUNT``
    of the text (``None`` for ``*``), with the places of these.
    """

    key: str | None = None
    alias: str | None = None
    counted: list[str | None] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)


class _Words:
    """Tokens taken one by one, as far as they are what is expected."""

    def __init__(self, stream: Iterator[Token], first: Token | None) -> None:
        self._stream = stream
        self._last_end = 0
        self.following = first

    @property
    def last_end(self) -> int:
        """Where the last token that was taken ends."""
        return self._last_end

    def take(self) -> Token:
        """Take any token; at the end there is none."""
        token = self.following or _refuse()
        self._last_end = token.end
        self.following = next(self._stream, None)
        return token

    def sees(self, *spoken: str) -> bool:
        """Whether one of these words or marks comes next."""
        token = self.following
        return token is not None and _spoken(token) in spoken

    def accepts(self, *spoken: str) -> bool:
        """Take one of these words or marks, if it comes next."""
        if not self.sees(*spoken):
            return False
        self.take()
        return True

    def expect(self, *spoken: str) -> None:
        """Take these words and marks, in this order."""
        for one in spoken:
            if not self.accepts(one):
                _refuse()

    def variable(self) -> str:
        """Take a variable and return its name."""
        token = self.take()
        return token.text[1:] if token.kind is TokenKind.VARIABLE else _refuse()

    def integer(self) -> None:
        """Take a number without sign, point and exponent."""
        if _INTEGER.fullmatch(self.take().text) is None:
            _refuse()


def _refuse() -> NoReturn:
    """Leave the query alone."""
    raise _OtherShapeError


def _spoken(token: Token) -> str | None:
    """Return a keyword in capitals, or a mark; ``None`` for all else, and for what only folds to a
    keyword.
    """
    return token.text.upper() if token.kind in _SPOKEN and token.text.isascii() else None


class _Reader:
    """One query, read from its first token to its last."""

    def __init__(self, text: str, counts: Counts, base: str | None) -> None:
        self._text = text
        self._counts = counts
        self._prologue = Prologue(base, dict(PREFIXES))
        stream = tokens(text)
        self._words = _Words(stream, read_prologue(stream, self._prologue))

    def read(self) -> str:
        """Return the text with what is known in it."""
        words = self._words
        words.expect("SELECT")
        is_distinct = words.accepts("DISTINCT")
        selection = _Selection(key=words.variable()) if is_distinct else self._selection()
        words.accepts("WHERE")
        words.expect("{")
        start = words.last_end
        pattern = self._pattern()
        words.accepts(".")
        end = words.last_end
        words.expect("}")
        is_grouped = not is_distinct and self._is_grouped(pattern)
        self._tail(selection, pattern, is_grouped=is_grouped)
        _require_sense(selection, pattern, is_listed=is_grouped or is_distinct)
        if first_unclosed_string(self._text) is not None:  # the tokens end there
            _refuse()
        known = self._known(selection, pattern, is_grouped=is_grouped)
        return self._replaced({(start, end): f" {known} ", **self._sums(selection)})

    def _selection(self) -> _Selection:
        """Read ``?key (COUNT(*) AS ?n)``, in either order, the key or not."""
        found = _Selection()
        words = self._words
        while not words.sees("WHERE", "{"):
            if words.accepts("("):
                found.alias = self._alias(found)
            elif found.key is None:
                found.key = words.variable()
            else:
                _refuse()
        if found.alias is None:
            _refuse()
        return found

    def _alias(self, selection: _Selection) -> str:
        if selection.alias is not None:
            _refuse()
        self._count(selection)
        self._words.expect("AS")
        alias = self._words.variable()
        self._words.expect(")")
        return alias

    def _count(self, selection: _Selection) -> None:
        """Read ``COUNT(*)`` or ``COUNT(?v)`` and note it."""
        words = self._words
        start = (words.following or _refuse()).start
        words.expect("COUNT", "(")
        selection.counted.append(None if words.accepts("*") else words.variable())
        words.expect(")")
        selection.places.append((start, words.last_end))

    def _pattern(self) -> _Pattern:
        if not self._words.accepts("GRAPH"):
            return self._triple()
        graph = self._words.variable()
        self._words.expect("{")
        variables = [graph, *(self._words.variable() for _ in range(3))]
        self._words.accepts(".")
        self._words.expect("}")
        return _Pattern(_different(variables), self._counts.in_graphs, graph, self._counts.graphs)

    def _triple(self) -> _Pattern:
        subject = self._words.variable()
        predicate, value = self._words.take(), self._words.take()
        names = [one.text[1:] for one in (predicate, value) if one.kind is TokenKind.VARIABLE]
        variables = _different([subject, *names])
        counts = self._counts
        match self._verb(predicate), self._iri(value):
            case None, None:
                return _Pattern(variables, counts.triples, names[0], counts.predicates)
            case iri, None if iri == _TYPE:
                return _Pattern(variables, _found(counts.predicates, iri), names[0], counts.classes)
            case str(iri), None:
                return _Pattern(variables, _found(counts.predicates, iri))
            case iri, str(one) if iri == _TYPE:
                return _Pattern(variables, _found(counts.classes, one))
        _refuse()

    def _verb(self, token: Token) -> str | None:
        is_type = token.kind is TokenKind.WORD and token.text == "a"
        return _TYPE if is_type else self._iri(token)

    def _iri(self, token: Token) -> str | None:
        """Return the IRI of *token*, ``None`` for a variable."""
        if token.kind is TokenKind.VARIABLE:
            return None
        return f"<{self._prologue.resolve(token) or _refuse()}>"

    def _is_grouped(self, pattern: _Pattern) -> bool:
        """Read ``GROUP BY`` the key, if that is there."""
        if not self._words.accepts("GROUP"):
            return False
        self._words.expect("BY")
        return self._words.variable() == pattern.key or _refuse()

    def _tail(self, selection: _Selection, pattern: _Pattern, *, is_grouped: bool) -> None:
        """Read what follows the groups, to the end."""
        words = self._words
        if selection.alias is not None and words.accepts("HAVING"):
            self._having(selection)
        if words.accepts("ORDER"):
            words.expect("BY")
            self._order({selection.key, selection.alias, pattern.key if is_grouped else None} - {None})
        cuts = ["LIMIT", "OFFSET"]
        while cuts and words.sees(*cuts):
            cuts.remove(words.take().text.upper())
            words.integer()
        if words.following is not None:
            _refuse()

    def _having(self, selection: _Selection) -> None:
        """Read the comparison of a count with a number."""
        words = self._words
        words.expect("(")
        if words.sees("COUNT"):
            self._count(selection)
        elif words.variable() != selection.alias:
            _refuse()
        mark = words.take()
        start = mark.start
        if words.sees("="):
            mark = words.take()
        if self._text[start : mark.end] not in _COMPARATORS:
            _refuse()
        words.integer()
        words.expect(")")

    def _order(self, names: set[str | None]) -> None:
        """Read the conditions of an order by what is selected."""
        words = self._words
        is_first = True
        while is_first or not (words.following is None or words.sees("LIMIT", "OFFSET")):
            is_first = False
            is_directed = words.accepts("ASC", "DESC")
            if is_directed:
                words.expect("(")
            if words.variable() not in names:
                _refuse()
            if is_directed:
                words.expect(")")

    def _known(self, selection: _Selection, pattern: _Pattern, *, is_grouped: bool) -> str:
        """Return the clause that says what is known."""
        number = self._number
        if selection.alias is not None and not is_grouped:
            return values_of(number, iter([str(pattern.total)]))
        tally = pattern.tally or {}
        if selection.alias is None:
            return values_of(f"?{pattern.key}", iter(tally))
        return values_of(f"(?{pattern.key} {number})", (f"({one} {count})" for one, count in tally.items()))

    def _sums(self, selection: _Selection) -> dict[tuple[int, int], str]:
        return dict.fromkeys(selection.places, f"SUM({self._number})")

    @property
    def _number(self) -> str:
        """A variable for the counts that the text does not have."""
        name = "known"
        while name in self._text:
            name += "_"
        return f"?{name}"

    def _replaced(self, parts: Mapping[tuple[int, int], str]) -> str:
        kept: list[str] = []
        done = 0
        for (start, end), text in sorted(parts.items()):
            kept += (self._text[done:start], text)
            done = end
        return "".join((*kept, self._text[done:]))


def _different(names: list[str]) -> frozenset[str]:
    found = frozenset(names)
    return found if len(found) == len(names) else _refuse()


def _found(tally: Tally | None, term: str) -> int | None:
    """What there is none of is left to the engine, which finds that out at once."""
    return tally.get(term) if tally is not None else None


def _require_sense(selection: _Selection, pattern: _Pattern, *, is_listed: bool) -> None:
    """Leave the query alone unless all it names is of its pattern, and what it asks for is known."""
    if selection.key is not None and not (is_listed and selection.key == pattern.key):
        _refuse()
    if selection.alias in pattern.variables or not pattern.variables.issuperset(
        one for one in selection.counted if one is not None
    ):
        _refuse()
    if (pattern.tally if is_listed else pattern.total) is None:
        _refuse()
