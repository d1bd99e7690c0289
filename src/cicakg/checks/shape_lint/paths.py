"""The paths of property shapes (https://www.w3.org/TR/shacl/#property-paths)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.rules import suggestion
from cicakg.checks.shape_catalogue import SHAPE_PATH
from cicakg.checks.shape_lint.lists import read_list
from cicakg.checks.shape_lint.shape_files import FIRST, SH, Node, Said, ShapeFiles, sh
from cicakg.checks.shape_lint.targets import is_known_property
from cicakg.checks.vocabulary import STANDARD_PROPERTIES, Vocabulary, shorten
from cicakg.model import Finding
from cicakg.vocab import RDF_TYPE

_STEPS: Final = sh("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
_CHOICE: Final = SH + "alternativePath"
_PATH: Final = SH + "path"
_NODE_SHAPE: Final = NamedNode(SH + "NodeShape")
_PROPERTY_SHAPE: Final = NamedNode(SH + "PropertyShape")


def path_findings(files: ShapeFiles, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield the paths that are none, lead nowhere, or stand where none belongs."""
    for shape in files.shapes:
        paths = tuple(files.of(shape, _PATH))
        for one in paths[1:]:
            if one.value != paths[0].value:
                yield one.at_object(SHAPE_PATH, "second")
        for one in paths[:1]:
            yield from _of_path(files, one, vocabulary, frozenset())
        yield from _of_type(files, shape, has_path=bool(paths))
    for one in files.triples:
        is_nested = one.predicate == SH + "property" and one.value in files.known_shapes
        if is_nested and not any(files.of(one.value, _PATH, RDF_TYPE.value)):
            yield one.at_object(SHAPE_PATH, "missing")


def _of_type(files: ShapeFiles, shape: Node, has_path: bool) -> Iterator[Finding]:
    for one in files.of(shape, RDF_TYPE.value):
        if one.value == _NODE_SHAPE and has_path:
            yield next(files.of(shape, _PATH)).at_predicate(SHAPE_PATH, "node-shape")
        if one.value == _PROPERTY_SHAPE and not has_path:
            yield one.at_object(SHAPE_PATH, "missing")


def _of_path(
    files: ShapeFiles, one: Said, vocabulary: Vocabulary, around: frozenset[Node]
) -> Iterator[Finding]:
    """Yield what is wrong with the path that is the object of *one*, within the paths *around* it."""
    if isinstance(one.value, NamedNode) and one.value not in files.by_subject:
        if not is_known_property(one.text, vocabulary):
            known = sorted(map(shorten, vocabulary.properties | STANDARD_PROPERTIES))
            near = suggestion(shorten(one.text), known)
            yield one.at_object(SHAPE_PATH, "property", near, property=one.value)
    elif one.value in around:
        yield one.at_object(SHAPE_PATH, "circle")
    else:
        parts = _parts(files, one.value)
        if not parts:
            yield one.at_object(SHAPE_PATH)
        for part in parts:
            yield from _of_path(files, part, vocabulary, around | {one.value})


def _parts(files: ShapeFiles, path: Node) -> tuple[Said, ...]:
    """Return the triples that name the parts of *path*; none where it is no path."""
    if any(files.of(path, FIRST)):
        return _members(files, path)
    steps = tuple(files.of(path, *_STEPS))
    choices = tuple(files.of(path, _CHOICE))
    if len(steps) + len(choices) != 1:
        return ()
    return steps or _members(files, choices[0].value)


def _members(files: ShapeFiles, start: Node) -> tuple[Said, ...]:
    """Return the members of a list of at least two."""
    found = read_list(files, start)
    return found.members if not found.fault and len(found.members) > 1 else ()
