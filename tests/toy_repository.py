"""A miniature repository: the toy articles and entities, with the ontology and the shapes of the project."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cicakg.checks.report import Report, check
from cicakg.model import Finding
from cicakg.paths import DatasetFolder

MS = "data/articles/2031/2031-ms-river-council.ttl"
AR = "data/articles/2031/2031-ar-river-council.ttl"


@dataclass(frozen=True)
class Toy:
    """A copy of the toy repository that a test may break."""

    root: Path

    @property
    def texts(self) -> Path:
        """The folder of the articles' texts."""
        return self.root / "texts"

    def path(self, name: str) -> Path:
        """Return the path of the file *name*; ``ms`` and ``ar`` are the two articles."""
        return self.root / {"ms": MS, "ar": AR}.get(name, name)

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace *old*, which must be there, by *new*, the first time it occurs in the file *name*."""
        path = self.path(name)
        text = path.read_bytes().decode()
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())

    def write(self, name: str, text: str) -> Path:
        """Write the file *name*."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def place(self, name: str, mark: str) -> tuple[int, int]:
        """Return line and column of the first *mark* in the file *name*, counted in the plainest way."""
        before, found, _ = self.path(name).read_bytes().decode().partition(mark)
        assert found
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def check(self, given: Sequence[Path] = (), has_texts: bool = False) -> Report:
        """Check the toy repository, with its texts if asked to."""
        return check(DatasetFolder(self.root), given, self.texts if has_texts else None)

    def findings(self, has_texts: bool = False) -> list[Finding]:
        """Return the findings of a check."""
        return list(self.check(has_texts=has_texts).findings)


def copy_toy(project: Path, root: Path) -> Toy:
    """Make a fresh copy of the toy repository in the folder *root*."""
    shutil.copytree(project / "tests" / "toy", root)
    for name in ("ontology", "shapes"):
        shutil.copytree(project / name, root / name)
    return Toy(root)
