"""A report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

It is what code scanning services read. Section numbers below are that document's.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Final

from cicakg.checks.fingerprints import fingerprints
from cicakg.checks.localisation import Said, in_language, rule_for_reader
from cicakg.checks.renderers.facts import facts_sarif, facts_text
from cicakg.checks.renderers.mends import mends_sarif
from cicakg.checks.renderers.places import file_address
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.checks.rules import Rule
from cicakg.checks.templates import ENGLISH
from cicakg.model import Finding, Severity
from cicakg.vocab import BASE

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MAX_RESULTS: Final = 25_000
"""GitHub refuses a run with more results
(https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support)."""

_LEVELS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


def sarif_text(report: Report, view: View) -> str:
    """Return *report* as a SARIF log with one run; of too many results the gravest are kept."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, view)]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _run(report: Report, view: View) -> dict[str, object]:
    marked = list(zip(report.findings, fingerprints(report.findings, view.here), strict=True))
    marked.sort(key=lambda one: _RANKS[one[0].severity])
    numbers = {code: number for number, code in enumerate(report.rules)}
    return {
        "tool": {
            "driver": {
                "name": "cicakg",
                "version": version("cicakg"),
                "informationUri": BASE,
                "language": view.language,
                "rules": [_rule(one, view) for one in report.rules.values()],
            }
        },
        "language": view.language,
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": one}} for one in _notes(report, view)
                ],
            }
        ],
        "results": [
            {
                **_result(one, mark, numbers.get(one.code), _said(report, one, view), view),
                **_fixes(report, one, view),
            }
            for one, mark in marked[:MAX_RESULTS]
        ],
    }


def _said(report: Report, finding: Finding, view: View) -> Said:
    return in_language(finding, view.language, report.rules)


def _fixes(report: Report, finding: Finding, view: View) -> dict[str, object]:
    found = mends_sarif(report, finding, view)
    return {"fixes": found} if found else {}


def _notes(report: Report, view: View) -> list[str]:
    left_out = len(report.findings) - MAX_RESULTS
    more = [view.word("left-out-limit", count=left_out, limit=MAX_RESULTS)]
    return [*(view.note(note) for note in report.notes), *(more if left_out > 0 else [])]


def _rule(rule: Rule, view: View) -> dict[str, object]:
    """Return a reportingDescriptor (3.49). What a rule asks and why is English; its message and its fix come
    first where the reader reads another language.
    """
    said = rule_for_reader(rule, view.language)
    short, full = rule.what, f"{rule.what} {rule.why}"
    if said.language != ENGLISH:
        short, full = said.message, f"{said.message} {said.fix}"
    opening = "" if said.language == ENGLISH else f"{full}\n\n"
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {
            "text": f"{opening}{rule.what}\n\n{rule.why}\n\nBreaks it:\n{rule.example}\n\nFix: {rule.fix}",
            "markdown": f"{opening}{rule.what}\n\n**Why.** {rule.why}\n\n**Breaks it:**\n\n"
            f"```turtle\n{rule.example}\n```\n\n**Fix.** {rule.fix}",
        },
        "helpUri": rule.iri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, mark: str, number: int | None, said: Said, view: View) -> dict[str, object]:
    """Return a result (3.27); the *number* of its rule is left out where the rule has no record."""
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": {"uri": file_address(finding.file, view.here)},
            "region": {"startLine": finding.position.line, "startColumn": finding.position.column},
        }
    }
    related = facts_sarif(finding, view)
    if finding.focus:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.focus, "kind": "resource"}]
    return {
        "ruleId": finding.code,
        **({} if number is None else {"ruleIndex": number}),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{said.message} {said.fix} {facts_text(finding, view)}".rstrip()},
        "locations": [location],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"cicakg/v1": mark},
    }
