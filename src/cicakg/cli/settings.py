"""What the command line was told, read once and passed on as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cicakg.paths import DatasetFolder, find_dataset


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that stand before the command's name. ``root`` is the dataset's folder, or ``None`` to
    look for it.
    """

    root: Path | None = None

    def folder(self) -> DatasetFolder:
        """Return the dataset's folder; a folder that is none is a :class:`cicakg.errors.CicakgError`."""
        return find_dataset(self.root)
