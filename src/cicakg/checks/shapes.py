"""Levels 2 and 3: the data against the shapes, by pySHACL (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH

from cicakg.checks.graphs import from_rdflib, quiet_rdflib, rdflib_graph
from cicakg.checks.locate import Locator, Place
from cicakg.checks.results import shacl_result
from cicakg.checks.rules import Rule, one_line
from cicakg.checks.shape_rules import ShapeRules, shape_rules_of
from cicakg.errors import CicakgError
from cicakg.model import Finding, Position, Severity, ShaclResult
from cicakg.turtle import TurtleDocument

_SEVERITIES: Final = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}

Term = NamedNode | BlankNode | Literal


def shape_findings(
    data: rdflib.Graph, shapes: Iterable[TurtleDocument], locator: Locator, otherwise: Path
) -> list[Finding]:
    """Return the findings of *shapes* on the graph *data* (see :func:`cicakg.checks.graphs.rdflib_graph`).

    *locator* says where a focus node stands; a finding about a node that stands in no file is put at the
    beginning of the file *otherwise*. Nothing is inferred, imported or fetched. Raises :class:`CicakgError`
    where the shapes cannot be run.
    """
    documents = list(shapes)
    rules = shape_rules_of(documents)
    graph = rdflib_graph(one.triple for document in documents for one in document.triples)
    if (None, SH.rule, None) in graph:
        raise CicakgError(
            "shapes-infer",
            "A shape has sh:rule, which would add triples to the data.",
            "A shape judges what is annotated and adds nothing to it: take the sh:rule away.",
        )
    report = validation_report(data, graph)
    found: defaultdict[Finding, set[ShaclResult]] = defaultdict(set)
    for node in _results(report):
        shape = rules.home(_value(report, node, SH.sourceShape))
        finding = _finding(report, node, rules, locator, otherwise)
        found[finding].add(shacl_result(report, node, shape if isinstance(shape, NamedNode) else None))
    findings = (replace(one, results=tuple(sorted(results))) for one, results in found.items())
    return sorted(findings, key=lambda one: (str(one.file), one.position, one.code, one.message))


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
    except (ReportableRuntimeError, re.error, ValueError) as error:  # ValueError: rdflib's, of a cyclic list
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


def _finding(
    report: rdflib.Graph, node: rdflib.term.Node, rules: ShapeRules, locator: Locator, otherwise: Path
) -> Finding:
    focus = _value(report, node, SH.focusNode)
    shape = rules.home(_value(report, node, SH.sourceShape))
    path = _value(report, node, SH.resultPath) or (rules.at.get(shape) if shape else None)
    value = _value(report, node, SH.value)
    place = None
    if focus is not None:
        place = locator.place(focus, path, value if path is not None else None)
    rule = rules.rules[shape] if shape else _unnamed_rule(report, node)
    position = place or Place(otherwise, Position(1, 1))
    return Finding(
        code=rule.code,
        severity=rule.severity,
        file=position.file,
        position=position.position,
        message=_message(report, node) or rule.message,
        fix=rule.fix,
        focus=focus.value if isinstance(focus, NamedNode) else "",
    )


def _value(report: rdflib.Graph, node: rdflib.term.Node, predicate: rdflib.URIRef) -> Term | None:
    value = report.value(node, predicate)
    return None if value is None else from_rdflib(value)


def _message(report: rdflib.Graph, node: rdflib.term.Node) -> str:
    """Return the message of a result, in English where there are several."""
    messages = [one for one in report.objects(node, SH.resultMessage) if isinstance(one, rdflib.Literal)]
    messages.sort(key=lambda one: (one.language not in (None, "en"), str(one)))
    return one_line(str(messages[0])) if messages else ""


def _unnamed_rule(report: rdflib.Graph, node: rdflib.term.Node) -> Rule:
    """Return a record for a shape that carries no rule:code, so that its result is not lost."""
    severity = report.value(node, SH.resultSeverity)
    return Rule(
        code="shape-without-code",
        severity=_SEVERITIES.get(severity, Severity.VIOLATION)
        if isinstance(severity, rdflib.URIRef)
        else Severity.VIOLATION,
        message="A shape that carries no rule:code is not met here.",
        what="",
        why="",
        example="",
        fix="Give the shape its rule:code, rule:what, rule:why, rule:example and rule:fix.",
    )
