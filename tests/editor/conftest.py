"""What the tests of the editor's server share: a copy of the real dataset, and an editor that has it open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from editor_client import Editor, Writing

ARTICLE = "data/articles/2023/2023-ar-senate-talks.ttl"


def copy_dataset(project: Path, root: Path) -> Path:
    """Copy the real dataset into the folder *root*."""
    for name in ("ontology", "data", "shapes"):
        shutil.copytree(project / name, root / name)
    return root


@pytest.fixture
def dataset(tmp_path: Path, project: Path) -> Path:
    """A copy of the real dataset that a test may break."""
    return copy_dataset(project, tmp_path / "dataset")


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Iterator[Writing]:
    """An editor with a copy of the real dataset open, for tests that change no file."""
    root = copy_dataset(project, tmp_path_factory.mktemp("writing") / "dataset")
    made = Editor(here=root)
    made.start(root)
    yield Writing(made, root)
    made.kill()
    assert b"Traceback" not in made.errors, made.errors.decode()


@pytest.fixture
def article(dataset: Path) -> Path:
    """An article of the copy."""
    return dataset / ARTICLE


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    """An editor whose server has not been greeted yet; it must not have said anything unforeseen."""
    made = Editor(here=tmp_path)
    yield made
    made.kill()
    assert b"Traceback" not in made.errors, made.errors.decode()
