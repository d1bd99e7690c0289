"""What the tests of the checks share."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_repository import Toy, copy_toy

from cicakg.checks.engines import EngineName, engine_named
from cicakg.checks.engines.port import Engine


@pytest.fixture
def toy(tmp_path: Path, project: Path) -> Toy:
    """A fresh copy of the toy repository."""
    return copy_toy(project, tmp_path / "toy")


@pytest.fixture(params=["fast", "pyshacl"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the engines in turn."""
    name: EngineName = request.param
    return engine_named(name)
