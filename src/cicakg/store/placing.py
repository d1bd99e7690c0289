"""Folders that are there whole or not at all, and stay for whoever reads them."""

from __future__ import annotations

import ctypes
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cicakg.errors import CicakgError
from cicakg.store.manifest import DATASET, NAME, STORE, VOID

_BESIDE: Final = ".part"
_PARTS: Final = {NAME, STORE, DATASET, VOID}
_AT_FDCWD: Final = -100  # linux/fcntl.h
_RENAME_EXCHANGE: Final = 2  # linux/fs.h


def open_folder(folder: Path) -> int:
    """Return a descriptor of *folder* that tells builders that it is read: while it is open, and in whatever
    process, they leave the folder's files alone, though its name may come to mean another folder.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    with suppress(OSError):  # a file system without locks: then what is replaced is lost to its readers
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return descriptor


@contextmanager
def folder_beside(place: Path) -> Iterator[Path]:
    """Yield a new folder beside *place*, and put it there when all went well; else nothing is left of it.

    What is at *place* may only be a snapshot, or nothing; it goes, once nobody reads it any more: at once, or
    with a later build. Raises :class:`CicakgError` (``output-unwritable``) where the folder cannot be made or
    *place* is something else.
    """
    place = place.absolute()
    require_replaceable(place)
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=_BESIDE, dir=place.parent))
    except OSError as fault:
        raise _unwritable(place, fault) from fault
    lock = open_folder(beside)
    try:
        yield beside
        beside.chmod(0o777 & ~_umask())
        _synchronise(beside)
        _put(beside, place)
    except OSError as fault:  # the disk is full, or broken
        raise _unwritable(place, fault) from fault
    finally:
        os.close(lock)
        _clear(place)


def require_replaceable(place: Path) -> None:
    """Raise :class:`CicakgError` where something is at *place* that is no snapshot."""
    if not place.exists() and not place.is_symlink():
        return
    if place.is_symlink() or not (place / NAME).is_file():
        if place.is_dir() and not place.is_symlink() and not any(place.iterdir()):
            return
        raise CicakgError(
            "output-unwritable",
            f"{place} is there already and is no snapshot, so it is not replaced.",
            "Name a folder that is new, empty, or an older snapshot.",
        )


def _put(beside: Path, place: Path) -> None:
    """Move *beside* to *place*; what was there gets a name like that of a folder whose build has ended."""
    if place.exists() and not _exchange(beside, place):
        place.replace(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=_BESIDE, dir=place.parent))
    if not place.exists():
        beside.replace(place)
    _synchronise_one(place.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders, so that there is one at each place at any time; whether the system could."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None)  # Linux, renameat2(2)
    if rename is None:
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _clear(place: Path) -> None:
    """Remove what builds of *place* left that were interrupted or replaced, unless somebody is at it."""
    for one in place.parent.glob(f".{glob.escape(place.name)}.*{_BESIDE}"):
        with suppress(OSError):  # gone, or not ours
            if not {child.name for child in one.iterdir()} <= _PARTS:
                continue
            descriptor = os.open(one, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(one)
            finally:
                os.close(descriptor)


def _synchronise(folder: Path) -> None:
    """Have everything in *folder* on disk before it gets its name."""
    for parent, _, names in os.walk(folder):
        for name in names:
            _synchronise_one(Path(parent, name))
        _synchronise_one(Path(parent))


def _synchronise_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(place: Path, fault: OSError) -> CicakgError:
    return CicakgError(
        "output-unwritable",
        f"{place} cannot be written: {fault.strerror or type(fault).__name__}.",
        "Name a folder in a folder that is there and yours, on a disk with room.",
    )
