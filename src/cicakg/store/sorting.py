"""Lines sorted with bounded memory: what is too much is sorted in parts on disk, and the parts are merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

_PART_BYTES: Final = 64 * 1024**2


class LineSorter:
    """A file to write lines to, as bytes, that gives them back sorted.

    *folder* takes the parts, files without a name; *part_bytes* is how much is sorted in memory at a time.
    """

    def __init__(self, folder: Path, part_bytes: int = _PART_BYTES) -> None:
        self._folder = folder
        self._part_bytes = part_bytes
        self._data = bytearray()
        self._parts = ExitStack()
        self._files: list[BinaryIO] = []

    def __enter__(self) -> LineSorter:
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.close()

    def write(self, data: bytes) -> int:
        """Take *data* in, which may begin and end within a line."""
        self._data += data
        if len(self._data) >= self._part_bytes:
            self._put_aside()
        return len(data)

    def flush(self) -> None:
        """There is nothing to flush: this is what a writer asks of a file."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines in the order of their bytes, with their line feeds: once, when all is written."""
        rest = sorted(bytes(self._data).splitlines(keepends=True))
        self._data.clear()
        for file in self._files:
            file.seek(0)
        return heapq.merge(*self._files, rest)

    def _put_aside(self) -> None:
        end = self._data.rfind(b"\n") + 1
        lines = sorted(bytes(self._data[:end]).splitlines(keepends=True))
        del self._data[:end]
        part = self._parts.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115
        part.writelines(lines)
        part.flush()
        self._files.append(part)
