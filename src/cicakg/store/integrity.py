"""Whether the files of a snapshot are as they were built: at once as far as is cheap, and wholly."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cicakg.store.manifest import NAME, FileRecord, Manifest, damaged

_SMALL: Final = 1024**2  # files up to this many bytes are read whole at each opening


def file_records(folder: Path) -> dict[str, FileRecord]:
    """Return the record of each file in *folder* but the manifest, by its path below it."""
    return {name: _record(folder / name) for name in _names(folder)}


def require_sound(folder: Path, manifest: Manifest) -> None:
    """Check what can be checked at once: that each file is there with its size, and none is there too many,
    and the checksums of small files. Raises :class:`CicakgError` (``snapshot-damaged``) for the first fault.
    """
    for fault in _faults(folder, manifest, _SMALL):
        raise damaged(folder, fault)


def find_damage(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Check every byte of every file; yield what is wrong, in words without a full stop."""
    return _faults(folder, manifest, None)


def _faults(folder: Path, manifest: Manifest, most: int | None) -> Iterator[str]:
    for name in sorted({*_names(folder)} - {*manifest.files}):
        yield f"the file {name} does not belong to it"
    for name, record in sorted(manifest.files.items()):
        if (fault := _fault(folder / name, record, most)) is not None:
            yield f"{name} {fault}"


def _fault(path: Path, record: FileRecord, most: int | None) -> str | None:
    try:
        size = path.stat().st_size
        if size != record.size:
            return f"has {size} bytes instead of {record.size}"
        is_read = most is None or size <= most
        if is_read and _digest(path) != record.sha256:
            return "does not have the checksum it was built with"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return None


def _record(path: Path) -> FileRecord:
    return FileRecord(path.stat().st_size, _digest(path))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _names(folder: Path) -> Iterator[str]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name).relative_to(folder).as_posix()
            if path != NAME:
                yield path
