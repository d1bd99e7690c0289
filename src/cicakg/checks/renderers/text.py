"""A report as text for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from cicakg.checks.renderers.places import kept, shown_path
from cicakg.checks.renderers.summary import headed, summary
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.checks.texts import Reading
from cicakg.model import Finding
from cicakg.terminal import excerpt, isolated, safe

_LINE_WIDTH: Final = 110


def text_lines(report: Report, view: View) -> Iterator[str]:
    """Yield the lines of *report* for a person: each finding with its line, the words of spans, a summary."""
    for heading, findings in headed(report):
        if heading:
            yield view.style(heading, "place")
        for finding in findings:
            yield from _finding_lines(report, finding, view)
    yield from _reading_lines(report.readings, view)
    for note in report.notes:
        yield safe(note)
    yield summary(report)


def _finding_lines(report: Report, finding: Finding, view: View) -> Iterator[str]:
    position, style = finding.position, view.style
    place = f"{shown_path(finding.file, view.here)}:{position.line}:{position.column}:"
    severity = style(finding.severity.value, finding.severity.value)
    yield f"{style(safe(place), 'place')} {severity} {style(finding.code, 'code')} {kept(finding.message)}"
    source = report.lines.get(finding.file)
    line = source.line(position.line) if source is not None else ""
    if line.strip():
        part, before = excerpt(line, position.column, _LINE_WIDTH)
        yield f"    {isolated(part)}"
        yield f"    {' ' * before}{style('^', finding.severity.value)}"
    yield f"    {style('fix:', 'fix')} {kept(finding.fix)}"


def _reading_lines(found: tuple[Reading, ...], view: View) -> Iterator[str]:
    for file, in_file in groupby(found, key=lambda one: one.file):
        yield ""
        yield view.style(f"{shown_path(file, view.here)}: the words behind each span", "place")
        for (claim, statement), spans in groupby(in_file, key=lambda one: (one.claim, one.statement)):
            yield f"  {claim} {isolated(statement)}"
            yield from (f"    {one.span}: {isolated(one.words)}" for one in spans)
    if found:
        yield ""
