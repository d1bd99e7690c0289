"""A result of the shapes as a value: each of its terms in Turtle, so that a report can be written from it."""

from __future__ import annotations

from typing import Final

import rdflib
from pyoxigraph import NamedNode
from rdflib import RDF, SH

from cicakg.checks.graphs import from_rdflib
from cicakg.model import ShaclResult

_MODIFIERS: Final = (SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)


def shacl_result(report: rdflib.Graph, node: rdflib.term.Node, shape: NamedNode | None) -> ShaclResult:
    """Return the result *node* of *report*; *shape* is the named shape it belongs to, if any."""
    path = report.value(node, SH.resultPath)
    return ShaclResult(
        focus=_text(report.value(node, SH.focusNode)),
        path="" if path is None else path_text(report, path),
        value=_text(report.value(node, SH.value)),
        component=_text(report.value(node, SH.sourceConstraintComponent)),
        shape="" if shape is None else str(shape),
    )


def _text(node: rdflib.term.Node | None) -> str:
    return "" if node is None else str(from_rdflib(node))


def path_text(graph: rdflib.Graph, path: rdflib.term.Node) -> str:
    """Return a property path of *graph* in Turtle (https://www.w3.org/TR/shacl/#property-paths)."""
    if isinstance(path, rdflib.URIRef):
        return _text(path)
    if graph.value(path, RDF.first) is not None:
        return f"( {' '.join(path_text(graph, one) for one in graph.items(path))} )"
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return f"[ sh:alternativePath {path_text(graph, alternatives)} ]"
    modified = ((one, graph.value(path, one)) for one in _MODIFIERS)
    parts = [f"sh:{one.fragment} {path_text(graph, inner)}" for one, inner in modified if inner is not None]
    return f"[ {' ; '.join(parts)} ]"
