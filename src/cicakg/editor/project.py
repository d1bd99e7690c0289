"""One dataset that is open in the editor: what is checked of it, and what was found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cicakg.editor.buffers import Buffer
from cicakg.editor.checking import Answers, Asked, CheckLoop
from cicakg.editor.encoding import Encoding
from cicakg.editor.messages import Checked, Mark, NotChecked, Question, RuleText
from cicakg.editor.names import Known, NameReader
from cicakg.editor.settings import EditorSettings
from cicakg.paths import DatasetFolder, is_article_slug, slug_of
from cicakg.vocab import CLAIM, RDF_TYPE, term

_OF_ARTICLES: Final = frozenset({CLAIM.value, term("cica:Article").value, term("cica:AnnotationSet").value})


@dataclass(frozen=True)
class Surroundings:
    """What is around a project: the open texts it looks after, how places are counted, the settings."""

    open_texts: Callable[[Project], list[Buffer]]
    encoding: Callable[[], Encoding]
    settings: Callable[[], EditorSettings]


@dataclass
class Found:
    """What the last check found, by file; ``versions`` are those of the open texts it was made of."""

    marks: dict[Path, list[Mark]] = field(default_factory=dict)
    rules: dict[str, RuleText] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)


class Project:
    """A dataset, checked in a process of its own whenever something in it changes."""

    def __init__(
        self,
        folder: DatasetFolder,
        around: Surroundings,
        process: Asked,
        show: Callable[[Project], None],
        tell: Callable[[NotChecked | None, Sequence[str]], None],
    ) -> None:
        self.folder = DatasetFolder(folder.root.resolve())
        self.found = Found()
        self._around = around
        self._show = show
        self._tell = tell
        self._names = NameReader(self.folder)
        self._reading = asyncio.Lock()
        self._versions: dict[str, int] = {}
        self._loop = CheckLoop(process, self._questions, self._publish, self._limits)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to check; once now, then after each change."""
        self._task = asyncio.create_task(self._loop.run())
        self._loop.touch()

    async def stop(self) -> None:
        """End the checks and their process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def touch(self) -> None:
        """Say that something changed."""
        self._loop.touch()

    def holds(self, path: Path) -> bool:
        """Whether *path* lies in the dataset's folder."""
        return self.folder.root in path.parents

    async def known(self) -> Known:
        """Return what the ontology and the entities describe now, open texts included."""
        buffers = {one.path: one for one in self._around.open_texts(self) if one.path is not None}
        async with self._reading:
            return await asyncio.to_thread(self._names.known, buffers)

    def is_part(self, path: Path) -> bool:
        """Whether *path* is, or would be once saved, a file of the dataset."""
        folder = self.folder
        if path == folder.data / "exceptions.toml" or path.parent == folder.shapes:
            return True
        if path.suffix != ".ttl" or path.name.startswith("."):
            return False
        return folder.articles in path.parents or path.parent in (folder.entities, folder.ontology)

    def _limits(self) -> tuple[float, float]:
        settings = self._around.settings()
        return settings.pause, settings.seconds

    def _questions(self) -> Iterator[Question]:
        """Yield what is to be checked: the dataset, then each open article that is none of its files."""
        open_texts = [one for one in self._around.open_texts(self) if not one.is_too_big]
        self._versions = {one.uri: one.version for one in open_texts}
        unsaved = {
            one.path: one.data for one in open_texts if one.path is not None and self.is_part(one.path)
        }
        yield self._question((), unsaved)
        for one in open_texts:
            if one.path is not None and one.path not in unsaved and _is_article(one):
                yield self._question((one.path,), {**unsaved, one.path: one.data})

    def _question(self, given: tuple[Path, ...], unsaved: Mapping[Path, bytes]) -> Question:
        settings = self._around.settings()
        shown = frozenset(given or unsaved)
        return Question(
            root=self.folder.root,
            given=given,
            texts=settings.texts,
            unsaved=unsaved,
            shown=shown,
            encoding=self._around.encoding(),
            language=settings.lang,
        )

    def _publish(self, answers: Answers) -> None:
        failed = next((one for one in answers if isinstance(one, NotChecked)), None)
        checked = [one for one in answers if isinstance(one, Checked)]
        if isinstance(answers[0], Checked):  # else what was found before still counts
            self.found = _found(checked, self._versions)
            self._show(self)
        self._tell(failed, [note for one in checked for note in one.notes])


def _found(checked: Sequence[Checked], versions: dict[str, int]) -> Found:
    found = Found(versions=dict(versions))
    for one in checked:
        found.rules.update(one.rules)
        for mark in one.marks:
            found.marks.setdefault(mark.path, []).append(mark)
    return found


def _is_article(buffer: Buffer) -> bool:
    """Whether what is open is the annotation of an article, wherever it lies: by its name or its contents."""
    if buffer.path is None or buffer.path.suffix != ".ttl" or buffer.path.name.startswith("."):
        return False
    if is_article_slug(slug_of(buffer.path)):
        return True
    kinds = {value.iri for one in buffer.scan.statements for value in one.values(RDF_TYPE.value)}
    return bool(kinds & _OF_ARTICLES)
