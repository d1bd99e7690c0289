"""Asks the queries that stand in shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from cicakg.errors import CicakgError
from cicakg.sparql.tokens import Token, TokenKind, tokens, unescape

Term = NamedNode | BlankNode | Literal

_THIS: Final = Variable("this")
_NAMES: Final = frozenset({"?this", "$this"})
# Where one of these stands, an IRI may not stand wherever the variable does.
_PARTICULAR: Final = ("AS", "BIND", "BOUND", "BY", "GRAPH", "HAVING", "VALUES")


class ShapeQuery:
    """A SELECT query that stands in a shape, looked through once and asked for many nodes.

    SHACL binds ``$this`` to the focus node before the query is evaluated
    (https://www.w3.org/TR/shacl/#pre-binding). Wherever the grammar allows it, the node is written in the
    variable's place: the engine then plans for one node, and does not look through all.
    """

    def __init__(self, text: str) -> None:
        """Raises :class:`CicakgError` (``shape-query``) where *text* would read something beside the data."""
        self.text = text
        words = list(tokens(unescape(text)))
        _refuse_reach(words)
        self._parts = _parts(text, words)

    def solutions(self, store: Store, focus: Term | None = None) -> QuerySolutions:
        """Return the solutions in *store*, for the node *focus* where one is given.

        Nothing but *store* is read. Raises :class:`CicakgError` (``shape-query``) for a query that cannot be
        asked.
        """
        if focus is None:
            return _solutions(store, self.text, {})
        if self._parts is None or not isinstance(focus, NamedNode):
            return _solutions(store, self.text, {_THIS: focus})
        return _solutions(store, self._parts.filled(str(focus)), {})

    def solutions_with(self, store: Store, bound: Mapping[str, Term]) -> QuerySolutions:
        """Return the solutions in *store* with the variables named in *bound* replaced; see
        :meth:`solutions`.
        """
        if set(bound) == {"this"}:
            return self.solutions(store, bound["this"])
        return _solutions(store, self.text, {Variable(name): term for name, term in bound.items()})


@dataclass(frozen=True, slots=True)
class _Parts:
    """What stands between the places of ``$this``, and which of these are in the projection itself."""

    texts: tuple[str, ...]
    projected: tuple[bool, ...]

    def filled(self, iri: str) -> str:
        return self.texts[0] + "".join(
            f"({iri} AS ?this){text}" if is_projected else iri + text
            for is_projected, text in zip(self.projected, self.texts[1:], strict=True)
        )


def _parts(text: str, words: list[Token]) -> _Parts | None:
    """Take *text* apart at ``$this``; ``None`` where an IRI could not stand in its place everywhere."""
    selects = sum(one.is_word("SELECT") for one in words)
    if "\\" in text or selects != 1 or any(one.is_word(*_PARTICULAR) or _may_compare(one) for one in words):
        return None
    found = [(one, is_projected) for one, is_projected in _projected(words) if one.text in _NAMES]
    ends = [0, *(one.end for one, _ in found)]
    starts = [*(one.start for one, _ in found), len(text)]
    texts = tuple(text[start:end] for start, end in zip(ends, starts, strict=True))
    return _Parts(texts, tuple(is_projected for _, is_projected in found))


def _may_compare(word: Token) -> bool:
    """Whether *word* reads as an IRI and may be two comparisons: ``?x<$this&&?y>1``."""
    return word.kind is TokenKind.IRI and any(name in word.text for name in _NAMES)


def _projected(words: list[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield each variable, and whether it is one that the query selects."""
    is_head = True
    for before, one in pairwise([Token(TokenKind.MARK, "", 0), *words]):
        is_head = is_head and one.text != "{"
        if one.kind is TokenKind.VARIABLE:
            yield one, is_head and before.text != "("


def _refuse_reach(words: list[Token]) -> None:
    if any(one.is_word("FROM", "SERVICE") for one in words):
        raise CicakgError(
            "shape-query",
            "A query in the shapes uses FROM or SERVICE, which would read something beside the data.",
            "Write the query without FROM and SERVICE.",
        )


def solutions_of(store: Store, text: str, bound: Mapping[str, Term]) -> QuerySolutions:
    """Return the solutions of *text* in *store* with the variables named in *bound* replaced, as
    :meth:`ShapeQuery.solutions` does.
    """
    return ShapeQuery(text).solutions_with(store, bound)


def _solutions(store: Store, text: str, bound: Mapping[Variable, Term]) -> QuerySolutions:
    given: dict[Variable, NamedNode | BlankNode | Literal | Triple] = dict(bound)
    try:
        found = store.query(text, substitutions=given)
    except (SyntaxError, RuntimeError) as error:
        raise CicakgError(
            "shape-query",
            f"A query in the shapes cannot be answered: {error}.",
            "Correct the query; its text is " + " ".join(text.split()),
        ) from None
    if not isinstance(found, QuerySolutions):
        raise CicakgError(
            "shape-query",
            "A query in the shapes is no SELECT query.",
            "Select ?this, the nodes that break the rule.",
        )
    return found
