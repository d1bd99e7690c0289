"""A report as text for people, JSON for programs, and commands for GitHub's annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from cicakg.checks.report import Report
from cicakg.checks.terminal import excerpt, isolated, safe
from cicakg.checks.texts import Reading
from cicakg.model import Finding, Severity

Style = Callable[[str, str], str]
"""Colours a text: takes the text and the name of a role (a severity, ``code``, ``place`` or ``fix``)."""

_LINE_WIDTH: Final = 110
_GITHUB: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_PLURALS: Final = {
    Severity.VIOLATION: ("violation", "violations"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.INFO: ("info", "infos"),
}


def plain(text: str, role: str) -> str:  # noqa: ARG001 - the style without colours
    """Return *text* as it is."""
    return text


def shown_path(path: Path, here: Path) -> str:
    """Return *path* as seen from the folder *here*, where it lies below it."""
    resolved = path.resolve()
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(path)


def text_lines(report: Report, here: Path, style: Style = plain) -> Iterator[str]:
    """Yield the lines of *report* for a person: each finding with its line, the words of spans, a summary."""
    for finding in report.findings:
        yield from _finding_lines(report, finding, here, style)
    yield from _reading_lines(report.readings, here, style)
    for note in report.notes:
        yield safe(note)
    yield summary(report)


def _finding_lines(report: Report, finding: Finding, here: Path, style: Style) -> Iterator[str]:
    position = finding.position
    place = f"{shown_path(finding.file, here)}:{position.line}:{position.column}:"
    severity = style(finding.severity.value, finding.severity.value)
    yield f"{style(safe(place), 'place')} {severity} {style(finding.code, 'code')} {_kept(finding.message)}"
    source = report.lines.get(finding.file)
    line = source.line(position.line) if source is not None else ""
    if line.strip():
        part, before = excerpt(line, position.column, _LINE_WIDTH)
        yield f"    {isolated(part)}"
        yield f"    {' ' * before}{style('^', finding.severity.value)}"
    yield f"    {style('fix:', 'fix')} {_kept(finding.fix)}"


def _kept(message: str) -> str:
    """Return a message made safe part by part, with the isolates around quoted parts kept."""
    return "".join(one if one in "\u2068\u2069" else safe(one) for one in message)


def _reading_lines(found: tuple[Reading, ...], here: Path, style: Style) -> Iterator[str]:
    for file, in_file in groupby(found, key=lambda one: one.file):
        yield ""
        yield style(f"{shown_path(file, here)}: the words behind each span", "place")
        for (claim, statement), spans in groupby(in_file, key=lambda one: (one.claim, one.statement)):
            yield f"  {claim} {isolated(statement)}"
            yield from (f"    {one.span}: {isolated(one.words)}" for one in spans)
    if found:
        yield ""


def summary(report: Report) -> str:
    """Return the last line of a report: how many findings of which severity, in how many files."""
    counts = [
        f"{count} {_PLURALS[severity][count != 1]}"
        for severity in Severity
        if (count := report.count(severity))
    ]
    files = f"{report.file_count} {'file' if report.file_count == 1 else 'files'}"
    accepted = f" ({report.accepted_count} accepted)" if report.accepted_count else ""
    return f"{files} checked: {', '.join(counts) or 'no findings'}{accepted}."


def json_text(report: Report, here: Path) -> str:
    """Return *report* as one JSON object: ``findings``, ``summary`` and, with texts, ``spans``."""
    value: dict[str, object] = {
        "findings": [_finding_object(one, here) for one in report.findings],
        "summary": {
            "files": report.file_count,
            **{severity.value: report.count(severity) for severity in Severity},
            "accepted": report.accepted_count,
            "notes": list(report.notes),
        },
    }
    if report.readings:
        value["spans"] = [_reading_object(one, here) for one in report.readings]
    return json.dumps(value, ensure_ascii=False, indent=2)


def _finding_object(finding: Finding, here: Path) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": shown_path(finding.file, here),
        "line": finding.position.line,
        "column": finding.position.column,
        "focus": finding.focus,
        "message": finding.message,
        "fix": finding.fix,
    }


def _reading_object(reading: Reading, here: Path) -> dict[str, object]:
    return {
        "file": shown_path(reading.file, here),
        "line": reading.position.line,
        "column": reading.position.column,
        "claim": reading.claim,
        "statement": reading.statement,
        "span": reading.span,
        "words": reading.words,
    }


def github_lines(report: Report, here: Path) -> Iterator[str]:
    """Yield the workflow commands that put each finding beside its line.

    (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands)
    """
    for one in report.findings:
        properties = {
            "file": shown_path(one.file, here),
            "line": str(one.position.line),
            "col": str(one.position.column),
            "title": one.code,
        }
        listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        yield f"::{_GITHUB[one.severity]} {listed}::{_data(f'{one.message} {one.fix}')}"
    yield summary(report)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
