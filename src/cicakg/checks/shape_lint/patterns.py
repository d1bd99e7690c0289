"""What the queries of shapes are made of, as far as the lint asks: which triples a group matches, and how
its parts are combined (https://www.w3.org/TR/sparql11-query/#sparqlTranslateGraphPatterns).

A node of a pattern is written ``?name`` for a variable, with either sign, ``_:label`` for a blank node, and
as it stands in the query for an IRI or literal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from cicakg.sparql.tokens import Token


class Direction(StrEnum):
    """Which way the triples of a property path are gone, seen from its left side."""

    FORWARD = "forward"
    BACKWARD = "backward"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: which way its triples go, and whether it leads from a node to itself without any.

    ``verbs`` are the predicates of its triples as they stand in the query, ``None`` where that can be any;
    it ``is_step`` where it is always one triple.
    """

    direction: Direction = Direction.FORWARD
    may_be_empty: bool = False
    verbs: frozenset[str] | None = None
    is_step: bool = True

    def inverse(self) -> Path:
        """Return the path the other way."""
        turned = {Direction.FORWARD: Direction.BACKWARD, Direction.BACKWARD: Direction.FORWARD}
        return replace(self, direction=turned.get(self.direction, self.direction))

    def repeated(self, may_be_empty: bool) -> Path:
        """Return the path gone any number of times; in *may_be_empty* also none."""
        return replace(self, may_be_empty=may_be_empty or self.may_be_empty, is_step=False)

    def followed_by(self, other: Path) -> Path:
        """Return the path that goes on with *other*."""
        is_empty = self.may_be_empty and other.may_be_empty
        return Path(self._common(other), is_empty, self._verbs(other), is_step=False)

    def or_else(self, other: Path) -> Path:
        """Return the path that is one of the two."""
        is_empty = self.may_be_empty or other.may_be_empty
        is_step = self.is_step and other.is_step and self.direction is other.direction
        return Path(self._common(other), is_empty, self._verbs(other), is_step)

    def _verbs(self, other: Path) -> frozenset[str] | None:
        return None if self.verbs is None or other.verbs is None else self.verbs | other.verbs

    def _common(self, other: Path) -> Direction:
        return self.direction if self.direction is other.direction else Direction.MIXED


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a triple pattern, and the offset of its token in the query."""

    name: str
    offset: int

    @property
    def is_variable(self) -> bool:
        """Whether a solution has to bind it."""
        return self.name.startswith("?")


@dataclass(frozen=True, slots=True)
class Edge:
    """A triple pattern, or a property path between two nodes."""

    left: Node
    right: Node
    path: Path

    @property
    def is_mixed(self) -> bool:
        """Whether its triples are gone from subject to object and from object to subject."""
        return self.path.direction is Direction.MIXED

    @property
    def start(self) -> Node:
        """The node from which the triples are gone from subject to object."""
        return self.right if self.path.direction is Direction.BACKWARD else self.left

    @property
    def end(self) -> Node:
        """The node they lead to."""
        return self.left if self.path.direction is Direction.BACKWARD else self.right


@dataclass(frozen=True)
class Expression:
    """An expression: its tokens, and the groups of its EXISTS."""

    tokens: tuple[Token, ...]
    exists: tuple[Group, ...] = ()

    @property
    def variable(self) -> str | None:
        """The variable it is, where it is nothing but one."""
        words = [one.text for one in self.tokens if one.text not in "()"]
        is_one = len(words) == 1 and words[0][0] in "?$"
        return "?" + words[0][1:] if is_one else None


@dataclass(frozen=True)
class Triples:
    """A basic graph pattern."""

    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Filter:
    """A FILTER, which holds for its whole group."""

    expression: Expression


@dataclass(frozen=True)
class Bind:
    """A BIND."""

    expression: Expression
    variable: str


@dataclass(frozen=True)
class Values:
    """A table of values: its variables, and those of them that every row binds."""

    variables: tuple[str, ...]
    always_bound: frozenset[str]
    offset: int


@dataclass(frozen=True)
class Union:
    """Groups of which one has to match."""

    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Optional:
    """A group that may match."""

    group: Group


@dataclass(frozen=True)
class Minus:
    """A group that must not match."""

    group: Group
    offset: int


@dataclass(frozen=True)
class Elsewhere:
    """A group matched in another graph (GRAPH) or by another server (SERVICE)."""

    word: str
    group: Group
    offset: int


@dataclass(frozen=True)
class Select:
    """A SELECT, outermost or within a group.

    ``projected`` are the variables it hands on, ``None`` for all of them; ``computed`` its expressions with
    the variables they are given; ``keys`` the variables it groups by, ``None`` where it does not group;
    ``cut`` is the offset of a LIMIT or OFFSET.
    """

    projected: tuple[str, ...] | None
    computed: tuple[tuple[Expression, str], ...]
    group: Group
    keys: frozenset[str] | None
    conditions: tuple[Expression, ...]
    cut: int | None
    values: Values | None
    offset: int

    @property
    def computed_names(self) -> frozenset[str]:
        """The variables that an expression gives."""
        return frozenset(name for _, name in self.computed)


Element: TypeAlias = (
    "Triples | Filter | Bind | Values | Union | Optional | Minus | Elsewhere | Select | Group"
)


@dataclass(frozen=True)
class Group:
    """What stands between braces, in its order."""

    elements: tuple[Element, ...]

    def expressions(self) -> Iterator[Expression]:
        """Yield the expressions that stand directly in the group."""
        return (one.expression for one in self.elements if isinstance(one, Filter | Bind))


def inner_groups(element: Element) -> Iterator[Group]:
    """Yield the groups directly inside *element*, those of EXISTS too."""
    match element:
        case Group():
            yield element
        case Union(groups):
            yield from groups
        case Optional(group) | Minus(group) | Elsewhere(_, group):
            yield group
        case Select():
            yield element.group
            for expression in (*(one for one, _ in element.computed), *element.conditions):
                yield from expression.exists
        case Filter(expression) | Bind(expression):
            yield from expression.exists
        case Triples() | Values():
            return


def all_elements(group: Group) -> Iterator[Element]:
    """Yield the elements of *group* and of all groups within."""
    waiting = [group]
    while waiting:
        for element in waiting.pop().elements:
            yield element
            waiting.extend(inner_groups(element))
