"""Which shape uses which: shapes that are not there, that nobody uses, that use themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.rules import suggestion
from cicakg.checks.shape_catalogue import SHAPE_RECURSIVE, SHAPE_UNDEFINED, SHAPE_UNUSED
from cicakg.checks.shape_lint.lists import read_list
from cicakg.checks.shape_lint.shape_files import (
    REFERENCE_LISTS,
    REFERENCES,
    TARGETS,
    Node,
    Said,
    ShapeFiles,
    readable,
)
from cicakg.model import Finding
from cicakg.vocab import RDF_TYPE, term

_CLASSES: Final = frozenset({term("rdfs:Class"), term("owl:Class")})

MOST_WAYS: Final = 1_000
"""In how many ways the shapes may lead on from one: each is gone for every node."""

References = Mapping[Node, tuple[Said, ...]]
"""The triples that name the shapes a shape uses: their objects are those shapes."""


def reference_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield the faults in how the shapes use each other."""
    references = references_of(files)
    yield from _undefined(files, references)
    circles = list(_recursive(references))
    yield from circles
    if not circles:
        yield from _endless(files, references)
    yield from _unused(files, references)


def references_of(files: ShapeFiles) -> References:
    """Return the shapes that each shape uses, directly or from a list."""
    found: dict[Node, list[Said]] = {}
    for one in files.triples:
        if one.predicate in REFERENCES:
            found.setdefault(one.subject, []).append(one)
        elif one.predicate in REFERENCE_LISTS:
            found.setdefault(one.subject, []).extend(read_list(files, one.value).members)
    return {node: tuple(said) for node, said in found.items()}


def _undefined(files: ShapeFiles, references: References) -> Iterator[Finding]:
    names = sorted(str(readable(one)) for one in files.shapes if isinstance(one, NamedNode))
    for one in (said for used in references.values() for said in used):
        if one.value not in files.known_shapes:
            near = suggestion(str(readable(one.value)), names)
            yield one.at_object(SHAPE_UNDEFINED, fix=near, shape=one.value)


def _recursive(references: References) -> Iterator[Finding]:
    """Yield each reference that closes a circle (https://www.w3.org/TR/shacl/#shapes-recursion)."""
    done: set[Node] = set()
    for start in references:
        if start in done:
            continue
        open_nodes = {start}
        trail = [(start, iter(references.get(start, ())))]
        while trail:
            node, uses = trail[-1]
            one = next(uses, None)
            if one is None:
                trail.pop()
                open_nodes.discard(node)
                done.add(node)
            elif one.value in open_nodes:
                yield one.at_object(SHAPE_RECURSIVE, shape=one.value)
            elif one.value not in done:
                open_nodes.add(one.value)
                trail.append((one.value, iter(references.get(one.value, ()))))


def _endless(files: ShapeFiles, references: References) -> Iterator[Finding]:
    """Yield the shapes with a target that lead on in more ways than an engine can go through; *references*
    has no circles.
    """
    ways: dict[Node, int] = {}
    for shape in _innermost_first(references):
        ways[shape] = sum(ways.get(one.value, 1) for one in references[shape])
    for shape in files.shapes:
        if ways.get(shape, 0) > MOST_WAYS and has_target(files, shape):
            yield references[shape][0].at_object(SHAPE_RECURSIVE, "ways", most=MOST_WAYS)


def _innermost_first(references: References) -> Iterator[Node]:
    """Yield the shapes that use others, each after those it uses."""
    done: set[Node] = set()
    for start in references:
        waiting = [start]
        while waiting:
            node = waiting[-1]
            missing = [
                one.value for one in references[node] if one.value in references and one.value not in done
            ]
            if missing and node not in done:
                waiting.append(missing[0])
                continue
            waiting.pop()
            if node not in done:
                done.add(node)
                yield node


def _unused(files: ShapeFiles, references: References) -> Iterator[Finding]:
    """Yield the shapes that no target leads to, the outermost of those nested in one another."""
    reached = _reached(references, [one for one in files.shapes if has_target(files, one)])
    named = {one.value for used in references.values() for one in used}
    for shape in files.shapes:
        if shape not in reached and (isinstance(shape, NamedNode) or shape not in named):
            yield files.by_subject[shape][0].at_subject(SHAPE_UNUSED, shape=shape)


def has_target(files: ShapeFiles, shape: Node) -> bool:
    """Whether *shape* has a target, or is a class and so its own
    (https://www.w3.org/TR/shacl/#implicit-targetClass).
    """
    return files.has_any(shape, TARGETS) or any(
        one.value in _CLASSES for one in files.of(shape, RDF_TYPE.value)
    )


def _reached(references: References, starts: list[Node]) -> set[Node]:
    found: set[Node] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(one.value for one in references.get(node, ()))
    return found
