"""What the tests of the annotator's tools share."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_repository import Toy, copy_toy


@pytest.fixture
def toy(tmp_path: Path, project: Path) -> Toy:
    """A fresh copy of the toy repository."""
    return copy_toy(project, tmp_path / "toy")
