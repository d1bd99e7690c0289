"""The manifest of a snapshot on disk: what it holds, what made it, and the checksum of each of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from cicakg.errors import CicakgError
from cicakg.sparql.counting import Counts
from cicakg.store.counts import counts_from

NAME: Final = "manifest.json"
STORE: Final = "store"  # the engine's files
DATASET: Final = "dataset"  # files of the dataset that pages are made of
VOID: Final = "void.nt"  # the VoID description
FORMAT: Final = 1
"""The version of the layout; it goes up with every change that an older cicakg could misread."""

BUILD_AGAIN: Final = "Build it again with `cicakg build --out DIR`."


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was built: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Openers:
    """Statements, as lines of N-Quads, that make the engine open all its files.

    To look up each of ``lookups`` opens those that hold the beginning of something; ``runs`` name pairs of
    predicate and object with so many statements that these fill whole files, which only a walk through them
    opens.
    """

    lookups: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot says of itself.

    ``fingerprint`` and ``quad_count`` are those of :class:`cicakg.store.Snapshot`; ``stored_count`` counts
    the merge too; ``has_blank_nodes`` may be true where there are none, never the reverse; ``built`` is a
    time in UTC (ISO 8601); ``files`` is by path below the snapshot's folder; ``counts`` are what queries
    need not count again.
    """

    cicakg: str
    pyoxigraph: str
    fingerprint: str
    quad_count: int
    stored_count: int
    has_blank_nodes: bool
    built: str
    files: Mapping[str, FileRecord]
    counts: Counts = field(default_factory=Counts)
    openers: Openers = field(default_factory=Openers)

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(one.size for one in self.files.values())


def encode(manifest: Manifest) -> bytes:
    """Return *manifest* as the bytes of its file."""
    said = {"format": FORMAT, **asdict(manifest)}
    said["checksum"] = _checksum(said)
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the snapshot in *folder*.

    Raises :class:`CicakgError`: ``snapshot-unreadable`` where there is no snapshot, ``snapshot-version``
    where it is of another version of the layout, ``snapshot-damaged`` where its checksum does not fit.
    """
    said = _read(folder)
    version = said.get("format")
    if version != FORMAT:
        raise _version_error(folder, version)
    if said.pop("checksum", None) != _checksum(said):
        raise damaged(folder, f"{NAME} does not have the checksum it names")
    try:
        return _manifest(said)
    except (KeyError, TypeError) as error:
        raise damaged(folder, f"{NAME} lacks what a manifest has ({error})") from error


def damaged(folder: Path, what: str) -> CicakgError:
    """Return the error for a snapshot that is not as it was built."""
    return CicakgError(
        "snapshot-damaged",
        f"The snapshot {folder} is damaged: {what}.",
        f"{BUILD_AGAIN} If that comes back, check the disk.",
    )


def _read(folder: Path) -> dict[str, Any]:
    try:
        data = (folder / NAME).read_bytes()
    except OSError as error:
        reason = f"it has no readable {NAME} ({error.strerror})"
        raise CicakgError(
            "snapshot-unreadable",
            f"{folder} is no snapshot: {reason}; a build that did not end leaves none.",
            "Name a folder that `cicakg build --out DIR` made.",
        ) from error
    try:
        said = json.loads(data)
    except ValueError as error:
        raise damaged(folder, f"{NAME} is no JSON") from error
    if not isinstance(said, dict) or "format" not in said:
        raise CicakgError(
            "snapshot-unreadable",
            f"{folder} is no snapshot: its {NAME} is not that of one.",
            "Name a folder that `cicakg build --out DIR` made.",
        )
    return said


def _version_error(folder: Path, version: object) -> CicakgError:
    is_newer = isinstance(version, int) and version > FORMAT
    fix = "Use the cicakg that built it, or a newer one, or build it again with this one."
    return CicakgError(
        "snapshot-version",
        f"The snapshot {folder} has version {version!r} of the layout; this cicakg reads version {FORMAT}.",
        fix if is_newer else BUILD_AGAIN,
    )


def _checksum(said: Mapping[str, Any]) -> str:
    canonical = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _manifest(said: Mapping[str, Any]) -> Manifest:
    openers = said["openers"]
    return Manifest(
        cicakg=said["cicakg"],
        pyoxigraph=said["pyoxigraph"],
        fingerprint=said["fingerprint"],
        quad_count=said["quad_count"],
        stored_count=said["stored_count"],
        has_blank_nodes=said["has_blank_nodes"],
        built=said["built"],
        files={path: FileRecord(**one) for path, one in said["files"].items()},
        counts=counts_from(said.get("counts")),
        openers=Openers(tuple(openers["lookups"]), tuple(openers["runs"])),
    )
