"""The snapshot: everything a query can see, in memory or on disk, with its fingerprint."""

from __future__ import annotations

from cicakg.store.disk import DiskSnapshot, Hold, SnapshotFolder, open_snapshot_folder
from cicakg.store.snapshot import (
    Held,
    Snapshot,
    build_snapshot,
    dataset_quads,
    open_file,
    open_snapshot,
)

__all__ = [
    "DiskSnapshot",
    "Held",
    "Hold",
    "Snapshot",
    "SnapshotFolder",
    "build_snapshot",
    "dataset_quads",
    "open_file",
    "open_snapshot",
    "open_snapshot_folder",
]
