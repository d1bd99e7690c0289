"""A report as commands for GitHub's runner, which puts each finding beside its line.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cicakg.checks.renderers.places import kept, shown_path
from cicakg.checks.renderers.summary import summary
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.model import Severity
from cicakg.terminal import safe

_COMMANDS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_lines(report: Report, view: View) -> Iterator[str]:
    """Yield one workflow command for each finding, then what was not checked, and the summary."""
    for one in report.findings:
        properties = {
            "file": safe(shown_path(one.file, view.here)),
            "line": str(one.position.line),
            "col": str(one.position.column),
            "title": one.code,
        }
        listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        yield f"::{_COMMANDS[one.severity]} {listed}::{_data(kept(f'{one.message} {one.fix}'))}"
    for note in report.notes:
        yield f"::warning title=not checked::{_data(safe(note))}"
    yield summary(report)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
