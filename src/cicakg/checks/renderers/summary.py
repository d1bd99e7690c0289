"""The last line of a report, and the parts a report of news has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cicakg.checks.report import Report
from cicakg.model import Finding, Severity
from cicakg.terminal import safe

_PLURALS: Final = {
    Severity.VIOLATION: ("violation", "violations"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.INFO: ("info", "infos"),
}


def summary(report: Report) -> str:
    """Return the last line of a report: how many findings of which severity, in how many files."""
    new = "" if report.since is None else "new "
    counts = [
        f"{count} {new}{_PLURALS[severity][count != 1]}"
        for severity in Severity
        if (count := report.count(severity))
    ]
    files = f"{report.file_count} {'file' if report.file_count == 1 else 'files'}"
    accepted = f" ({report.accepted_count} accepted)" if report.accepted_count else ""
    return f"{files} checked: {', '.join(counts) or f'no {new}findings'}{accepted}.{_old(report)}"


def _old(report: Report) -> str:
    if report.since is None:
        return ""
    count, revision = report.since.old_count, safe(report.since.revision)
    known = "1 finding was" if count == 1 else f"{count or 'No'} findings were"
    return f" {known} there in {revision} already."


def headed(report: Report) -> Iterator[tuple[str, Sequence[Finding]]]:
    """Yield the findings of *report* in parts, each under its heading; one part without one, if all count."""
    since = report.since
    if since is None:
        yield "", report.findings
        return
    parts = (
        (f"New in the files changed since {safe(since.revision)}:", report.findings[: since.changed_count]),
        ("Broken elsewhere by the change:", report.findings[since.changed_count :]),
    )
    yield from ((heading, findings) for heading, findings in parts if findings)
