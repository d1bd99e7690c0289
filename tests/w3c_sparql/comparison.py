"""Whether an answer is the one a test expects, by the rules of the suites.

Blank nodes are the same where one renaming makes all of them so; rows are a multiset, and a sequence where
the query orders them; with lax cardinality a row may come less often than expected, but once at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import Any, Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from w3c_sparql.answers import Answer, Cells, Graph, Row, Table, Term

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS: Final = frozenset(
    _XSD + name
    for name in (
        "integer", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger", "positiveInteger",
        "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_TIMES: Final = frozenset({f"{_XSD}date", f"{_XSD}dateTime", f"{_XSD}time"})
_BOOLEANS: Final = {"1": "true", "0": "false"}


class Match(IntEnum):
    """How well an answer fits: not at all, with the same values in other digits (``1`` for ``1.0``), or
    term by term.
    """

    NONE = 0
    VALUES = 1
    TERMS = 2


def compare(expected: Answer, found: Answer, *, is_ordered: bool = False, is_lax: bool = False) -> Match:
    """Return how *found* fits *expected*."""
    if type(expected) is not type(found):
        return Match.NONE
    for match in (Match.TERMS, Match.VALUES):
        if _same(expected, found, match, is_ordered, is_lax):
            return match
    return Match.NONE


def _same(expected: Answer, found: Answer, match: Match, is_ordered: bool, is_lax: bool) -> bool:
    match expected, found:
        case (Table(), Table()):
            return _same_table(expected, found, match, is_ordered, is_lax)
        case (Cells(), Cells()):
            return _same_cells(expected, found, match, is_ordered)
        case (frozenset(), frozenset()):
            return _canonical(expected, match) == _canonical(found, match)
    return expected is found


def term_key(term: Term | None, match: Match) -> Hashable:
    """Return what makes *term* what it is: two terms are the same where their keys are equal. Blank nodes
    all have one key.
    """
    if isinstance(term, BlankNode):
        return "_:"
    if isinstance(term, Literal) and term.language:
        return (term.value, term.language.lower())
    if isinstance(term, Literal):
        value = _value(term) if match is Match.VALUES else term.value
        return (value, term.datatype.value)
    return str(term) if term else None


def _value(literal: Literal) -> str:
    """Return the canonical characters of a number, a time in UTC or a boolean; of the rest its own."""
    datatype = literal.datatype.value
    with suppress(ValueError, InvalidOperation):
        if datatype in _INTEGERS:
            return str(int(literal.value))
        if datatype == f"{_XSD}decimal":
            return str(Decimal(literal.value).normalize() + 0)
        if datatype in {f"{_XSD}double", f"{_XSD}float"}:
            return str(float(literal.value))
        if datatype in _TIMES:
            return literal.value.removesuffix("-00:00").removesuffix("+00:00") + "Z" * _is_utc(literal.value)
        if datatype == f"{_XSD}boolean":
            return _BOOLEANS.get(literal.value, literal.value)
    return literal.value


def _is_utc(time: str) -> bool:
    return time.endswith(("+00:00", "-00:00"))


def _same_table(expected: Table, found: Table, match: Match, is_ordered: bool, is_lax: bool) -> bool:
    if sorted(expected.variables) != sorted(found.variables):
        return False
    rows = found.arranged(expected.variables).rows
    if is_lax:
        return _is_reduced(expected.rows, rows, match)
    if is_ordered and [_row_key(one, match) for one in expected.rows] != [
        _row_key(one, match) for one in rows
    ]:
        return False
    return _can_rename(expected.rows, rows, match)


def _row_key(row: Row, match: Match) -> tuple[Hashable, ...]:
    return tuple(term_key(one, match) for one in row)


def _is_reduced(expected: Iterable[Row], found: Iterable[Row], match: Match) -> bool:
    most = Counter(_row_key(one, match) for one in expected)
    counts = Counter(_row_key(one, match) for one in found)
    return set(most) == set(counts) and all(counts[key] <= most[key] for key in most)


def _can_rename(expected: Sequence[Row], found: Sequence[Row], match: Match) -> bool:
    """Whether some one-to-one renaming of blank nodes makes the two multisets of rows equal."""
    keys = Counter(_row_key(one, match) for one in expected)
    if keys != Counter(_row_key(one, match) for one in found):
        return False
    with_blanks = [one for one in expected if any(isinstance(term, BlankNode) for term in one)]
    # Rare keys first: they leave the least to try.
    with_blanks.sort(key=lambda one: keys[_row_key(one, match)])
    return _rename(with_blanks, [one for one in found if _blanks(one)], {}, match)


def _blanks(row: Row) -> list[BlankNode]:
    return [one for one in row if isinstance(one, BlankNode)]


def _rename(
    expected: Sequence[Row], found: Sequence[Row], names: dict[BlankNode, BlankNode], match: Match
) -> bool:
    if not expected:
        return True
    first, *rest = expected
    for place, row in enumerate(found):
        if _row_key(first, match) != _row_key(row, match):
            continue
        more = _joined(names, zip(_blanks(first), _blanks(row), strict=True))
        if more is not None and _rename(rest, [*found[:place], *found[place + 1 :]], more, match):
            return True
    return False


def _joined(
    names: dict[BlankNode, BlankNode], pairs: Iterable[tuple[BlankNode, BlankNode]]
) -> dict[BlankNode, BlankNode] | None:
    """Return *names* with *pairs* added, ``None`` where they contradict each other."""
    joined = dict(names)
    for one, other in pairs:
        if joined.setdefault(one, other) != other:
            return None
    return joined if len(set(joined.values())) == len(joined) else None


def _same_cells(expected: Cells, found: Cells, match: Match, is_ordered: bool) -> bool:
    """Compare CSV: the header in its order, and cells as characters or, by value, as numbers."""
    if expected.variables != found.variables:
        return False
    rows = [[_cell_row(one, match) for one in cells.rows] for cells in (expected, found)]
    blanks = [[tuple(_cell_term(cell) for cell in row) for row in cells.rows] for cells in (expected, found)]
    if is_ordered and rows[0] != rows[1]:
        return False
    return Counter(rows[0]) == Counter(rows[1]) and _can_rename(blanks[0], blanks[1], match)


def _cell_row(row: Sequence[str], match: Match) -> tuple[Hashable, ...]:
    return tuple(term_key(_cell_term(cell), match) for cell in row)


def _cell_term(cell: str) -> Term:
    if cell.startswith("_:"):
        return BlankNode("b" + cell.removeprefix("_:").encode().hex())
    try:
        float(cell)
    except ValueError:
        return Literal(cell)
    return Literal(cell, datatype=NamedNode(f"{_XSD}double"))


def _canonical(graph: Graph, match: Match) -> set[Triple]:
    """Return *graph* with canonical names for its blank nodes (RDF Dataset Canonicalization)."""
    dataset = Dataset(Quad(one.subject, one.predicate, _valued(one.object, match)) for one in graph)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset}


def _valued(term: Any, match: Match) -> Any:  # noqa: ANN401  # whatever a triple may hold
    if match is Match.VALUES and isinstance(term, Literal) and not term.language:
        return Literal(_value(term), datatype=term.datatype)
    return term
