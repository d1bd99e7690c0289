"""A report as Markdown: a table for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cicakg.checks.renderers.places import kept, shown_path
from cicakg.checks.renderers.summary import headed, summary
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.model import Finding, Severity

MAX_LENGTH: Final = 60_000
"""A comment on GitHub holds 65,536 characters."""

_NOTE_LENGTH: Final = 1_000  # a note can list every file that could not be read

_ICONS: Final = {Severity.VIOLATION: "❌", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️"}
# What is markup within a line; a character reference is never taken for markup
# (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references).
_MARKUP: Final = re.compile(r"""[&<>"'\\`*_\[\]#|~$]""")

# Where GitHub would see a mention, a reference to an issue, a link or an emoji: a comment, which is not
# shown, breaks it up.
_LIVELY: Final = re.compile(
    r"(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=GH-)(?=\d)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=:)(?=[\w+-]+:)", re.IGNORECASE
)
_BREAK: Final = "<!-- -->"


def markdown_text(report: Report, view: View) -> str:
    """Return *report* as Markdown, cut to what a comment holds; nothing of the data acts as markup."""
    ending = ["", *(_prose(note[:_NOTE_LENGTH]) for note in report.notes), f"**{_prose(summary(report))}**"]
    room = MAX_LENGTH - sum(len(one) + 1 for one in ending)
    return "\n".join([*_fitting(report, view, room), *ending]) + "\n"


def _fitting(report: Report, view: View, room: int) -> Iterator[str]:
    """Yield the lines of the tables as long as there is *room*, then how many findings are left out."""
    yield "### cicakg check"
    left = len(report.findings)
    for heading, findings in headed(report):
        if not findings:
            continue
        yield from ("", f"**{_prose(heading)}**") if heading else ()
        yield from ("", "| | place | rule | what is wrong, and what to do |", "|---|---|---|---|")
        for finding in findings:
            row = _row(finding, view)
            room -= len(row) + 1
            if room < 500:  # the headings, and the line below
                yield f"\n… and {left} more findings."
                return
            left -= 1
            yield row


def _row(finding: Finding, view: View) -> str:
    position = finding.position
    place = f"{shown_path(finding.file, view.here)}:{position.line}:{position.column}"
    cells = (
        f"{_ICONS[finding.severity]} {finding.severity.value}",
        _code(place),
        _code(finding.code),
        f"{_prose(finding.message)}<br>**Fix.** {_prose(finding.fix)}",
    )
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return f"<code>{_prose(text)}</code>"


def _prose(text: str) -> str:
    """Return *text* so that it is shown as it is, in a table, too."""
    parts = _LIVELY.split(kept(text))
    return _BREAK.join(_MARKUP.sub(lambda found: f"&#{ord(found[0])};", part) for part in parts)
