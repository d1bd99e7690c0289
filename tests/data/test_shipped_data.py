"""The shipped annotations against the articles themselves, where those are at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cicakg.checks.report import check
from cicakg.paths import DatasetFolder


def test_checked_against_the_texts(project: Path, shared: Path) -> None:
    """Digests fit, spans cut nothing, comments are in the annotators' own words: no finding but accepted
    ones.
    """
    report = check(DatasetFolder(project), texts=shared / "corpus")
    assert [f"{one.file}:{one.position.line} {one.code}" for one in report.findings] == []


def test_words_are_printed(project: Path, shared: Path) -> None:
    """`cicakg check --texts` prints the words behind the span of each claim, isolated for direction."""
    command = [
        sys.executable,
        "-m",
        "cicakg",
        "--root",
        str(project),
        "check",
        "--texts",
        str(shared / "corpus"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    # 2020-kk-chairmanship-handover: the clause that gives the number of members.
    assert any("\u2068" in line and "27 мемлекет" in line for line in done.stdout.splitlines())
