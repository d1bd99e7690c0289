"""What of a query can be reached from ``?this``, and which of its parts cannot.

A node is reached where a triple leads to it from a node that is reached, from subject to object. The rules
below follow the algebra of SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#sparqlAlgebra): groups are
evaluated by themselves and joined, so a variable is known inside OPTIONAL, MINUS or EXISTS only where the
part before it binds it for certain, and inside a SELECT only where that hands it on and groups by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cicakg.checks.shape_lint.patterns import (
    Bind,
    Edge,
    Element,
    Elsewhere,
    Expression,
    Filter,
    Group,
    Minus,
    Node,
    Optional,
    Select,
    Triples,
    Union,
    Values,
    all_elements,
)

THIS: Final = "?this"

UNSTABLE: Final = ("NOW", "RAND", "UUID", "STRUUID", "BNODE", "SAMPLE", "GROUP_CONCAT")
"""What gives another value each time, or depends on the order in which the store has its triples."""

Names = frozenset[str]
_NONE: Final[Names] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query that is not local: the case of the rule it breaks, where, and what stands there."""

    case: str
    offset: int
    value: str = ""


def parts_out_of_reach(select: Select, is_bound: bool) -> Iterator[Part]:
    """Yield the parts of *select* whose answer for one ``?this`` can depend on what is not reached from it.

    *is_bound* says that ``$this`` has its value before the query is evaluated, as in a constraint
    (https://www.w3.org/TR/shacl/#pre-binding); in a target it is one of the answers.
    """
    always = frozenset({THIS}) if is_bound else _NONE
    yield from _of_select(select, frozenset({THIS}), always)
    if THIS not in _grounded(select):
        yield from _of_empty_paths(select.group)


# What is reached


def _reached(element: Element, known: Names, always: Names) -> Names:
    """Return the nodes that are reached in every solution of *element*, where *known* are."""
    match element:
        case Triples(edges):
            return _closure(edges, known | always)
        case Group(elements):
            return _reached_together(elements, known, always)
        case Union(groups):
            return frozenset.intersection(*(_reached(one, known, always) for one in groups))
        case Select():
            return _reached(element.group, *_inside(element, known, always)) & _handed_on(element)
    return _NONE


def _reached_together(elements: tuple[Element, ...], known: Names, always: Names) -> Names:
    renamed = tuple(_renamed(elements, always))
    found = known
    while True:
        more = found.union(*(_reached(one, found, always) for one in elements))
        more |= {name for variable, name in renamed if variable in more | always}
        if more == found:
            return found
        found = more


def _renamed(elements: tuple[Element, ...], always: Names) -> Iterator[tuple[str, str]]:
    """Yield the variables that BIND gives a second name, with that name.

    Only those count that are bound before it: of a variable bound later the second name stays free.
    """
    for place, one in enumerate(elements):
        variable = one.expression.variable if isinstance(one, Bind) else None
        if isinstance(one, Bind) and variable in _certain_together(elements[:place]) | always:
            yield variable, one.variable


def _closure(edges: Iterable[Edge], known: Names) -> Names:
    found, left = set(known), list(edges)
    while ready := [one for one in left if _is_followed(one, found)]:
        found.update(one.end.name for one in ready)
        left = [one for one in left if not _is_followed(one, found)]
    return frozenset(one for one in found if not one.startswith("_:"))


def _is_followed(edge: Edge, known: set[str] | Names) -> bool:
    return not edge.is_mixed and edge.start.name in known


# What is bound


def _certain(element: Element) -> Names:
    """Return the variables that every solution of *element* binds."""
    match element:
        case Triples(edges):
            nodes = [node for one in edges for node in (one.left, one.right)]
            return frozenset(one.name for one in nodes if one.is_variable)
        case Group(elements):
            return _certain_together(elements)
        case Union(groups):
            return frozenset.intersection(*map(_certain, groups))
        case Values():
            return element.always_bound
        case Select():
            return _certain(element.group) & _handed_on(element)
    return _NONE


def _certain_together(elements: Iterable[Element]) -> Names:
    return _NONE.union(*map(_certain, elements))


def _handed_on(select: Select) -> Names:
    """Return the variables of its group that *select* hands on as they are."""
    names = _visible(select.group) if select.projected is None else frozenset(select.projected)
    plain = names - select.computed_names
    return plain if select.keys is None else plain & select.keys


def _visible(group: Group) -> Names:
    """Return the variables that ``SELECT *`` hands on; a variable too few is safe, one too many is not."""
    return _certain(group)


def _inside(select: Select, known: Names, always: Names) -> tuple[Names, Names]:
    """Return what of *known* and *always* is known inside *select*."""
    names = _handed_on(select)
    return (known & names, always & names)


def _grounded(element: Element) -> Names:
    """Return the nodes that every solution of *element* has from a triple of the data."""
    match element:
        case Triples(edges):
            solid = [one for one in edges if not one.path.may_be_empty]
            return frozenset(node.name for one in solid for node in (one.left, one.right))
        case Group(elements):
            return _NONE.union(*map(_grounded, elements))
        case Union(groups):
            return frozenset.intersection(*map(_grounded, groups))
        case Select():
            return _grounded(element.group) & _handed_on(element)
    return _NONE


# What is not


def _of_empty_paths(group: Group) -> Iterator[Part]:
    """Yield the paths without a step that begin anywhere in the data: whether a node occurs there at all is
    known only where one of its own triples is asked for.
    """
    for element in all_elements(group):
        for edge in element.edges if isinstance(element, Triples) else ():
            if edge.path.may_be_empty:
                yield Part("empty", edge.left.offset)


def _of_select(select: Select, known: Names, always: Names) -> Iterator[Part]:
    if select.cut is not None:
        yield Part("limit", select.cut)
    inner, fixed = _inside(select, known, always)
    if THIS in select.computed_names:
        yield Part("computed", select.offset)
    yield from _of_group(select.group, inner, fixed)
    for expression in (*(one for one, _ in select.computed), *select.conditions):
        yield from _of_expression(expression, _NONE, fixed)


def _of_group(group: Group, known: Names, always: Names) -> Iterator[Part]:
    reached = _reached(group, known, always)
    bound = _certain(group)
    before: list[Element] = []
    for element in group.elements:
        match element:
            case Filter(expression):
                yield from _of_expression(expression, _shared(reached, bound), always)
            case Bind(expression):
                yield from _of_expression(expression, _shared(reached, _certain_together(before)), always)
            case Optional(inner) | Minus(inner):
                yield from _of_group(inner, _shared(reached, _certain_together(before)), always)
            case _:
                yield from _of_joined(element, reached, always)
        before.append(element)


def _of_joined(element: Element, reached: Names, always: Names) -> Iterator[Part]:
    match element:
        case Triples(edges):
            yield from _of_edges(edges, reached | always)
        case Group():
            yield from _of_group(element, reached, always)
        case Union(groups):
            for one in groups:
                yield from _of_group(one, reached, always)
        case Select():
            yield from _of_select(element, reached, always)
        case Elsewhere(word, _, offset):
            yield Part("elsewhere", offset, word)


def _of_edges(edges: tuple[Edge, ...], reached: Names) -> Iterator[Part]:
    found = _closure_with_blanks(edges, reached)
    told: set[str] = set()
    for edge in edges:
        if edge.is_mixed:
            yield Part("path", edge.left.offset)
        elif edge.start.name not in found and edge.start.name not in told:
            told.add(edge.start.name)
            yield _unreached(edge.start)


def _closure_with_blanks(edges: tuple[Edge, ...], reached: Names) -> set[str]:
    found = set(reached)
    while ready := [one for one in edges if _is_followed(one, found) and one.end.name not in found]:
        found.update(one.end.name for one in ready)
    return found


def _unreached(node: Node) -> Part:
    case = "nameless" if node.name.startswith("_:") else "node"
    return Part(case, node.offset, node.name)


def _of_expression(expression: Expression, known: Names, always: Names) -> Iterator[Part]:
    for token in expression.tokens:
        if token.is_word(*UNSTABLE):
            yield Part("unstable", token.start, token.text.upper())
    for group in expression.exists:
        yield from _of_group(group, known, always)


def _shared(reached: Names, bound: Names) -> Names:
    """Return what of *reached* a part sees that is evaluated for each solution binding *bound*."""
    return frozenset(one for one in reached if not one.startswith("?") or one in bound)
