"""A report as SARIF 2.1.0."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_reports import FINDING, report_of, report_on
from toy_repository import Toy

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.remedies import Contexts, with_remedies
from cicakg.checks.renderers import View
from cicakg.checks.renderers.sarif import MAX_RESULTS, sarif_text
from cicakg.checks.report import Report
from cicakg.checks.shape_rules import shape_rules_of
from cicakg.model import Position, Severity
from cicakg.paths import DatasetFolder
from cicakg.turtle import read_turtle

HERE = View(Path("/nowhere"))


def run_of(report: Report, view: View = HERE) -> dict[str, Any]:
    """Return the one run of *report*'s log."""
    log = json.loads(sarif_text(report, view))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


@pytest.fixture(scope="session")
def validator(node: str, project: Path) -> list[str]:
    """The command that validates a log by the published schema; its packages come from the lock file."""
    folder = project / "tests" / "checks" / "sarif_schema"
    if not (folder / "node_modules" / "@microsoft" / "jest-sarif").is_dir():
        npm = shutil.which("npm")
        assert npm is not None, "npm comes with Node.js"
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return [node, str(folder / "validate.mjs")]


def faults_of(validator: list[str], text: str) -> list[Any]:
    """Return what the schema finds wrong with *text*."""
    done = subprocess.run(validator, input=text, capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


@pytest.mark.xdist_group("sarif")
class TestSchema:
    """Logs against the JSON schema of SARIF 2.1.0."""

    def test_a_log_with_remedies_is_valid(self, toy: Toy, validator: list[str]) -> None:
        """Fix objects (3.55) conform: a replacement, a text put in, and one taken out."""
        toy.replace("ms", "<#char=38,93>", "<#char=038,93>")
        toy.replace("ms", '\n    cica:asOf "2031-05-04"^^xsd:date ;', "")
        toy.replace("ar", "<#char=38,65>", "<#char=38,65> ; cica:negated false")
        report = with_remedies(toy.check(), Contexts(DatasetFolder(toy.root)))
        text = sarif_text(report, HERE)
        assert faults_of(validator, text) == []
        fixes = {one["ruleId"]: one["fixes"] for one in json.loads(text)["runs"][0]["results"]}
        assert set(fixes) == {"span-form", "asof-missing", "claim-negated"}
        line, column = toy.place("ms", "<#char=038,93>")
        (change,) = fixes["span-form"][0]["artifactChanges"]
        assert change["replacements"] == [
            {
                "deletedRegion": {
                    "startLine": line,
                    "startColumn": column,
                    "endLine": line,
                    "endColumn": column + 14,
                },
                "insertedContent": {"text": "<#char=38,93>"},
            }
        ]

    def test_a_log_of_the_toy_repository_is_valid(self, toy: Toy, validator: list[str]) -> None:
        """Findings of files and shapes, with and without a focus, and what was not checked."""
        toy.replace("ms", "<#c05> a", "  <#c05> a")
        toy.replace("ms", "dcterms:title", "dcterms:publisher")
        toy.replace("data/entities/people.ttl", "a cica:Person ;", "a cica:Person")
        report = toy.check()
        assert report.notes
        assert {bool(one.focus) for one in report.findings} == {True, False}
        assert faults_of(validator, sarif_text(report, View(toy.root))) == []

    def test_a_log_in_another_language_is_valid(self, toy: Toy, validator: list[str]) -> None:
        """The language is named as the schema wants it."""
        toy.replace("ms", "<#c05> a", "  <#c05> a")
        view = View(toy.root, language="ar")
        assert faults_of(validator, sarif_text(toy.check(), view)) == []

    def test_an_empty_log_is_valid(self, toy: Toy, validator: list[str]) -> None:
        """A dataset without findings gives a log with every rule and no result."""
        assert faults_of(validator, sarif_text(toy.check(), View(toy.root))) == []

    def test_the_schema_refuses_what_is_no_log(self, validator: list[str]) -> None:
        """The schema is at work: a level that is none is refused."""
        assert faults_of(validator, sarif_text(report_of(), HERE).replace('"error"', '"violation"'))


def test_a_result_stands_where_the_finding_does() -> None:
    """Line and column count from 1, columns in code points; the address is relative and escaped."""
    finding = replace(FINDING, file=Path("/nowhere/Жол 1.ttl"), position=Position(3, 14))
    run = run_of(report_on(finding))
    (location,) = run["results"][0]["locations"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "%D0%96%D0%BE%D0%BB%201.ttl"},
        "region": {"startLine": 3, "startColumn": 14},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "http://e/x"


def test_a_file_elsewhere_has_a_file_address() -> None:
    """A file that does not lie below the current folder is named by an absolute URI."""
    (result,) = run_of(report_of(), View(Path("/home")))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "file:///nowhere/a.ttl"


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.VIOLATION, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_severities_are_levels(severity: Severity, level: str) -> None:
    """SHACL's severities are SARIF's levels (3.27.10)."""
    assert run_of(report_on(replace(FINDING, severity=severity)))["results"][0]["level"] == level


def test_a_rule_carries_its_record() -> None:
    """A result points to its rule, whose help says what, why, an example and the remedy."""
    run = run_of(report_of())
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "some-rule"
    assert rule["helpUri"] == "https://w3id.org/cicakg/shapes#SomeRule"
    for text in rule["help"].values():
        assert all(part in text for part in ("It asks.", "It matters.", "id:x a id:y .", "Mend it."))


def test_a_rule_of_the_shapes_is_named_as_its_shape(project: Path) -> None:
    """The IRI made from a rule's code is the IRI of the shape that carries it, and no two are the same."""
    documents = [read_turtle(path.read_bytes()) for path in (project / "shapes").glob("*.ttl")]
    rules = shape_rules_of(documents).rules
    assert len(rules) > 100
    assert {rule.code: f"<{rule.iri}>" for rule in rules.values()} == {
        rule.code: str(shape) for shape, rule in rules.items()
    }
    names = [rule.iri for rule in (*rules.values(), *CATALOGUE.values())]
    assert len(names) == len(set(names))


def test_a_finding_without_a_record_is_not_lost() -> None:
    """The finding of a shape without a code has no rule to point to, and is a result all the same."""
    (result,) = run_of(report_on(replace(FINDING, code="shape-without-code")))["results"]
    assert "ruleIndex" not in result


def test_results_are_recognised_when_lines_shift() -> None:
    """partialFingerprints are the same after lines were put above (3.27.17)."""
    moved = report_on(replace(FINDING, position=Position(40, 1)))
    marks = [run_of(one)["results"][0]["partialFingerprints"] for one in (report_of(), moved)]
    assert marks[0] == marks[1]


def test_the_gravest_of_too_many_results_are_kept() -> None:
    """GitHub takes 25,000 results: warnings go before violations, and the log says how many went."""
    warning = replace(FINDING, severity=Severity.WARNING)
    many = [replace(warning, position=Position(line, 1)) for line in range(1, MAX_RESULTS + 3)]
    run = run_of(report_on(*many, FINDING))
    assert len(run["results"]) == MAX_RESULTS == 25_000
    assert run["results"][0]["level"] == "error"
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("3 more findings")
