"""From a node and a property of the graph to the place in a file where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal as Either

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


class Homes:
    """The files in which a node is a subject, or an object: kept while files change, looked up in few of
    them.
    """

    def __init__(self, role: Either["subject", "object"]) -> None:
        self._role = role
        self._files: dict[str, SourceFile] = {}
        self._homes: defaultdict[Node, list[str]] = defaultdict(list)

    def replace_files(self, files: Mapping[str, SourceFile]) -> None:
        """Look at *files*, by their paths, from now on."""
        before, self._files = self._files, dict(files)
        if before == self._files:
            return
        for path in {**before, **files}:
            if before.get(path) is not files.get(path):
                for node in self._nodes(before.get(path)):
                    self._homes[node].remove(path)
                for node in self._nodes(files.get(path)):
                    self._homes[node].append(path)

    def of(self, node: Node) -> list[str]:
        """Return the paths of the files of *node*, in no particular order."""
        return self._homes.get(node, [])

    def _nodes(self, file: SourceFile | None) -> set[Node]:
        return set() if file is None else {getattr(one, self._role) for one in file.document.statements}


class Locator:
    """Knows where every triple of *files* stands; what comes first in their order counts.

    The places of a node's triples are worked out when it is first looked for. *homes*, of subjects and of
    objects, may know the files from before.
    """

    def __init__(self, files: Iterable[SourceFile], homes: tuple[Homes, Homes] | None = None) -> None:
        # A path as a string is compared sooner, and there can be ten thousand.
        self._files = {str(one.path): one for one in files}
        self._subjects, self._objects = homes or (Homes("subject"), Homes("object"))
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
        described = [(file.path, self._about(file, focus)) for file in self._by_subject(focus)]
        if isinstance(predicate, NamedNode):
            if value is not None:
                yield from (
                    _first(path, found, predicate, value, is_of_predicate) for path, found in described
                )
            yield from (_last(path, found, predicate) for path, found in reversed(described))
        yield from (Place(path, found[0].subject) for path, found in described)
        named = [(file.path, _with_object(file, focus)) for file in self._by_object(focus)]
        yield from (_first(path, found, EVIDENCE, focus) for path, found in named)
        yield from (Place(path, found[0].object) for path, found in named)

    def _about(self, file: SourceFile, subject: Node) -> _Located:
        key = (file.path, subject)
        if key not in self._found:
            self._found[key] = file.document.triples_about(subject)
        return self._found[key]

    def _by_subject(self, node: Node) -> list[SourceFile]:
        return self._in_order(self._of_subjects, node)

    def _by_object(self, node: Node) -> list[SourceFile]:
        return self._in_order(self._of_objects, node)

    def _in_order(self, homes: Homes, node: Node) -> list[SourceFile]:
        return [self._files[one] for one in sorted(homes.of(node), key=self._numbers.__getitem__)]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {path: number for number, path in enumerate(self._files)}

    @cached_property
    def _of_subjects(self) -> Homes:
        self._subjects.replace_files(self._files)
        return self._subjects

    @cached_property
    def _of_objects(self) -> Homes:
        self._objects.replace_files(self._files)
        return self._objects


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
