"""Which of the shapes that look at the whole corpus a change can concern, so that only those are asked again.

Each shape with its targets, its queries and its nested shapes is a family. Its results follow from its
queries' answers, and from the values that its focus nodes have for its path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.changes import Changes
from cicakg.checks.engines.plan import query_text
from cicakg.checks.engines.port import ShapeResult
from cicakg.checks.engines.shapes_graph import Node, ShapesGraph, sh
from cicakg.checks.footprints import Footprint, footprint_of
from cicakg.vocab import BASE, PREFIXES, RDF_TYPE, term

_RULE: Final = BASE + "shapes#"
_TARGETS: Final = frozenset(
    sh(one) for one in ("target", "targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
)
_CLASSES: Final = frozenset({term("rdfs:Class"), term("owl:Class")})
_NIL: Final = NamedNode(PREFIXES["rdf"] + "nil")
_MOST_PARTS: Final = 16
# What a family may say for its results to follow as the module says; of any other it is not certain.
_UNDERSTOOD: Final = frozenset(
    {
        RDF_TYPE,
        *(sh(one) for one in ("target", "sparql", "select", "prefixes", "path", "in", "severity", "message")),
        *(sh(one) for one in ("name", "description", "order", "group")),
    }
)


@dataclass(frozen=True)
class Family:
    """A shape with what belongs to it: its nodes, the footprints of its queries, and its path, if it has one.

    Every value of the path is at fault, or queries say which. Where it is not ``is_understood``, its results
    may follow from anything.
    """

    nodes: frozenset[Node]
    footprints: tuple[Footprint, ...] = ()
    path: NamedNode | None = None
    is_understood: bool = False

    def is_concerned(self, changes: Changes, focuses: Collection[object]) -> bool:
        """Whether *changes* may change the results; before, they were about the nodes *focuses*."""
        if not self.is_understood or any(one.is_concerned(changes) for one in self.footprints):
            return True
        path = self.path
        return path is not None and any(
            one.predicate == path
            # Before, a focus node that had a value had a result, and the focus nodes are the same.
            and (one.subject in focuses or not changes.had(one.subject, path))
            for one in changes.triples
        )


class Families:
    """The families of *shapes*."""

    def __init__(self, shapes: ShapesGraph) -> None:
        self.shapes = shapes
        self._families = tuple(_families(shapes))
        self._parts: dict[frozenset[Node], ShapesGraph] = {}

    def concerned(self, changes: Changes, found: Iterable[ShapeResult]) -> frozenset[Node]:
        """Return the shapes that *changes* may concern, and what belongs to them; *found* were the results
        before.
        """
        focuses: defaultdict[Node, set[object]] = defaultdict(set)
        for one in found:
            focuses[one.shape].add(one.focus)
        nodes: set[Node] = set()
        for family in self._families:
            known: set[object] = set().union(*(focuses.get(one, ()) for one in family.nodes))
            if family.is_concerned(changes, known):
                nodes |= family.nodes
        return frozenset(nodes)

    def part(self, nodes: frozenset[Node]) -> ShapesGraph:
        """Return the graph of the families of *nodes* and of what belongs to no family."""
        if nodes not in self._parts:
            if len(self._parts) == _MOST_PARTS:
                del self._parts[next(iter(self._parts))]
            others = {node for one in self._families for node in one.nodes} - nodes
            kept = (one for one in self.shapes.triples if one.subject not in others)
            self._parts[nodes] = ShapesGraph(kept, self.shapes.queries)
        return self._parts[nodes]


def _families(shapes: ShapesGraph) -> Iterator[Family]:
    """Yield the families of *shapes*: those that share a node are one."""
    said: defaultdict[object, list[Triple]] = defaultdict(list)
    for one in shapes.triples:
        said[one.subject].append(one)
    groups: list[set[Node]] = []
    for head in dict.fromkeys(one.subject for one in shapes.triples if _is_target(one)):
        group = _below(head, said)
        for other in [one for one in groups if one & group]:
            groups.remove(other)
            group |= other
        groups.append(group)
    for group in groups:
        yield _family(shapes, frozenset(group), [one for node in group for one in said[node]])


def _is_target(one: Triple) -> bool:
    return one.predicate in _TARGETS or (one.predicate == RDF_TYPE and one.object in _CLASSES)


def _below(head: object, said: Mapping[object, Iterable[Triple]]) -> set[Node]:
    """Return *head* and the nodes it leads to, without prefixes and what is for the readers of a rule."""
    found: set[Node] = set()
    waiting = [head]
    while waiting:
        node = waiting.pop()
        if isinstance(node, NamedNode | BlankNode) and node in said and node not in found:
            found.add(node)
            waiting.extend(one.object for one in said[node] if not _is_aside(one.predicate))
    return found


def _is_aside(predicate: NamedNode) -> bool:
    return predicate == sh("prefixes") or predicate.value.startswith(_RULE)


def _family(shapes: ShapesGraph, nodes: frozenset[Node], said: Sequence[Triple]) -> Family:
    relevant = [one for one in said if not _is_aside(one.predicate)]
    paths = [one.object for one in relevant if one.predicate == sh("path")]
    path = paths[0] if paths else None
    if len(paths) > 1 or not isinstance(path, NamedNode | None) or not all(map(_is_understood, relevant)):
        return Family(nodes)
    texts = (
        query_text(shapes, one.subject, one.object.value)
        for one in relevant
        if one.predicate == sh("select") and isinstance(one.object, Literal)
    )
    return Family(nodes, tuple(map(footprint_of, texts)), path, is_understood=True)


def _is_understood(one: Triple) -> bool:
    if one.predicate == sh("in"):
        return one.object == _NIL
    return one.predicate in _UNDERSTOOD and one.object not in _CLASSES
