"""A report as one JSON object, as docs/checking.md describes it."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Final

from cicakg.checks.localisation import Said, in_language
from cicakg.checks.renderers.facts import facts_json
from cicakg.checks.renderers.mends import mends_json
from cicakg.checks.renderers.places import shown_path
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.checks.rules import Rule
from cicakg.checks.texts import Reading
from cicakg.model import Finding, Severity

FORMAT_VERSION: Final = 1
"""Goes up where a member is renamed, removed or changes its meaning; a new member leaves it as it is."""


def json_text(report: Report, view: View) -> str:
    """Return *report* as JSON, with ``spans`` where the texts were at hand."""
    value: dict[str, object] = {
        "version": FORMAT_VERSION,
        "tool": {"name": "cicakg", "version": version("cicakg")},
        "language": view.language,
        "summary": _summary(report, view),
        "findings": [
            {
                **_finding(one, _said(report, one, view), report.rules.get(one.code), view),
                "facts": facts_json(one, view),
                "fixes": mends_json(report, one, view),
            }
            for one in report.findings
        ],
    }
    if report.readings:
        value["spans"] = [_reading(one, view) for one in report.readings]
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _said(report: Report, finding: Finding, view: View) -> Said:
    return in_language(finding, view.language, report.rules)


def _summary(report: Report, view: View) -> dict[str, object]:
    counts: dict[str, object] = {severity.value: report.count(severity) for severity in Severity}
    value = {"files": report.file_count, **counts, "accepted": report.accepted_count}
    if report.since is not None:
        value["since"] = {
            "revision": report.since.revision,
            "changed": report.since.changed_count,
            "elsewhere": len(report.findings) - report.since.changed_count,
            "old": report.since.old_count,
        }
    return {**value, "notes": [view.note(note) for note in report.notes]}


def _finding(finding: Finding, said: Said, rule: Rule | None, view: View) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": shown_path(finding.file, view.here),
        "line": finding.position.line,
        "column": finding.position.column,
        "focus": finding.focus,
        "message": said.message,
        "fix": said.fix,
        "language": said.language,
        "rule": None if rule is None else {"name": rule.name, "url": rule.iri},
    }


def _reading(reading: Reading, view: View) -> dict[str, object]:
    return {
        "file": shown_path(reading.file, view.here),
        "line": reading.position.line,
        "column": reading.position.column,
        "claim": reading.claim,
        "statement": reading.statement,
        "span": reading.span,
        "words": reading.words,
    }
