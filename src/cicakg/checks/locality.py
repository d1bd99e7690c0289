"""Whether what a shape says of a focus node depends only on what is reached from that node.

A node is *reached* from another where triples lead to it from subject to object. A shape that is local in
this sense gives the same results for a focus node as long as the triples of the nodes reached from it stay
the same, whatever else changes: so its results can be kept. "Local" is only said where it is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.shape_lint.query_parser import parse_select
from cicakg.checks.shape_lint.query_words import UnreadableQueryError
from cicakg.checks.shape_lint.reach import Part, parts_out_of_reach
from cicakg.turtle import LocatedTriple
from cicakg.vocab import BASE, PREFIXES

_SH: Final = PREFIXES["sh"]
_TARGET: Final = _SH + "target"
_SELECT: Final = _SH + "select"
_BACKWARDS: Final = frozenset({_SH + "targetObjectsOf", _SH + "inversePath"})
_OPAQUE: Final = frozenset(_SH + one for one in ("ask", "js", "rule", "shapesGraph", "entailment", "nodes"))
# A node of these is described in the same files, but is no part of the shape.
_NAMES: Final = frozenset(
    {_SH + "prefixes", _SH + "targetNode", _SH + "hasValue", _SH + "targetClass", BASE + "shapes#facts"}
)

ShapeNode = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class NonLocalPart:
    """A part of a shape that is not local: its triple, the case of ``shape-local`` that it is, and where.

    ``offset`` counts the code points of the triple's query from 0; it is ``None`` where the triple itself is
    the part. ``value`` is the node or the word at fault.
    """

    triple: LocatedTriple
    case: str
    offset: int | None = None
    value: str = ""


def is_local(shape: ShapeNode, triples: Iterable[LocatedTriple]) -> bool:
    """Whether the shape *shape*, a node in *triples*, is local, with all the shapes it uses."""
    return next(non_local_parts(shape, triples), None) is None


def non_local_parts(shape: ShapeNode, triples: Iterable[LocatedTriple]) -> Iterator[NonLocalPart]:
    """Yield what of *shape*, and of the shapes it uses, is not local (see the module).

    *triples* are those of all files of shapes that are run together.
    """
    return ShapeTriples(tuple(triples)).non_local_parts(shape)


@dataclass(frozen=True)
class ShapeTriples:
    """The triples of the shapes, found by their subject; for asking about many shapes."""

    triples: tuple[LocatedTriple, ...]

    @cached_property
    def by_subject(self) -> Mapping[ShapeNode, tuple[LocatedTriple, ...]]:
        """The triples of each node, in their order."""
        found: dict[ShapeNode, list[LocatedTriple]] = {}
        for one in self.triples:
            found.setdefault(one.triple.subject, []).append(one)
        return {node: tuple(said) for node, said in found.items()}

    def non_local_parts(self, shape: ShapeNode) -> Iterator[NonLocalPart]:
        """Yield what of *shape*, and of the shapes it uses, is not local."""
        for one, is_target in self._below(shape):
            predicate = one.triple.predicate.value
            if predicate in _BACKWARDS:
                yield NonLocalPart(one, "backwards", value="sh:" + predicate.removeprefix(_SH))
            elif predicate in _OPAQUE:
                yield NonLocalPart(one, "unknown")
            elif predicate == _SELECT and isinstance(one.triple.object, Literal):
                for part in query_parts(one.triple.object.value, is_bound=not is_target):
                    yield NonLocalPart(one, part.case, part.offset, part.value)

    def _below(self, shape: ShapeNode) -> Iterator[tuple[LocatedTriple, bool]]:
        """Yield the triples of *shape* and all nodes it leads to, and whether they belong to a target."""
        waiting = [(shape, False)]
        seen: set[tuple[ShapeNode, bool]] = set()
        while waiting:
            node, is_target = waiting.pop()
            if (node, is_target) in seen:
                continue
            seen.add((node, is_target))
            for one in self.by_subject.get(node, ()):
                yield one, is_target
                if one.triple.predicate.value not in _NAMES:
                    waiting.append((one.triple.object, is_target or one.triple.predicate.value == _TARGET))


def query_parts(text: str, is_bound: bool) -> list[Part]:
    """Return the parts of the query *text* that are not local; see :func:`parts_out_of_reach`.

    A query that cannot be read is one such part.
    """
    try:
        return list(parts_out_of_reach(parse_select(text), is_bound))
    except UnreadableQueryError as error:
        return [Part("unread", error.offset)]
