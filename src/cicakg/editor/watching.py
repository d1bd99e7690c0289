"""Files that change on disk: the editor is asked to tell, and where it cannot, they are watched here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from lsprotocol import types
from watchfiles import awatch

PATTERNS: Final = ("**/*.ttl", "**/data/exceptions.toml")
"""What changes of matter to a check."""


def is_watched_by_editor(capabilities: types.ClientCapabilities) -> bool:
    """Whether the editor can be asked to tell of changed files."""
    workspace = capabilities.workspace
    watched = workspace.did_change_watched_files if workspace is not None else None
    return watched is not None and bool(watched.dynamic_registration)


def registration() -> types.RegistrationParams:
    """Return the request to be told of changed files."""
    watchers = [types.FileSystemWatcher(one) for one in PATTERNS]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    return types.RegistrationParams(
        [types.Registration("cicakg-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)]
    )


async def watch(folders: Iterable[Path], changed: Callable[[Path], None]) -> None:
    """Call *changed* for each file of *folders* that changes and matters, until the task is cancelled."""
    stop = asyncio.Event()
    existing = [one for one in folders if one.is_dir()]
    if not existing:
        return
    try:
        async for changes in awatch(*existing, watch_filter=_matters, stop_event=stop, raise_interrupt=False):
            for _, name in changes:
                changed(Path(name))
    finally:
        stop.set()


def _matters(_: object, name: str) -> bool:
    path = Path(name)
    return not path.name.startswith(".") and (path.suffix == ".ttl" or path.name == "exceptions.toml")
