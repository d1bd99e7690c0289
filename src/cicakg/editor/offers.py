"""What is offered at the cursor: entities by any name in any language, terms, prefixes, language tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cicakg.annotating.names import Entry, Label, Names, find_names
from cicakg.checks.vocabulary import STANDARD_CLASSES, STANDARD_PROPERTIES, shorten
from cicakg.editor.cursor import Cursor, Wanted
from cicakg.editor.fitting import STATEMENT, fitting, is_claim, is_guessable, possible
from cicakg.editor.names import Described, Known
from cicakg.editor.prefixes import known_prefixes, spell
from cicakg.editor.scanning import Statement
from cicakg.folding import key, sound
from cicakg.vocab import ID, PREFIXES, RDF_TYPE, term

MOST: Final = 60
"""How many are offered at once; with each letter the editor asks again."""

SHORTEST_ALIKE: Final = 4
"""How long a word must be for names that are only alike to be offered."""

_TAGS: Final = ("en", "ar", "kk", "ms", "ru")
LABELS: Final = (term("skos:prefLabel").value, term("skos:altLabel").value)
_XSD: Final = PREFIXES["xsd"]


class OfferKind(StrEnum):
    """What is offered."""

    ENTITY = "entity"
    CONCEPT = "concept"
    CLASS = "class"
    PROPERTY = "property"
    PREFIX = "prefix"
    TAG = "tag"
    DATATYPE = "datatype"


@dataclass(frozen=True)
class Offer:
    """One thing to write at the cursor, and the declaration it needs that is not there yet.

    ``described`` is there for what the dataset describes, ``label`` the name it was found by.
    """

    text: str
    kind: OfferKind
    missing: tuple[str, str] | None = None
    described: Described | None = None
    label: Label | None = None


def offers(cursor: Cursor, known: Known, declared: dict[str, str]) -> list[Offer]:
    """Return what fits at *cursor*, the best first; *declared* are the file's namespaces by prefix."""
    if cursor.wanted is Wanted.LANGUAGE:
        return [Offer(one, OfferKind.TAG) for one in _tags(known) if one.startswith(cursor.word)]
    if cursor.wanted is Wanted.DATATYPE:
        return [one for one in _datatypes(known, declared) if cursor.sought in one.text]
    prefixes = {**known_prefixes(known.by_iri.values()), **declared}
    if cursor.wanted is Wanted.DIRECTIVE:
        return [
            Offer(f"@prefix {one}: <{prefixes[one]}> .", OfferKind.PREFIX)
            for one in sorted(set(prefixes) - set(declared))
        ]
    if not is_guessable(cursor):
        return []
    found = [*_described(cursor, known, prefixes, declared), *_standard(cursor, declared)]
    if cursor.prefix is None and cursor.word:
        found.extend(_prefixes(cursor.word, prefixes, declared))
    return found[:MOST]


def _described(
    cursor: Cursor, known: Known, prefixes: dict[str, str], declared: dict[str, str]
) -> Iterator[Offer]:
    namespace = "" if cursor.prefix is None else prefixes.get(cursor.prefix)
    if namespace is None:
        return
    may, fits = possible(cursor), fitting(cursor, known)
    candidates = [one for one in known.by_iri.values() if one.iri.startswith(namespace) and may(one)]
    if not cursor.sought:
        candidates = _without_word(cursor, [one for one in candidates if fits(one)] or candidates)
    ranked = _ranked(candidates, known, cursor.sought)
    for one, label in sorted(ranked, key=lambda pair: not fits(pair[0])):
        spelling = spell(one.iri, declared)
        yield Offer(spelling.text, _kind(one), spelling.missing, one, label)


def _without_word(cursor: Cursor, candidates: list[Described]) -> list[Described]:
    """Return what is offered before a letter is typed: no property twice, nothing where all would be."""
    statement = cursor.before.open_statement
    if cursor.wanted is Wanted.SUBJECT and cursor.prefix is None:
        return []
    if cursor.wanted is Wanted.PREDICATE and statement is not None:
        said = {pair.predicate.iri for pair in statement.pairs}
        return [one for one in candidates if one.iri not in said]
    return candidates


def _ranked(candidates: list[Described], known: Known, sought: str) -> list[tuple[Described, Label | None]]:
    """Return those of *candidates* that *sought* can mean, the best first, with the label it is found by."""
    if not sought:
        return [(one, None) for one in sorted(candidates, key=lambda one: one.curie)]
    written = [one for one in candidates if one.curie.partition(":")[2].lower().startswith(sought.lower())]
    by_iri = {one.iri: one for one in candidates}
    entries = [one for one in known.names.entries if one.iri in by_iri]
    near = [one for one in entries if _is_near(one, key(sought), sound(sought))]
    if not near and not written and len(sought) >= SHORTEST_ALIKE:
        near = entries
    hits = find_names(Names(tuple(near), ()), sought)
    found: dict[str, Label | None] = {one.entry.iri: one.label for one in hits}
    found.update((one.iri, None) for one in written if one.iri not in found)
    return [(by_iri[iri], label) for iri, label in found.items()]


def _is_near(entry: Entry, wanted: str, heard: str) -> bool:
    """Whether each word sought stands in a label of *entry*, by spelling or by sound."""
    return any(
        all(word in label.key for word in wanted.split())
        or (bool(heard) and all(word in label.sound for word in heard.split()))
        for label in entry.labels
    )


def _kind(one: Described) -> OfferKind:
    if one.is_class:
        return OfferKind.CLASS
    if one.is_property:
        return OfferKind.PROPERTY
    return OfferKind.ENTITY if one.is_entity else OfferKind.CONCEPT


def _standard(cursor: Cursor, declared: dict[str, str]) -> Iterator[Offer]:
    """Yield the standard properties or classes whose name begins so; of a claim, what it still lacks."""
    predicate = cursor.before.predicate
    if cursor.wanted is Wanted.PREDICATE:
        statement = cursor.before.open_statement
        due = _due(statement)
        lacks = [one for one in due if statement is not None and not statement.values(one)]
        wanted = STANDARD_PROPERTIES if cursor.word else frozenset(lacks)
        kind = OfferKind.PROPERTY
    elif cursor.wanted is Wanted.OBJECT and predicate is not None and predicate.iri == RDF_TYPE.value:
        wanted, kind = STANDARD_CLASSES if cursor.word else frozenset(), OfferKind.CLASS
    else:
        return
    for iri in sorted(wanted, key=lambda one: (one not in STATEMENT, one)):
        curie = shorten(iri)
        if curie.startswith(cursor.word) or curie.partition(":")[2].lower().startswith(cursor.word.lower()):
            spelling = spell(iri, declared)
            yield Offer(spelling.text, kind, spelling.missing)


def _due(statement: Statement | None) -> tuple[str, ...]:
    """Return the standard properties *statement* should have: a claim its parts, an entity its labels."""
    if is_claim(statement):
        return STATEMENT
    return LABELS if statement is not None and statement.subject.iri.startswith(ID) else ()


def _prefixes(word: str, prefixes: dict[str, str], declared: dict[str, str]) -> Iterator[Offer]:
    for prefix, namespace in sorted(prefixes.items()):
        if prefix.startswith(word):
            missing = None if prefix in declared else (prefix, namespace)
            yield Offer(f"{prefix}:", OfferKind.PREFIX, missing)


def _tags(known: Known) -> list[str]:
    """Return the language tags: the five of the labels first, then what else is in use."""
    used = {label.tag for entry in known.names.entries for label in entry.labels}
    return [*_TAGS, *sorted(used - set(_TAGS))]


def _datatypes(known: Known, declared: dict[str, str]) -> Iterable[Offer]:
    used = {iri for one in known.by_iri.values() for iri in one.range if iri.startswith(_XSD)}
    for iri in sorted(used):
        spelling = spell(iri, declared)
        yield Offer(spelling.text, OfferKind.DATATYPE, spelling.missing)
