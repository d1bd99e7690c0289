"""The dataset's files in their graphs, with the triples the tool derives from them: spans and facts.

A claim says "this article says X, as a fact, plan or opinion". What may be taken as fact is derived here
and nowhere else, so a fact is never without the claim, and the characters, it comes from.
"""

from __future__ import annotations

import re
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from cicakg.errors import CicakgError
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder, article_graph, slug_of
from cicakg.turtle import TurtleDocument, TurtleFault, read_turtle
from cicakg.vocab import (
    ARTICLE,
    CLAIM,
    FUNCTIONAL_IN_TIME,
    GRAPH_ENTITIES,
    GRAPH_FACTS,
    GRAPH_ONTOLOGY,
    MODALITY,
    MODALITY_FACT,
    NEGATED,
    OA_END,
    OA_HAS_SOURCE,
    OA_START,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    SPAN,
    STATUS,
    STATUS_REJECTED,
    STATUS_SUPERSEDED,
    term,
)

SPAN_IRI: Final = re.compile(rf"({re.escape(ARTICLE)}[^#]+)#char=([0-9]+),([0-9]+)")
"""The IRI of a span: its article, its first code point, and the one behind its last (RFC 5147)."""

LARGEST_FILE: Final = 64 * 1024**2
"""How many bytes a file may have: no article or list of entities comes near it."""

_INTEGER: Final = term("xsd:integer")
_TRUE: Final = frozenset({"true", "1"})
_NOT_HELD: Final = frozenset({STATUS_REJECTED, STATUS_SUPERSEDED})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Turtle file of the dataset, read, with the graph its triples belong to."""

    path: Path
    kind: FileKind
    graph: NamedNode
    document: TurtleDocument


@dataclass(frozen=True)
class Corpus:
    """All files of the dataset, in the order of their paths."""

    files: tuple[SourceFile, ...]

    def quads(self) -> Iterator[Quad]:
        """Yield each quad once: what stands in the files, the offsets of the spans, and the facts."""
        seen: set[Quad] = set()
        for quad in self._all():
            if quad not in seen:
                seen.add(quad)
                yield quad

    def facts(self) -> Iterator[Quad]:
        """Yield the triples that may be taken as fact, in the facts graph, sorted, each once."""
        return iter(derived_facts(self._written()))

    def _all(self) -> Iterator[Quad]:
        for file in self.files:
            yield from written_quads(file)
            yield from span_quads(file)
        yield from self.facts()

    def _written(self) -> Iterator[Triple]:
        return (one for file in self.files for one in file.document.statements)


def read_corpus(folder: DatasetFolder) -> Corpus:
    """Read all Turtle files of *folder*.

    Raises :class:`CicakgError` (``dataset-broken``) on the first fault.
    """
    return Corpus(tuple(read_strictly(path, kind) for path, kind in source_paths(folder)))


def source_paths(folder: DatasetFolder) -> list[tuple[Path, FileKind]]:
    """Return the paths of the dataset's Turtle files and their kinds, sorted by path."""
    found = [
        *((path, FileKind.ARTICLE) for path in folder.articles.rglob("*.ttl")),
        *((path, FileKind.ENTITIES) for path in folder.entities.glob("*.ttl")),
        *((path, FileKind.ONTOLOGY) for path in folder.ontology.glob("*.ttl")),
    ]
    return sorted((path, kind) for path, kind in found if not path.name.startswith("."))


def graph_of(path: Path, kind: FileKind) -> NamedNode:
    """Return the named graph that the triples of the file at *path* belong to."""
    if kind is FileKind.ARTICLE:
        return article_graph(slug_of(path))
    return GRAPH_ENTITIES if kind is FileKind.ENTITIES else GRAPH_ONTOLOGY


def read_source(
    path: Path, kind: FileKind, place: Path | None = None, data: bytes | None = None
) -> SourceFile:
    """Read one file; *place* is the path that names its graph, where it is to be read as if it stood there.

    With *data*, the file is taken to hold these bytes: an editor's, not saved yet. Raises
    :class:`TurtleFault` where it is not Turtle, and :class:`CicakgError` (``file-unreadable``) where it
    cannot be read.
    """
    content = read_bytes(path) if data is None else data
    return SourceFile(path, kind, graph_of(place or path, kind), read_turtle(content))


def content_of(path: Path, unsaved: Mapping[Path, bytes]) -> bytes:
    """Return what the file at *path* holds, or what is *unsaved* of it in an editor, by resolved path."""
    data = unsaved.get(path.resolve()) if unsaved else None
    return read_bytes(path) if data is None else data


def read_bytes(path: Path) -> bytes:
    """Return what the file at *path* holds; raises :class:`CicakgError` (``file-unreadable``).

    A pipe or a device, from which one could read for ever, is no file, and one of more than
    :data:`LARGEST_FILE` is not read.
    """
    try:
        kind = path.stat()
        if stat.S_ISREG(kind.st_mode) and kind.st_size <= LARGEST_FILE:
            return path.read_bytes()
        reason = "It is no file" if not stat.S_ISREG(kind.st_mode) else "It has more than 64 MB"
    except OSError as error:
        reason = error.strerror or "The system does not say why"
    raise CicakgError(
        "file-unreadable", f"{path} cannot be read: {reason}.", "See whether it is a file and may be read."
    )


def read_strictly(path: Path, kind: FileKind) -> SourceFile:
    """Read one file as :func:`read_source` does; one that is not Turtle is a :class:`CicakgError`
    (``dataset-broken``) that names the place.
    """
    try:
        return read_source(path, kind)
    except TurtleFault as fault:
        place = f"{path}:{fault.position.line}:{fault.position.column}"
        raise CicakgError("dataset-broken", f"{place}: {fault.message}", fault.fix) from None


def written_quads(file: SourceFile) -> Iterator[Quad]:
    """Yield the triples that stand in *file*, in its graph."""
    for one in file.document.statements:
        yield Quad(one.subject, one.predicate, one.object, file.graph)


def span_quads(file: SourceFile) -> Iterator[Quad]:
    """Yield what the IRI of each span in an article's file says: its source, its start and its end.

    The form is that of RFC 5147 (``char=a,b``, 0-based, half open, in code points), read as Web Annotation's
    text position selector.
    """
    for node in spans_in(file):
        found = SPAN_IRI.fullmatch(node.value)
        if found is None:
            continue
        yield Quad(node, RDF_TYPE, SPAN, file.graph)
        yield Quad(node, OA_HAS_SOURCE, NamedNode(found[1]), file.graph)
        yield Quad(node, OA_START, Literal(str(int(found[2])), datatype=_INTEGER), file.graph)
        yield Quad(node, OA_END, Literal(str(int(found[3])), datatype=_INTEGER), file.graph)


def spans_in(file: SourceFile) -> Iterator[NamedNode]:
    """Yield what looks like a span in an article's *file*, in the order of the file, each once."""
    if file.kind is FileKind.ARTICLE:
        pairs = ((one.subject, one.object) for one in file.document.statements)
        nodes = dict.fromkeys(node for pair in pairs for node in pair)
        yield from (node for node in nodes if isinstance(node, NamedNode) and "#char=" in node.value)


def derived_facts(triples: Iterable[Triple]) -> list[Quad]:
    """Return the facts that the claims among *triples* state, sorted.

    A claim gives a fact where its modality is *fact* and nothing else, it is not negated, the editors have
    not set it to superseded or rejected, and its predicate is not one whose value changes with time
    (``cica:functionalInTime``).
    """
    nodes: defaultdict[NamedNode | BlankNode | Triple, dict[NamedNode, list[object]]] = defaultdict(dict)
    for triple in triples:
        nodes[triple.subject].setdefault(triple.predicate, []).append(triple.object)
    changing = {node for node, values in nodes.items() if _holds(values.get(FUNCTIONAL_IN_TIME, []))}
    facts = {
        fact
        for values in nodes.values()
        if CLAIM in values.get(RDF_TYPE, [])
        and (fact := _fact(values)) is not None
        and fact.predicate not in changing
    }
    return sorted(facts, key=str)


def _fact(values: dict[NamedNode, list[object]]) -> Quad | None:
    if set(values.get(MODALITY, [])) != {MODALITY_FACT} or _holds(values.get(NEGATED, [])):
        return None
    if _NOT_HELD.intersection(values.get(STATUS, [])):
        return None
    terms = [values.get(one, []) for one in (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT)]
    if any(len(set(one)) != 1 for one in terms):
        return None
    (subject, *_), (predicate, *_), (value, *_) = terms
    if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
        return None
    if not isinstance(value, NamedNode | BlankNode | Literal):
        return None
    return Quad(subject, predicate, value, GRAPH_FACTS)


def _holds(values: Iterable[object]) -> bool:
    return any(isinstance(one, Literal) and one.value in _TRUE for one in values)
