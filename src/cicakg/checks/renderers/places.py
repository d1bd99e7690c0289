"""How a file is called in a report, and which text of a finding may stand in one."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from cicakg.terminal import safe

_ISOLATES = "\u2068\u2069"


def shown_path(path: Path, here: Path) -> str:
    """Return *path* as seen from the folder *here*, where it lies below it; a byte that is no UTF-8 is �."""
    resolved = path.resolve()
    shown = resolved.relative_to(here).as_posix() if resolved.is_relative_to(here) else str(path)
    return os.fsencode(shown).decode("utf-8", errors="replace")


def file_address(path: Path, here: Path) -> str:
    """Return *path* as a URI reference: relative to *here* where it lies below it, else a ``file:`` URI."""
    resolved = path.resolve()
    if resolved.is_relative_to(here):
        return quote(os.fsencode(resolved.relative_to(here).as_posix()))
    return resolved.as_uri()


def kept(message: str) -> str:
    """Return a message made safe part by part, with the isolates around quoted parts kept."""
    return "".join(one if one in _ISOLATES else safe(one) for one in message)
