"""What may stand at a place: by the ontology's domains and ranges, and by what the statement says already.

Domains and ranges are hints (``schema:domainIncludes``, ``schema:rangeIncludes``): what fits comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from cicakg.editor.cursor import Cursor, Wanted
from cicakg.editor.names import CLAIM_PROPERTY, Described, Known
from cicakg.editor.scanning import Statement
from cicakg.vocab import (
    CLAIM,
    EVIDENCE,
    EXCLUDED_PASSAGE,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    term,
)

Fits: TypeAlias = Callable[[Described], bool]

NOT_GUESSED: Final = frozenset({EVIDENCE.value, EXCLUDED_PASSAGE.value})
"""The properties of spans: only the article tells where its words stand."""

STATEMENT: Final = (RDF_SUBJECT.value, RDF_PREDICATE.value, RDF_OBJECT.value)
_TAKES_CLASSES: Final = frozenset(
    term(one).value
    for one in ("rdf:type", "rdfs:subClassOf", "rdfs:domain", "schema:domainIncludes", "owl:disjointWith")
)
_TAKES_PROPERTIES: Final = frozenset({RDF_PREDICATE.value, term("rdfs:subPropertyOf").value})


def possible(cursor: Cursor) -> Fits:
    """Return what may stand at *cursor* at all, by its kind."""
    if cursor.wanted is Wanted.PREDICATE:
        return _is_property
    if cursor.wanted is Wanted.OBJECT:
        predicate = _predicate(cursor)
        if predicate in _TAKES_CLASSES:
            return _is_class
        if predicate in _TAKES_PROPERTIES:
            return _is_property
        if predicate.startswith(term("schema:rangeIncludes").value):
            return _is_class
    return _is_thing if cursor.prefix is None else _is_anything


def fitting(cursor: Cursor, known: Known) -> Fits:
    """Return what fits best at *cursor*; it need not be all that may stand there."""
    statement = cursor.before.open_statement
    if cursor.wanted is Wanted.PREDICATE:
        return _of_domain(_classes(statement, known))
    if cursor.wanted is not Wanted.OBJECT:
        return _is_entity
    predicate = _predicate(cursor)
    if predicate == RDF_PREDICATE.value:
        return _claimable(_subject_classes(statement, known))
    if predicate == RDF_SUBJECT.value:
        return _is_entity
    if predicate == RDF_OBJECT.value and statement is not None:
        predicate = statement.iri(RDF_PREDICATE.value)
    return _of_range(known.by_iri.get(predicate), known)


def is_claim(statement: Statement | None) -> bool:
    """Whether *statement* is about a claim."""
    return statement is not None and any(one.iri == CLAIM.value for one in statement.values(RDF_TYPE.value))


def is_guessable(cursor: Cursor) -> bool:
    """Whether what stands at *cursor* can be known without the article."""
    return cursor.wanted is not Wanted.OBJECT or _predicate(cursor) not in NOT_GUESSED


def _predicate(cursor: Cursor) -> str:
    return cursor.before.predicate.iri if cursor.before.predicate is not None else ""


def _classes(statement: Statement | None, known: Known) -> frozenset[str]:
    if statement is None:
        return frozenset()
    stated = {one.iri for one in statement.values(RDF_TYPE.value)}
    return known.above(stated) | known.classes_of(statement.subject.iri)


def _subject_classes(statement: Statement | None, known: Known) -> frozenset[str]:
    return known.classes_of(statement.iri(RDF_SUBJECT.value)) if statement is not None else frozenset()


def _of_domain(classes: frozenset[str]) -> Fits:
    return lambda one: CLAIM_PROPERTY not in one.types and bool(one.domain & classes)


def _claimable(classes: frozenset[str]) -> Fits:
    return lambda one: (
        CLAIM_PROPERTY in one.types and (not classes or not one.domain or bool(one.domain & classes))
    )


def _of_range(predicate: Described | None, known: Known) -> Fits:
    if predicate is None:
        return _is_entity
    if predicate.schemes:
        return lambda one: one.iri.startswith(tuple(f"{scheme}/" for scheme in predicate.schemes))
    if not predicate.range:
        return _is_entity
    return lambda one: one.is_entity and bool(known.above(one.types) & predicate.range)


def _is_property(one: Described) -> bool:
    return one.is_property


def _is_class(one: Described) -> bool:
    return one.is_class


def _is_entity(one: Described) -> bool:
    return one.is_entity


def _is_thing(one: Described) -> bool:
    return not (one.is_class or one.is_property)


def _is_anything(_: Described) -> bool:
    return True
