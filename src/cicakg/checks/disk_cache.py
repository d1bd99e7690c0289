"""What one run leaves for the next: values on the disk, found by what they were made of.

They lie in the user's own cache folder (https://specifications.freedesktop.org/basedir-spec/), never in the
dataset: whoever can write a dataset must not be able to hand this program pickled objects.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyoxigraph

_MOST: Final = 64
"""How many values are kept; the oldest go."""


class DiskCache:
    """Values by what they were made of. Without a folder it can use, it finds and keeps nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = user_folder() if folder is None else folder

    def get(self, *made_of: str | bytes) -> object | None:
        """Return the value kept for *made_of*, or ``None``."""
        if self._folder is None:
            return None
        path = self._folder / _name(made_of)
        try:
            if not _is_own(self._folder):
                return None
            value: object = pickle.loads(path.read_bytes())  # noqa: S301 - from a folder only we can write to
        except Exception:
            return None
        with suppress(OSError):
            os.utime(path)
        return value

    def put(self, value: object, *made_of: str | bytes) -> None:
        """Keep *value* for *made_of*; written beside and moved into place."""
        if self._folder is not None:
            with suppress(OSError):
                _write(value, self._folder, _name(made_of))


def _write(value: object, folder: Path, name: str) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_own(folder):
        return
    handle, new = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(new).replace(folder / name)
    finally:
        Path(new).unlink(missing_ok=True)
    kept = sorted(folder.glob("*.pickle"), key=lambda one: one.stat().st_mtime_ns)
    for path in kept[:-_MOST]:
        path.unlink(missing_ok=True)


def user_folder() -> Path | None:
    """Return where this user's runs keep things: ``$XDG_CACHE_HOME/cicakg``, or ``~/.cache/cicakg``.

    A relative path would lead into whatever dataset is being checked, so it does not count; ``None`` where
    the user has no home either.
    """
    # Path.home() would raise where there is no home, as under a container's number that has no name.
    bases = (os.environ.get("XDG_CACHE_HOME", ""), os.path.expanduser("~/.cache"))  # noqa: PTH111
    return next((Path(one) / "cicakg" for one in bases if Path(one).is_absolute()), None)


def _is_own(folder: Path) -> bool:
    """Whether nobody but this user can write to *folder*."""
    state = folder.stat()
    return state.st_uid == os.getuid() and not state.st_mode & 0o022


def _name(made_of: tuple[str | bytes, ...]) -> str:
    digest = hashlib.sha256(program_fingerprint().encode())
    for part in made_of:
        data = part.encode("utf-8", errors="surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"{digest.hexdigest()}.pickle"


def program_fingerprint() -> str:
    """Return what tells this program from any other version of it: its files, and the Python and the library
    that read for it.
    """
    states = sorted(_states(str(Path(__file__).parent.parent)))
    return hashlib.sha256("\n".join((sys.version, pyoxigraph.__version__, *states)).encode()).hexdigest()


def _states(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".toml")):
                state = entry.stat()
                yield f"{entry.path} {state.st_size} {state.st_mtime_ns}"
            elif entry.name not in {"__pycache__", "dataset"} and entry.is_dir():
                yield from _states(entry.path)
