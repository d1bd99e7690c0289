"""The prefixes of the queries (https://www.w3.org/TR/shacl/#sparql-prefixes)."""

from __future__ import annotations

from collections.abc import Iterator

from cicakg.checks.shape_catalogue import SHAPE_PREFIXES
from cicakg.checks.shape_lint.shape_files import SH, Node, Said, ShapeFiles
from cicakg.model import Finding

_PREFIXES = SH + "prefixes"
_DECLARE = SH + "declare"


def prefix_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield the declarations that declare nothing, and what refers to none."""
    declared: dict[tuple[Node, str], str] = {}
    for one in files.triples:
        if one.predicate == _PREFIXES and not any(files.of(one.value, _DECLARE)):
            yield one.at_object(SHAPE_PREFIXES, node=one.value)
        elif one.predicate == _DECLARE:
            yield from _of_declaration(files, one, declared)


def _of_declaration(files: ShapeFiles, one: Said, declared: dict[tuple[Node, str], str]) -> Iterator[Finding]:
    pair = _declaration(files, one.value)
    if pair is None:
        yield one.at_object(SHAPE_PREFIXES, "declaration", node=one.value)
        return
    prefix, namespace = pair
    other = declared.setdefault((one.subject, prefix), namespace)
    if other != namespace:
        yield one.at_object(SHAPE_PREFIXES, "twice", prefix=prefix, namespace=namespace, other=other)


def _declaration(files: ShapeFiles, node: Node) -> tuple[str, str] | None:
    """Return prefix and namespace; ``None`` where there is not one of each."""
    prefixes = {one.text for one in files.of(node, SH + "prefix")}
    namespaces = {one.text for one in files.of(node, SH + "namespace")}
    if len(prefixes) != 1 or len(namespaces) != 1:
        return None
    return prefixes.pop(), namespaces.pop()


def prefixes_of(files: ShapeFiles, node: Node) -> dict[str, str]:
    """Return the namespaces that the query of *node*, the subject of its sh:select, may use, by prefix."""
    found: dict[str, str] = {}
    for reference in files.of(node, _PREFIXES):
        for one in files.of(reference.value, _DECLARE):
            pair = _declaration(files, one.value)
            if pair is not None:
                found[pair[0]] = pair[1]
    return found
