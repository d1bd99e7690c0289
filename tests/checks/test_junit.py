"""A report as JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from made_reports import FILE, FINDING, report_of, report_on

from cicakg.checks.renderers import View
from cicakg.checks.renderers.junit import junit_text
from cicakg.checks.report import Report
from cicakg.model import Position, Severity

HERE = Path("/nowhere")
WARNING = replace(FINDING, code="other-rule", severity=Severity.WARNING)


def parsed(report: Report, is_strict: bool = False) -> Element:
    """Return the root of the report's XML."""
    return fromstring(junit_text(report, View(HERE, is_strict=is_strict)))  # noqa: S314 - our own text


def test_a_file_is_a_suite_and_a_rule_a_case() -> None:
    """Two findings of one rule are one failed case that lists both."""
    second = replace(FINDING, position=Position(4, 2))
    root = parsed(report_on(FINDING, second, WARNING))
    (suite,) = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("a.ttl", "2", "1")
    passed, failed = suite
    assert (failed.get("name"), failed.get("line")) == ("some-rule", "1")
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("message") == "It is wrong. (and 1 more)"
    assert failure.text == (
        "a.ttl:1:8: violation It is wrong. Mend it.\na.ttl:4:2: violation It is wrong. Mend it."
    )
    assert passed.find("failure") is None
    assert passed.findtext("system-out") == "a.ttl:1:8: warning It is wrong. Mend it."


def test_failures_are_what_fails_the_check() -> None:
    """Warnings are failures only where the check is strict, as with its exit code."""
    assert parsed(report_on(WARNING)).get("failures") == "0"
    assert parsed(report_on(WARNING), is_strict=True).get("failures") == "1"


def test_a_clean_file_is_a_passed_case() -> None:
    """A file that was checked and has no finding is a suite with one case that passed."""
    root = parsed(Report((), {}, 1, 0, files=(FILE,)))
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    assert [case.get("name") for case in root.iter("testcase")] == ["no-findings"]


def test_text_of_the_data_is_no_markup() -> None:
    """Angle brackets, ampersands and quotation marks come back as they were."""
    message = "</failure> & \"x\" ]]> 'y'."
    failure = parsed(report_of(message)).find("./testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == message


def test_what_xml_forbids_is_replaced() -> None:
    """U+FFFE may stand in a Turtle file and not in XML."""
    failure = parsed(report_of("a\ufffeb")).find("./testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "a\ufffdb"
