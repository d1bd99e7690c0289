"""A report as text for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from cicakg.checks.localisation import in_language
from cicakg.checks.renderers.excerpts import marked_line
from cicakg.checks.renderers.facts import fact_lines
from cicakg.checks.renderers.mends import mend_lines
from cicakg.checks.renderers.places import kept, shown_path
from cicakg.checks.renderers.summary import headed, rule_counts, summary
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.checks.texts import Reading
from cicakg.model import Finding
from cicakg.terminal import isolated, safe

IN_FULL: Final = 10
"""How many findings of one rule in one file are shown with line and remedy; the others have one line each."""


def text_text(report: Report, view: View) -> str:
    """Return *report* as the lines of :func:`text_lines`."""
    return "\n".join([*text_lines(report, view), ""])


def text_lines(report: Report, view: View) -> Iterator[str]:
    """Yield the lines of *report* for a person: each finding with its line, the words of spans, a summary."""
    for block in finding_blocks(report, view):
        yield from block
    yield from _reading_lines(report.readings, view)
    yield from closing_lines(report, view)


def finding_blocks(report: Report, view: View) -> Iterator[list[str]]:
    """Yield the lines of each finding; above the first of a part they begin with the part's heading."""
    seen: Counter[tuple[str, Path]] = Counter()
    for heading, findings in headed(report, view.language):
        head = [view.style(heading, "place")] if heading else []
        for finding in findings:
            seen[finding.code, finding.file] += 1
            yield [
                *head,
                *_finding_lines(report, finding, view, is_full=seen[finding.code, finding.file] <= IN_FULL),
            ]
            head = []


def closing_lines(report: Report, view: View) -> Iterator[str]:
    """Yield what stands below the findings: how often each rule is broken, where there are many; the notes;
    the summary.
    """
    counts = rule_counts(report, view.language)
    if counts:
        yield ""
        yield from (f"{count:>7}  {view.style(code, 'code')}  {about}" for code, count, about in counts)
        yield f"{view.line('explain')} {_most_in_full(report, view)}".rstrip()
    yield from (view.note(note) for note in report.notes)
    yield summary(report, view.language)


def _most_in_full(report: Report, view: View) -> str:
    most = Counter((one.code, one.file) for one in report.findings).most_common(1)
    if not most or most[0][1] <= IN_FULL:
        return ""
    return view.line("in-full", count=IN_FULL)


def _finding_lines(report: Report, finding: Finding, view: View, is_full: bool) -> Iterator[str]:
    position, style = finding.position, view.style
    place = f"{shown_path(finding.file, view.here)}:{position.line}:{position.column}:"
    said = in_language(finding, view.language, report.rules).isolated()
    new = f"{style(view.line('new'), 'new')} " if finding in view.new else ""
    severity = style(view.line(finding.severity.value), finding.severity.value)
    about = f"{new}{severity} {style(finding.code, 'code')} {kept(said.message)}"
    yield f"{style(safe(place), 'place')} {about}"
    if not is_full:
        return
    source = report.lines.get(finding.file)
    line = source.line(position.line) if source is not None else ""
    if line.strip():
        excerpt, mark = marked_line(line, position.column, view.width, view.language)
        yield f"    {excerpt}"
        yield f"    {style(mark, finding.severity.value)}"
    yield from (f"    {one}" for one in fact_lines(finding, view))
    yield f"    {style(view.line('fix-label'), 'fix')} {kept(said.fix)}"
    label = style(view.line("mend-label"), "fix")
    yield from (f"    {label} {one}" for one in mend_lines(report, finding, view))


def _reading_lines(found: tuple[Reading, ...], view: View) -> Iterator[str]:
    for file, in_file in groupby(found, key=lambda one: one.file):
        yield ""
        yield view.style(view.line("spans-heading", file=shown_path(file, view.here)), "place")
        for (claim, statement), spans in groupby(in_file, key=lambda one: (one.claim, one.statement)):
            yield f"  {claim} {isolated(statement)}"
            yield from (f"    {one.span}: {isolated(one.words)}" for one in spans)
    if found:
        yield ""
