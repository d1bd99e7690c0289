"""Snapshots on disk for tests, built by the real command: the engine's threads stay in its process, and the
tests' own may fork.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cicakg.store import DiskSnapshot, SnapshotFolder, open_snapshot_folder


def run_build(*options: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``cicakg build`` with *options* and wait for it."""
    command = [sys.executable, "-m", "cicakg", "build", *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def build_snapshot_at(out: Path, *data: Path) -> Path:
    """Build a snapshot of *data* at *out*, which is returned."""
    done = run_build(*(word for one in data for word in ("--data", one)), "--out", out)
    assert done.returncode == 0, done.stderr
    return out


# Each load writes a table for each index, and the engine merges them soon after. A part is loaded again,
# which changes nothing, until there are many tables, and the process ends before they are merged.
_LOAD = """
import os, sys
from pathlib import Path
from pyoxigraph import DefaultGraph, Quad, Store, parse
path, quads = Path(sys.argv[1]), list(parse(path=sys.argv[2]))
quads += [Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in quads]
store = Store(str(path))
store.bulk_extend(quads)
for _ in range(500):
    store.bulk_extend(quads[-50:] + quads[:50])
    if len(list(path.glob("*.sst"))) > 20:
        os._exit(0)
"""
_CLOSED = """
import sys
from pathlib import Path
from pyoxigraph import Store
from cicakg.store.opening import _closed_tables
store = Store.read_only(sys.argv[1])
print(len(_closed_tables(Path(sys.argv[1]))))
"""


def load_into_many_tables(data: Path, path: Path) -> int:
    """Make a store at *path* of the quads of *data* and their merge, in more tables than the engine opens by
    itself, as a large store has; return how many it leaves closed.
    """
    for _ in range(20):
        shutil.rmtree(path, ignore_errors=True)
        run_program(_LOAD, path, data)
        if (closed := int(run_program(_CLOSED, path))) > 0:
            return closed
    raise AssertionError("the engine merged its tables each time")


def run_program(program: str, *arguments: str | Path) -> str:
    """Run *program* in a Python of its own; return what it prints."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def opened_on_disk(root: Path) -> Iterator[DiskSnapshot]:
    """Open the snapshot at *root* without reading it into memory."""
    snapshot = open_snapshot_folder(SnapshotFolder(root, "disk"))
    assert isinstance(snapshot, DiskSnapshot)
    try:
        yield snapshot
    finally:
        snapshot.close()
