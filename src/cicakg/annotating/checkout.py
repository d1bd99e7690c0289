"""Keeps article text out of the dataset's folder: what lies there is published sooner or later."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder

_SECONDS: Final = 10


def require_unpublished(folder: DatasetFolder, path: Path) -> None:
    """Raise :class:`CicakgError` (``output-published``) where *path* lies in the dataset's folder, or in the
    git checkout around it, and git does not ignore it.
    """
    place = path.parent.resolve() / path.name
    roots = (folder.root.resolve(), *_checkout(folder.root.resolve()))
    if any(place.is_relative_to(root) for root in roots) and not _is_ignored(folder.root.resolve(), place):
        raise CicakgError(
            "output-published",
            f"{path} would hold an article's text, and lies in the dataset's folder, where git does not "
            "ignore it.",
            "Name a file outside the checkout, or one that .gitignore names.",
        )


def _checkout(root: Path) -> list[Path]:
    return [one for one in (root, *root.parents) if (one / ".git").exists()][:1]


def _is_ignored(root: Path, place: Path) -> bool:
    """Whether git ignores *place*; without git, or in a folder that is no checkout, nothing is ignored."""
    git = shutil.which("git")
    if git is None:
        return False
    command = [git, "-C", str(root), "check-ignore", "--quiet", "--", str(place)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603 - no shell
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
