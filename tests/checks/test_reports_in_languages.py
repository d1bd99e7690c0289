"""A report in another language than English, in each format."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from made_reports import FILE, report_on
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from cicakg.checks.catalogue import CATALOGUE, LABEL_TAG, SUBJECT_ONCE
from cicakg.checks.renderers import FORMATS, View
from cicakg.checks.renderers.summary import summary
from cicakg.checks.report import Report, Since
from cicakg.checks.templates import LANGUAGES
from cicakg.model import Position, Severity, Wording
from cicakg.turtle import SourceText

MESSAGE = "الخطأ في وسم اللغة"
NOTE = Wording("report/note-shapes", (("names", "people.ttl, places.ttl"),))


@pytest.fixture
def report() -> Report:
    """Two findings in two parts, and a note."""
    tag = LABEL_TAG.finding(FILE, Position(1, 8), "http://e/x", case="write", tag="kk-Cyrl", standard="kk")
    twice = SUBJECT_ONCE.finding(FILE, Position(1, 1), "http://e/x", subject="#c01", line=3)
    made = report_on(tag, replace(twice, severity=Severity.WARNING), line="id:x a cica:Y .")
    return replace(
        made, rules=CATALOGUE, notes=(NOTE,), since=Since("HEAD~1", 1, 7), lines={FILE: SourceText("id:x .")}
    )


def view(language: str) -> View:
    """Return the view of a reader of *language*."""
    return View(Path("/"), language=language)


def outside(line: str) -> str:
    """Return what stands in no isolate of *line*; each must be closed."""
    depth, kept = 0, []
    for one in line:
        depth += one in "\u2066\u2067\u2068"
        if depth == 0:
            kept.append(one)
        depth -= one == "\u2069"
        assert depth >= 0
    assert depth == 0
    return "".join(kept)


@pytest.mark.parametrize("form", ["text", "github"])
def test_no_arabic_letter_stands_bare_in_a_line(report: Report, form: str) -> None:
    """A line begins with a path and runs from left to right: what is Arabic in it is isolated."""
    lines = FORMATS[form](report, view("ar")).splitlines()
    assert any("ARABIC" in unicodedata.name(one, "") for one in "".join(lines))
    for line in lines:
        if form == "github" and line.startswith("::warning title="):
            continue  # a title is a field of its own
        assert not {unicodedata.bidirectional(one) for one in outside(line)} & {"R", "AL", "AN"}, line


def test_the_text_is_arabic_but_for_names_and_codes(report: Report) -> None:
    """Severity, message, fix, headings, note and summary are translated; places and codes are not."""
    text = FORMATS["text"](report, view("ar"))
    english = ("violation", "warning", "fix:", "standard form", "New in", "Broken", "checked", "already")
    assert [word for word in english if word in text] == []
    for part in (
        "nowhere/a.ttl:1:8:",
        "label-tag",
        "\u2068kk-Cyrl\u2069",
        "HEAD~1",
        "people.ttl, places.ttl",
    ):
        assert part in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_whole_in_every_language(report: Report, form: str, language: str) -> None:
    """Each ends in one line break, names both rules and lets no English sentence through unasked."""
    text = FORMATS[form](report, view(language))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for code in ("label-tag", "subject-once"):
        assert code in text
    if form not in {"turtle", "sarif"}:
        assert ("is not in its standard form" in text) is (language == "en")


def test_json_names_the_language(report: Report) -> None:
    """The language of the report, and of each finding; codes and severities stay as they are."""
    value = json.loads(FORMATS["json"](report, view("ar")))
    assert value["language"] == "ar"
    assert [(one["language"], one["severity"]) for one in value["findings"]] == [
        ("ar", "violation"),
        ("ar", "warning"),
    ]
    untranslated = replace(report, findings=(replace(report.findings[0], code="x", wording=None),))
    value = json.loads(FORMATS["json"](untranslated, view("ar")))
    assert [(one["language"], one["message"]) for one in value["findings"]] == [
        ("en", "The language tag kk-Cyrl is not in its standard form, kk.")
    ]


def test_sarif_is_in_the_language_but_recognised_without_it(report: Report) -> None:
    """Messages and the names of rules are Arabic; the fingerprints are those of the English report."""
    runs = {tag: json.loads(FORMATS["sarif"](report, view(tag)))["runs"][0] for tag in ("ar", "en")}
    assert runs["ar"]["language"] == "ar"
    marks = {tag: [one["partialFingerprints"] for one in run["results"]] for tag, run in runs.items()}
    assert marks["ar"] == marks["en"]
    texts = [one["message"]["text"] for one in runs["ar"]["results"]]
    texts += [one["shortDescription"]["text"] for one in runs["ar"]["tool"]["driver"]["rules"]]
    assert [one for one in texts if not any("ARABIC" in unicodedata.name(sign, "") for sign in one)] == []


def test_junit_says_it_in_the_language(report: Report) -> None:
    """The message of a failure and the lines below it."""
    failure = fromstring(FORMATS["junit"](report, view("ru"))).find("./testsuite/testcase/failure")  # noqa: S314
    assert failure is not None
    assert "kk-Cyrl" in str(failure.get("message"))
    assert "CYRILLIC" in unicodedata.name(str(failure.get("message"))[0])


def test_markdown_names_language_and_direction(report: Report) -> None:
    """An Arabic sentence in a table that runs from left to right has its own direction."""
    text = FORMATS["markdown"](report, view("ar"))
    row = next(line for line in text.splitlines() if line.startswith("| ❌"))
    assert row.count('<span lang="ar" dir="rtl">') == row.count("</span>") == 3
    assert "<span" not in FORMATS["markdown"](report, view("kk"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_turtle_has_the_message_in_every_language(report: Report, language: str) -> None:
    """Whatever language is asked for, each result has one message for each, without signs of direction."""
    text = FORMATS["turtle"](report, view(language))
    messages = [
        one.object
        for one in parse(text, format=RdfFormat.TURTLE)
        if one.predicate == NamedNode("http://www.w3.org/ns/shacl#resultMessage")
    ]
    literals = [one for one in messages if isinstance(one, Literal)]
    assert sorted(str(one.language) for one in literals) == sorted([*LANGUAGES, *LANGUAGES])
    assert not {"\u2068", "\u2069"} & set("".join(one.value for one in literals))


@pytest.mark.parametrize("language", ["ar", "kk", "ms", "ru"])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 11, 21, 101])
def test_a_summary_fits_every_number(report: Report, language: str, count: int) -> None:
    """The word that is counted is the same for every number: no plural can be wrong."""
    many = replace(report, findings=(report.findings[0],) * count, since=Since("HEAD", count, count))
    bare = summary(replace(many, file_count=count, accepted_count=count), language)
    assert bare.count(str(count)) >= 4
    other = replace(many, findings=(report.findings[0],) * 7, since=Since("HEAD", 7, 7))
    seven = summary(replace(other, file_count=7, accepted_count=7), language)
    assert bare.replace(str(count), "7") == seven
