"""What the fast engine does with a graph of shapes: which part goes to the library, which are queries.

It knows SHACL Core (https://www.w3.org/TR/shacl/), SPARQL-based constraints, and the SPARQL-based targets of
SHACL's Advanced Features. Shapes that use anything else are refused, and the judge runs them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.engines.port import UnsupportedShapesError, n_triples
from cicakg.checks.engines.shapes_graph import SH, Node, ShapesGraph, Value, sh
from cicakg.vocab import PREFIXES, RDF_TYPE, term

_CORE_NAMES: Final = """
    alternativePath and class closed datatype deactivated defaultValue description disjoint equals flags
    group hasValue ignoredProperties in inversePath languageIn lessThan lessThanOrEquals maxCount
    maxExclusive maxInclusive maxLength message minCount minExclusive minInclusive minLength name node
    nodeKind not oneOrMorePath or order path pattern property qualifiedMaxCount qualifiedMinCount
    qualifiedValueShape qualifiedValueShapesDisjoint severity targetClass targetNode targetObjectsOf
    targetSubjectsOf uniqueLang xone zeroOrMorePath zeroOrOnePath
"""
_CORE: Final = frozenset(sh(name) for name in _CORE_NAMES.split())
# A file may hold the report that is expected of it beside its shapes; an engine does not look at it.
_REPORT_NAMES: Final = """
    conforms detail focusNode result resultMessage resultPath resultSeverity shapesGraph sourceConstraint
    sourceConstraintComponent sourceShape value
"""
_REPORT: Final = frozenset(sh(name) for name in _REPORT_NAMES.split())
_QUERIES: Final = frozenset(
    sh(name) for name in ("target", "sparql", "select", "prefixes", "declare", "prefix", "namespace")
)
_KIND_NAMES: Final = """
    NodeShape PropertyShape PropertyGroup SPARQLConstraint SPARQLTarget ValidationReport ValidationResult
"""
_KINDS: Final = frozenset(sh(name) for name in _KIND_NAMES.split())
_NOT_CORE: Final = _QUERIES | _REPORT
_KNOWN: Final = _CORE | _QUERIES | _REPORT
_NESTING: Final = tuple(sh(name) for name in ("property", "node", "not", "qualifiedValueShape"))
_NESTING_LISTS: Final = tuple(sh(name) for name in ("and", "or", "xone"))
_RDF: Final = PREFIXES["rdf"]
_RDFS: Final = PREFIXES["rdfs"]
_CORE_TARGETS: Final = frozenset(
    sh(name) for name in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
)
_SWITCHES: Final = frozenset(
    sh(name) for name in ("closed", "deactivated", "qualifiedValueShapesDisjoint", "uniqueLang")
)
_SWITCHED: Final = ("true", "false")
_BOOLEAN: Final = term("xsd:boolean")
_OWL_CLASS: Final = term("owl:Class")
_SUBCLASS: Final = term("rdfs:subClassOf")
_IMPORTS: Final = term("owl:imports")
_CLASS: Final = term("rdfs:Class")
_SHAPE_IRI: Final = "urn:cicakg:shape:"
# What else may be bound beforehand or handed on, and what must not stand where something is bound beforehand
# (https://www.w3.org/TR/shacl/#pre-binding).
_PARTICULAR: Final = re.compile(
    r"[?$](?:PATH|currentShape|shapesGraph|failure)\b"
    r"|(?i:(?<![\w?$:-])(?:MINUS|VALUES)(?:\s|#[^\n]*)*[({?$]|\bAS\s*[?$]this\b)"
)

_SELECTS: Final = re.compile(r"\bSELECT\b[^{]*", re.IGNORECASE)
_THIS: Final = re.compile(r"[?$]this\b")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A SPARQL-based constraint: the query of *shape*, and its messages, in which variables may stand."""

    shape: Node
    query: str
    messages: tuple[Literal, ...]


@dataclass(frozen=True)
class Plan:
    """The shapes as the fast engine runs them.

    ``core`` is the part for the library, in which shapes that have no name bear one; ``targets`` the queries
    that select focus nodes, by shape; ``constraints`` those that find faults.
    """

    shapes: ShapesGraph
    core: tuple[Triple, ...]
    targets: tuple[tuple[Node, str], ...]
    constraints: tuple[Constraint, ...]
    names: dict[str, BlankNode]

    def core_text(self, added: Iterable[Triple] = ()) -> str:
        """Return the part for the library as N-Triples, with *added* targets."""
        named = (_named(one) for one in added)
        return n_triples([*self.core, *named])

    @property
    def has_core_targets(self) -> bool:
        """Whether a shape has focus nodes of its own, not only those that queries select."""
        return any(
            one.predicate in _CORE_TARGETS or (one.predicate == RDF_TYPE and one.object == _CLASS)
            for one in self.core
        )

    @property
    def looks_back(self) -> bool:
        """Whether a path of the shapes leads from an object to a subject."""
        return any(one.predicate == sh("inversePath") for one in self.core)

    def shape_called(self, text: str) -> Node:
        """Return the shape that the library calls *text*, an IRI in angle brackets."""
        if text in self.names:
            return self.names[text]
        if not text.startswith("<"):
            raise UnsupportedShapesError("a result of a shape that has no name")
        return NamedNode(text[1:-1])


def plan_of(shapes: ShapesGraph) -> Plan:
    """Return how to run *shapes*; raises :class:`UnsupportedShapesError`."""
    _refuse_unknown(shapes)
    nested = frozenset(_nested(shapes))
    _refuse_pathless(shapes)
    queried = [one.subject for one in shapes.triples if one.predicate == sh("sparql")]
    for shape in queried:
        if shape in nested:
            raise UnsupportedShapesError(f"sh:sparql in {shape}, which another shape uses")
    shapes_there = nested | {one.subject for one in shapes.triples if _says_shape(one)}
    blank = (one for one in shapes_there if isinstance(one, BlankNode))
    renamed = {one: NamedNode(_SHAPE_IRI + one.value) for one in blank}
    return Plan(
        shapes=shapes,
        core=tuple(_renamed(one, renamed) for one in shapes.triples if _is_core(one)),
        targets=tuple(_target_queries(shapes)),
        constraints=tuple(_constraints(shapes)),
        names={str(name): node for node, name in renamed.items()},
    )


def _refuse_unknown(shapes: ShapesGraph) -> None:
    for one in shapes.triples:
        if one.predicate.value.startswith(SH) and one.predicate not in _KNOWN:
            raise UnsupportedShapesError(f"{one.predicate}")
        kind = one.object
        if one.predicate == RDF_TYPE and isinstance(kind, NamedNode):
            _refuse_kind(shapes, one.subject, kind)
        elif one.predicate == sh("target") and not _is_plain_target(shapes, kind):
            raise UnsupportedShapesError("a target that is no sh:SPARQLTarget with one query")
        elif one.predicate in _SWITCHES and not _is_switch(one):
            raise UnsupportedShapesError(f"{one.predicate} {one.object}")


def _refuse_kind(shapes: ShapesGraph, node: object, kind: NamedNode) -> None:
    """Leave to the judge what is a class in a way that SHACL does not say in so many words."""
    if kind.value.startswith(SH) and kind not in _KINDS:
        raise UnsupportedShapesError(f"{kind}")
    if kind == _OWL_CLASS or shapes.objects(kind, _SUBCLASS):
        raise UnsupportedShapesError(f"{node}, which could be a class and a shape")


def _is_plain_target(shapes: ShapesGraph, target: object) -> bool:
    return shapes.has_type(target, sh("SPARQLTarget")) and len(shapes.objects(target, sh("select"))) == 1


def _is_switch(one: Triple) -> bool:
    """Whether the value is one that switches something on or off by the letter, ``true`` or ``false``.

    Of sh:uniqueLang the W3C's suite says what any other boolean does: nothing.
    """
    forms = _SWITCHED if one.predicate != sh("uniqueLang") else (*_SWITCHED, "1", "0")
    return one.object in [Literal(form, datatype=_BOOLEAN) for form in forms]


def _refuse_pathless(shapes: ShapesGraph) -> None:
    """Leave a property shape without exactly one path to the judge, who says what is wrong with it."""
    for one in shapes.triples:
        is_typed = one.predicate == RDF_TYPE and one.object == sh("PropertyShape")
        node = one.subject if is_typed else one.object if one.predicate == sh("property") else None
        if node is not None and len(shapes.objects(node, sh("path"))) != 1:
            raise UnsupportedShapesError(f"{node}, a property shape without a path")


def _says_shape(one: Triple) -> bool:
    """Whether a triple says of its subject that it is a shape, used by another one or not."""
    is_typed = one.predicate == RDF_TYPE and one.object in (sh("NodeShape"), sh("PropertyShape"))
    return is_typed or one.predicate in _CORE_TARGETS or one.predicate in (sh("target"), sh("sparql"))


def _nested(shapes: ShapesGraph) -> Iterator[Node]:
    """Yield the shapes that other shapes use."""
    for one in shapes.triples:
        if one.predicate in _NESTING and isinstance(one.object, NamedNode | BlankNode):
            yield one.object
        elif one.predicate in _NESTING_LISTS:
            yield from (item for item in shapes.items(one.object) if isinstance(item, NamedNode | BlankNode))


def _is_core(one: Triple) -> bool:
    """Whether a triple is for the library: not the queries, nor the words of a rule."""
    return (
        one.predicate not in _NOT_CORE
        and one.predicate.value.startswith((SH, _RDF, _RDFS))
        and one.object not in (sh("SPARQLConstraint"), sh("SPARQLTarget"))
    )


def _renamed(one: Triple, names: dict[BlankNode, NamedNode]) -> Triple:
    subject, value = one.subject, one.object
    return Triple(
        names.get(subject, subject) if isinstance(subject, BlankNode) else subject,
        one.predicate,
        names.get(value, value) if isinstance(value, BlankNode) else value,
    )


def _named(one: Triple) -> Triple:
    if isinstance(one.subject, BlankNode) or isinstance(one.object, BlankNode):
        raise UnsupportedShapesError("a target that has no name")
    return one


def _target_queries(shapes: ShapesGraph) -> Iterator[tuple[Node, str]]:
    for one in shapes.triples:
        if one.predicate == sh("target") and isinstance(one.subject, NamedNode | BlankNode):
            for text in shapes.texts(one.object, sh("select")):
                yield one.subject, query_text(shapes, one.object, text.value)


def _constraints(shapes: ShapesGraph) -> Iterator[Constraint]:
    for one in shapes.triples:
        shape, constraint = one.subject, one.object
        if one.predicate != sh("sparql") or not isinstance(shape, NamedNode | BlankNode):
            continue
        if any(shapes.is_true(node, sh("deactivated")) for node in (shape, constraint)):
            continue
        if not _is_shape_by_the_judge(shapes, shape):
            raise UnsupportedShapesError(f"{shape}, which is not said to be a shape")
        texts = shapes.texts(constraint, sh("select"))
        if len(texts) != 1 or _PARTICULAR.search(texts[0].value) or _hides_this(texts[0].value):
            raise UnsupportedShapesError(f"the query of {shape}")
        messages = shapes.texts(constraint, sh("message")) or shapes.texts(shape, sh("message"))
        yield Constraint(shape, query_text(shapes, constraint, texts[0].value), tuple(messages))


def _is_shape_by_the_judge(shapes: ShapesGraph, node: Node) -> bool:
    """Whether pySHACL takes *node* for a shape; to have sh:sparql alone is not enough for it."""
    is_typed = any(shapes.has_type(node, sh(one)) for one in ("NodeShape", "PropertyShape"))
    return is_typed or any(shapes.objects(node, one) for one in _CORE_TARGETS)


def _hides_this(query: str) -> bool:
    """Whether a query inside *query* does not hand on what is bound beforehand, ``?this``."""
    _, *inner = _SELECTS.findall(query) or [""]
    return any(_THIS.search(one) is None for one in inner)


def query_text(shapes: ShapesGraph, node: object, text: str) -> str:
    """Return the query *text* with the prefixes that *node* names by sh:prefixes before it."""
    prefixes: defaultdict[str, str] = defaultdict(str)
    waiting: list[Value] = list(shapes.objects(node, sh("prefixes")))
    for one in waiting:
        waiting.extend(each for each in shapes.objects(one, _IMPORTS) if each not in waiting)
        for declared in shapes.objects(one, sh("declare")):
            for prefix in shapes.texts(declared, sh("prefix")):
                for namespace in shapes.texts(declared, sh("namespace")):
                    prefixes[prefix.value] = namespace.value
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items()) + text


def target_queries(shapes: ShapesGraph, shape: Node) -> Iterator[str]:
    """Yield queries for the focus nodes, ?this, that *shape* has by its core targets
    (https://www.w3.org/TR/shacl/#targets), but for the nodes it names and the objects of its properties.
    """
    classes = shapes.nodes(shape, sh("targetClass"))
    if shapes.has_type(shape, _CLASS) and isinstance(shape, NamedNode):
        classes = [*classes, shape]
    path = f"{RDF_TYPE}/{_SUBCLASS}*"
    yield from (f"SELECT DISTINCT ?this {{ ?this {path} {one} }}" for one in classes)
    for one in shapes.nodes(shape, sh("targetSubjectsOf")):
        yield f"SELECT DISTINCT ?this {{ ?this {one} ?any }}"
