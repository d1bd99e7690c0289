"""What changed from one check to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cicakg.checks.catalogue import CATALOGUE, TEXT_RULES, TURTLE_SYNTAX
from cicakg.checks.fingerprints import fingerprints
from cicakg.checks.report import Report
from cicakg.model import Finding, Severity

_TEXT_CODES: Final = frozenset(one.code for one in TEXT_RULES)
_SHAPES_LEVEL: Final = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """What a report differs in from the one before on the same files.

    ``new`` are its findings that were not there, ``mended`` counts those that are gone, and ``hidden`` those
    nobody can tell of: their file broke at an earlier level, so the level that had found them was not run.
    ``known`` are the findings there are by now, also the hidden ones, for the next comparison.
    """

    new: frozenset[Finding]
    mended: int
    hidden: int
    known: Mapping[str, Finding]


def difference(known: Mapping[str, Finding], report: Report, root: Path) -> Difference:
    """Return what changed from the findings *known* to *report*, of the dataset in *root*.

    A finding is recognised as :func:`~cicakg.checks.fingerprints.fingerprints` does, wherever its line moved.
    """
    now = dict(zip(fingerprints(report.findings, root), report.findings, strict=True))
    gone = {mark: one for mark, one in known.items() if mark not in now}
    levels = _levels(report)
    hidden = {mark: one for mark, one in gone.items() if _is_hidden(one, levels, report)}
    new = frozenset(one for mark, one in now.items() if mark not in known)
    return Difference(new, len(gone) - len(hidden), len(hidden), {**hidden, **now})


def _level(code: str) -> int:
    """Return the number of the level that the rule belongs to: reading, files, shapes, texts."""
    if code == TURTLE_SYNTAX.code:
        return 0
    if code in _TEXT_CODES:
        return 3
    return 1 if code in CATALOGUE else _SHAPES_LEVEL


def _levels(report: Report) -> Mapping[Path, int]:
    """Return for each file the first level at which it has a violation."""
    levels: dict[Path, int] = {}
    for one in report.findings:
        if one.severity is Severity.VIOLATION:
            levels[one.file] = min(_level(one.code), levels.get(one.file, 9))
    return levels


def _is_hidden(finding: Finding, levels: Mapping[Path, int], after: Report) -> bool:
    level = _level(finding.code)
    is_shapes_level_cut = level == _SHAPES_LEVEL and bool(after.notes)
    return is_shapes_level_cut or levels.get(finding.file, level) < level
