"""Levels 2 and 3: the data against the shapes (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.engines.asking import ShapeQuery
from cicakg.checks.engines.port import DataGraph, Engine, ShapeResult
from cicakg.checks.engines.shapes_graph import ShapesGraph, sh
from cicakg.checks.locate import Locator, Place
from cicakg.checks.rules import Rule, one_line
from cicakg.checks.shape_rules import ShapeNode, ShapeRules, shape_rules_of
from cicakg.errors import CicakgError
from cicakg.model import Finding, Position, Severity, ShaclResult
from cicakg.turtle import TurtleDocument

_SEVERITIES: Final = {
    sh("Violation"): Severity.VIOLATION,
    sh("Warning"): Severity.WARNING,
    sh("Info"): Severity.INFO,
}


# Where a property does not belong, it is the property that is at fault, and not its value.
_CLOSED: Final = str(sh("ClosedConstraintComponent"))


def shape_findings(
    data: DataGraph, shapes: Iterable[TurtleDocument], locator: Locator, otherwise: Path, engine: Engine
) -> list[Finding]:
    """Return the findings of *shapes* on *data*, judged by *engine*.

    See :func:`findings_of` for *locator* and *otherwise*. Nothing is inferred, imported or fetched. Raises
    :class:`CicakgError` where the shapes cannot be run.
    """
    documents = list(shapes)
    results = engine.results(data, shapes_graph(documents))
    return findings_of(results, shape_rules_of(documents), locator, otherwise)


def shapes_graph(
    documents: Iterable[TurtleDocument], queries: dict[str, ShapeQuery] | None = None
) -> ShapesGraph:
    """Return the shapes in *documents* as one graph; *queries* are those looked through before.

    Raises :class:`CicakgError` (``shapes-infer``) for shapes that would add to the data.
    """
    graph = ShapesGraph((one for document in documents for one in document.statements), queries)
    if any(one.predicate == sh("rule") for one in graph.triples):
        raise CicakgError(
            "shapes-infer",
            "A shape has sh:rule, which would add triples to the data.",
            "A shape judges what is annotated and adds nothing to it: take the sh:rule away.",
        )
    return graph


def findings_of(
    results: Iterable[ShapeResult], rules: ShapeRules, locator: Locator, otherwise: Path
) -> list[Finding]:
    """Return what *results* say to a person, sorted by place.

    *locator* says where a focus node stands; a finding about a node that stands in no file is put at the
    beginning of the file *otherwise*.
    """
    found: defaultdict[Finding, set[ShaclResult]] = defaultdict(set)
    for result in results:
        home = rules.home(result.shape)
        found[_finding(result, home, rules, locator, otherwise)].add(_shown(result, home))
    findings = (replace(one, results=tuple(sorted(shown))) for one, shown in found.items())
    return sorted(findings, key=lambda one: (str(one.file), one.position, one.code, one.message))


def _finding(
    result: ShapeResult, home: ShapeNode | None, rules: ShapeRules, locator: Locator, otherwise: Path
) -> Finding:
    path = result.path or (None if result.path_text or home is None else rules.at.get(home))
    value = result.value if path is not None else None
    is_of_predicate = result.component == _CLOSED
    place = locator.place(result.focus, path, value, is_of_predicate)
    rule = rules.rules[home] if home is not None else _unnamed_rule(result)
    position = place or Place(otherwise, Position(1, 1))
    return Finding(
        code=rule.code,
        severity=rule.severity,
        file=position.file,
        position=position.position,
        message=_message(result) or rule.message,
        fix=rule.fix,
        focus=result.focus.value if isinstance(result.focus, NamedNode) else "",
    )


def _shown(result: ShapeResult, home: ShapeNode | None) -> ShaclResult:
    return ShaclResult(
        focus=str(result.focus),
        path=result.path_text,
        value="" if result.value is None else str(result.value),
        component=result.component,
        shape=str(home) if isinstance(home, NamedNode) else "",
    )


def _message(result: ShapeResult) -> str:
    """Return the message of a result, in English where there are several."""
    messages = sorted(result.messages, key=lambda one: (one.language not in (None, "en"), one.value))
    return one_line(messages[0].value) if messages else ""


def _unnamed_rule(result: ShapeResult) -> Rule:
    """Return a record for a shape that carries no rule:code, so that its result is not lost."""
    return Rule(
        code="shape-without-code",
        severity=_SEVERITIES.get(result.severity, Severity.VIOLATION),
        message="A shape that carries no rule:code is not met here.",
        what="",
        why="",
        example="",
        fix="Give the shape its rule:code, rule:what, rule:why, rule:example and rule:fix.",
    )
