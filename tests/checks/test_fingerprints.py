"""What a finding is recognised by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import FINDING
from toy_repository import Toy

from cicakg.checks.fingerprints import fingerprints
from cicakg.model import Finding, Position, ShaclResult

ROOT = Path("/nowhere")


def of(*findings: Finding) -> list[str]:
    """Return the fingerprints of the findings."""
    return fingerprints(findings, ROOT)


def test_lines_may_shift() -> None:
    """Line and column have no part in a fingerprint, nor has the line another place is at."""
    one = replace(FINDING, message="It is wrong; the first is at line 12.")
    other = replace(one, message="It is wrong; the first is at line 14.", position=Position(90, 3))
    assert of(one) == of(other)


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, code="other-rule"),
        replace(FINDING, focus="http://e/y"),
        replace(FINDING, file=Path("/nowhere/b.ttl")),
        replace(FINDING, message="It is wrong, too."),
        replace(FINDING, results=(ShaclResult("<http://e/x>", "", '"v"', "", ""),)),
    ],
)
def test_what_a_finding_is_about_tells_it_apart(other: Finding) -> None:
    """Another rule, node, file, message or value gives another fingerprint."""
    assert of(FINDING) != of(other)


def test_likes_are_numbered() -> None:
    """Two findings that are the same but for their lines are two, and the first keeps its fingerprint."""
    both = of(FINDING, replace(FINDING, position=Position(2, 1)))
    assert len(set(both)) == 2
    assert both[0] == of(FINDING)[0]


def test_the_folder_of_the_dataset_has_no_part() -> None:
    """The same dataset in another folder has the same fingerprints."""
    moved = replace(FINDING, file=Path("/elsewhere/a.ttl"))
    assert fingerprints([moved], Path("/elsewhere")) == of(FINDING)


def test_a_line_above_changes_no_fingerprint_of_real_findings(toy: Toy) -> None:
    """Findings of shapes and of files keep their fingerprints when the file grows at its top."""
    toy.replace("ms", "<#c05> a", "  <#c05> a")
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    before = toy.findings()
    toy.replace("ms", "@prefix", "# a line\n# and another\n@prefix")
    after = toy.findings()
    assert len(before) == 2
    assert [one.position.line + 2 for one in before] == [one.position.line for one in after]
    assert fingerprints(before, toy.root) == fingerprints(after, toy.root)
