"""What a report looks like."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import FINDING, report_of, report_on
from toy_repository import Toy

from cicakg.checks.renderers import FORMATS, View
from cicakg.checks.renderers.github import github_lines
from cicakg.checks.renderers.json_report import json_text
from cicakg.checks.renderers.summary import summary
from cicakg.checks.renderers.text import IN_FULL, text_lines
from cicakg.checks.report import Report, Since
from cicakg.model import Severity
from cicakg.terminal import excerpt, isolated, safe, width

ABRIDGED = "Line and fix are shown for the first 10 findings of each in a file."
ROOT = View(Path("/"))


def test_a_finding_shows_its_place_its_line_and_the_remedy() -> None:
    """Place, severity, code and message; the line in isolation; the token underlined; the fix."""
    assert list(text_lines(report_of(), ROOT)) == [
        "nowhere/a.ttl:1:8: violation some-rule It is wrong.",
        "    \u2066id:x a cica:Y .\u2069",
        "           ^^^^^^",
        "    fix: Mend it.",
        "1 file checked: 1 violation.",
    ]


def test_many_findings_of_a_rule_are_shown_in_one_line_each() -> None:
    """From the eleventh on a finding of a rule is one line; none is left out, and the reader is told so."""
    many = [replace(FINDING, focus=f"http://e/{number}") for number in range(13)]
    lines = list(text_lines(report_on(*many), ROOT))
    assert sum(line.startswith("nowhere/a.ttl:1:8: violation some-rule") for line in lines) == 13
    assert sum(line.startswith("    fix: ") for line in lines) == IN_FULL == 10
    assert lines[-4:] == [
        "",
        "     13  some-rule  It asks.",
        f"`cicakg rules CODE` explains a rule. {ABRIDGED}",
        "1 file checked: 13 violations.",
    ]


def test_a_path_elsewhere_is_shown_whole() -> None:
    """A file that does not lie below the current folder keeps its full path."""
    assert next(text_lines(report_of(), View(Path("/home")))).startswith("/nowhere/a.ttl:1:8: ")


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
    value = json.loads(json_text(report_of("قال"), View(Path("/nowhere"))))
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
            "language": "en",
            "rule": {"name": "SomeRule", "url": "https://w3id.org/cicakg/shapes#SomeRule"},
            "facts": [],
            "fixes": [],
        }
    ]
    assert value["version"] == 1
    assert value["summary"]["violation"] == 1


def test_github_commands_are_escaped() -> None:
    """Percent signs, and colons and commas in properties, are escaped as GitHub's runner asks."""
    message, file = "100% of a, b: it is c.", Path("/nowhere/a,b.ttl")
    first = next(github_lines(report_on(replace(FINDING, message=message, file=file)), ROOT))
    assert first == (
        "::error file=nowhere/a%2Cb.ttl,line=1,col=8,title=some-rule::100%25 of a, b: it is c. Mend it."
    )


def test_a_message_can_be_no_second_command() -> None:
    """A line break in a message starts no command of its own."""
    lines = list(github_lines(report_of("It is\n::error::wrong."), ROOT))
    assert [line.startswith("::") for line in lines] == [True, False]


def test_news_are_shown_in_two_parts_and_the_old_counted() -> None:
    """What is new in changed files comes first, then what broke elsewhere, then a count of the old."""
    elsewhere = replace(FINDING, file=Path("/nowhere/b.ttl"), severity=Severity.WARNING)
    report = replace(report_on(FINDING, elsewhere), since=Since("HEAD~1", 1, 7))
    lines = [line for line in text_lines(report, ROOT) if not line.startswith(" ")]
    assert lines == [
        "New in the files changed since HEAD~1:",
        "nowhere/a.ttl:1:8: violation some-rule It is wrong.",
        "Broken elsewhere by the change:",
        "nowhere/b.ttl:1:8: warning some-rule It is wrong.",
        "2 files checked: 1 new violation, 1 new warning. 7 findings were there in HEAD~1 already.",
    ]
    counted = json.loads(json_text(report, ROOT))["summary"]["since"]
    assert counted == {"revision": "HEAD~1", "changed": 1, "elsewhere": 1, "old": 7}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_whole_and_plain_text(form: str) -> None:
    """Each format ends in one line break, can be encoded, and lets no control character through."""
    hostile = replace(FINDING, file=Path("/nowhere/\udcff\x1b.ttl"), message="\x1b[31m \u202e wrong \x00.")
    text = FORMATS[form](report_on(hostile), ROOT)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert text.encode()
    assert "\x1b" not in text
    assert "\x00" not in text


def test_the_summary_counts_by_severity() -> None:
    """The last line says how many files and findings there are."""
    assert summary(Report((), {}, 3, 2)) == "3 files checked: no findings (2 accepted)."


def test_the_words_behind_each_span_are_shown_after_the_findings(toy: Toy) -> None:
    """With texts, each claim is printed with its triple and, in isolation, the words of its spans."""
    lines = list(text_lines(toy.check(has_texts=True), View(toy.root)))
    claim = lines.index("  #c03 \u2068id:river-council-first-session cica:place id:old-town\u2069")
    assert lines[claim + 1 : claim + 3] == [
        "    38,93: \u2068Majlis Sungai mengadakan sidang pertamanya di Kota Lama\u2069",
        "    14,36: \u2068bersidang di Kota Lama\u2069",
    ]
    assert "    128,143: \u2068إن الدورة ناجحة\u2069" in lines
