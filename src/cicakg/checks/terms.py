"""Level 1, the closed vocabulary: every term is declared, every entity and concept is described."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cicakg.checks.catalogue import UNKNOWN_ENTITY, UNKNOWN_TERM
from cicakg.checks.nearness import nearest_terms
from cicakg.checks.rules import suggested
from cicakg.checks.shacl_terms import SHACL_TERMS, is_refused_feature
from cicakg.checks.vocabulary import (
    STANDARD_CLASSES,
    STANDARD_PROPERTIES,
    Vocabulary,
    is_entity_or_concept,
    is_own_term_iri,
    shorten,
)
from cicakg.corpus import SourceFile
from cicakg.model import Finding, Position, Wording
from cicakg.turtle import LocatedTriple, TurtleDocument
from cicakg.vocab import CICA, PREFIXES, RDF_PREDICATE, RDF_TYPE

_Uses = dict[NamedNode, tuple[int, str]]

_SH: Final = PREFIXES["sh"]
_SELECT: Final = NamedNode(_SH + "select")
_OWN_NAME: Final = re.compile(r"\bcica:(\w+)")


def term_findings(file: SourceFile, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield the terms and entities in *file* that do not exist, each where it stands first."""
    for kind, uses in _first_uses(file.document.statements):
        for node, (number, role) in uses.items():
            if not _is_known(node.value, kind, vocabulary):
                one = file.document.triples[number]
                place: Position = getattr(one, role)
                yield from _judged(file, node.value, kind, place, vocabulary, _focus(one))


def _focus(one: LocatedTriple) -> str:
    return one.triple.subject.value if isinstance(one.triple.subject, NamedNode) else ""


def _first_uses(statements: Iterable[Triple]) -> Iterator[tuple[str, _Uses]]:
    """Yield the IRIs that must exist, as what: properties, classes, and other names (terms and entities).

    Each comes with the number of the statement it stands in first, and its role there.
    """
    properties: _Uses = {}
    classes: _Uses = {}
    names: _Uses = {}
    kinds = {RDF_TYPE: classes, RDF_PREDICATE: properties}
    for number, one in enumerate(statements):
        predicate, value, subject = one.predicate, one.object, one.subject
        properties.setdefault(predicate, (number, "predicate"))
        if isinstance(value, NamedNode):
            kinds.get(predicate, names).setdefault(value, (number, "object"))
        if isinstance(subject, NamedNode):
            names.setdefault(subject, (number, "subject"))
    yield from (("property", properties), ("class", classes), ("name", names))


def _is_known(iri: str, kind: str, vocabulary: Vocabulary) -> bool:
    if not vocabulary.is_whole and (is_entity_or_concept(iri) or is_own_term_iri(iri)):
        return True
    if is_entity_or_concept(iri):
        return iri in vocabulary.described
    if kind == "name":
        return not is_own_term_iri(iri) or vocabulary.is_own_term(iri)
    return vocabulary.is_known_property(iri) if kind == "property" else vocabulary.is_known_class(iri)


def _judged(
    file: SourceFile, iri: str, kind: str, place: Position, vocabulary: Vocabulary, focus: str
) -> Iterator[Finding]:
    if is_entity_or_concept(iri):
        fix = _suggestion(iri, vocabulary.entities)
        yield UNKNOWN_ENTITY.finding(file.path, place, focus, fix=fix, entity=shorten(iri), iri=iri)
    elif kind == "property":
        yield _unknown(file.path, place, focus, iri, "property", vocabulary.properties | STANDARD_PROPERTIES)
    elif kind == "class":
        yield _unknown(file.path, place, focus, iri, "class", vocabulary.classes | STANDARD_CLASSES)
    else:
        known = {one for one in vocabulary.described if one.startswith(CICA)}
        yield _unknown(file.path, place, focus, iri, "ontology", known)


def _unknown(path: Path, place: Position, focus: str, iri: str, case: str, known: Iterable[str]) -> Finding:
    fix = _suggestion(iri, known)
    return UNKNOWN_TERM.finding(path, place, focus, case=case, fix=fix, term=shorten(iri), iri=iri)


def _suggestion(iri: str, known: Iterable[str]) -> Wording | None:
    return suggested([shorten(one) for one in nearest_terms(iri, known)])


def shape_term_findings(path: Path, document: TurtleDocument, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield the terms of SHACL and of the ontology that the shapes in *document* misspell.

    No engine complains of such a term: the shape just never looks at anything.
    """
    seen: set[str] = set()
    for one in document.triples:
        nodes = [(one.triple.predicate, one.predicate), (one.triple.object, one.object)]
        for node, place in nodes:
            if isinstance(node, NamedNode) and node.value not in seen:
                seen.add(node.value)
                yield from _shape_term(path, node.value, place, vocabulary)
        if isinstance(one.triple.object, Literal) and one.triple.predicate == _SELECT:
            yield from _query_terms(path, one, vocabulary, seen)


def _shape_term(path: Path, iri: str, place: Position, vocabulary: Vocabulary) -> Iterator[Finding]:
    if iri.startswith(_SH) and iri not in SHACL_TERMS and not is_refused_feature(iri):
        yield _unknown(path, place, "", iri, "shacl", SHACL_TERMS)
    if is_own_term_iri(iri) and vocabulary.is_whole and not vocabulary.is_own_term(iri):
        known = {one for one in vocabulary.described if is_own_term_iri(one)}
        yield _unknown(path, place, "", iri, "ontology", known)


def _query_terms(path: Path, one: LocatedTriple, vocabulary: Vocabulary, seen: set[str]) -> Iterator[Finding]:
    """Yield the misspelt names of the ontology in a query; they stand at the beginning of its literal."""
    for name in _OWN_NAME.findall(str(getattr(one.triple.object, "value", ""))):
        if CICA + name not in seen:
            seen.add(CICA + name)
            yield from _shape_term(path, CICA + name, one.object, vocabulary)
