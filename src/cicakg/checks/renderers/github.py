"""A report as commands for GitHub's runner, which puts each finding beside its line.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.localisation import in_language
from cicakg.checks.renderers.facts import facts_text
from cicakg.checks.renderers.places import kept, shown_path
from cicakg.checks.renderers.summary import summary
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.model import Finding, Severity
from cicakg.terminal import safe

_COMMANDS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_text(report: Report, view: View) -> str:
    """Return *report* as the lines of :func:`github_lines`."""
    return "\n".join([*github_lines(report, view), ""])


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
        yield f"::{_COMMANDS[one.severity]} {listed}::{_data(_said(report, one, view))}"
    title = _property(view.word("not-checked"))
    yield from (f"::warning title={title}::{_data(view.note(note))}" for note in report.notes)
    yield summary(report, view.language)


def _said(report: Report, finding: Finding, view: View) -> str:
    said = in_language(finding, view.language, report.rules)
    sentences = isolated_sentence(kept(f"{said.message} {said.fix}"), said.language)
    return f"{sentences} {facts_text(finding, view)}".rstrip()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
