"""What is new since a revision: everything is checked, and what was there already is only counted.

Checking the changed files alone would not do: a change in one file breaks what others say of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from cicakg.checks.disk_cache import DiskCache
from cicakg.checks.fingerprints import fingerprints
from cicakg.checks.memory import Memory
from cicakg.checks.report import Progress, Report, Since, check
from cicakg.checks.revisions import Revision, find_revision
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder


def check_news(  # noqa: PLR0913, PLR0917 - what a check is given, and two more
    folder: DatasetFolder,
    revision_name: str,
    given: Sequence[Path] = (),
    texts: Path | None = None,
    seconds: float | None = None,
    progress: Progress | None = None,
    unsaved: Mapping[Path, bytes] = MappingProxyType({}),
    cache: DiskCache | None = None,
) -> Report:
    """Check the dataset as :func:`~cicakg.checks.report.check` does, and keep what is new since a revision.

    The findings in files changed since, or *unsaved*, come first, then those elsewhere. Raises
    :class:`CicakgError` where the revision cannot be read. What the revision's own check found is kept in the
    *cache*.
    """
    revision = find_revision(folder, revision_name)
    changed = {*revision.changed_files(), *unsaved}
    memory = Memory(is_kept=False, cache=cache)
    report = check(folder, given, texts, seconds, unsaved, progress, memory)
    known = _kept(revision, texts, seconds, progress, cache) if report.findings else frozenset()
    marked = zip(report.findings, fingerprints(report.findings, folder.root), strict=True)
    new = [one for one, mark in marked if mark not in known]
    in_changed = [one for one in new if _is_changed(one.file, changed, folder)]
    elsewhere = [one for one in new if not _is_changed(one.file, changed, folder)]
    since = Since(revision_name, len(in_changed), len(report.findings) - len(new))
    return replace(report, findings=(*in_changed, *elsewhere), since=since)


def _is_changed(file: Path, changed: Collection[Path], folder: DatasetFolder) -> bool:
    """Whether *file* was changed; one from outside the dataset was not in the revision."""
    resolved = file.resolve()
    return resolved in changed or not resolved.is_relative_to(folder.root.resolve())


def _kept(
    revision: Revision,
    texts: Path | None,
    seconds: float | None,
    progress: Progress | None,
    cache: DiskCache | None,
) -> frozenset[str]:
    """Return what :func:`_known` returns, from the *cache* where it is there; texts may change unseen."""
    if cache is None or texts is not None:
        return _known(revision, texts, seconds, progress)
    made_of = ("revision", str(revision.folder.root.resolve()), revision.listing())
    kept = cache.get(*made_of)
    if not isinstance(kept, frozenset):
        kept = _known(revision, texts, seconds, progress)
        cache.put(kept, *made_of)
    return kept


def _known(
    revision: Revision, texts: Path | None, seconds: float | None, progress: Progress | None
) -> frozenset[str]:
    """Return the fingerprints of what the revision's own check finds: none where it has no dataset."""
    with tempfile.TemporaryDirectory(prefix="cicakg-") as name:
        folder = revision.write(Path(name))
        if not folder.is_dataset():
            return frozenset()
        try:
            found = check(folder, texts=texts, seconds=seconds, progress=progress).findings
        except CicakgError as fault:
            if fault.code == "shapes-missing":
                return frozenset()
            raise
        return frozenset(fingerprints(found, folder.root))
