"""The fast engine: SHACL Core by a library in Rust (``shacl`` on PyPI), and each query once, by pyoxigraph.

Measured against pySHACL in benchmarks/checking.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Final

import shacl
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, RdfFormat, Triple, Variable, parse

from cicakg.checks.engines.plan import Constraint, Plan, plan_of, target_queries
from cicakg.checks.engines.port import DataGraph, ShapeResult, Term, UnsupportedShapesError, n_triples
from cicakg.checks.engines.shapes_graph import Node, ShapesGraph, sh
from cicakg.errors import CicakgError

_THIS: Final = Variable("this")
_MOST_PLANS: Final = 16
"""How many graphs of shapes are remembered with their plans: those of a check, and parts of them."""
_IRI: Final = re.compile(r"<[^<>]*>")
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
_SPARQL: Final = f"<{sh('SPARQLConstraintComponent').value}>"
_VIOLATION: Final = sh("Violation")


class FastEngine:
    """The library and the queries; what they do not know goes to the judge."""

    def __init__(self) -> None:
        self._plan = lru_cache(maxsize=_MOST_PLANS)(plan_of)

    def prepare(self, shapes: ShapesGraph) -> None:
        """Look through the queries of *shapes*."""
        with suppress(UnsupportedShapesError, CicakgError):
            plan = self._plan(shapes)
            for query in (*(text for _, text in plan.targets), *(one.query for one in plan.constraints)):
                shapes.query(query)

    def results(self, data: DataGraph, shapes: ShapesGraph) -> list[ShapeResult]:
        """Return the results of *shapes* on *data*; see :class:`~cicakg.checks.engines.port.Engine`."""
        try:
            return _planned_results(data, self._plan(shapes))
        except UnsupportedShapesError:
            from cicakg.checks.engines.reference import ReferenceEngine  # noqa: PLC0415 - 0.3 s, seldom

            return ReferenceEngine().results(data, shapes)


def fast_results(data: DataGraph, shapes: ShapesGraph) -> list[ShapeResult]:
    """Return the results of *shapes* on *data*, or raise :class:`UnsupportedShapesError`."""
    return _planned_results(data, plan_of(shapes))


def _planned_results(data: DataGraph, plan: Plan) -> list[ShapeResult]:
    selected = {
        (shape, _focus(row)): None
        for shape, query in plan.targets
        for row in plan.shapes.query(query).solutions(data.store)
    }
    found = _core_results(data, plan, selected)
    found.extend(_constraint_results(data, plan, selected))
    return found


def _focus(row: QuerySolution) -> Term:
    focus: Term | Triple | None = row[_THIS]
    if not isinstance(focus, NamedNode):  # of a literal, the store may have changed the form
        raise UnsupportedShapesError("a focus node that has no name")
    return focus


def _with_name(node: Term | Triple) -> Term:
    if isinstance(node, BlankNode | Triple):
        raise UnsupportedShapesError("a focus node that has no name")
    return node


# SHACL Core, by the library


def _core_results(data: DataGraph, plan: Plan, selected: Iterable[tuple[Node, Term]]) -> list[ShapeResult]:
    targets = [Triple(shape, sh("targetNode"), focus) for shape, focus in selected]
    shapes, text = plan.core_text(targets), _core_data(data, plan, targets)
    report, terms = _validated(shapes, text), _Terms(shapes, text)
    return [_core_result(one, plan, terms) for one in report.results]


def _core_data(data: DataGraph, plan: Plan, targets: Iterable[Triple]) -> str:
    """Return what the shapes can see from their focus nodes: often that is very little."""
    if plan.has_core_targets or plan.looks_back:
        return data.n_triples
    nodes = [one.object for one in targets if isinstance(one.object, NamedNode)]
    return n_triples(one for found in data.reached(nodes).values() for one in found)


def _validated(shapes: str, data: str) -> shacl.Report:
    """Return the library's report; whatever it cannot do is for the judge to do or to refuse."""
    try:
        return shacl.Shapes.from_text(shapes, format="ntriples").validate_text(data, format="ntriples")
    except ValueError as error:
        raise UnsupportedShapesError(str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's, which is no Exception and has no other name
            raise
        raise UnsupportedShapesError(str(error)) from None


def _core_result(found: shacl.Result, plan: Plan, terms: _Terms) -> ShapeResult:
    if found.source_shape is None:
        raise UnsupportedShapesError("a result without its shape")
    shape = plan.shape_called(found.source_shape)
    path = None
    if found.path is not None and _IRI.fullmatch(found.path):
        path = NamedNode(found.path[1:-1])
    return ShapeResult(
        focus=terms[found.focus_node],
        path=path,
        path_text=_path_text(plan.shapes, shape) if path is None and found.path else str(path or ""),
        value=None if found.value is None else terms[found.value],
        component=f"<{found.component_iri}>",
        shape=shape,
        severity=NamedNode(found.severity_iri),
        messages=tuple(sorted(plan.shapes.texts(shape, sh("message")), key=str)),
    )


def _path_text(shapes: ShapesGraph, shape: Node) -> str:
    return next((shapes.path_text(one) for one in shapes.nodes(shape, sh("path"))), "")


class _Terms(dict[str, Term]):
    """Terms by what they are in the library's N-Triples.

    It numbers the blank nodes, those of the shapes first, in the order in which they stand in the text, and
    calls those of the data 0_b and their number. So does this release; pyproject.toml allows no other.
    """

    def __init__(self, shapes: str, data: str) -> None:
        super().__init__()
        self._shapes, self._data = shapes, data

    def __missing__(self, text: str) -> Term:
        if text.startswith("_:"):
            self.update({f"_:0_b{number}": one for number, one in self._numbered()})
            if text not in self:
                raise UnsupportedShapesError(f"{text}, a node that is not in the data")
            return self[text]
        (quad,) = parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.N_TRIPLES)
        term: Term | Triple = quad.object
        if isinstance(term, Triple):
            raise UnsupportedShapesError("a triple term")
        self[text] = term
        return term

    def _numbered(self) -> Iterator[tuple[int, BlankNode]]:
        return enumerate(_blank_nodes(self._data), len(_blank_nodes(self._shapes)))


def _blank_nodes(text: str) -> dict[BlankNode, None]:
    """Return the blank nodes of the N-Triples *text*, in the order in which they first stand there."""
    found = parse(text, format=RdfFormat.N_TRIPLES)
    nodes = (node for one in found for node in (one.subject, one.object))
    return dict.fromkeys(node for node in nodes if isinstance(node, BlankNode))


# SPARQL-based constraints, by their queries


def _constraint_results(
    data: DataGraph, plan: Plan, selected: Iterable[tuple[Node, Term]]
) -> Iterator[ShapeResult]:
    """Yield the results of the queries (https://www.w3.org/TR/shacl/#sparql-constraints)."""
    by_query: dict[Node, list[Term]] = {}
    for shape, focus in selected:
        by_query.setdefault(shape, []).append(focus)
    for constraint in plan.constraints:
        focuses = {**dict.fromkeys(by_query.get(constraint.shape, ()))}
        focuses.update(dict.fromkeys(_core_targets(data, plan.shapes, constraint.shape)))
        query = plan.shapes.query(constraint.query)
        for focus in focuses:
            found = query.solutions(data.store, focus)
            names = [one.value for one in found.variables]
            for row in dict.fromkeys(map(tuple, found)):  # as the judge does, equal solutions once
                said = {name: value for name, value in zip(names, row, strict=True) if value is not None}
                yield _constraint_result(plan.shapes, constraint, focus, said)


def _core_targets(data: DataGraph, shapes: ShapesGraph, shape: Node) -> Iterator[Term]:
    for one in shapes.objects(shape, sh("targetNode")):
        yield _with_name(one)
    for query in target_queries(shapes, shape):
        yield from (_focus(row) for row in shapes.query(query).solutions(data.store))
    for predicate in shapes.nodes(shape, sh("targetObjectsOf")):
        for found in data.triples:  # not from the store, which writes numbers in forms of its own
            if found.predicate == predicate:
                yield _with_name(found.object)


def _constraint_result(
    shapes: ShapesGraph, constraint: Constraint, focus: Term, said: Mapping[str, Term | Triple]
) -> ShapeResult:
    path, value = said.get("path"), said.get("value")
    own = shapes.nodes(constraint.shape, sh("path"))
    if not isinstance(path, NamedNode):
        path = own[0] if own and isinstance(own[0], NamedNode) else None
    if value is None and not own:
        value = focus
    severities = shapes.nodes(constraint.shape, sh("severity"))
    severity = severities[0] if severities and isinstance(severities[0], NamedNode) else _VIOLATION
    return ShapeResult(
        focus=focus,
        path=path,
        path_text=str(path) if path is not None else _path_text(shapes, constraint.shape),
        value=None if isinstance(value, Triple) else value,
        component=_SPARQL,
        shape=constraint.shape,
        severity=severity,
        messages=tuple(_filled(one, said) for one in sorted(constraint.messages, key=str)),
    )


def _filled(message: Literal, said: Mapping[str, Term | Triple]) -> Literal:
    """Return *message* with what the query found in the place of its variables, as {?value}."""

    def put(found: re.Match[str]) -> str:
        value = said.get(found[1])
        return found[0] if value is None else str(getattr(value, "value", value))

    text = _PLACEHOLDER.sub(put, message.value)
    return Literal(text, language=message.language) if message.language else Literal(text)
