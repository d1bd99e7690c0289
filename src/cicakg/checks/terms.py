"""Level 1, the closed vocabulary: every term is declared, every entity and concept is described."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.catalogue import UNKNOWN_ENTITY, UNKNOWN_TERM
from cicakg.checks.rules import suggestion
from cicakg.checks.shacl_terms import SHACL_TERMS
from cicakg.checks.vocabulary import (
    STANDARD_CLASSES,
    STANDARD_PROPERTIES,
    Vocabulary,
    is_entity_or_concept,
    is_own_term_iri,
    shorten,
)
from cicakg.corpus import SourceFile
from cicakg.model import Finding, Position
from cicakg.turtle import LocatedTriple, TurtleDocument
from cicakg.vocab import CICA, PREFIXES, RDF_PREDICATE, RDF_TYPE

_SH: Final = PREFIXES["sh"]
_SELECT: Final = NamedNode(_SH + "select")
_OWN_NAME: Final = re.compile(r"\bcica:(\w+)")


def term_findings(file: SourceFile, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield the terms and entities in *file* that do not exist, each where it stands first."""
    seen: set[tuple[str, str]] = set()
    for one in file.document.triples:
        for iri, kind, place in _uses(one):
            if (iri, kind) in seen:
                continue
            seen.add((iri, kind))
            yield from _judged(file, iri, kind, place, vocabulary, _focus(one))


def _focus(one: LocatedTriple) -> str:
    return one.triple.subject.value if isinstance(one.triple.subject, NamedNode) else ""


def _uses(one: LocatedTriple) -> Iterator[tuple[str, str, Position]]:
    """Yield the IRIs of a triple that must exist, and as what: a property, a class, a term or an entity."""
    triple = one.triple
    yield triple.predicate.value, "property", one.predicate
    if isinstance(triple.object, NamedNode):
        kind = {RDF_TYPE: "class", RDF_PREDICATE: "property"}.get(triple.predicate, "name")
        yield triple.object.value, kind, one.object
    if isinstance(triple.subject, NamedNode):
        yield triple.subject.value, "name", one.subject


def _judged(
    file: SourceFile, iri: str, kind: str, place: Position, vocabulary: Vocabulary, focus: str
) -> Iterator[Finding]:
    if is_entity_or_concept(iri):
        if vocabulary.is_whole and iri not in vocabulary.described:
            names = _names(one for one in vocabulary.described if is_entity_or_concept(one))
            fix = suggestion(shorten(iri), names, UNKNOWN_ENTITY.fix)
            yield UNKNOWN_ENTITY.finding(file.path, place, focus, fix=fix, entity=shorten(iri))
    elif kind == "property" and not vocabulary.is_known_property(iri):
        yield _unknown(
            file.path, place, focus, iri, "a known property", vocabulary.properties | STANDARD_PROPERTIES
        )
    elif kind == "class" and not vocabulary.is_known_class(iri):
        yield _unknown(file.path, place, focus, iri, "a known class", vocabulary.classes | STANDARD_CLASSES)
    elif kind == "name" and is_own_term_iri(iri) and not vocabulary.is_own_term(iri):
        known = {one for one in vocabulary.described if one.startswith(CICA)}
        yield _unknown(file.path, place, focus, iri, "a term of the ontology", known)


def _unknown(path: Path, place: Position, focus: str, iri: str, kind: str, known: Iterable[str]) -> Finding:
    fix = suggestion(shorten(iri), _names(known), UNKNOWN_TERM.fix)
    return UNKNOWN_TERM.finding(path, place, focus, fix=fix, term=shorten(iri), kind=kind)


def _names(iris: Iterable[str]) -> list[str]:
    return sorted(shorten(one) for one in iris)


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
    if iri.startswith(_SH) and iri not in SHACL_TERMS:
        yield _unknown(path, place, "", iri, "a term of SHACL", SHACL_TERMS)
    if is_own_term_iri(iri) and vocabulary.is_whole and not vocabulary.is_own_term(iri):
        known = {one for one in vocabulary.described if is_own_term_iri(one)}
        yield _unknown(path, place, "", iri, "a term of the ontology", known)


def _query_terms(path: Path, one: LocatedTriple, vocabulary: Vocabulary, seen: set[str]) -> Iterator[Finding]:
    """Yield the misspelt names of the ontology in a query; they stand at the beginning of its literal."""
    for name in _OWN_NAME.findall(str(getattr(one.triple.object, "value", ""))):
        if CICA + name not in seen:
            seen.add(CICA + name)
            yield from _shape_term(path, CICA + name, one.object, vocabulary)
