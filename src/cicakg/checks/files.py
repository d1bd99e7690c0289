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
        yield FILE_NAME.finding(path, _START, case="kind", name=place.name, names=known)
    if kind is not FileKind.ARTICLE:
        return
    slug = slug_of(place)
    if not is_article_slug(slug):
        yield FILE_NAME.finding(path, _START, name=place.name)
    elif place.parent.name != slug[:4]:
        yield FILE_NAME.finding(
            path, _START, case="folder", name=place.name, folder=place.parent.name, expected=slug[:4]
        )


def structure_findings(file: SourceFile, place: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield what is wrong with the build of *file*, which stands, or would stand, at *place*."""
    blocks = file.document.blocks
    subjects = None if blocks is None else [one.subject for one in blocks]
    yield from _prefixes(file)
    if subjects is None or len(set(subjects)) < len(subjects):
        yield from _subject_blocks(file)
    if file.kind is FileKind.ARTICLE:
        slug = slug_of(place)
        yield from _base(file, slug)
        yield from _graph(file, slug)
        if subjects is None or not all(_is_of_article(one, slug, file) for one in subjects):
            yield from _article_subjects(file, slug)
    if file.kind is FileKind.ENTITIES:
        if subjects is None or not all(one.startswith(ID) for one in subjects):
            yield from _entity_subjects(file)
        yield from _entity_kinds(file, place, vocabulary)
        yield from _entity_facts(file)
    if file.kind is not FileKind.ONTOLOGY and not file.document.is_plain:
        yield from _blank_nodes(file)


def has_misdeclared_prefix(file: SourceFile) -> bool:
    """Whether *file* declares a prefix of the project as something else."""
    return any(PREFIXES.get(prefix, iri) != iri for prefix, iri in file.document.prefixes.items())


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
        case = "missing" if base is None else ""
        place = file.document.base_position or _START
        yield FILE_BASE.finding(file.path, place, case=case, base=base, expected=expected)


def _graph(file: SourceFile, slug: str) -> Iterator[Finding]:
    article = article_iri(slug)
    said = {(one.predicate, one.object) for one in file.document.statements if one.subject == file.graph}
    if not said.issuperset({(RDF_TYPE, _ANNOTATION_SET), (_SUBJECT, NamedNode(article))}):
        about = [one for one in file.document.triples if one.triple.subject == file.graph]
        subjects = [one for one in about if one.triple.predicate == _SUBJECT]
        place = subjects[0].object if subjects else about[0].subject if about else _START
        yield FILE_GRAPH.finding(file.path, place, file.graph.value, graph=file.graph.value, article=article)


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
            name, line = _as_written(file, iri), first[iri].line
            yield SUBJECT_ONCE.finding(file.path, place, iri, subject=name, line=line)
        first.setdefault(iri, place)
        if place.column != 1:
            yield SUBJECT_COLUMN.finding(file.path, place, iri, subject=_as_written(file, iri))


def _as_written(file: SourceFile, iri: str) -> str:
    """Return *iri* as *file* is to have it: what is its own, relative to its base."""
    base = file.document.base
    return f"<{iri.removeprefix(base)}>" if base and iri.startswith(f"{base}#") else shorten(iri)


def _is_of_article(iri: str, slug: str, file: SourceFile) -> bool:
    article = article_iri(slug)
    return iri in (article, file.graph.value) or iri.startswith(article + "#")


def _article_subjects(file: SourceFile, slug: str) -> Iterator[Finding]:
    for iri, place in _blocks(file):
        if _is_of_article(iri, slug, file):
            continue
        case = "entity" if iri.startswith(ID) else ""
        yield SUBJECT_PLACE.finding(file.path, place, iri, case=case, subject=shorten(iri))


def _entity_subjects(file: SourceFile) -> Iterator[Finding]:
    for iri, place in _blocks(file):
        if not iri.startswith(ID):
            yield SUBJECT_PLACE.finding(file.path, place, iri, case="iri", subject=shorten(iri), beginning=ID)


def _entity_kinds(file: SourceFile, place: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    allowed = {term(f"cica:{one}").value for one in ENTITY_FILES.get(place.stem, ())}
    for number, one in enumerate(file.document.statements):
        kind = one.object
        if one.predicate != RDF_TYPE or not isinstance(kind, NamedNode) or not allowed:
            continue
        above = vocabulary.superclasses.get(kind.value, frozenset()) | {kind.value}
        if vocabulary.is_known_class(kind.value) and not above & allowed:
            iri = str(getattr(one.subject, "value", ""))
            right = _right_file(above)
            yield ENTITY_KIND.finding(
                file.path,
                file.document.triples[number].object,
                iri,
                case="move" if right else "class",
                subject=shorten(iri),
                kind=shorten(kind.value),
                name=place.name,
                file=right,
            )


def _right_file(above: frozenset[str]) -> str:
    """Return the name of the file for entities of the classes *above*, empty where there is none."""
    for name, classes in ENTITY_FILES.items():
        if above & {term(f"cica:{one}").value for one in classes}:
            return f"{name}.ttl"
    return ""


def _entity_facts(file: SourceFile) -> Iterator[Finding]:
    predicates = {one.predicate for one in file.document.statements}
    if not any(is_own_term_iri(one.value) for one in predicates):
        return
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
    focus = ""  # the subject of the block that the node stands in
    for one in file.document.triples:
        if isinstance(one.triple.subject, NamedNode):
            focus = one.triple.subject.value
        for node, place in ((one.triple.subject, one.subject), (one.triple.object, one.object)):
            if isinstance(node, BlankNode) and node not in seen:
                seen.add(node)
                yield BLANK_NODE.finding(file.path, place, focus)
