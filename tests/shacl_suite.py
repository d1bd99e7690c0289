"""The W3C's SHACL Core suite: its tests, what each expects, and what the checker reports on it.

https://w3c.github.io/data-shapes/data-shapes-test-suite/ says how the tests are written and that of a result
only certain properties count; its messages and details do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import rdflib
from pyoxigraph import Triple
from rdflib import RDF, RDFS, SH
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from cicakg.checks.engines.fast import fast_results
from cicakg.checks.engines.port import DataGraph, Engine, ShapeResult, UnsupportedShapesError
from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.checks.graphs import quiet_rdflib, rdflib_graph
from cicakg.turtle import read_turtle

MF: Final = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT: Final = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")

# A result is compared by these alone: section "Validation tests" of the suite's documentation.
_COMPARED: Final = (
    RDF.type,
    SH.focusNode,
    SH.resultPath,
    SH.value,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.resultSeverity,
)

SUITE: Final = "w3c/data-shapes/core"
"""Where the suite lies in the shared material."""

KNOWN_FAILURES: Final[dict[str, str]] = {
    "property/uniqueLang-002": (
        'pySHACL takes `sh:uniqueLang "1"^^xsd:boolean` for true and does not conform; by the specification '
        "only the literal `true` turns the constraint on."
    )
}
"""The tests that pySHACL fails, each with the cause. One that begins to pass must go from here."""


@dataclass(frozen=True)
class SuiteTest:
    """One test: its name (folder and file), its title, what is validated by what, the report expected."""

    name: str
    title: str
    data: Path
    shapes: Path
    expected: rdflib.Graph

    def passes(self, engine: Engine) -> bool:
        """Whether the whole report by *engine* is the one expected, blank nodes aside."""
        results = engine.results(DataGraph(_triples(self.data)), ShapesGraph(_triples(self.shapes)))
        with quiet_rdflib():
            found = rdflib_graph(one.triple for one in read_turtle(_report(results).encode()).triples)
            (report,) = found.subjects(RDF.type, SH.ValidationReport)
            return isomorphic(compared(found, report), self.expected)

    def is_refused(self) -> bool:
        """Whether the fast engine leaves the shapes of this test to the judge."""
        try:
            fast_results(DataGraph(_triples(self.data)), ShapesGraph(_triples(self.shapes)))
        except UnsupportedShapesError:
            return True
        return False


def _report(results: list[ShapeResult]) -> str:
    """Return a validation report in Turtle; it conforms where there are no results."""
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n_:report a sh:ValidationReport ; sh:conforms "
    parts = [f"{head}{'false' if results else 'true'} ."]
    parts += [f"_:report sh:result [ {' ; '.join(_said(one))} ] ." for one in results]
    return "\n".join(parts)


def _said(result: ShapeResult) -> Iterator[str]:
    yield "a sh:ValidationResult"
    yield f"sh:focusNode {result.focus}"
    yield f"sh:sourceConstraintComponent {result.component}"
    yield f"sh:sourceShape {result.shape}"
    yield f"sh:resultSeverity {result.severity}"
    if result.path_text:
        yield f"sh:resultPath {result.path_text}"
    if result.value is not None:
        yield f"sh:value {result.value}"


def suite_tests(folder: Path) -> list[SuiteTest]:
    """Return the tests that the manifest of the suite in *folder* leads to, in the order of their names."""
    return sorted(_tests(folder, folder / "manifest.ttl"), key=lambda one: one.name)


def _tests(root: Path, path: Path) -> Iterator[SuiteTest]:
    graph = _graph(path)
    for included in sorted(graph.objects(None, MF.include), key=str):
        yield from _tests(root, _path(included))
    for entries in graph.objects(None, MF.entries):
        for entry in Collection(graph, entries):
            yield _test(root, path, graph, entry)


def _test(root: Path, path: Path, graph: rdflib.Graph, entry: rdflib.term.Node) -> SuiteTest:
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    assert action is not None
    assert result is not None
    return SuiteTest(
        name=f"{path.parent.relative_to(root)}/{str(entry).rsplit('/', 1)[-1]}",
        title=str(graph.value(entry, RDFS.label) or ""),
        data=_path(graph.value(action, SHT.dataGraph)),
        shapes=_path(graph.value(action, SHT.shapesGraph)),
        expected=compared(graph, result),
    )


def _path(iri: rdflib.term.Node | None) -> Path:
    return Path(str(iri).removeprefix("file://"))


@cache
def _triples(path: Path) -> tuple[Triple, ...]:
    return tuple(one.triple for one in read_turtle(path.read_bytes(), path.as_uri()).triples)


def _graph(path: Path) -> rdflib.Graph:
    with quiet_rdflib():
        return rdflib_graph(_triples(path))


def compared(graph: rdflib.Graph, report: rdflib.term.Node) -> rdflib.Graph:
    """Return what counts of *report*: whether it conforms, and its results with what counts of them.

    Two results may share the blank nodes of one path or each have a copy; both say the same, so each gets a
    copy here.
    """
    found = rdflib.Graph()
    for value in graph.objects(report, SH.conforms):
        found.add((report, SH.conforms, value))
    for result in graph.objects(report, SH.result):
        found.add((report, SH.result, result))
        for predicate in _COMPARED:
            for value in graph.objects(result, predicate):
                node = _path_copy(graph, value, found) if predicate == SH.resultPath else value
                found.add((result, predicate, node))
    return found


def _path_copy(graph: rdflib.Graph, node: rdflib.term.Node, found: rdflib.Graph) -> rdflib.term.Node:
    """Add a copy of the property path *node* to *found* and return its node; an IRI is its own copy."""
    if not isinstance(node, rdflib.BNode):
        return node
    copy = rdflib.BNode()
    for predicate, value in graph.predicate_objects(node):
        found.add((copy, predicate, _path_copy(graph, value, found)))
    return copy
