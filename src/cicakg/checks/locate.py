"""From a node and a property of the graph to the place in a file where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.corpus import SourceFile
from cicakg.model import Position
from cicakg.turtle import LocatedTriple
from cicakg.vocab import EVIDENCE

Node = NamedNode | BlankNode | Literal | Triple
_Located = tuple[LocatedTriple, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file."""

    file: Path
    position: Position


class Locator:
    """Knows where every triple of *files* stands; what comes first in their order counts.

    The places of a node's triples are worked out when it is first looked for.
    """

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._files = tuple(files)
        self._found: dict[tuple[Path, Node], _Located] = {}

    def place(
        self,
        focus: Node,
        predicate: Node | None = None,
        value: Node | None = None,
        is_of_predicate: bool = False,
    ) -> Place | None:
        """Return where the triple of *focus*, *predicate* and *value* stands: the place of its object, or
        *is_of_predicate*.

        Where there is no such triple, the place of the predicate, where *focus* has it (the last, if
        several); else of *focus* as a subject; else (a span, whose triples are derived) as evidence, or as
        any object; ``None`` where *focus* stands in no file.
        """
        found = self._places(focus, predicate, value, is_of_predicate)
        return next((one for one in found if one is not None), None)

    def _places(
        self, focus: Node, predicate: Node | None, value: Node | None, is_of_predicate: bool
    ) -> Iterator[Place | None]:
        described = [(file.path, self._about(file, focus)) for file in self._by_subject.get(focus, ())]
        if isinstance(predicate, NamedNode):
            if value is not None:
                yield from (
                    _first(path, found, predicate, value, is_of_predicate) for path, found in described
                )
            yield from (_last(path, found, predicate) for path, found in reversed(described))
        yield from (Place(path, found[0].subject) for path, found in described)
        named = [(file.path, _with_object(file, focus)) for file in self._by_object.get(focus, ())]
        yield from (_first(path, found, EVIDENCE, focus) for path, found in named)
        yield from (Place(path, found[0].object) for path, found in named)

    def _about(self, file: SourceFile, subject: Node) -> _Located:
        key = (file.path, subject)
        if key not in self._found:
            self._found[key] = file.document.triples_about(subject)
        return self._found[key]

    @cached_property
    def _by_subject(self) -> dict[Node, list[SourceFile]]:
        found: defaultdict[Node, list[SourceFile]] = defaultdict(list)
        for file in self._files:
            for node in dict.fromkeys(one.subject for one in file.document.statements):
                found[node].append(file)
        return dict(found)

    @cached_property
    def _by_object(self) -> dict[Node, list[SourceFile]]:
        found: defaultdict[Node, list[SourceFile]] = defaultdict(list)
        for file in self._files:
            for node in dict.fromkeys(one.object for one in file.document.statements):
                found[node].append(file)
        return dict(found)


def _with_object(file: SourceFile, node: Node) -> _Located:
    return tuple(one for one in file.document.triples if one.triple.object == node)


def _first(
    path: Path, found: _Located, predicate: Node, value: Node, is_of_predicate: bool = False
) -> Place | None:
    """Return where the first triple with *predicate* and *value* has its object, or its predicate."""
    said = (one for one in found if (one.triple.predicate, one.triple.object) == (predicate, value))
    places = (one.predicate if is_of_predicate else one.object for one in said)
    return next((Place(path, one) for one in places), None)


def _last(path: Path, found: _Located, predicate: Node) -> Place | None:
    """Return where the last *predicate* stands."""
    places = [one.predicate for one in found if one.triple.predicate == predicate]
    return Place(path, places[-1]) if places else None
