"""Lines sorted in bounded memory."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cicakg.store.sorting import LineSorter


@pytest.mark.parametrize("part_bytes", [1, 50, 1000, 10**6])
@pytest.mark.parametrize("piece", [1, 7, 100, 10**6])
def test_lines_come_back_sorted(tmp_path: Path, part_bytes: int, piece: int) -> None:
    """However the lines are cut when written, and however many parts they make, all come back, sorted."""
    chance = random.Random(1)  # noqa: S311  # any order will do
    lines = [b"%d \xd0\xb1\n" % chance.randrange(500) for _ in range(300)]
    data = b"".join(lines)
    with LineSorter(tmp_path, part_bytes) as sorter:
        for start in range(0, len(data), piece):
            assert sorter.write(data[start : start + piece]) == len(data[start : start + piece])
        assert list(sorter) == sorted(lines)


def test_nothing_is_left_on_disk(tmp_path: Path) -> None:
    """The parts have no names, so an interrupted build leaves none."""
    with LineSorter(tmp_path, 4) as sorter:
        sorter.write(b"b\na\nc\nd\n")
        assert list(tmp_path.iterdir()) == []
        assert list(sorter) == [b"a\n", b"b\n", b"c\n", b"d\n"]


def test_no_lines(tmp_path: Path) -> None:
    """Nothing written is nothing read."""
    with LineSorter(tmp_path) as sorter:
        assert list(sorter) == []
