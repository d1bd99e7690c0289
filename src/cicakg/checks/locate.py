"""From a node and a property of the graph to the place in a file where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.corpus import SourceFile
from cicakg.model import Position
from cicakg.turtle import LocatedTriple
from cicakg.vocab import EVIDENCE

Node = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file."""

    file: Path
    position: Position


@dataclass(frozen=True)
class Locator:
    """Knows where every triple of the files stands; make it with :func:`locator_of`."""

    triples: dict[Triple, Place] = field(default_factory=dict)
    predicates: dict[tuple[Node, Node], Place] = field(default_factory=dict)
    subjects: dict[Node, Place] = field(default_factory=dict)
    evidence: dict[Node, Place] = field(default_factory=dict)
    objects: dict[Node, Place] = field(default_factory=dict)

    def place(self, focus: Node, predicate: Node | None = None, value: Node | None = None) -> Place | None:
        """Return where the triple of *focus*, *predicate* and *value* stands: the place of its object.

        Where there is no such triple, the place of the predicate, where *focus* has it (the last, if
        several); else of *focus* as a subject; else (a span, whose triples are derived) as evidence, or as
        any object; ``None`` where *focus* stands in no file.
        """
        return next((one for one in self._places(focus, predicate, value) if one is not None), None)

    def _places(self, focus: Node, predicate: Node | None, value: Node | None) -> Iterator[Place | None]:
        if isinstance(predicate, NamedNode) and isinstance(focus, NamedNode | BlankNode):
            if value is not None:
                yield self.triples.get(Triple(focus, predicate, value))
            yield self.predicates.get((focus, predicate))
        yield self.subjects.get(focus)
        yield self.evidence.get(focus)
        yield self.objects.get(focus)


def locator_of(files: Iterable[SourceFile]) -> Locator:
    """Index where the triples of *files* stand; what comes first in the order of the files counts."""
    locator = Locator()
    for file in files:
        for one in file.document.triples:
            _enter(locator, file.path, one)
    return locator


def _enter(locator: Locator, path: Path, one: LocatedTriple) -> None:
    subject, predicate, value = one.triple.subject, one.triple.predicate, one.triple.object
    locator.triples.setdefault(one.triple, Place(path, one.object))
    locator.predicates[(subject, predicate)] = Place(path, one.predicate)
    locator.subjects.setdefault(subject, Place(path, one.subject))
    locator.objects.setdefault(value, Place(path, one.object))
    if predicate == EVIDENCE:
        locator.evidence.setdefault(value, Place(path, one.object))
