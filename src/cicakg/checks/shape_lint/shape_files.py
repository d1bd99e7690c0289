"""The triples of all files of shapes, each with its file, and what a shape is among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.rules import Rule
from cicakg.checks.shape_lint.places import place_within
from cicakg.checks.vocabulary import shorten
from cicakg.model import Finding, Position, Wording
from cicakg.turtle import LocatedTriple, SourceText, TurtleDocument
from cicakg.vocab import BASE, PREFIXES, RDF_TYPE, term

SH: Final = PREFIXES["sh"]
RULE: Final = BASE + "shapes#"
FIRST: Final = term("rdf:first").value
REST: Final = term("rdf:rest").value
NIL: Final = term("rdf:nil")

Node = NamedNode | BlankNode | Literal | Triple


def sh(*names: str) -> frozenset[str]:
    """Return the IRIs of the terms of SHACL called *names*."""
    return frozenset(SH + one for one in names)


TARGETS: Final = sh("target", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
REFERENCES: Final = sh("node", "property", "not", "qualifiedValueShape")
REFERENCE_LISTS: Final = sh("and", "or", "xone")
LISTS: Final = REFERENCE_LISTS | sh("in", "languageIn", "ignoredProperties")
COUNTS: Final = sh("minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount", "minLength", "maxLength")
BOOLEANS: Final = sh("closed", "uniqueLang", "deactivated", "qualifiedValueShapesDisjoint")
PATH_ONLY: Final = sh(
    "minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape"
)
_PARAMETERS: Final = (
    TARGETS
    | REFERENCES
    | LISTS
    | COUNTS
    | PATH_ONLY
    | sh("path", "class", "datatype", "nodeKind", "minExclusive", "maxExclusive", "minInclusive")
    | sh("maxInclusive", "pattern", "equals", "disjoint", "closed", "hasValue", "sparql")
)
_SHAPE_TYPES: Final = frozenset({NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")})


@dataclass(frozen=True)
class Said:
    """One triple of one file."""

    path: Path
    located: LocatedTriple
    source: SourceText = field(repr=False)

    @property
    def subject(self) -> Node:
        """The node it is about."""
        return self.located.triple.subject

    @property
    def predicate(self) -> str:
        """The IRI of its predicate."""
        return self.located.triple.predicate.value

    @property
    def name(self) -> str:
        """Its predicate as a person writes it."""
        return shorten(self.predicate)

    @property
    def value(self) -> Node:
        """Its object."""
        return self.located.triple.object

    @property
    def text(self) -> str:
        """The text of its object, a literal, or the IRI or label that it is."""
        return self.value.value if isinstance(self.value, NamedNode | BlankNode | Literal) else ""

    @property
    def focus(self) -> str:
        """The IRI of its subject; empty for a blank node."""
        return self.subject.value if isinstance(self.subject, NamedNode) else ""

    def at_subject(self, rule: Rule, case: str = "", **values: object) -> Finding:
        """Return a finding of *rule*, in a *case* of it, where the subject stands."""
        return self._at(self.located.subject, rule, case, None, values)

    def at_predicate(self, rule: Rule, case: str = "", **values: object) -> Finding:
        """Return a finding of *rule*, in a *case* of it, where the predicate stands."""
        return self._at(self.located.predicate, rule, case, None, values)

    def at_object(self, rule: Rule, case: str = "", fix: Wording | None = None, **values: object) -> Finding:
        """Return a finding of *rule*, in a *case* of it, where the object stands."""
        return self._at(self.located.object, rule, case, fix, values)

    def within(self, rule: Rule, offset: int, case: str = "", **values: object) -> Finding:
        """Return a finding of *rule*, in a *case* of it, at *offset* of the object's text."""
        return self._at(self.place_within(offset), rule, case, None, values)

    def _at(
        self, place: Position, rule: Rule, case: str, fix: Wording | None, values: Mapping[str, object]
    ) -> Finding:
        shown = {name: readable(one) for name, one in values.items()}
        return rule.case_finding(self.path, place, self.focus, case, shown, fix)

    def place_within(self, offset: int) -> Position:
        """Return where the code point at *offset* of the object's text stands in the file."""
        return place_within(self.source, self.located.object, self.text, offset)


def readable(node: object) -> object:
    """Return a node as a person writes it; anything else as it is."""
    match node:
        case NamedNode() if node.value.startswith(RULE):
            return "rule:" + node.value.removeprefix(RULE)
        case NamedNode():
            return shorten(node.value)
        case BlankNode():
            return "[…]"
        case Literal():
            return f'"{node.value}"'
        case _:
            return node


@dataclass(frozen=True)
class ShapeFiles:
    """All files of shapes."""

    documents: Mapping[Path, TurtleDocument]

    @cached_property
    def triples(self) -> tuple[Said, ...]:
        """All triples, in the order of the files."""
        return tuple(
            Said(path, one, document.source)
            for path, document in self.documents.items()
            for one in document.triples
        )

    @cached_property
    def by_subject(self) -> Mapping[Node, tuple[Said, ...]]:
        """The triples of each node."""
        found: dict[Node, list[Said]] = {}
        for one in self.triples:
            found.setdefault(one.subject, []).append(one)
        return {node: tuple(said) for node, said in found.items()}

    @cached_property
    def shapes(self) -> tuple[Node, ...]:
        """The nodes that are shapes by what is said of them, in the order of the files
        (https://www.w3.org/TR/shacl/#shapes).
        """
        return tuple(node for node, said in self.by_subject.items() if any(map(_makes_a_shape, said)))

    @cached_property
    def known_shapes(self) -> frozenset[Node]:
        """The same, for asking."""
        return frozenset(self.shapes)

    def of(self, node: Node, *predicates: str) -> Iterator[Said]:
        """Yield the triples of *node* with one of *predicates*, given as IRIs."""
        return (one for one in self.by_subject.get(node, ()) if one.predicate in predicates)

    def has_any(self, node: Node, predicates: frozenset[str]) -> bool:
        """Whether one of *predicates* is said of *node*."""
        return any(one.predicate in predicates for one in self.by_subject.get(node, ()))


def _makes_a_shape(one: Said) -> bool:
    if one.predicate == RDF_TYPE.value:
        return one.value in _SHAPE_TYPES
    return one.predicate in _PARAMETERS
