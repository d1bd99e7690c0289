"""A snapshot that is not as it was built: found at opening, while it is read, or by the complete check."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from snapshots import opened_on_disk, run_build

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.store import DiskSnapshot, SnapshotFolder, inspection, integrity, open_snapshot_folder
from cicakg.store.disk import MOST_IN_MEMORY
from cicakg.store.integrity import find_damage, require_sound
from cicakg.store.manifest import FORMAT, NAME, Manifest, encode, read_manifest
from cicakg.workers import run_once

ERRORS = {
    "opening: snapshot-damaged",
    "query: snapshot-damaged",
    "query: query-memory",  # the engine gathers errors until there is no room for more
    "query: query-timeout",
}
ALL = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?g ?s ?p ?o"


def open_error(folder: Path) -> CicakgError:
    """Return the error of opening *folder*."""
    with pytest.raises(CicakgError) as caught, opened_on_disk(folder):
        pass
    return caught.value


def flip(path: Path, place: int) -> None:
    """Change one byte of *path*."""
    data = bytearray(path.read_bytes())
    data[place] ^= 0x55
    path.write_bytes(data)


def test_a_changed_byte_in_any_file_is_found_at_opening(copied: Path) -> None:
    """Files of this size are read whole: the first, the middle and the last byte of each are told."""
    for name, record in read_manifest(copied).files.items():
        for place in {0, record.size // 2, record.size - 1} if record.size else ():
            flip(copied / name, place)
            error = open_error(copied)
            assert error.code == "snapshot-damaged"
            assert name in error.detail
            flip(copied / name, place)
    with opened_on_disk(copied):
        pass


def test_a_changed_byte_of_the_manifest_is_found(copied: Path) -> None:
    """The manifest holds its own checksum: no changed byte passes, wherever it is."""
    size = (copied / NAME).stat().st_size
    for place in range(0, size - 1, 37):
        flip(copied / NAME, place)
        assert open_error(copied).code in {"snapshot-damaged", "snapshot-unreadable", "snapshot-version"}
        flip(copied / NAME, place)


def test_truncated_missing_and_foreign_files(copied: Path) -> None:
    """A file that lost its end or is gone, and one that does not belong there, are named at opening."""
    table = max((copied / "store").glob("*.sst"), key=lambda path: path.stat().st_size)
    data = table.read_bytes()
    table.write_bytes(data[:-1])
    assert f"has {len(data) - 1} bytes instead of {len(data)}" in open_error(copied).detail
    table.unlink()
    assert f"store/{table.name} cannot be read" in open_error(copied).detail
    table.write_bytes(data)
    (copied / "store" / "000099.log").write_bytes(b"")
    assert "store/000099.log does not belong to it" in open_error(copied).detail


def test_folders_that_are_no_snapshot(tmp_path: Path, project: Path) -> None:
    """An empty folder, the dataset's own and one that is not there are refused in words."""
    for folder in (tmp_path, project, tmp_path / "absent"):
        error = open_error(folder)
        assert error.code == "snapshot-unreadable"
        assert str(folder) in error.detail
        assert "cicakg build" in error.fix
    (tmp_path / NAME).write_text('{"name": "an app"}')
    assert open_error(tmp_path).code == "snapshot-unreadable"


@pytest.mark.parametrize(
    ("version", "fix"), [(FORMAT + 1, "Use the cicakg that built it"), (0, "Build it again")]
)
def test_another_version(copied: Path, version: int, fix: str) -> None:
    """A newer and an older layout are named with both versions and with what to do."""
    said = json.loads((copied / NAME).read_text())
    (copied / NAME).write_text(json.dumps({**said, "format": version}))
    error = open_error(copied)
    assert (error.code, error.fix[: len(fix)]) == ("snapshot-version", fix)
    assert f"version {version} " in error.detail


def test_another_engine(copied: Path) -> None:
    """The engine's files are its own affair: another minor version of it asks for a new build."""
    old = read_manifest(copied)
    values = {name: getattr(old, name) for name in Manifest.__dataclass_fields__}
    (copied / NAME).write_bytes(encode(Manifest(**{**values, "pyoxigraph": "0.4.11"})))
    error = open_error(copied)
    assert error.code == "snapshot-version"
    assert "0.4.11" in error.detail


def test_a_damaged_block_is_an_error_or_not_needed(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file is not read at opening. Whichever byte of a table is wrong, opening fails, or the query
    fails, or the answer is the right one.
    """
    with opened_on_disk(copied) as sound:
        expected = _outcome(sound)
    assert expected[0] == "answered"
    monkeypatch.setattr(integrity, "_SMALL", 0)
    said = set()
    for table in sorted((copied / "store").glob("*.sst")):
        size = table.stat().st_size
        for place in (0, size // 3, size // 2, size - 60, size - 5):
            flip(table, place)
            assert [*find_damage(copied, read_manifest(copied))]
            with opened_on_disk(copied) as snapshot:
                outcome = _outcome(snapshot)
            assert outcome == expected or outcome[0] in ERRORS
            said.add(outcome[0])
            flip(table, place)
    assert {"opening: snapshot-damaged", "query: snapshot-damaged"} <= said


def _outcome(snapshot: DiskSnapshot) -> tuple[str, bytes]:
    try:
        found = run_once(snapshot, QueryRequest(ALL, {ResultKind.SOLUTIONS: "csv"}))
    except CicakgError as error:
        when = "opening" if str(snapshot.root) in error.detail else "query"
        return f"{when}: {error.code}", b""
    with found.file as file:
        return "answered", file.read()


def test_the_complete_check(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--verify`` reads every byte, names each file at fault, and its exit code tells."""
    assert run_build("--verify", copied).returncode == 0
    tables = sorted((copied / "store").glob("*.sst"))[:2]
    for table in tables:
        flip(table, table.stat().st_size // 2)
    done = run_build("--verify", copied)
    assert done.returncode == 1
    for table in tables:
        assert f"store/{table.name} does not have the checksum it was built with" in done.stderr
    monkeypatch.setattr(integrity, "_SMALL", 0)
    require_sound(copied, read_manifest(copied))  # which is why the complete check is needed


def test_what_is_held_in_memory_is_checked_wholly(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read into memory, every byte is checked."""
    monkeypatch.setattr(integrity, "_SMALL", 0)
    table = min((copied / "store").glob("*.sst"))
    flip(table, table.stat().st_size // 2)
    with pytest.raises(CicakgError, match=table.name) as caught:
        open_snapshot_folder(SnapshotFolder(copied, "memory"))
    assert caught.value.code == "snapshot-damaged"


@pytest.mark.parametrize(("count", "held"), [(MOST_IN_MEMORY, "memory"), (MOST_IN_MEMORY + 1, "disk")])
def test_small_data_are_held_in_memory(
    built: Path, monkeypatch: pytest.MonkeyPatch, count: int, held: str
) -> None:
    """``auto`` chooses by the number of quads."""
    monkeypatch.setattr("cicakg.store.disk.MOST_IN_MEMORY", 7 + MOST_IN_MEMORY - count)
    opened = open_snapshot_folder(SnapshotFolder(built))
    assert opened.held == held
    if isinstance(opened, DiskSnapshot):
        opened.close()


def test_the_check_beside_the_server(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process beside the server writes JSON; of a snapshot that took the place of the one meant it says
    nothing, and of one that is gone it says so.
    """
    monkeypatch.setattr("os.nice", lambda _: 0)

    def check(folder: Path, fingerprint: str) -> list[str]:
        return _said(folder, fingerprint, capsys)

    fingerprint = read_manifest(copied).fingerprint
    assert check(copied, fingerprint) == []
    flip(next((copied / "store").glob("*.sst")), 10)
    assert len(check(copied, fingerprint)) == 1
    assert check(copied, "another") == []
    shutil.rmtree(copied)
    assert "is no snapshot" in check(copied, fingerprint)[0]


def _said(folder: Path, fingerprint: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert inspection.main([str(folder), fingerprint]) == 0
    said: list[str] = json.loads(capsys.readouterr().out)
    return said
