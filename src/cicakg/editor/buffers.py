"""What the editor holds open: texts with versions, changed piece by piece as one types.

pygls keeps documents as well, but splits lines where the protocol does not (at U+2028 and form feeds), so
that one such character would put every later change in the wrong place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from cicakg.editor.encoding import Encoding, Extent, offset_of
from cicakg.editor.scanning import Scan, scan
from cicakg.turtle import SourceText

BIGGEST: Final = 8 * 1024 * 1024
"""How many code points of a text are looked at; an annotation has a few thousand."""


@dataclass(frozen=True)
class Change:
    """A piece of text that takes the place of what *extent* covers; of everything, without one."""

    text: str
    extent: Extent | None = None


@dataclass(frozen=True)
class Buffer:
    """One open text, as it stands in the editor; ``path`` is ``None`` where it was never saved."""

    uri: str
    path: Path | None
    version: int
    source: SourceText

    @property
    def is_too_big(self) -> bool:
        """Whether the text is too long to be looked at."""
        return len(self.source.text) > BIGGEST

    @cached_property
    def data(self) -> bytes:
        """What would be written if it were saved now; a lone surrogate becomes what UTF-8 does not allow."""
        return self.source.text.encode("utf-8", "surrogatepass")

    @cached_property
    def scan(self) -> Scan:
        """What stands in the text, broken or not; nothing where it is too big."""
        return scan("" if self.is_too_big else self.source.text)

    def changed(self, changes: Iterable[Change], version: int, encoding: Encoding) -> Buffer:
        """Return the buffer after *changes*, one applied to the outcome of the other."""
        source = self.source
        for one in changes:
            source = SourceText(_changed(source, one, encoding))
        return replace(self, version=version, source=source)


def _changed(source: SourceText, change: Change, encoding: Encoding) -> str:
    if change.extent is None:
        return change.text
    start = offset_of(source, change.extent.start, encoding)
    end = max(start, offset_of(source, change.extent.end, encoding))
    return source.text[:start] + change.text + source.text[end:]


@dataclass
class Buffers:
    """All open texts, by their URI."""

    by_uri: dict[str, Buffer] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Buffer]:
        """Iterate over the open texts."""
        return iter(list(self.by_uri.values()))

    def put(self, buffer: Buffer) -> None:
        """Take *buffer* for what its URI names."""
        self.by_uri[buffer.uri] = buffer

    def get(self, uri: str) -> Buffer | None:
        """Return the open text that *uri* names."""
        return self.by_uri.get(uri)

    def drop(self, uri: str) -> Buffer | None:
        """Forget what *uri* names, and return it."""
        return self.by_uri.pop(uri, None)
