"""Reports made by hand, for the tests of what a report looks like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cicakg.checks.report import Report
from cicakg.checks.rules import Rule
from cicakg.model import Finding, Position, Severity
from cicakg.turtle import SourceText

FILE = Path("/nowhere/a.ttl")
RULE = Rule(
    "some-rule", Severity.VIOLATION, "It is {what}.", "It asks.", "It matters.", "id:x a id:y .", "Mend it."
)
FINDING = Finding(
    "some-rule", Severity.VIOLATION, FILE, Position(1, 8), "It is wrong.", "Mend it.", "http://e/x"
)


def report_of(message: str = "It is wrong.", line: str = "id:x a cica:Y .", column: int = 8) -> Report:
    """Return a report with one finding in a file of one line."""
    finding = replace(FINDING, message=message, position=Position(1, column))
    return report_on(finding, line=line)


def report_on(*findings: Finding, line: str = "id:x a cica:Y .") -> Report:
    """Return a report with the *findings*, their files and the rule ``some-rule``."""
    files = tuple(sorted({one.file for one in findings} | {FILE}))
    return Report(
        findings,
        dict.fromkeys(files, SourceText(line)),
        len(files),
        0,
        files=files,
        rules={RULE.code: RULE},
    )
