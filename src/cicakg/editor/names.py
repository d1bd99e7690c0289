"""What the dataset's entities, concepts and terms are, as the files stand now, saved or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from cicakg.annotating.articles import prefixed
from cicakg.annotating.names import Entry, Label, Names
from cicakg.corpus import source_paths
from cicakg.editor.buffers import BIGGEST, Buffer
from cicakg.editor.encoding import Encoding, Extent, extent_of
from cicakg.editor.scanning import Scan, Statement, scan
from cicakg.languages import choose
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder
from cicakg.turtle import SourceText
from cicakg.vocab import CONCEPT, RDF_TYPE, term

_PREFERRED: Final = term("skos:prefLabel").value
_LABELS: Final = (_PREFERRED, term("rdfs:label").value, term("skos:altLabel").value)
_DEFINITION: Final = term("skos:definition").value
_SUPERCLASS: Final = term("rdfs:subClassOf").value
_DOMAIN: Final = term("schema:domainIncludes").value
_RANGE: Final = term("schema:rangeIncludes").value
_SCHEME: Final = term("rdfs:seeAlso").value
_DEPRECATED: Final = term("owl:deprecated").value
CLASS: Final = term("owl:Class").value
CLAIM_PROPERTY: Final = term("cica:ClaimProperty").value
_PROPERTIES: Final = frozenset(
    term(one).value
    for one in ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "rdf:Property")
)


@dataclass(frozen=True)
class Described:
    """One entity, concept or term: what its file says of it, and where."""

    iri: str
    path: Path
    start: int
    end: int
    types: frozenset[str]
    labels: tuple[Label, ...]
    definition: str
    superclasses: tuple[str, ...]
    domain: frozenset[str]
    range: frozenset[str]
    schemes: tuple[str, ...]
    is_deprecated: bool

    @property
    def curie(self) -> str:
        """Its name as an annotator writes it."""
        return prefixed(self.iri)

    @property
    def is_class(self) -> bool:
        """Whether it is a class of the ontology."""
        return CLASS in self.types

    @property
    def is_property(self) -> bool:
        """Whether it is a property of the ontology."""
        return bool(self.types & _PROPERTIES)

    @property
    def is_entity(self) -> bool:
        """Whether it is neither of the ontology nor one of the concepts."""
        return not (self.is_class or self.is_property or self.iri.startswith(CONCEPT))

    def label(self, wanted: str) -> str:
        """Return what it is called for a reader of the language *wanted*; its name where it has no label."""
        preferred = {one.tag: one.text for one in self.labels if one.is_preferred}
        labels = preferred or {one.tag: one.text for one in reversed(self.labels)}
        return choose(labels, [wanted])[1] if labels else self.curie


@dataclass(frozen=True)
class NamedFile:
    """A file of the ontology or the entities, read as far as it can be."""

    path: Path
    source: SourceText
    described: tuple[Described, ...]

    def extent(self, one: Described, encoding: Encoding) -> Extent:
        """Return where *one* of those described here stands."""
        return extent_of(self.source, one.start, one.end, encoding)


@dataclass(frozen=True)
class Known:
    """All that is described in the dataset's ontology and entity files."""

    files: tuple[NamedFile, ...] = ()

    @cached_property
    def by_iri(self) -> Mapping[str, Described]:
        """What is described, by its IRI; the first description counts."""
        return {one.iri: one for file in reversed(self.files) for one in reversed(file.described)}

    @cached_property
    def names(self) -> Names:
        """The labels, for finding."""
        entries = (
            Entry(one.iri, self.kind(one), one.is_entity, one.labels, uses=0)
            for one in self.by_iri.values()
            if one.labels
        )
        return Names(tuple(sorted(entries, key=lambda one: one.iri)), ())

    def kind(self, one: Described) -> str:
        """Return the name of the class of *one*, the ontology's own where it has one; it can be empty."""
        known = sorted(one.types, key=lambda iri: (iri not in self.by_iri, iri))
        return prefixed(known[0]) if known else ""

    def file_of(self, one: Described) -> NamedFile | None:
        """Return the file that describes *one*."""
        return next((file for file in self.files if file.path == one.path), None)

    def classes_of(self, iri: str) -> frozenset[str]:
        """Return the classes of what *iri* names and all classes above them."""
        found = self.by_iri.get(iri)
        return self.above(found.types) if found else frozenset()

    def above(self, classes: Iterable[str]) -> frozenset[str]:
        """Return *classes* and all classes above them."""
        found: set[str] = set()
        waiting = list(classes)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                described = self.by_iri.get(one)
                waiting.extend(described.superclasses if described else ())
        return frozenset(found)


@dataclass
class NameReader:
    """Reads the names of one dataset, and each file again only after it has changed."""

    folder: DatasetFolder
    _read: dict[Path, tuple[object, NamedFile]] = field(default_factory=dict)
    _known: Known = field(default_factory=Known)

    def known(self, buffers: Mapping[Path, Buffer]) -> Known:
        """Return what is described now; of a file that is open, its buffer counts."""
        files = tuple(self._files(buffers))
        if len(files) != len(self._known.files) or any(
            one is not other for one, other in zip(files, self._known.files, strict=True)
        ):
            self._known = Known(files)
        return self._known

    def _files(self, buffers: Mapping[Path, Buffer]) -> Iterator[NamedFile]:
        for path, kind in source_paths(self.folder):
            if kind is not FileKind.ARTICLE:
                found = self._file(path.resolve(), buffers)
                if found is not None:
                    yield found

    def _file(self, path: Path, buffers: Mapping[Path, Buffer]) -> NamedFile | None:
        buffer = buffers.get(path)
        try:
            mark: object = buffer.source if buffer else _state_of(path)
            kept = self._read.get(path)
            if kept is not None and (kept[0] is mark or kept[0] == mark):
                return kept[1]
            file = _named_file(path, buffer)
        except OSError:
            return None
        self._read[path] = (mark, file)
        return file


def _state_of(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _named_file(path: Path, buffer: Buffer | None) -> NamedFile:
    if buffer is not None:
        return NamedFile(path, buffer.source, tuple(_described(path, buffer.scan)))
    data = path.read_bytes() if path.stat().st_size <= BIGGEST else b""
    text = data.decode("utf-8-sig", errors="replace")
    return NamedFile(path, SourceText(text), tuple(_described(path, scan(text))))


def _described(path: Path, found: Scan) -> Iterator[Described]:
    for one in found.statements:
        if one.subject.iri and any(pair.predicate.iri == RDF_TYPE.value for pair in one.pairs):
            yield _description(path, one)


def _description(path: Path, one: Statement) -> Described:
    return Described(
        iri=one.subject.iri,
        path=path,
        start=one.subject.token.offset,
        end=one.subject.token.end,
        types=_iris(one, RDF_TYPE.value),
        labels=tuple(_labels(one)),
        definition=next((value.text for value in one.values(_DEFINITION)), ""),
        superclasses=tuple(value.iri for value in one.values(_SUPERCLASS)),
        domain=_iris(one, _DOMAIN),
        range=_iris(one, _RANGE),
        schemes=tuple(value.iri for value in one.values(_SCHEME)),
        is_deprecated=any(value.text == "true" for value in one.values(_DEPRECATED)),
    )


def _iris(one: Statement, predicate: str) -> frozenset[str]:
    return frozenset(value.iri for value in one.values(predicate) if value.iri)


def _labels(one: Statement) -> Iterator[Label]:
    for pair in one.pairs:
        if pair.predicate.iri in _LABELS and pair.value.language:
            yield Label(pair.value.text, pair.value.language, pair.predicate.iri == _PREFERRED)
