"""Constraints that have no effect, or that nothing can meet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.shape_catalogue import SHAPE_CONSTRAINT
from cicakg.checks.shape_lint.shape_files import (
    BOOLEANS,
    COUNTS,
    PATH_ONLY,
    SH,
    Node,
    Said,
    ShapeFiles,
    readable,
    sh,
)
from cicakg.model import Finding
from cicakg.vocab import term

_SINGLE: Final = (
    COUNTS
    | BOOLEANS
    | sh("datatype", "nodeKind", "in", "languageIn", "minInclusive", "minExclusive", "maxInclusive")
    | sh("maxExclusive", "pattern", "flags", "ignoredProperties", "qualifiedValueShape")
)
"""Of these a shape has at most one (https://www.w3.org/TR/shacl/#core-components)."""

_BOUNDS: Final = (
    ("minCount", "maxCount"),
    ("qualifiedMinCount", "qualifiedMaxCount"),
    ("minLength", "maxLength"),
    ("minInclusive", "maxInclusive"),
    ("minInclusive", "maxExclusive"),
    ("minExclusive", "maxInclusive"),
    ("minExclusive", "maxExclusive"),
)
_COMPANIONS: Final = (
    ("flags", ("pattern",)),
    ("ignoredProperties", ("closed",)),
    ("qualifiedMinCount", ("qualifiedValueShape",)),
    ("qualifiedMaxCount", ("qualifiedValueShape",)),
    ("qualifiedValueShape", ("qualifiedMinCount", "qualifiedMaxCount")),
)
_NODE_KINDS: Final = {
    "IRI": frozenset({"iri"}),
    "BlankNode": frozenset({"blank"}),
    "Literal": frozenset({"literal"}),
    "BlankNodeOrIRI": frozenset({"blank", "iri"}),
    "BlankNodeOrLiteral": frozenset({"blank", "literal"}),
    "IRIOrLiteral": frozenset({"iri", "literal"}),
}
_NEEDED_KINDS: Final = {
    "datatype": frozenset({"literal"}),
    "uniqueLang": frozenset({"literal"}),
    "languageIn": frozenset({"literal"}),
    "class": frozenset({"blank", "iri"}),
}
_CLASHES: Final = (("class", "datatype"), ("class", "languageIn"))
_TRUTH: Final = term("xsd:boolean")
_INTEGER: Final = term("xsd:integer")
_TAGGED: Final = term("rdf:langString")


def constraint_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield the constraints that are none, and those that contradict each other."""
    for one in files.triples:
        yield from _of_value(one)
        if one.predicate == SH + "sparql" and not any(files.of(one.value, SH + "select")):
            yield one.at_object(SHAPE_CONSTRAINT, "query")
    for shape in files.shapes:
        yield from _of_shape(files, shape)


def _of_value(one: Said) -> Iterator[Finding]:
    if one.predicate in COUNTS and not _is_count(one.value):
        yield one.at_object(SHAPE_CONSTRAINT, "count", value=one.value, property=one.name)
    elif one.predicate in BOOLEANS and not _is_truth(one.value):
        yield one.at_object(SHAPE_CONSTRAINT, "boolean", value=one.value, property=one.name)
    elif one.predicate == SH + "nodeKind" and one.text.removeprefix(SH) not in _NODE_KINDS:
        yield one.at_object(SHAPE_CONSTRAINT, "node-kind", value=one.value)


def _is_count(node: Node) -> bool:
    if not isinstance(node, Literal) or node.datatype != _INTEGER:
        return False
    return node.value.removeprefix("+").isdecimal() and node.value.isascii()


def _is_truth(node: Node) -> bool:
    if not isinstance(node, Literal) or node.datatype != _TRUTH:
        return False
    return node.value in {"true", "false", "0", "1"}


def _of_shape(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    yield from _repeated(files, shape)
    yield from _out_of_place(files, shape)
    yield from _alone(files, shape)
    yield from _impossible_bounds(files, shape)
    yield from _clashing(files, shape)


def _repeated(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    seen: dict[str, Node] = {}
    for one in files.of(shape, *_SINGLE):
        if seen.setdefault(one.predicate, one.value) != one.value:
            yield one.at_object(SHAPE_CONSTRAINT, "second", property=one.name)


def _out_of_place(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    if not any(files.of(shape, SH + "path")):
        for one in files.of(shape, *PATH_ONLY):
            yield one.at_predicate(SHAPE_CONSTRAINT, "needs-path", property=one.name)


def _alone(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    for name, companions in _COMPANIONS:
        for one in files.of(shape, SH + name):
            if not files.has_any(shape, sh(*companions)):
                second = f"sh:{companions[0]}"
                yield one.at_predicate(SHAPE_CONSTRAINT, "alone", first=one.name, second=second)


def _impossible_bounds(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    for low, high in _BOUNDS:
        for lower in files.of(shape, SH + low):
            for upper in files.of(shape, SH + high):
                if _is_empty(lower, upper):
                    first, second = _shown(lower), _shown(upper)
                    yield lower.at_object(SHAPE_CONSTRAINT, "bounds", lower=first, upper=second)


def _is_empty(lower: Said, upper: Said) -> bool:
    """Whether no number is between the two bounds; of other values nothing is said."""
    try:
        low, high = Decimal(lower.text), Decimal(upper.text)
    except InvalidOperation:
        return False
    if low.is_nan() or high.is_nan():
        return False
    is_open = "Exclusive" in lower.predicate + upper.predicate
    return low > high or (is_open and low == high)


def _shown(one: Said) -> str:
    return f"{one.name} {one.text}"


def _clashing(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    for kind in files.of(shape, SH + "nodeKind"):
        allowed = _NODE_KINDS.get(kind.text.removeprefix(SH))
        for name, needed in _NEEDED_KINDS.items():
            if allowed is not None and not allowed & needed:
                yield from _clash(kind, files, shape, name)
    for one, other in _CLASHES:
        for said in files.of(shape, SH + one):
            yield from _clash(said, files, shape, other)
    for said in files.of(shape, SH + "datatype"):
        if said.value != _TAGGED:
            yield from _clash(said, files, shape, "languageIn")


def _clash(one: Said, files: ShapeFiles, shape: Node, name: str) -> Iterator[Finding]:
    for other in files.of(shape, SH + name):
        if name == "uniqueLang" and other.text not in {"true", "1"}:
            continue
        first, second = _with_value(one), _with_value(other)
        yield one.at_object(SHAPE_CONSTRAINT, "clash", first=first, second=second)


def _with_value(one: Said) -> str:
    return f"{one.name} {readable(one.value)}" if isinstance(one.value, NamedNode) else one.name
