"""The port through which the editor's server has a dataset checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from cicakg.checks.memory import Memory
from cicakg.checks.report import Report, check
from cicakg.paths import DatasetFolder


class Checker(Protocol):
    """Checks a dataset; one object is asked again and again, and may keep what it read."""

    def check(
        self, folder: DatasetFolder, given: Sequence[Path], texts: Path | None, unsaved: Mapping[Path, bytes]
    ) -> Report:
        """Check *folder* with the texts *unsaved*, by resolved path, in the place of what their files hold,
        and report on the files *given* (all, if none).

        Raises :class:`cicakg.errors.CicakgError` where that cannot be done.
        """


class RememberingChecker:
    """Looks again only at what has changed since it was last asked."""

    def __init__(self) -> None:
        self._whole: tuple[Path, Memory] | None = None

    def check(
        self, folder: DatasetFolder, given: Sequence[Path], texts: Path | None, unsaved: Mapping[Path, bytes]
    ) -> Report:
        """See :class:`Checker`. A check of files from elsewhere is of another dataset, and not remembered."""
        memory = Memory(is_kept=False) if given else self._memory_of(folder.root)
        return check(folder, given, texts, unsaved=unsaved, memory=memory)

    def _memory_of(self, root: Path) -> Memory:
        if self._whole is None or self._whole[0] != root:
            self._whole = (root, Memory())
        return self._whole[1]
