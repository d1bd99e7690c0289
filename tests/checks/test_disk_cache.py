"""What one run leaves for the next, and whose folder it is read from."""

from __future__ import annotations

import os
import pickle
import stat
from pathlib import Path
from typing import Final

import pytest

from cicakg.checks import disk_cache
from cicakg.checks.disk_cache import DiskCache, user_folder
from cicakg.turtle import TurtleDocument, read_turtle

EVIL: Final = "evil"


class Evil:
    """An object whose unpickling leaves a file behind."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        """Touch the file when unpickled."""
        return Path.touch, (self._mark,)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for a cache, which is not there yet."""
    return tmp_path / "home" / "cicakg"


def only(folder: Path) -> Path:
    """Return the only file in *folder*."""
    (path,) = folder.iterdir()
    return path


def test_what_is_put_is_found_by_what_it_is_made_of(folder: Path) -> None:
    """Each part of what a value is made of counts, in its place; another process finds it as well."""
    DiskCache(folder).put({"a": 1}, "shapes", b"\x00")
    again = DiskCache(folder)
    assert again.get("shapes", b"\x00") == {"a": 1}
    for other in (("shapes", b"\x01"), ("shape", b"s\x00"), ("shapes\x00",), (b"\x00", "shapes"), ()):
        assert again.get(*other) is None


def test_a_document_is_kept(folder: Path) -> None:
    """A file as it was read comes back with its places."""
    document = read_turtle(b"@prefix : <http://e/> .\n:s :p 'x'@kk-Latn .\n")
    DiskCache(folder).put(document, "document")
    found = DiskCache(folder).get("document")
    assert isinstance(found, TurtleDocument)
    assert found.triples == document.triples


def test_the_folder_and_its_files_are_the_users_own(folder: Path) -> None:
    """Nobody else can read or write what is kept."""
    DiskCache(folder).put(1, "x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only(folder).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_can_write_to_is_not_used(folder: Path, tmp_path: Path, mode: int) -> None:
    """What others could have put there is not unpickled, and nothing is put there."""
    DiskCache(folder).put(Evil(tmp_path / EVIL), "x")
    folder.chmod(mode)
    assert DiskCache(folder).get("x") is None
    assert not (tmp_path / EVIL).exists()
    DiskCache(folder).put(2, "y")
    assert len(list(folder.iterdir())) == 1


def test_the_folder_of_another_user_is_not_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that lies where ours should, and is somebody else's, is left alone."""
    DiskCache(folder).put(Evil(tmp_path / EVIL), "x")
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    assert DiskCache(folder).get("x") is None
    assert not (tmp_path / EVIL).exists()
    DiskCache(folder).put(2, "y")
    assert len(list(folder.iterdir())) == 1


def test_the_guard_is_what_keeps_others_objects_out(folder: Path, tmp_path: Path) -> None:
    """In a folder that is ours, the object of the two tests above would be unpickled: they can fail."""
    DiskCache(folder).put(Evil(tmp_path / EVIL), "x")
    DiskCache(folder).get("x")
    assert (tmp_path / EVIL).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80",
        b"garbage",
        b"\x80\x05cno_such_module\nthing\n.",
        b"\x80\x05ccicakg.turtle\nNoSuchThing\n.",
        pickle.dumps(list(range(100)))[:-20],
        b"(" * 100_000,
    ],
)
def test_a_damaged_file_counts_as_none(folder: Path, content: bytes) -> None:
    """A file that is cut off, or from another program, is no error: it is written anew."""
    cache = DiskCache(folder)
    cache.put("right", "x")
    only(folder).write_bytes(content)
    assert cache.get("x") is None
    cache.put("again", "x")
    assert cache.get("x") == "again"


def test_a_file_appears_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads while it is written, or after the writing failed, finds what was there before."""
    cache = DiskCache(folder)
    cache.put("before", "x")
    seen: list[object] = []

    def dump_half(value: object, file: object, protocol: int) -> None:
        seen.append((value, file is not None, protocol and DiskCache(folder).get("x")))
        raise OSError("No space left on device")

    monkeypatch.setattr(pickle, "dump", dump_half)
    cache.put("after", "x")
    assert seen == [("after", True, "before")]
    assert cache.get("x") == "before"
    assert len(list(folder.iterdir())) == 1, "what was begun is taken away"


def test_the_oldest_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many values are kept; one that was used lately stays."""
    monkeypatch.setattr(disk_cache, "_MOST", 3)
    cache = DiskCache(folder)
    for number in range(3):
        cache.put(number, str(number))
        for age, path in enumerate(sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns)):
            os.utime(path, ns=(0, (age + 1) * 10**9))
    assert cache.get("0") == 0  # used, so the youngest now
    cache.put(3, "3")
    assert [cache.get(str(number)) for number in range(4)] == [0, None, 2, 3]


def test_another_version_of_the_program_finds_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one version has pickled means nothing to another."""
    DiskCache(folder).put(1, "x")
    monkeypatch.setattr(disk_cache, "program_fingerprint", lambda: "another")
    assert DiskCache(folder).get("x") is None


@pytest.mark.parametrize("attribute", ["sys.version", "pyoxigraph.__version__"])
def test_the_version_is_that_of_python_and_the_parser_too(
    monkeypatch: pytest.MonkeyPatch, attribute: str
) -> None:
    """A newer Python or parser may read another thing from the same bytes."""
    before = disk_cache.program_fingerprint()
    monkeypatch.setattr(f"cicakg.checks.disk_cache.{attribute}", "another")
    assert disk_cache.program_fingerprint() != before


def test_the_version_is_that_of_every_file_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module or table that is edited, added or taken away makes another version; what Python compiles
    does not.
    """
    module = tmp_path / "cicakg" / "checks" / "disk_cache.py"
    (tmp_path / "cicakg" / "deep" / "deeper").mkdir(parents=True)
    module.parent.mkdir()
    module.touch()
    monkeypatch.setattr(disk_cache, "__file__", str(module))
    seen = [disk_cache.program_fingerprint()]
    for name, text in (("a.py", "1"), ("a.py", "12"), ("deep/deeper/words.toml", "")):
        (tmp_path / "cicakg" / name).write_text(text)
        seen.append(disk_cache.program_fingerprint())
    assert len(set(seen)) == 4
    (tmp_path / "cicakg" / "__pycache__").mkdir()
    (tmp_path / "cicakg" / "__pycache__" / "a.py").touch()
    assert disk_cache.program_fingerprint() == seen[-1]
    (tmp_path / "cicakg" / "a.py").unlink()
    assert disk_cache.program_fingerprint() not in seen


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    """Where the home cannot be written to, a check is slower and nothing else."""
    (tmp_path / "file").touch()
    cache = DiskCache(tmp_path / "file" / "cicakg")
    cache.put(1, "x")
    assert cache.get("x") is None


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container, a user may have a number and neither a name nor a home."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 987_654_321)
    assert user_folder() is None
    cache = DiskCache()
    cache.put(1, "x")
    assert cache.get("x") is None


@pytest.mark.parametrize(
    ("cache_home", "home", "expected"),
    [
        ("/var/cache/me", "/home/me", "/var/cache/me/cicakg"),
        ("", "/home/me", "/home/me/.cache/cicakg"),
        ("cache", "/home/me", "/home/me/.cache/cicakg"),
        ("./cache", "/home/me", "/home/me/.cache/cicakg"),
        ("cache", "home", None),
    ],
)
def test_a_relative_folder_is_never_used(
    monkeypatch: pytest.MonkeyPatch, cache_home: str, home: str, expected: str | None
) -> None:
    """The XDG specification has relative paths ignored: ours would lead into the dataset that is checked."""
    monkeypatch.setenv("XDG_CACHE_HOME", cache_home)
    monkeypatch.setenv("HOME", home)
    assert user_folder() == (None if expected is None else Path(expected))
