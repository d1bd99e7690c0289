"""From our values to those of the protocol, and back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from cicakg.editor.buffers import Change
from cicakg.editor.encoding import Extent, Point

_MARKUP: Final = re.compile(r"([\\`*_\[\]<>&~|$])")
_BEGINNING: Final = re.compile(r"^(\d*)([#+\-.)])")


def range_of(extent: Extent) -> types.Range:
    """Return *extent* as the protocol has it."""
    return types.Range(
        types.Position(extent.start.line, extent.start.character),
        types.Position(extent.end.line, extent.end.character),
    )


def point_of(position: types.Position) -> Point:
    """Return the point of *position*."""
    return Point(position.line, position.character)


def extent_of(found: types.Range) -> Extent:
    """Return the extent of a range."""
    return Extent(point_of(found.start), point_of(found.end))


def change_of(event: types.TextDocumentContentChangeEvent) -> Change:
    """Return what *event* changes."""
    if isinstance(event, types.TextDocumentContentChangePartial):
        return Change(event.text, extent_of(event.range))
    return Change(event.text)


def path_of(uri: str) -> Path | None:
    """Return the resolved path of the file *uri* names; ``None`` where it names none on this machine."""
    if not uri.startswith("file:"):
        return None
    path = to_fs_path(uri)
    try:
        return Path(path).resolve() if path else None
    except (OSError, ValueError, RuntimeError):  # a loop of links, a null byte
        return None


def uri_of(path: Path) -> str:
    """Return the URI of the file at *path*."""
    return from_fs_path(str(path)) or path.as_uri()


def escaped(text: str) -> str:
    """Return *text* for Markdown, so that nothing in it acts as markup."""
    return _BEGINNING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(text.split())))
