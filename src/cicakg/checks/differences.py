"""What changed from one check to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cicakg.checks.fingerprints import fingerprints
from cicakg.checks.report import Report
from cicakg.checks.shadows import Level, level_of
from cicakg.model import Finding


@dataclass(frozen=True, slots=True)
class Difference:
    """What a report differs in from the one before on the same files.

    ``new`` are its findings that were not there, ``mended`` counts those that are gone, and ``hidden`` those
    nobody can tell of: what they are about broke at an earlier level, which hides them.
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
    hidden = {mark: one for mark, one in gone.items() if _is_hidden(one, report)}
    new = frozenset(one for mark, one in now.items() if mark not in known)
    return Difference(new, len(gone) - len(hidden), len(hidden), {**hidden, **now})


def _is_hidden(finding: Finding, after: Report) -> bool:
    level = level_of(finding.code, after.corpus_codes)
    is_not_run = after.is_cut and level in (Level.ARTICLE, Level.CORPUS)
    return is_not_run or after.shadow.hides(level, finding)
