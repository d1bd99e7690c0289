"""A snapshot on disk, opened: verified as far as is cheap, and asked where it lies or read into memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final, Literal

from pyoxigraph import RdfFormat, Store, Triple, parse

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.sparql.counting import Counts
from cicakg.store.integrity import find_damage, require_sound
from cicakg.store.manifest import BUILD_AGAIN, DATASET, STORE, VOID, Manifest, damaged, read_manifest
from cicakg.store.opening import TablesClosedError, open_tables, raise_file_limit
from cicakg.store.placing import open_folder
from cicakg.store.snapshot import Held, Snapshot

Hold = Literal["auto", "memory", "disk"]

MOST_IN_MEMORY: Final = 500_000
"""Up to how many quads ``auto`` holds in memory; ``benchmarks/snapshot.py`` shows what either costs."""

# RocksDB keeps blocks it has read: 32 MiB for all indexes, and 128 MiB for the table of terms, which Oxigraph
# opens for look-ups (``OptimizeForPointLookup(128)``); the rest is what an allocator loses between them.
_ENGINE_BYTES: Final = 256 * 1024**2


@dataclass(frozen=True, slots=True)
class SnapshotFolder:
    """A folder that ``cicakg build`` made, and where its data are to be held."""

    root: Path
    hold: Hold = "auto"

    @property
    def dataset(self) -> DatasetFolder | None:
        """The files of the dataset that pages are made of; ``None`` for a snapshot of RDF files."""
        folder = self.root / DATASET
        return DatasetFolder(folder) if folder.is_dir() else None


@dataclass(frozen=True, slots=True)
class DiskSnapshot:
    """A snapshot whose data stay on disk. Each process that asks it opens the store for itself, after it was
    forked: the engine starts threads.

    ``directory`` is a descriptor of its folder: what it names stays, though another may take its place.
    """

    root: Path
    manifest: Manifest
    directory: int
    void: tuple[Triple, ...]

    @property
    def fingerprint(self) -> str:
        """As that of :class:`Snapshot`."""
        return self.manifest.fingerprint

    @property
    def quad_count(self) -> int:
        """As that of :class:`Snapshot`."""
        return self.manifest.quad_count

    @property
    def counts(self) -> Counts:
        """As those of :class:`Snapshot`, taken at the build."""
        return self.manifest.counts

    @property
    def held(self) -> Held:
        """Where the data are."""
        return "disk"

    @property
    def engine_bytes(self) -> int:
        """What the engine may keep for itself in a process that asks this store, queries or not."""
        return _ENGINE_BYTES

    def description(self) -> tuple[Triple, ...]:
        """Return the VoID description it holds, empty where it holds none."""
        return self.void

    def enter(self) -> None:
        """Prepare a freshly forked process for :meth:`open_store`, which has no descriptor of the folder."""
        os.fchdir(self.directory)

    def open_store(self) -> Store:
        """Open the store and all its files in this process, which has entered; it has threads afterwards."""
        raise_file_limit()
        try:
            return open_tables(Path(STORE), self.manifest.openers)
        except TablesClosedError as error:
            raise CicakgError(
                "snapshot-unreadable",
                f"The files {error} of the snapshot {self.root} cannot all be open at a time.",
                f"Allow more open files (`ulimit -n`). {BUILD_AGAIN}",
            ) from error
        except (OSError, RuntimeError, SyntaxError) as error:
            raise damaged(self.root, f"its store cannot be opened ({error})") from error

    def close(self) -> None:
        """Let the folder go."""
        os.close(self.directory)


def open_snapshot_folder(folder: SnapshotFolder) -> Snapshot | DiskSnapshot:
    """Open the snapshot in *folder* where it is to be held.

    Raises :class:`CicakgError`: those of :func:`cicakg.store.manifest.read_manifest`, and
    ``snapshot-damaged``. On disk the large files are not read: the engine checks each block it reads. In
    memory all is checked. The process has no thread more afterwards, so it may fork.
    """
    found = _open(folder.root)
    is_small = found.quad_count <= MOST_IN_MEMORY
    if folder.hold == "disk" or (folder.hold == "auto" and not is_small):
        return found
    try:
        for fault in find_damage(folder.root, found.manifest):
            raise damaged(folder.root, fault)
        return _into_memory(found)
    finally:
        found.close()


def _open(root: Path) -> DiskSnapshot:
    manifest = read_manifest(root)
    directory = open_folder(root)
    try:
        if read_manifest(root) != manifest or not _is_at(directory, root):
            raise CicakgError(
                "snapshot-unreadable",
                f"The snapshot {root} was replaced while it was being opened.",
                "Open it again.",
            )
        _require_engine(root, manifest)
        require_sound(root, manifest)
        void = tuple(quad.triple for quad in parse(path=root / VOID, format=RdfFormat.N_TRIPLES))
    except BaseException:
        os.close(directory)
        raise
    return DiskSnapshot(root, manifest, directory, void)


def _is_at(directory: int, root: Path) -> bool:
    return os.path.samestat(os.fstat(directory), root.stat())


def _require_engine(root: Path, manifest: Manifest) -> None:
    """The engine may change its files from one minor version to the next."""
    ours = version("pyoxigraph")
    if manifest.pyoxigraph.split(".")[:2] != ours.split(".")[:2]:
        raise CicakgError(
            "snapshot-version",
            f"The snapshot {root} was built with pyoxigraph {manifest.pyoxigraph}; here is {ours}.",
            BUILD_AGAIN,
        )


def _into_memory(found: DiskSnapshot) -> Snapshot:
    """Read all into a store in memory; another process reads the files, whose engine has threads."""
    store = Store()
    try:
        _receive_from(
            lambda target: _dump(found, target), lambda source: _fill(store, source, found.manifest)
        )
    except (SyntaxError, ValueError) as error:
        raise damaged(found.root, f"its store cannot be read to the end ({error})") from error
    if (count := len(store)) != found.manifest.stored_count:
        raise damaged(found.root, f"it holds {count} statements instead of {found.manifest.stored_count}")
    return Snapshot(store, found.fingerprint, found.quad_count, found.counts)


def _dump(found: DiskSnapshot, target: BinaryIO) -> None:
    found.enter()
    Store.read_only(STORE).dump(target, RdfFormat.N_QUADS)


def _fill(store: Store, source: BinaryIO, manifest: Manifest) -> None:
    if manifest.has_blank_nodes:  # which the engine's own loader names anew
        store.bulk_extend(parse(source, format=RdfFormat.N_QUADS))
    else:
        store.bulk_load(source, RdfFormat.N_QUADS)


def _receive_from(write: Callable[[BinaryIO], None], read: Callable[[BinaryIO], None]) -> None:
    """Run *write* in a child process and *read*, here, what it writes."""
    source, target = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(source)
        _write_and_leave(write, target)
    os.close(target)
    try:
        with os.fdopen(source, "rb") as file:
            read(file)
    finally:
        os.waitpid(pid, 0)


def _write_and_leave(write: Callable[[BinaryIO], None], target: int) -> None:
    try:
        with os.fdopen(target, "wb") as file:
            write(file)
    finally:
        os._exit(0)
