"""What a report looks like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toy_repository import Toy

from cicakg.checks.render import github_lines, json_text, plain, summary, text_lines
from cicakg.checks.report import Report
from cicakg.checks.terminal import excerpt, isolated, safe, width
from cicakg.model import Finding, Position, Severity
from cicakg.turtle import SourceText

FILE = Path("/nowhere/a.ttl")


def report_of(message: str = "It is wrong.", line: str = "id:x a cica:Y .", column: int = 8) -> Report:
    """Return a report with one finding in a file of one line."""
    finding = Finding(
        "some-rule", Severity.VIOLATION, FILE, Position(1, column), message, "Mend it.", "http://e/x"
    )
    return Report((finding,), {FILE: SourceText(line)}, 1, 0)


def test_a_finding_shows_its_place_its_line_and_the_remedy() -> None:
    """Place, severity, code and message; the line in isolation; the caret under the column; the fix."""
    assert list(text_lines(report_of(), Path("/"), plain)) == [
        "nowhere/a.ttl:1:8: violation some-rule It is wrong.",
        "    \u2068id:x a cica:Y .\u2069",
        "           ^",
        "    fix: Mend it.",
        "1 file checked: 1 violation.",
    ]


def test_a_path_elsewhere_is_shown_whole() -> None:
    """A file that does not lie below the current folder keeps its full path."""
    assert next(text_lines(report_of(), Path("/home"), plain)).startswith("/nowhere/a.ttl:1:8: ")


def test_the_caret_counts_columns_of_the_terminal() -> None:
    """A tab is four columns wide, a combining mark none, an ideograph two."""
    assert excerpt('\t"a\u0301\u4e2d" x', 7, 80) == ('    "a\u0301\u4e2d" x', 9)


def test_a_long_line_is_cut_around_the_caret() -> None:
    """What is shown of a long line fits, and holds the place the finding is about."""
    part, before = excerpt("a" * 500 + "X" + "b" * 500, 501, 100)
    assert width(part) <= 100
    assert part[before] == "X"


@pytest.mark.parametrize("character", ["\x1b", "\u202e", "\u2069", "\x07", "\x9b"])
def test_no_character_acts_on_the_terminal(character: str) -> None:
    """Control and direction characters from a file are written out by number."""
    assert character not in safe(f"a{character}b")
    assert isolated(f"a{character}b").count("\u2069") == 1


def test_json_has_every_field_of_a_finding() -> None:
    """Programs get what people get, field by field."""
    value = json.loads(json_text(report_of("قال"), Path("/nowhere")))
    assert value["findings"] == [
        {
            "code": "some-rule",
            "severity": "violation",
            "file": "a.ttl",
            "line": 1,
            "column": 8,
            "focus": "http://e/x",
            "message": "قال",
            "fix": "Mend it.",
        }
    ]
    assert value["summary"]["violation"] == 1


def test_github_commands_are_escaped() -> None:
    """Percent signs, and colons and commas in properties, are escaped as GitHub's runner asks."""
    first = next(github_lines(report_of("100% of a, b:\nc"), Path("/")))
    assert first == ("::error file=nowhere/a.ttl,line=1,col=8,title=some-rule::100%25 of a, b:%0Ac Mend it.")


def test_the_summary_counts_by_severity() -> None:
    """The last line says how many files and findings there are."""
    assert summary(Report((), {}, 3, 2)) == "3 files checked: no findings (2 accepted)."


def test_the_words_behind_each_span_are_shown_after_the_findings(toy: Toy) -> None:
    """With texts, each claim is printed with its triple and, in isolation, the words of its spans."""
    lines = list(text_lines(toy.check(has_texts=True), toy.root, plain))
    claim = lines.index("  #c03 \u2068id:river-council-first-session cica:place id:old-town\u2069")
    assert lines[claim + 1 : claim + 3] == [
        "    38,93: \u2068Majlis Sungai mengadakan sidang pertamanya di Kota Lama\u2069",
        "    14,36: \u2068bersidang di Kota Lama\u2069",
    ]
    assert "    128,143: \u2068إن الدورة ناجحة\u2069" in lines
