"""Files are written beside and moved into place."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pytest

from cicakg.errors import CicakgError
from cicakg.export import write_atomically


def test_interrupted_write_keeps_the_old_file(tmp_path: Path) -> None:
    """A write that fails half way leaves the old content and no litter."""
    target = tmp_path / "out.ttl"
    target.write_bytes(b"old")

    def fail_half_way(file: BinaryIO) -> None:
        file.write(b"half")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_atomically(target, fail_half_way)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_written_whole(tmp_path: Path) -> None:
    """A write that succeeds replaces the content and keeps the file's permissions."""
    target = tmp_path / "out.ttl"
    target.write_bytes(b"old")
    target.chmod(0o640)

    def put_new(file: BinaryIO) -> None:
        file.write(b"new")

    write_atomically(target, put_new)
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["missing/out.ttl", "."])
def test_place_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    """A missing folder, or a folder where a file should be, is a sentence and not a traceback."""
    with pytest.raises(CicakgError) as raised:
        write_atomically(tmp_path / name, lambda _: None)
    assert raised.value.code == "output-unwritable"
    assert str(tmp_path) in raised.value.detail
