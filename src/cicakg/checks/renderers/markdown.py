"""A report as Markdown: a table for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cicakg.checks.isolation import cut
from cicakg.checks.localisation import Said, in_language
from cicakg.checks.renderers.facts import fact_lines
from cicakg.checks.renderers.places import kept, shown_path
from cicakg.checks.renderers.summary import headed, summary
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.languages import direction
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
    notes = (_prose(cut(view.note(note), _NOTE_LENGTH)) for note in report.notes)
    ending = ["", *notes, f"**{_prose(summary(report, view.language))}**"]
    room = MAX_LENGTH - sum(len(one) + 1 for one in ending)
    return "\n".join([*_fitting(report, view, room), *ending]) + "\n"


def _fitting(report: Report, view: View, room: int) -> Iterator[str]:
    """Yield the lines of the tables as long as there is *room*, then how many findings are left out."""
    yield "### cicakg check"
    left = len(report.findings)
    head = " | ".join(_directed(view.word(name), view.language) for name in ("place", "rule", "finding"))
    for heading, findings in headed(report, view.language):
        if not findings:
            continue
        yield from ("", f"**{_prose(heading)}**") if heading else ()
        yield from ("", f"| | {head} |", "|---|---|---|---|")
        for finding in findings:
            row = _row(finding, in_language(finding, view.language, report.rules), view)
            room -= len(row) + 1
            if room < 700:  # the headings, and the line below
                yield f"\n{_prose(view.line('left-out', count=left))}"
                return
            left -= 1
            yield row


def _row(finding: Finding, said: Said, view: View) -> str:
    position = finding.position
    place = f"{shown_path(finding.file, view.here)}:{position.line}:{position.column}"
    fix = _directed(view.word("fix-strong"), view.language)
    facts = "".join(f"<br>{_prose(one)}" for one in fact_lines(finding, view))
    cells = (
        f"{_ICONS[finding.severity]} {_prose(view.line(finding.severity.value))}",
        _code(place),
        _code(finding.code),
        f"{_directed(said.message, said.language)}{facts}<br>**{fix}** {_directed(said.fix, said.language)}",
    )
    return f"| {' | '.join(cells)} |"


def _directed(text: str, language: str) -> str:
    """Return *text* with the direction of its *language*, by an element GitHub lets pass."""
    if direction(language) == "ltr":
        return _prose(text)
    return f'<span lang="{language}" dir="rtl">{_prose(text)}</span>'


def _code(text: str) -> str:
    return f"<code>{_prose(text)}</code>"


def _prose(text: str) -> str:
    """Return *text* so that it is shown as it is, in a table, too."""
    parts = _LIVELY.split(kept(text))
    return _BREAK.join(_MARKUP.sub(lambda found: f"&#{ord(found[0])};", part) for part in parts)
