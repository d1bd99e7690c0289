"""A report as Markdown, read back by a parser of GitHub's tables."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import FINDING, report_of, report_on
from markdown_it import MarkdownIt

from cicakg.checks.renderers import View
from cicakg.checks.renderers.markdown import MAX_LENGTH, markdown_text
from cicakg.checks.report import Report, Since
from cicakg.model import Position, Wording

HERE = View(Path("/nowhere"))


def page(report: Report) -> str:
    """Return the report as the HTML a parser makes of it, without comments."""
    made = MarkdownIt("commonmark").enable("table").render(markdown_text(report, HERE))
    return re.sub("<!--.*?-->", "", made)


def cells(report: Report) -> list[str]:
    """Return the text of the cells of the report's rows."""
    return [
        html.unescape(re.sub("<[^>]*>", "", one))
        for one in re.findall(r"<td>(.*?)</td>", page(report), re.DOTALL)
    ]


def test_a_finding_is_a_row() -> None:
    """Severity, place, rule, message and remedy stand in one row, and the summary below."""
    assert cells(report_of()) == [
        "❌ violation",
        "a.ttl:1:8",
        "some-rule",
        "It is wrong.Fix. Mend it.",
    ]
    assert "<strong>1 file checked: 1 violation.</strong>" in page(report_of())


@pytest.mark.parametrize(
    "message",
    [
        "a | b \\| c",
        "<script>alert(1)</script> & &amp;",
        "`code` *bold* __bold__ ~~gone~~ $x$",
        "[link](http://e/) ![image](http://e/x.png) <http://e/>",
        "'quoted' \"twice\"",
        "Мүше мемлекеттер قالت",
    ],
)
def test_nothing_of_the_data_is_markup(message: str) -> None:
    """A message is shown as it is, whatever it holds, and makes no element."""
    found = cells(report_of(message))
    assert found[3] == f"{message}Fix. Mend it."
    assert len(found) == 4
    assert set(re.findall(r"<(\w+)", page(report_of(message)))) <= {
        *("h3", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "br", "p")
    }


@pytest.mark.parametrize("lively", ["@en", "#12", "https://e/x", "www.e.org", "GH-7", ":tada:"])
def test_nothing_of_the_data_is_a_mention_or_a_link(lively: str) -> None:
    """A language tag calls nobody, a number links no issue: a comment that is not shown stands between."""
    assert lively not in html.unescape(markdown_text(report_of(f"See {lively} here."), HERE))
    assert cells(report_of(f"See {lively} here."))[3].startswith(f"See {lively} here.")


def test_a_report_without_findings_has_no_table() -> None:
    """Only the summary is left."""
    assert "<table>" not in page(Report((), {}, 3, 0))
    assert "3 files checked: no findings." in page(Report((), {}, 3, 0))


def test_a_long_report_fits_a_comment() -> None:
    """What does not fit is counted; the summary is always there."""
    many = [replace(FINDING, position=Position(line, 1)) for line in range(1, 2001)]
    note = Wording("report/note-shapes", (("names", "a.ttl, " * 20_000),))
    report = replace(report_on(*many), notes=(note,))
    text = markdown_text(report, HERE)
    assert len(text) <= MAX_LENGTH
    rows = text.count("| ❌ violation |")
    assert rows > 100
    assert f"… and {2000 - rows} more findings." in text
    assert "2000 violations" in text


def test_news_come_in_two_tables() -> None:
    """What is new in changed files and what broke elsewhere have a table each."""
    report = replace(report_on(FINDING, replace(FINDING, code="other-rule")), since=Since("HEAD", 1, 3))
    assert page(report).count("<table>") == 2
    assert page(report).index("Broken elsewhere") < page(report).index("other-rule")
