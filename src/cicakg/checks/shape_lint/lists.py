"""The RDF lists of the shapes (https://www.w3.org/TR/shacl/#lists)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cicakg.checks.shape_catalogue import SHAPE_LIST
from cicakg.checks.shape_lint.shape_files import FIRST, LISTS, NIL, REST, SH, Node, Said, ShapeFiles
from cicakg.model import Finding

_PATH_LISTS: Final = frozenset({SH + "alternativePath"})


@dataclass(frozen=True)
class ShapeList:
    """A list as far as it can be followed: the triples that name its members.

    ``fault`` is the case of the rule that it breaks; it is empty where the list is sound.
    """

    members: tuple[Said, ...]
    fault: str = ""


def read_list(files: ShapeFiles, start: Node) -> ShapeList:
    """Return the list that begins at *start*."""
    members: list[Said] = []
    seen: set[Node] = set()
    cell = start
    while cell != NIL:
        if cell in seen:
            return ShapeList(tuple(members), "circle")
        seen.add(cell)
        firsts, rests = tuple(files.of(cell, FIRST)), tuple(files.of(cell, REST))
        if len(firsts) != 1 or len(rests) != 1:
            return ShapeList(tuple(members), "step")
        members.append(firsts[0])
        cell = rests[0].value
    return ShapeList(tuple(members))


def list_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield the places where a list should stand, and none that can be read does."""
    for one in files.triples:
        if one.predicate in LISTS | _PATH_LISTS:
            fault = read_list(files, one.value).fault
            if fault:
                case = fault if any(files.of(one.value, FIRST, REST)) else ""
                yield one.at_object(SHAPE_LIST, case, property=one.name)
