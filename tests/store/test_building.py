"""A snapshot built on disk: the same data as in memory, and whole or not at all."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Quad, RdfFormat, parse
from snapshots import build_snapshot_at, opened_on_disk, run_build

from cicakg.paths import DatasetFolder
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.store import (
    DiskSnapshot,
    Snapshot,
    SnapshotFolder,
    open_file,
    open_snapshot,
    open_snapshot_folder,
)
from cicakg.store.manifest import NAME, read_manifest
from cicakg.workers import run_once

FORMATS = {ResultKind.SOLUTIONS: "csv", ResultKind.BOOLEAN: "csv", ResultKind.GRAPH: "nquads"}

# Quads that a small part size has sorted on disk, in several parts.
IN_PARTS = """
import sys
from pathlib import Path
from cicakg.store import building, sorting
sorter = sorting.LineSorter
building.LineSorter = lambda folder: sorter(folder, 40)
building.build_files((Path(sys.argv[1]),), Path(sys.argv[2]), lambda step: None)
"""


def answer(snapshot: Snapshot | DiskSnapshot, query: str) -> list[str]:
    """Return the sorted lines of the answer to *query*."""
    found = run_once(snapshot, QueryRequest(query, FORMATS))
    with found.file as file:
        return sorted(file.read().decode().splitlines())


def in_memory(root: Path) -> Snapshot:
    """Read the snapshot at *root* into memory."""
    snapshot = open_snapshot_folder(SnapshotFolder(root, "memory"))
    assert isinstance(snapshot, Snapshot)
    return snapshot


def names(folder: Path) -> list[str]:
    """Return the names in *folder*, hidden ones too."""
    return sorted(one.name for one in folder.iterdir())


def test_the_fingerprint_is_that_of_the_file(trig: Path, built: Path) -> None:
    """On disk or in memory, the same data have the same fingerprint and the same count of statements."""
    manifest, memory = read_manifest(built), open_file(trig)
    assert (manifest.fingerprint, manifest.quad_count) == (memory.fingerprint, memory.quad_count)
    assert manifest.quad_count == 7


def test_the_fingerprint_of_what_is_sorted_in_parts(trig: Path, built: Path, tmp_path: Path) -> None:
    """Data too large to be sorted in memory get the same fingerprint."""
    out = tmp_path / "parts"
    subprocess.run([sys.executable, "-c", IN_PARTS, str(trig), str(out)], check=True, timeout=120)
    assert read_manifest(out).fingerprint == read_manifest(built).fingerprint
    assert names(tmp_path) == ["parts"]


def test_the_default_graph_is_the_merge(built: Path) -> None:
    """On disk as in memory: what two graphs share counts once, and what is in no graph is there."""
    for snapshot in (in_memory(built), open_snapshot_folder(SnapshotFolder(built, "disk"))):
        assert answer(snapshot, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["6", "n"]
        assert answer(snapshot, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == ["6", "n"]
        assert answer(snapshot, "SELECT DISTINCT ?g { GRAPH ?g {} } ORDER BY ?g")[-2:] == [
            "http://example.org/g1",
            "http://example.org/g2",
        ]
        if isinstance(snapshot, DiskSnapshot):
            snapshot.close()


def test_memory_and_disk_hold_the_same_terms(trig: Path, built: Path) -> None:
    """Every term comes back as from the file, line breaks and labels of blank nodes too."""
    query = "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }"
    expected = answer(open_file(trig), query)
    assert '_:b <http://example.org/p> "line\\r\\nbreak" .' in expected
    with opened_on_disk(built) as disk:
        assert answer(disk, query) == answer(in_memory(built), query) == expected


def test_the_dataset_is_the_same_from_its_folder_and_its_snapshot(project: Path, tmp_path: Path) -> None:
    """The dataset's snapshot has its fingerprint and its description, and the files its pages are made of."""
    out = tmp_path / "dataset"
    done = run_build("--out", out)
    assert done.returncode == 0, done.stderr
    folder = DatasetFolder(project)
    memory = open_snapshot(folder)
    with opened_on_disk(out) as disk:
        assert (disk.fingerprint, disk.quad_count) == (memory.fingerprint, memory.quad_count)
        assert set(disk.description()) == set(memory.description())
    copied = SnapshotFolder(out).dataset
    assert copied is not None
    assert copied.guideline.read_bytes() == folder.guideline.read_bytes()
    assert names(copied.queries) == sorted(one.name for one in folder.queries.glob("*.rq"))


def test_blank_nodes_of_several_files_stay_apart(tmp_path: Path) -> None:
    """Two files that use one label mean two nodes; within a file it is one (RDF 1.1, section 3.4)."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.nt").write_text('_:x <urn:p> "1" .\n_:x <urn:q> _:y .\n')
    out = build_snapshot_at(tmp_path / "out", tmp_path / "a.nt", tmp_path / "b.nt")
    lines = answer(in_memory(out), "CONSTRUCT WHERE { ?s ?p ?o }")
    quads: list[Quad] = list(parse("\n".join(lines), format=RdfFormat.N_QUADS))
    subjects = {quad.subject for quad in quads if isinstance(quad.subject, BlankNode)}
    assert (len(lines), len(subjects)) == (4, 2)
    again = build_snapshot_at(tmp_path / "again", tmp_path / "a.nt", tmp_path / "b.nt")
    assert read_manifest(again).fingerprint == read_manifest(out).fingerprint


@pytest.mark.parametrize("content", [b"this is no RDF", b"<urn:s> <urn:p> <urn:o> .\n<urn:s> <urn:p"])
def test_a_build_that_fails_leaves_nothing(copied: Path, tmp_path: Path, content: bytes) -> None:
    """Bad input is named, and the older snapshot stays as it was."""
    before = (copied / NAME).read_bytes()
    bad = tmp_path / "bad.nt"
    bad.write_bytes(content)
    done = run_build("--data", bad, "--out", copied)
    assert done.returncode == 2
    assert "bad.nt cannot be read as RDF" in done.stderr
    assert (copied / NAME).read_bytes() == before
    assert names(tmp_path) == ["bad.nt", "snapshot"]


def test_a_folder_that_is_no_snapshot_is_not_replaced(trig: Path, tmp_path: Path) -> None:
    """A folder with anything else in it, a file and a link stay as they are; an empty folder is taken."""
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "dear.txt").write_text("Dear")
    (tmp_path / "link").symlink_to(letters)
    for place in ("letters", "link", "letters/dear.txt"):
        done = run_build("--data", trig, "--out", tmp_path / place)
        assert done.returncode == 2
        assert "is no snapshot, so it is not replaced" in done.stderr
    assert (letters / "dear.txt").read_text() == "Dear"
    (letters / "dear.txt").unlink()
    build_snapshot_at(letters, trig)


def test_a_replaced_snapshot_stays_for_its_readers(copied: Path, tmp_path: Path) -> None:
    """Who has a snapshot open goes on with it, also in processes that open it later; a later build removes
    it when nobody reads it any more.
    """
    other = tmp_path / "other.nt"
    other.write_text("<urn:s> <urn:p> <urn:o> .\n")
    question = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with opened_on_disk(copied) as old:
        build_snapshot_at(copied, other)
        assert answer(old, question) == ["6", "n"]
        with opened_on_disk(copied) as new:
            assert answer(new, question) == ["1", "n"]
        assert len(names(tmp_path)) == 3
    build_snapshot_at(copied, other)
    assert names(tmp_path) == ["other.nt", "snapshot"]


def test_a_build_that_is_killed(copied: Path, tmp_path: Path) -> None:
    """What a killed build leaves is no snapshot, the older one stays, and the next build clears up."""
    before = (copied / NAME).read_bytes()
    pipe = tmp_path / "pipe.nt"
    subprocess.run(["mkfifo", str(pipe)], check=True)
    other = tmp_path / "other.nt"
    other.write_text("<urn:s> <urn:p> <urn:o> .\n")
    program = "import sys; from cicakg.store.building import build_files as b; from pathlib import Path as P;"
    program += "b((P(sys.argv[1]),), P(sys.argv[2]), lambda step: None)"
    process = subprocess.Popen([sys.executable, "-c", program, str(pipe), str(copied)])
    try:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".snapshot.*.part/store/CURRENT")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    (left,) = tmp_path.glob(".snapshot.*.part")
    done = run_build("--verify", left)
    assert done.returncode == 2
    assert "no readable manifest.json" in done.stderr
    assert (copied / NAME).read_bytes() == before
    build_snapshot_at(copied, other)
    assert list(tmp_path.glob(".snapshot.*")) == []


FULL_DISK = """
import resource, sys
from cicakg.cli import exit_code
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
sys.exit(exit_code(["build", "--data", sys.argv[1], "--out", sys.argv[2]]))
"""


@pytest.mark.parametrize("room", [100, 2_500, 20_000])
def test_a_full_disk(trig: Path, copied: Path, tmp_path: Path, room: int) -> None:
    """Where the disk takes no more, at whatever step, that is said, nothing is left and the old one stays."""
    before = (copied / NAME).read_bytes()
    command = [sys.executable, "-c", FULL_DISK, str(trig), str(copied), str(room)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert (copied / NAME).read_bytes() == before
    assert names(tmp_path) == ["snapshot"]


def test_folders_of_others_are_left_alone(trig: Path, tmp_path: Path) -> None:
    """A folder whose name is like that of an unfinished build is not removed where it holds anything else."""
    other = tmp_path / ".out.x.part"
    other.mkdir()
    (other / "dear.txt").write_text("Dear")
    build_snapshot_at(tmp_path / "out", trig)
    assert (other / "dear.txt").read_text() == "Dear"


def test_the_manifest_says_what_is_there(built: Path) -> None:
    """Every file is listed with its size, and nothing of the builder's machine is among them."""
    said = json.loads((built / NAME).read_text())
    listed = {one.relative_to(built).as_posix() for one in built.rglob("*") if one.is_file()} - {NAME}
    assert set(said["files"]) == listed
    assert all((built / name).stat().st_size == one["size"] for name, one in said["files"].items())
    assert not any("LOG" in name or "LOCK" in name for name in listed)
