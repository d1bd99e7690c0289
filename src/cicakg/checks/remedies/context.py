"""What a remedy must know of a finding's file, and of the names there are."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cicakg.checks.remedies.names import Names, names_of
from cicakg.checks.remedies.outline import Outline, outline_of
from cicakg.checks.sources import Source, select
from cicakg.checks.texts import Text, read_text
from cicakg.checks.vocabulary import Vocabulary, vocabulary_of
from cicakg.corpus import SourceFile, graph_of, read_bytes, read_source, source_paths
from cicakg.model import FileKind, Position
from cicakg.paths import DatasetFolder
from cicakg.turtle import LocatedTriple, SourceText, TurtleDocument, TurtleFault, read_turtle

MOST_KEPT: Final = 64
"""How many files' contexts are kept; findings come file by file."""

_NOTHING: Mapping[Path, bytes] = MappingProxyType({})


@dataclass(frozen=True)
class Background:
    """The ontology and the entities; they are read by *load* when a remedy first needs them.

    ``codes`` are those of the rules there are, beside the catalogue's.
    """

    load: Callable[[], Sequence[SourceFile]]
    codes: frozenset[str] = frozenset()

    @cached_property
    def files(self) -> tuple[SourceFile, ...]:
        """The ontology and entity files that can be read."""
        return tuple(one for one in self.load() if one.kind is not FileKind.ARTICLE)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms and entities there are."""
        return vocabulary_of(self.files, is_whole=True)

    @cached_property
    def names(self) -> Names:
        """Entities, concepts and terms by their names and labels, and what is said of them."""
        return names_of(self.files)

    def described_in(self, namespace: str) -> frozenset[str]:
        """Return the IRIs of what is described that begin with *namespace*."""
        if namespace not in self._described:
            found = (one for one in self.vocabulary.described if one.startswith(namespace))
            self._described[namespace] = frozenset(found)
        return self._described[namespace]

    @cached_property
    def _described(self) -> dict[str, frozenset[str]]:
        return {}


@dataclass(frozen=True)
class Context:
    """One file as its remedies see it.

    ``place`` is where it stands in the dataset, or is read as standing; ``kind`` is ``None`` for shapes and
    for the list of accepted findings; ``document`` is ``None`` where it is not Turtle or could not be read;
    ``text`` is the article's text, where it is at hand.
    """

    path: Path
    place: Path
    kind: FileKind | None
    source: SourceText
    document: TurtleDocument | None
    background: Background
    folder: DatasetFolder
    text: Text | None = None

    @cached_property
    def outline(self) -> Outline:
        """How the file's statements are built; empty where it could not be read."""
        return outline_of("" if self.document is None else self.source.text)

    @property
    def triples(self) -> tuple[LocatedTriple, ...]:
        """The file's triples; none where it could not be read."""
        return () if self.document is None else self.document.triples

    @cached_property
    def by_object(self) -> Mapping[Position, LocatedTriple]:
        """The triples by the place of their object."""
        return {one.object: one for one in reversed(self.triples)}

    @cached_property
    def by_predicate(self) -> Mapping[Position, LocatedTriple]:
        """The first triple of each predicate by the predicate's place."""
        return {one.predicate: one for one in reversed(self.triples)}

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[LocatedTriple, ...]]:
        """The triples by their subject's IRI."""
        found: dict[str, list[LocatedTriple]] = {}
        for one in self.triples:
            found.setdefault(str(getattr(one.triple.subject, "value", "")), []).append(one)
        return {iri: tuple(triples) for iri, triples in found.items()}


def context_of(
    source: Source, data: bytes, background: Background, folder: DatasetFolder, texts: Path | None = None
) -> Context:
    """Return the context of the article, entity or ontology file *source*, which holds *data*."""
    try:
        file = read_source(source.path, source.kind, source.place, data)
    except TurtleFault:
        return Context(source.path, source.place, source.kind, _text_of(data), None, background, folder)
    text = None
    if texts is not None and source.kind is FileKind.ARTICLE:
        text = read_text(file, texts)
    document = file.document
    return Context(
        source.path, source.place, source.kind, document.source, document, background, folder, text
    )


def _text_of(data: bytes) -> SourceText:
    return SourceText(data.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace"))


@dataclass(frozen=True)
class Contexts:
    """Makes the context of any file of a check of *folder*; the arguments are those of the check."""

    folder: DatasetFolder
    given: Sequence[Path] = ()
    texts: Path | None = None
    unsaved: Mapping[Path, bytes] = field(default_factory=lambda: _NOTHING)

    @cached_property
    def background(self) -> Background:
        """The ontology and the entities of the dataset."""
        return Background(self._load)

    def of(self, path: Path) -> Context:
        """Return the context of the file at *path*; raises :class:`CicakgError` if it cannot be read."""
        if path not in self._made:
            while len(self._made) >= MOST_KEPT:
                del self._made[next(iter(self._made))]
            self._made[path] = self._make(path)
        return self._made[path]

    @cached_property
    def _made(self) -> dict[Path, Context]:
        return {}

    @cached_property
    def _sources(self) -> Mapping[Path, Source]:
        return {one.path: one for one in select(self.folder, self.given, self.unsaved).sources}

    @cached_property
    def _resolved_sources(self) -> Mapping[Path, Source]:
        """The same by their resolved paths: of ten thousand files that takes a while."""
        return {path.resolve(): one for path, one in self._sources.items()}

    def _source(self, path: Path) -> Source | None:
        return self._sources.get(path) or self._resolved_sources.get(path.resolve())

    def _make(self, path: Path) -> Context:
        data = self._data(path)
        source = self._source(path)
        if source is not None:
            return context_of(source, data, self.background, self.folder, self.texts)
        document = None
        if path.suffix == ".ttl":
            try:
                document = read_turtle(data)
            except TurtleFault:
                document = None
        return Context(path, path, None, _text_of(data), document, self.background, self.folder)

    def _data(self, path: Path) -> bytes:
        data = self.unsaved.get(path.resolve())
        return read_bytes(path) if data is None else data

    def _load(self) -> list[SourceFile]:
        found = []
        for path, kind in source_paths(self.folder):
            if kind is FileKind.ARTICLE:
                continue
            try:
                document = read_turtle(self._data(path))
            except TurtleFault:
                continue
            found.append(SourceFile(path, kind, graph_of(path, kind), document))
        return found
