"""What a check keeps for the next one on the same dataset, so that it does again only what it must."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cicakg.checks.disk_cache import DiskCache
from cicakg.checks.engines import engine_named
from cicakg.checks.engines.port import Engine
from cicakg.checks.levels import Levels
from cicakg.checks.locate import Homes
from cicakg.checks.shape_memory import ShapeMemory
from cicakg.checks.sources import Source
from cicakg.checks.vocabulary import Vocabulary, vocabulary_of
from cicakg.corpus import SourceFile, read_bytes, read_source
from cicakg.model import FileKind, Finding

_Stamp = tuple[object, ...]

_NOBODY: Final[Mapping[Path, bytes]] = {}


@dataclass
class _Judged:
    """A file or some, the vocabulary of that time, and what level 1 found."""

    of: tuple[object, ...]
    vocabulary: Vocabulary
    findings: tuple[Finding, ...]


class Memory:
    """Files as they were read, what level 1 found in them, and what the shapes said.

    A file counts as the same where its size, its place on the disk and the times of its last change are;
    what is unsaved in an editor, where its bytes are. One memory is for one dataset, and for one check at a
    time.
    """

    def __init__(
        self, engine: Engine | None = None, is_kept: bool = True, cache: DiskCache | None = None
    ) -> None:
        """Judge the shapes by *engine*, by default the fastest there is; *is_kept* where another check will
        follow; *cache* is what outlives the process.
        """
        self.shapes = ShapeMemory(cache)
        self.engine = engine or engine_named()
        self.levels = Levels(self.engine)
        self.homes = Homes("subject"), Homes("object")
        self._is_kept = is_kept
        self._files: dict[Path, tuple[_Stamp, SourceFile]] = {}
        self._judged: dict[object, _Judged] = {}
        self._vocabulary: tuple[tuple[object, ...], Vocabulary] | None = None

    def prepare(self) -> None:
        """Do what makes the next check quicker, where one will follow."""
        if self._is_kept:
            self.levels.prepare()

    def file(self, source: Source, unsaved: Mapping[Path, bytes] = _NOBODY) -> SourceFile:
        """Return the file of *source*, read when it is not known; raises what reading it raises."""
        data, stamp = _data_and_stamp(source.path, unsaved)
        stamp = (*stamp, source)
        known = self._files.get(source.path)
        if known is None or known[0] != stamp:
            content = read_bytes(source.path) if data is None else data
            known = stamp, read_source(source.path, source.kind, source.place, content)
            self._files[source.path] = known
        return known[1]

    def findings(
        self,
        name: object,
        of: tuple[object, ...],
        vocabulary: Vocabulary,
        find: Callable[[], Iterable[Finding]],
    ) -> tuple[Finding, ...]:
        """Return what *find* finds in the objects *of*, under *name*: found anew where these or the
        *vocabulary* (one that :meth:`vocabulary` returned) are other ones than the last time.
        """
        known = self._judged.get(name)
        if known is None or known.of != of or known.vocabulary is not vocabulary:
            known = self._judged[name] = _Judged(of, vocabulary, tuple(find()))
        return known.findings

    def vocabulary(self, files: Sequence[SourceFile], is_whole: bool) -> Vocabulary:
        """Return the vocabulary of *files*: the same object as the last time where it is equal."""
        background = (is_whole, *(one for one in files if one.kind is not FileKind.ARTICLE))
        if self._vocabulary is None or self._vocabulary[0] != background:
            known = None if self._vocabulary is None else self._vocabulary[1]
            found = vocabulary_of(files, is_whole)
            self._vocabulary = background, known if known == found else found
        return self._vocabulary[1]


def _data_and_stamp(path: Path, unsaved: Mapping[Path, bytes]) -> tuple[bytes | None, _Stamp]:
    data = unsaved.get(path.resolve()) if unsaved else None
    if data is not None:
        return data, (hashlib.sha256(data).digest(),)
    try:
        state = os.stat(path)  # noqa: PTH116 - a Path's takes twice as long, for ten thousand files
    except OSError:
        return None, (object(),)  # the same as nothing: reading it says what is wrong
    # The last but one: who copies a file may set the time of its change back, but not this one.
    return None, (state.st_mtime_ns, state.st_size, state.st_ctime_ns, state.st_ino)
