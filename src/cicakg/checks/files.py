"""Level 1, the file itself: its name, its base and graph, and what may be described in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from cicakg.checks.catalogue import (
    BLANK_NODE,
    ENTITY_FACT,
    ENTITY_KIND,
    FILE_BASE,
    FILE_GRAPH,
    FILE_NAME,
    PREFIX_IRI,
    SUBJECT_COLUMN,
    SUBJECT_ONCE,
    SUBJECT_PLACE,
)
from cicakg.checks.vocabulary import Vocabulary, is_own_term_iri, shorten
from cicakg.corpus import SourceFile
from cicakg.model import FileKind, Finding, Position
from cicakg.paths import article_iri, is_article_slug, slug_of
from cicakg.vocab import ID, PREFIXES, RDF_TYPE, term

_START: Final = Position(1, 1)
_ANNOTATION_SET: Final = term("cica:AnnotationSet")
_SUBJECT: Final = term("dcterms:subject")

# The classes whose entities stand in each entity file.
ENTITY_FILES: Final[dict[str, tuple[str, ...]]] = {
    "documents": ("Document",),
    "events": ("Event", "MeetingSeries"),
    "initiatives": ("Initiative",),
    "offices": ("Office",),
    "organizations": ("Organization", "Group"),
    "people": ("Person",),
    "places": ("Place", "State"),
    "tenures": ("Tenure",),
    "topics": ("Topic",),
}


def name_findings(path: Path, kind: FileKind, place: Path) -> Iterator[Finding]:
    """Yield what is wrong with the name of the file at *path*, which stands, or would stand, at *place*."""
    if kind is FileKind.ENTITIES and place.stem not in ENTITY_FILES:
        known = ", ".join(f"{one}.ttl" for one in ENTITY_FILES)
        yield FILE_NAME.finding(
            path,
            _START,
            fix=f"Name it for the kind of its entities: {known}.",
            problem=f"{place.name} is no kind of entity.",
        )
    if kind is not FileKind.ARTICLE:
        return
    slug = slug_of(place)
    if not is_article_slug(slug):
        problem = f"The name {place.name} has not the form <year>-<lang>-<slug>.ttl."
        yield FILE_NAME.finding(path, _START, problem=problem)
    elif place.parent.name != slug[:4]:
        yield FILE_NAME.finding(
            path, _START, problem=f"{place.name} stands in the folder {place.parent.name}, not in {slug[:4]}."
        )


def structure_findings(file: SourceFile, place: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield what is wrong with the build of *file*, which stands, or would stand, at *place*."""
    yield from _prefixes(file)
    yield from _subject_blocks(file)
    if file.kind is FileKind.ARTICLE:
        yield from _base(file, slug_of(place))
        yield from _graph(file, slug_of(place))
        yield from _article_subjects(file, slug_of(place))
    if file.kind is FileKind.ENTITIES:
        yield from _entity_subjects(file)
        yield from _entity_kinds(file, place, vocabulary)
        yield from _entity_facts(file)
    if file.kind is not FileKind.ONTOLOGY:
        yield from _blank_nodes(file)


def _prefixes(file: SourceFile) -> Iterator[Finding]:
    for prefix, iri in file.document.prefixes.items():
        expected = PREFIXES.get(prefix, iri)
        if iri != expected:
            yield PREFIX_IRI.finding(
                file.path, _prefix_position(file, prefix), prefix=prefix, iri=iri, expected=expected
            )


def _prefix_position(file: SourceFile, prefix: str) -> Position:
    lines = file.document.source.text.splitlines()
    numbers = (
        number
        for number, line in enumerate(lines, start=1)
        if line.split()[:1] in (["@prefix"], ["PREFIX"], ["prefix"]) and line.split()[1:2] == [f"{prefix}:"]
    )
    return Position(next(numbers, 1), 1)


def _base(file: SourceFile, slug: str) -> Iterator[Finding]:
    expected = article_iri(slug)
    base = file.document.base
    if base != expected:
        named = "missing" if base is None else f"<{base}>"
        fix = f"Write '@base <{expected}> .' at the top of the file, or rename the file."
        place = file.document.base_position or _START
        yield FILE_BASE.finding(file.path, place, fix=fix, base=named, expected=expected)


def _graph(file: SourceFile, slug: str) -> Iterator[Finding]:
    article = article_iri(slug)
    about = [one for one in file.document.triples if one.triple.subject == file.graph]
    is_set = any(one.triple.predicate == RDF_TYPE and one.triple.object == _ANNOTATION_SET for one in about)
    subjects = [one for one in about if one.triple.predicate == _SUBJECT]
    is_about_article = any(one.triple.object == NamedNode(article) for one in subjects)
    if not (is_set and is_about_article):
        place = subjects[0].object if subjects else about[0].subject if about else _START
        yield FILE_GRAPH.finding(
            file.path, place, focus=file.graph.value, graph=file.graph.value, article=article
        )


def _blocks(file: SourceFile) -> Iterator[tuple[str, Position]]:
    """Yield the subject of each block of statements, and where it stands."""
    last = None
    for one in file.document.triples:
        if one.subject != last and isinstance(one.triple.subject, NamedNode):
            last = one.subject
            yield one.triple.subject.value, one.subject


def _subject_blocks(file: SourceFile) -> Iterator[Finding]:
    first: dict[str, Position] = {}
    for iri, place in _blocks(file):
        if iri in first:
            before = f"line {first[iri].line}"
            yield SUBJECT_ONCE.finding(file.path, place, iri, subject=shorten(iri), first=before)
        first.setdefault(iri, place)
        if place.column != 1:
            yield SUBJECT_COLUMN.finding(file.path, place, iri, subject=shorten(iri))


def _article_subjects(file: SourceFile, slug: str) -> Iterator[Finding]:
    article = article_iri(slug)
    for iri, place in _blocks(file):
        if iri in (article, file.graph.value) or iri.startswith(article + "#"):
            continue
        reason = "an entity is described in data/entities/" if iri.startswith(ID) else "it is of another file"
        yield SUBJECT_PLACE.finding(file.path, place, iri, subject=shorten(iri), reason=reason)


def _entity_subjects(file: SourceFile) -> Iterator[Finding]:
    reason = f"an entity's IRI begins with <{ID}>"
    for iri, place in _blocks(file):
        if not iri.startswith(ID):
            yield SUBJECT_PLACE.finding(file.path, place, iri, subject=shorten(iri), reason=reason)


def _entity_kinds(file: SourceFile, place: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    allowed = {term(f"cica:{one}").value for one in ENTITY_FILES.get(place.stem, ())}
    for one in file.document.triples:
        kind = one.triple.object
        if one.triple.predicate != RDF_TYPE or not isinstance(kind, NamedNode) or not allowed:
            continue
        above = vocabulary.superclasses.get(kind.value, frozenset()) | {kind.value}
        if vocabulary.is_known_class(kind.value) and not above & allowed:
            iri = str(getattr(one.triple.subject, "value", ""))
            yield ENTITY_KIND.finding(
                file.path,
                one.object,
                iri,
                fix=_right_file(above),
                subject=shorten(iri),
                kind=shorten(kind.value),
                name=place.name,
            )


def _right_file(above: frozenset[str]) -> str:
    for name, classes in ENTITY_FILES.items():
        if above & {term(f"cica:{one}").value for one in classes}:
            return f"Move the entity to {name}.ttl, or correct its class."
    return "Give it a class of which there are entities, such as cica:Topic."


def _entity_facts(file: SourceFile) -> Iterator[Finding]:
    for one in file.document.triples:
        if is_own_term_iri(one.triple.predicate.value):
            iri = str(getattr(one.triple.subject, "value", ""))
            yield ENTITY_FACT.finding(
                file.path,
                one.predicate,
                iri,
                predicate=shorten(one.triple.predicate.value),
                subject=shorten(iri),
            )


def _blank_nodes(file: SourceFile) -> Iterator[Finding]:
    seen: set[BlankNode] = set()
    for one in file.document.triples:
        for node, place in ((one.triple.subject, one.subject), (one.triple.object, one.object)):
            if isinstance(node, BlankNode) and node not in seen:
                seen.add(node)
                yield BLANK_NODE.finding(file.path, place)
