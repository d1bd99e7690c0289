"""The remedies of a finding, as each format shows them."""

from __future__ import annotations

from collections.abc import Iterator

from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.localisation import title_in_language
from cicakg.checks.renderers.places import file_address, kept
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.model import Edit, Finding, Remedy


def remedies_of(report: Report, finding: Finding) -> tuple[Remedy, ...]:
    """Return the remedies of *finding* in *report*, where they were asked for."""
    return report.remedies.get(finding, ())


def mend_lines(report: Report, finding: Finding, view: View) -> Iterator[str]:
    """Yield what each remedy does that the fix of *finding* does not say already; what ``--fix`` does is
    marked so.
    """
    for one in remedies_of(report, finding):
        if not _is_said(one, finding.fix):
            yield title_line(one, view) + (" (--fix)" if one.is_safe else "")


def title_line(remedy: Remedy, view: View) -> str:
    """Return what *remedy* is called, for a line that runs from left to right."""
    return kept(isolated_sentence(title_in_language(remedy, view.language), view.language))


def _is_said(remedy: Remedy, fix: str) -> bool:
    texts = [edit.text.strip(' "@') for edit in remedy.edits]
    return all(text and text in fix for text in texts) or f"{remedy.title}." == fix


def mends_json(report: Report, finding: Finding, view: View) -> list[dict[str, object]]:
    """Return the member ``fixes`` of a finding."""
    return [
        {
            "title": title_in_language(one, view.language),
            "safe": one.is_safe,
            "edits": [_edit_json(edit) for edit in one.edits],
        }
        for one in remedies_of(report, finding)
    ]


def _edit_json(edit: Edit) -> dict[str, object]:
    return {
        "line": edit.start.line,
        "column": edit.start.column,
        "endLine": edit.end.line,
        "endColumn": edit.end.column,
        "text": edit.text,
    }


def mends_sarif(report: Report, finding: Finding, view: View) -> list[dict[str, object]]:
    """Return the fix objects (SARIF 2.1.0, 3.55) of a finding; a place of no length is where text goes in."""
    address = {"uri": file_address(finding.file, view.here)}
    return [
        {
            "description": {"text": title_in_language(one, view.language)},
            "artifactChanges": [
                {
                    "artifactLocation": address,
                    "replacements": [_replacement(edit) for edit in one.edits],
                }
            ],
            "properties": {"safe": one.is_safe},
        }
        for one in remedies_of(report, finding)
    ]


def _replacement(edit: Edit) -> dict[str, object]:
    region = {
        "startLine": edit.start.line,
        "startColumn": edit.start.column,
        "endLine": edit.end.line,
        "endColumn": edit.end.column,
    }
    return {"deletedRegion": region, **({"insertedContent": {"text": edit.text}} if edit.text else {})}
