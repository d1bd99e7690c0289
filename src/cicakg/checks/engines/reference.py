"""pySHACL, the judge: slower than the other engine, and right where the two differ."""

from __future__ import annotations

import re
from collections.abc import Iterator

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH

from cicakg.checks.engines.port import DataGraph, ShapeResult, Term
from cicakg.checks.engines.shapes_graph import ShapesGraph, sh
from cicakg.checks.graphs import from_rdflib, quiet_rdflib, rdflib_graph
from cicakg.checks.rules import one_line
from cicakg.errors import CicakgError

_VIOLATION = sh("Violation")
_MESSAGE = sh("message")
_SPARQL = sh("sparql")
_PATH = sh("path")
_PLACEHOLDER = re.compile(r"\{[?$]\w+\}")


class ReferenceEngine:
    """pySHACL on rdflib, its queries answered by pyoxigraph."""

    def prepare(self, shapes: ShapesGraph) -> None:
        """Do nothing: pySHACL looks shapes through each time."""

    def results(self, data: DataGraph, shapes: ShapesGraph) -> list[ShapeResult]:
        """Return the results of *shapes* on *data*; see :class:`~cicakg.checks.engines.port.Engine`."""
        report = validation_report(data.rdflib, rdflib_graph(shapes.triples))
        return [_result(report, node, shapes) for node in _results(report)]


def validation_report(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """Return the validation report (https://www.w3.org/TR/shacl/#validation-report) on *data*, by pySHACL.

    Nothing is inferred, imported or fetched. Raises :class:`CicakgError` (``shapes-broken``) for shapes that
    cannot be run.
    """
    try:
        with quiet_rdflib():
            _, report, _ = validate(
                data,
                shacl_graph=shapes,
                advanced=True,
                inplace=True,
                inference="none",
                do_owl_imports=False,
                js=False,
                meta_shacl=False,
            )
    except RecursionError:
        report = "they lead back to themselves without end"
    # ValueError: rdflib's, of a cyclic list; NotImplementedError: of $shapesGraph
    except (ReportableRuntimeError, NotImplementedError, re.error, ValueError) as error:
        report = error
    if isinstance(report, rdflib.Graph):
        return report
    raise CicakgError(
        "shapes-broken",
        f"The shapes cannot be run: {one_line(str(report))}",
        "Correct the shape by https://www.w3.org/TR/shacl/.",
    )


def _results(report: rdflib.Graph) -> Iterator[rdflib.term.Node]:
    """Yield the results that the report names itself, not those nested in them by sh:detail."""
    for one in report.subjects(rdflib.RDF.type, SH.ValidationReport):
        yield from report.objects(one, SH.result)


def _result(report: rdflib.Graph, node: rdflib.term.Node, shapes: ShapesGraph) -> ShapeResult:
    shape, severity = _value(report, node, SH.sourceShape), _value(report, node, SH.resultSeverity)
    path, focus = _value(report, node, SH.resultPath), _value(report, node, SH.focusNode)
    if focus is None or not isinstance(shape, NamedNode | BlankNode):
        raise TypeError("a validation result without focus node or source shape")
    # What pySHACL says where the shape has no message of its own is not for people.
    spoken = [shape, *shapes.nodes(shape, _SPARQL)]
    templates = [text for one in spoken for text in shapes.texts(one, _MESSAGE)]
    messages = [from_rdflib(one) for one in report.objects(node, SH.resultMessage)] if templates else []
    return ShapeResult(
        focus=focus,
        path=path if isinstance(path, NamedNode) else None,
        path_text="" if path is None else _path_text(path, shape, shapes),
        value=_value(report, node, SH.value),
        component=str(_value(report, node, SH.sourceConstraintComponent)),
        shape=shape,
        severity=severity if isinstance(severity, NamedNode) else _VIOLATION,
        messages=tuple(
            sorted((_tagged(one, templates) for one in messages if isinstance(one, Literal)), key=str)
        ),
    )


def _tagged(message: Literal, templates: list[Literal]) -> Literal:
    """Return *message* with its language, which pySHACL leaves out where a query has found the fault."""
    if message.language is not None:
        return message
    fitting = (one.language for one in templates if _form(one.value).fullmatch(message.value))
    language = next(fitting, None)
    return Literal(message.value, language=language) if language else message


def _form(template: str) -> re.Pattern[str]:
    """Return a pattern of what *template* can become when values take the places of its variables."""
    return re.compile(".*".join(map(re.escape, _PLACEHOLDER.split(template))), re.DOTALL)


def _path_text(path: Term, shape: NamedNode | BlankNode, shapes: ShapesGraph) -> str:
    """Return a result's path in Turtle: one that is no predicate is that of its shape."""
    if isinstance(path, NamedNode):
        return str(path)
    return next((shapes.path_text(one) for one in shapes.nodes(shape, _PATH)), "")


def _value(report: rdflib.Graph, node: rdflib.term.Node, predicate: rdflib.URIRef) -> Term | None:
    value = report.value(node, predicate)
    return None if value is None else from_rdflib(value)
