"""The shapes as they were read, their queries, and whether anything was wrong with them; also on the disk.

Shapes seldom change, and to read them and look them through takes longer than to hold a small dataset
against them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cicakg.checks.disk_cache import DiskCache
from cicakg.checks.engines.asking import ShapeQuery
from cicakg.checks.engines.port import Engine
from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.checks.facts import prepare_facts
from cicakg.checks.shapes import shapes_graph
from cicakg.checks.vocabulary import Vocabulary
from cicakg.corpus import content_of
from cicakg.model import Finding
from cicakg.turtle import TurtleDocument, read_turtle


class _Kept(NamedTuple):
    """What the disk holds of a set of shapes: their documents, in order, and their queries by their text."""

    documents: list[TurtleDocument]
    queries: dict[str, ShapeQuery]


class ShapeMemory:
    """Remembers shapes from one check to the next, and with a *cache* from one run to the next."""

    def __init__(self, cache: DiskCache | None = None) -> None:
        self._cache = cache
        self._documents: dict[tuple[Path, bytes], TurtleDocument] = {}
        self._graphs: dict[tuple[TurtleDocument, ...], ShapesGraph] = {}
        self._queries: dict[str, ShapeQuery] = {}
        self._paths: Sequence[Path] = ()
        self._contents: dict[Path, bytes] = {}
        self._name = b""
        self._is_known = False
        self._linted: tuple[object, tuple[Finding, ...]] | None = None

    def recall(self, paths: Sequence[Path], unsaved: Mapping[Path, bytes]) -> None:
        """Take what is kept of the shapes at *paths*, as they are now."""
        self._contents = {one: content_of(one, unsaved) for one in paths}
        keys = [(path, hashlib.sha256(data).digest()) for path, data in self._contents.items()]
        name = hashlib.sha256(repr(keys).encode()).digest()
        if name == self._name:
            return
        self._paths, self._name = paths, name
        if self._cache is None:
            return
        kept = self._cache.get("shapes", name)
        self._is_known = isinstance(kept, _Kept) and len(kept.documents) == len(keys)
        if isinstance(kept, _Kept) and self._is_known:
            self._documents.update(zip(keys, kept.documents, strict=True))
            self._queries.update(kept.queries)

    def keep(self, documents: Mapping[Path, TurtleDocument], engine: Engine) -> None:
        """Keep the shapes recalled, which were read as *documents*, where all could be read, with what
        *engine* made of them.
        """
        if self._cache is not None and not self._is_known and len(documents) == len(self._paths):
            graph = self.graph(documents.values())
            engine.prepare(graph)
            prepare_facts(graph)
            kept = _Kept([documents[one] for one in self._paths], self._queries)
            self._cache.put(kept, "shapes", self._name)
            self._is_known = True

    def document(self, path: Path, unsaved: Mapping[Path, bytes]) -> TurtleDocument:
        """Return the shapes in the file at *path*, as they were recalled, else as they are now."""
        data = self._contents.pop(path, None)
        if data is None:
            data = content_of(path, unsaved)
        key = path, hashlib.sha256(data).digest()
        if key not in self._documents:
            for one in [one for one in self._documents if one[0] == path]:
                del self._documents[one]
            self._documents[key] = read_turtle(data)
        return self._documents[key]

    def graph(self, documents: Iterable[TurtleDocument]) -> ShapesGraph:
        """Return the shapes in *documents* as one graph: the same object for the same documents."""
        key, current = tuple(documents), set(self._documents.values())
        if key not in self._graphs:
            self._graphs = {one: graph for one, graph in self._graphs.items() if current.issuperset(one)}
            self._graphs[key] = shapes_graph(key, self._queries)
        return self._graphs[key]

    def findings(
        self,
        documents: Mapping[Path, TurtleDocument],
        vocabulary: Vocabulary,
        find: Callable[[], Iterable[Finding]],
    ) -> tuple[Finding, ...]:
        """Return what *find* finds in the shapes *documents*.

        It is asked where the shapes or the *vocabulary* are other ones than the last time, or whether all
        shapes recalled could be read. That nothing was found is kept on the disk.
        """
        are_all = len(documents) == len(self._paths)
        of = (tuple(documents.items()), are_all, vocabulary, _cases_beside(documents))
        if self._linted is None or self._linted[0] != of:
            self._linted = of, self._found(documents, vocabulary, find)
        return self._linted[1]

    def _found(
        self,
        documents: Mapping[Path, TurtleDocument],
        vocabulary: Vocabulary,
        find: Callable[[], Iterable[Finding]],
    ) -> tuple[Finding, ...]:
        if self._cache is None or len(documents) < len(self._paths):
            return tuple(find())
        made_of = ("shapes-clean", self._name, vocabulary.fingerprint(), _cases_beside(documents))
        if self._cache.get(*made_of) is True:
            return ()
        found = tuple(find())
        if not found:
            self._cache.put(True, *made_of)
        return found


def _cases_beside(paths: Iterable[Path]) -> str:
    """Return what tells the folders of cases beside the shapes at *paths* from what they were before."""
    folders = sorted({one.parent.parent / "tests" / "cases" for one in paths})
    cases = (
        one for folder in folders if folder.is_dir() for one in sorted(os.scandir(folder), key=_entry_name)
    )
    return "\n".join(f"{one.path} {one.stat().st_mtime_ns}" for one in cases)


def _entry_name(entry: os.DirEntry[str]) -> str:
    return entry.name
