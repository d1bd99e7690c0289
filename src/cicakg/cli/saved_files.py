"""Tells which files are saved.

The watcher (`watchfiles <https://watchfiles.helpmanual.io/>`_) has threads, and a check forks: so it runs in
processes of its own, which write the path of each saved file to a pipe.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cicakg.errors import CicakgError

SUFFIXES: Final = (".ttl", "exceptions.toml")
"""How the names of the files end that a check reads; with texts, ``.txt`` too."""

_QUIET: Final = 80
"""How many milliseconds nothing must have been saved before it is told: an editor saves in several steps."""

_TICK: Final = 100
"""After how many milliseconds the watcher looks whether its folders, and who started it, are still there."""

_END: Final = b"\0"
_FAILURE: Final = b"!"


@dataclass(frozen=True, slots=True)
class Watched:
    """What to watch: *folders* with all below them, for names that end in one of *suffixes*, and *files*.

    All are resolved paths. A file that is watched for itself need not be there.
    """

    folders: tuple[Path, ...]
    files: tuple[Path, ...] = ()
    suffixes: tuple[str, ...] = SUFFIXES

    def matches(self, path: Path) -> bool:
        """Whether the file at *path* is one of those watched; what an editor hides beside it is not."""
        if path in self.files:
            return True
        is_below = any(folder in path.parents for folder in self.folders)
        return is_below and not path.name.startswith(".") and path.name.endswith(self.suffixes)


@contextmanager
def saved_files(watched: Watched) -> Iterator[Iterator[frozenset[Path]]]:
    """Watch while the block lasts: give an iterator that waits, and tells what was saved since it last did.

    From the beginning of the block no save is missed; those that come while nobody waits are told together.
    A folder that went or came back is told by its own path. The iterator raises :class:`CicakgError`
    (``watch-failed``) where the system does not let files be watched. The process must have no other threads.
    """
    parents = tuple(sorted({file.parent for file in watched.files}))
    kinds = [
        (folders, is_deep) for folders, is_deep in ((watched.folders, True), (parents, False)) if folders
    ]
    watchers: list[_Watcher] = []
    try:
        for folders, is_deep in kinds:
            watchers.append(_start(watched, folders, is_deep))
        for watcher in watchers:
            watcher.wait()
        yield _saves(watchers)
    finally:
        for watcher in watchers:
            watcher.stop()


class _Watcher:
    """A watching process, and the pipe it writes to."""

    def __init__(self, process: int, reading: int) -> None:
        self.process = process
        self.reading = reading
        self._rest = b""

    def wait(self) -> None:
        """Wait until the process watches."""
        while not self.read():
            pass

    def read(self) -> list[Path | None]:
        """Return the paths written since; ``None`` stands for the message that the watching began."""
        part = os.read(self.reading, 1 << 16)
        if not part:
            raise _failure("the watching process ended")
        *paths, self._rest = (self._rest + part).split(_END)
        for path in paths:
            if path.startswith(_FAILURE):
                raise _failure(path.removeprefix(_FAILURE).decode(errors="replace"))
        return [Path(os.fsdecode(path)) if path else None for path in paths]

    def stop(self) -> None:
        """End the process."""
        os.close(self.reading)
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _saves(watchers: Sequence[_Watcher]) -> Iterator[frozenset[Path]]:
    by_pipe = {one.reading: one for one in watchers}
    while True:
        saved: set[Path] = set()
        wait: float | None = None
        while ready := select.select(list(by_pipe), [], [], wait)[0]:
            for pipe in ready:
                saved.update(path for path in by_pipe[pipe].read() if path is not None)
            wait = 0.0
        if saved:
            yield frozenset(saved)


def _failure(reason: str) -> CicakgError:
    return CicakgError(
        "watch-failed",
        f"The files cannot be watched: {reason}.",
        "Set WATCHFILES_FORCE_POLLING=1, which looks at the files again and again instead.",
    )


def _start(watched: Watched, folders: tuple[Path, ...], is_deep: bool) -> _Watcher:
    reading, writing = os.pipe()
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        try:
            # Ctrl-C reaches all processes of the terminal; ours are ended by the one that started them.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.close(reading)
            _silence()
            _watch(watched, folders, is_deep, writing, parent)
        finally:
            os._exit(1)
    os.close(writing)
    return _Watcher(process, reading)


def _silence() -> None:
    """Let go of the output: whoever reads it must not wait for this process."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)


def _watch(watched: Watched, folders: tuple[Path, ...], is_deep: bool, writing: int, parent: int) -> None:
    """Write the paths of what is saved to *writing*, an empty one as the first, until *parent* is gone."""
    known, news = _identities(folders), [b""]
    try:
        while os.getppid() == parent:
            rounds = _rounds(watched, [one for one in folders if known[one] is not None], is_deep)
            with suppress(FileNotFoundError):  # gone between the two looks; the next look tells
                for saved in rounds:
                    _write(writing, [*news, *saved])
                    news = []
                    if os.getppid() != parent or _identities(folders) != known:
                        break
            before, known = known, _identities(folders)
            news += [os.fsencode(one) for one in folders if known[one] != before[one]]
    except Exception as fault:  # whatever it is, only the one who waits can tell the user
        _write(writing, [_FAILURE + str(fault).encode()[:1000]])


def _rounds(watched: Watched, folders: Iterable[Path], is_deep: bool) -> Iterator[list[bytes]]:
    """Yield what was saved since the round before, after each tick at the latest."""
    from watchfiles import Change, watch  # noqa: PLC0415 - needed in this process only

    def is_of_interest(change: Change, path: str) -> bool:  # noqa: ARG001 - the signature is watchfiles'
        return watched.matches(Path(path))

    for changes in watch(
        *folders,
        watch_filter=is_of_interest,
        step=_QUIET,
        rust_timeout=_TICK,
        yield_on_timeout=True,
        recursive=is_deep,
        ignore_permission_denied=True,
    ):
        yield [os.fsencode(path) for _, path in changes]


def _write(writing: int, paths: Iterable[bytes]) -> None:
    for path in paths:
        os.write(writing, path + _END)


def _identities(folders: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    """Return what tells each folder from another of the same name; ``None`` where it is not there.

    A watch holds on to the folder it began with: of one that took its place it would see nothing.
    """
    return {folder: _identity(folder) for folder in folders}


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino)
