"""A report as JUnit XML, which most continuous integration servers read.

One test suite for each file, one test case for each rule it breaks. There is no specification; this is what
Jenkins (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd) and GitLab read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cicakg.checks.localisation import Said, in_language
from cicakg.checks.renderers.facts import facts_text
from cicakg.checks.renderers.places import kept, shown_path
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.model import Finding

# Characters no XML 1.0 document may have (https://www.w3.org/TR/xml/#charsets).
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_text(report: Report, view: View) -> str:
    """Return *report* as JUnit XML. What does not fail the check stands in a passed test case's output."""
    by_file: defaultdict[Path, list[Finding]] = defaultdict(list, {one: [] for one in report.files})
    for finding in report.findings:
        by_file[finding.file].append(finding)
    root = Element("testsuites", name="cicakg check")
    for file in sorted(by_file):
        root.append(_suite(shown_path(file, view.here), by_file[file], report, view))
    for count in ("tests", "failures"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(file: str, findings: Sequence[Finding], report: Report, view: View) -> Element:
    by_code: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    failed = sum(any(view.fails(one.severity) for one in same) for same in by_code.values())
    suite = Element("testsuite", name=_allowed(file), tests=str(len(by_code) or 1), failures=str(failed))
    suite.set("errors", "0")
    for code in sorted(by_code):
        said = [in_language(one, view.language, report.rules) for one in by_code[code]]
        _add_case(suite, file, list(zip(by_code[code], said, strict=True)), view)
    if not by_code:
        SubElement(suite, "testcase", name="no-findings", classname=_allowed(file))
    return suite


def _add_case(suite: Element, file: str, findings: Sequence[tuple[Finding, Said]], view: View) -> None:
    first, said = findings[0]
    case = SubElement(suite, "testcase", name=first.code, classname=_allowed(file))
    case.set("file", _allowed(file))
    case.set("line", str(first.position.line))
    text = "\n".join(_line(file, *one, view) for one in findings)
    if any(view.fails(one.severity) for one, _ in findings):
        more = f" {view.word('also', count=len(findings) - 1)}" if len(findings) > 1 else ""
        message = _allowed(kept(said.message)) + more
        failure = SubElement(case, "failure", type=first.severity.value, message=message)
        failure.text = text
    else:
        SubElement(case, "system-out").text = text


def _line(file: str, one: Finding, said: Said, view: View) -> str:
    place, line = f"{file}:{one.position.line}:{one.position.column}", said.isolated()
    about = f"{kept(line.message)} {kept(line.fix)} {facts_text(one, view)}".rstrip()
    return _allowed(f"{place}: {one.severity.value} {about}")


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
