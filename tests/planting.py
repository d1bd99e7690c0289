"""Faults planted in copies of the shipped data: what is changed, and where the finding must then stand.

The faults are listed in tests/planted/, by what they are about.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FILES = {
    "ms": "data/articles/2021/2021-ms-sixth-ministerial-preview.ttl",
    "kk": "data/articles/2020/2020-kk-chairmanship-handover.ttl",
    "talks": "data/articles/2023/2023-ar-senate-talks.ttl",
    "azerbaijan": "data/articles/2024/2024-ar-chairmanship-to-azerbaijan.ttl",
    "region": "data/articles/2024/2024-ar-regional-cooperation.ttl",
    "exceptions": "data/exceptions.toml",
}


@dataclass(frozen=True)
class Change:
    """In the file called *file*, in the block of *subject*, *old* becomes *new*, the first time it occurs.

    Without *old*, *new* is put at the end of the file; without *subject*, *old* may stand anywhere.
    """

    file: str
    subject: str
    old: str
    new: str


@dataclass(frozen=True)
class Plant:
    """A fault of the rule *code*, made by *changes*; the finding stands at *mark* in the block of *subject*.

    One that ``is_alone`` hides others: it goes into a copy of its own.
    """

    code: str
    changes: tuple[Change, ...]
    file: str
    subject: str
    mark: str
    is_alone: bool = False

    def blocks(self) -> frozenset[tuple[str, str]]:
        """Return the blocks the fault has to do with."""
        touched = {(one.file, one.subject) for one in self.changes}
        return frozenset(touched | {(self.file, self.subject)})

    @property
    def name(self) -> str:
        """What the test is called: the rule, and where the fault was planted."""
        return f"{self.code} {self.file} {self.subject}"


def read_plants(path: Path) -> list[Plant]:
    """Return the faults listed in the TOML file at *path*.

    One is made by *old* that becomes *new* in the block where it is found, or by its *changes*; it is found
    where the *new* text begins, or at its *mark*.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["plant"]
    return [_plant(**table) for table in tables]


def _plant(
    code: str,
    file: str,
    subject: str = "",
    old: str = "",
    new: str = "",
    mark: str = "",
    changes: Sequence[Sequence[str]] = (),
    alone: bool = False,
) -> Plant:
    made = tuple(Change(*one) for one in changes) or (Change(file, subject, old, new),)
    return Plant(code, made, file, subject, mark or new, alone)


def path_of(root: Path, file: str) -> Path:
    """Return the path of *file*: one of the articles by its short name, or an entity file."""
    return root / FILES.get(file, f"data/entities/{file}.ttl")


@dataclass
class Planted:
    """A copy of the dataset in the folder *root*, with what stands in each file changed so far."""

    root: Path
    texts: dict[Path, str] = field(default_factory=dict)

    def text(self, file: str) -> str:
        """Return what the file holds by now, with line feeds only."""
        path = path_of(self.root, file)
        if path not in self.texts:
            self.texts[path] = path.read_text(encoding="utf-8")
        return self.texts[path]

    def apply(self, change: Change) -> None:
        """Make *change*; what it replaces must be there."""
        text = self.text(change.file)
        path = path_of(self.root, change.file)
        if not change.old:
            self.texts[path] = f"{text}\n{change.new}\n"
            return
        start, end = _block(text, change.subject)
        assert change.old in text[start:end], change
        self.texts[path] = text[:start] + text[start:end].replace(change.old, change.new, 1) + text[end:]

    def write(self, line_break: str = "\n", mark: str = "") -> None:
        """Write the changed files, with this *line_break*, and *mark* (a byte order mark) at the front."""
        for path, text in self.texts.items():
            path.write_bytes((mark + text.replace("\n", line_break)).encode())

    def place(self, one: Plant) -> tuple[Path, int, int]:
        """Return file, line and column where *one* is to be found, counted in the plainest way."""
        text = self.text(one.file)
        start, end = _block(text, one.subject)
        found = text.find(one.mark, start, end)
        assert found >= 0, one
        line_start = text.rfind("\n", 0, found) + 1
        return path_of(self.root, one.file), text.count("\n", 0, found) + 1, found - line_start + 1


def _block(text: str, subject: str) -> tuple[int, int]:
    """Return where the block of *subject* begins and ends: the last whose line begins with it."""
    if not subject:
        return 0, len(text)
    found = list(re.finditer(rf"^{re.escape(subject)}(?=\s|[^>]*> )", text, re.MULTILINE))
    assert found, subject
    start = found[-1].start()
    end = re.compile(r"^\S", re.MULTILINE).search(text, start + 1)
    return start, end.start() if end else len(text)


def copy_dataset(project: Path, root: Path) -> Planted:
    """Copy the dataset of *project* into the folder *root*."""
    for name in ("data", "ontology", "shapes"):
        shutil.copytree(project / name, root / name)
    return Planted(root)


def batches(plants: Iterable[Plant]) -> Iterator[list[Plant]]:
    """Yield *plants* in few groups: no two faults in one block, and none beside one that is alone."""
    groups: list[tuple[set[tuple[str, str]], list[Plant]]] = []
    for one in plants:
        if one.is_alone:
            yield [one]
            continue
        blocks = one.blocks()
        fitting = next((group for group in groups if not group[0] & blocks), None)
        if fitting is None:
            fitting = (set(), [])
            groups.append(fitting)
        fitting[0].update(blocks)
        fitting[1].append(one)
    yield from (group for _, group in groups)
