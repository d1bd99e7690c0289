"""What is on the annotator's desk: open texts, the datasets they belong to, what was found in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cicakg.checks.templates import said
from cicakg.editor.buffers import BIGGEST, Buffer, Buffers
from cicakg.editor.checking import Asked
from cicakg.editor.encoding import Encoding
from cicakg.editor.messages import Mark, NotChecked
from cicakg.editor.names import Known
from cicakg.editor.project import Project, Surroundings
from cicakg.editor.settings import EditorSettings
from cicakg.editor.wire import uri_of
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder, find_dataset


class Screen(Protocol):
    """What the editor shows."""

    def underline(self, uri: str, marks: Sequence[Mark], version: int | None) -> None:
        """Show *marks*, and nothing else, in the file *uri* names; *version* is an open text's."""

    def say(self, message: str) -> None:
        """Show a sentence to the person."""

    def note(self, message: str) -> None:
        """Write a sentence where a person can look it up."""


@dataclass
class Desk:
    """All the server knows while an editor is connected."""

    screen: Screen
    new_process: Callable[[], Asked]
    buffers: Buffers = field(default_factory=Buffers)
    projects: list[Project] = field(default_factory=list)
    settings: EditorSettings = field(default_factory=EditorSettings)
    encoding: Encoding = Encoding.UTF16
    _underlined: dict[Project, set[Path]] = field(default_factory=dict)
    _said: str = ""

    # The datasets

    def open_folders(self, paths: Sequence[Path]) -> None:
        """Look for the datasets that *paths* are, lie in or hold, and begin to check them.

        Where none of them has to do with one, and no other is open, the person is told.
        """
        faults = [fault for path in paths if (fault := self._open(path)) is not None]
        if faults and not self.projects:
            self.screen.say(f"{faults[0].detail} {faults[0].fix}")

    def _open(self, path: Path) -> CicakgError | None:
        try:
            folder = _dataset_at(path)
        except CicakgError as fault:
            return fault
        root = folder.root.resolve()
        if all(one.folder.root != root for one in self.projects):
            around = Surroundings(self._open_texts, lambda: self.encoding, lambda: self.settings)
            project = Project(folder, around, self.new_process(), self._show, self._tell)
            self.projects.append(project)
            project.start()
        return None

    async def close_folder(self, path: Path) -> None:
        """Stop checking the dataset at *path*, and take away what was underlined there."""
        for one in [one for one in self.projects if one.folder.root == path]:
            self.projects.remove(one)
            await one.stop()
            for name in self._underlined.pop(one, set()):
                self.screen.underline(self.uri(name), (), None)

    async def close(self) -> None:
        """Stop all checks."""
        await asyncio.gather(*(one.stop() for one in self.projects))

    def home(self, path: Path | None) -> Project | None:
        """Return the project that looks after the file at *path*: that it lies in, else the first."""
        holding = [one for one in self.projects if path is not None and one.holds(path)]
        innermost = max(holding, key=lambda one: len(one.folder.root.parts), default=None)
        return innermost or next(iter(self.projects), None)

    async def known(self, buffer: Buffer) -> Known:
        """Return what the dataset describes that *buffer* belongs to."""
        project = self.home(buffer.path)
        return Known() if project is None else await project.known()

    # The texts

    def put(self, buffer: Buffer) -> None:
        """Take *buffer* for what its URI names from now on."""
        before = self.buffers.get(buffer.uri)
        if buffer.is_too_big and (before is None or not before.is_too_big):
            name = buffer.uri.rpartition("/")[2]
            size = BIGGEST // 1024**2
            self.screen.say(said("editor/too-long", self.settings.lang, name=name, size=size))
        self.buffers.put(buffer)
        self.touch(buffer.path)

    def drop(self, uri: str) -> None:
        """Forget the text *uri* names: what its file holds counts again."""
        buffer = self.buffers.drop(uri)
        if buffer is not None:
            self.touch(buffer.path)

    def touch(self, path: Path | None) -> None:
        """Say that what the file at *path* holds, in the editor or on disk, has changed."""
        project = self.home(path)
        if path is not None and project is not None:
            project.touch()

    def touch_all(self) -> None:
        """Say that everything may have changed."""
        for one in self.projects:
            one.touch()

    def uri(self, path: Path) -> str:
        """Return the URI of the file at *path*: the editor's own, where it is open."""
        return next((one.uri for one in self.buffers if one.path == path), uri_of(path))

    def marks(self, buffer: Buffer) -> list[Mark]:
        """Return what was found in *buffer* as it stands; nothing where it has changed since."""
        project = self.home(buffer.path)
        if project is None or buffer.path is None or project.found.versions.get(buffer.uri) != buffer.version:
            return []
        return project.found.marks.get(buffer.path, [])

    def _open_texts(self, project: Project) -> list[Buffer]:
        return [one for one in self.buffers if self.home(one.path) is project]

    # What was found

    def _show(self, project: Project) -> None:
        """Underline what the last check of *project* found, and take away what it does not find any more."""
        found = project.found
        before = self._underlined.get(project, set())
        open_paths = {one.path for one in self._open_texts(project) if one.path is not None}
        for path in sorted({*found.marks, *before, *open_paths}):
            uri = self.uri(path)
            self.screen.underline(uri, found.marks.get(path, ()), found.versions.get(uri))
        self._underlined[project] = set(found.marks)

    def _tell(self, failed: NotChecked | None, notes: Sequence[str]) -> None:
        for one in notes:
            self.screen.note(one)
        message = f"{failed.detail} {failed.fix}" if failed is not None else ""
        if message and message != self._said:
            self.screen.say(message)
        self._said = message


def _dataset_at(path: Path) -> DatasetFolder:
    """Return the dataset that *path* is, lies in, or has as a folder; never the installed one."""
    for root in (path, *path.parents):
        if DatasetFolder(root).is_dataset():
            return DatasetFolder(root)
    inside = next((one for one in _folders(path) if DatasetFolder(one).is_dataset()), None)
    return find_dataset(inside or path)


def _folders(path: Path) -> list[Path]:
    try:
        return sorted(one for one in path.iterdir() if one.is_dir() and not one.name.startswith("."))
    except OSError:
        return []
