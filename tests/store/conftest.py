"""A snapshot on disk that the tests of the store look at, copy and spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from snapshots import build_snapshot_at

DATA = """\
@prefix : <http://example.org/> .
:g1 { :s :p :o , "б"@kk , 1.50 , _:b . }
:g2 { :s :p :o . _:b :p "line\\r\\nbreak" . }
:s :q :outside .
"""


@pytest.fixture(scope="session")
def trig(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven statements: two graphs share one, and one is in none."""
    path = tmp_path_factory.mktemp("data") / "some.trig"
    path.write_text(DATA, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def built(trig: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot of these; not to be changed."""
    return build_snapshot_at(tmp_path_factory.mktemp("built") / "snapshot", trig)


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """A copy of the snapshot, to be spoilt."""
    return Path(shutil.copytree(built, tmp_path / "snapshot"))
