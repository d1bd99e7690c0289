"""The engines of the checker on the W3C's SHACL Core suite, whole reports compared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH
from rdflib.compare import isomorphic
from shacl_suite import KNOWN_FAILURES, SUITE, SuiteTest, compared, suite_tests

from cicakg.checks.engines import EngineName, engine_named


@pytest.fixture(scope="module")
def suite(shared: Path) -> dict[str, SuiteTest]:
    """The tests of the suite by name."""
    return {one.name: one for one in suite_tests((shared / SUITE).resolve())}


def test_all_of_the_suite_is_run(suite: dict[str, SuiteTest]) -> None:
    """The manifests lead to the 98 tests that the W3C's implementation report counts for SHACL Core."""
    assert len(suite) == 98
    assert set(KNOWN_FAILURES) <= set(suite)


@pytest.mark.parametrize(("name", "known"), [("pyshacl", set(KNOWN_FAILURES)), ("fast", set())])
def test_the_suite_passes_but_for_the_known_failures(
    suite: dict[str, SuiteTest], name: EngineName, known: set[str]
) -> None:
    """A test that fails and is not known, or is known and passes, is told by name."""
    engine = engine_named(name)
    assert {name for name, one in suite.items() if not one.passes(engine)} == known


def test_the_fast_engine_judges_most_of_the_suite_itself(suite: dict[str, SuiteTest]) -> None:
    """An engine that left everything to pySHACL would pass as well, and be no faster."""
    assert sum(not one.is_refused() for one in suite.values()) > len(suite) / 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sh:conforms false", "sh:conforms true"),
        ("sh:focusNode :a", "sh:focusNode :b"),
        ("sh:value 1", "sh:value 2"),
        ("sh:inversePath :p", "sh:inversePath :q"),
        ("sh:MinCountC", "sh:MaxCountC"),
        ("sh:Warning", "sh:Violation"),
        ("sh:sourceShape :S", "sh:sourceShape :T"),
    ],
)
def test_reports_that_differ_are_told_apart(old: str, new: str) -> None:
    """Each property that counts is compared, else the suite could pass whatever is reported."""
    assert not isomorphic(_report(), _report(old, new))


def test_reports_that_say_the_same_are_equal() -> None:
    """Messages, and whether two results share the nodes of a path, do not count."""
    assert isomorphic(_report(), _report("sh:resultMessage 'm' ;", ""))


def _report(old: str = "", new: str = "") -> rdflib.Graph:
    text = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
        [] a sh:ValidationReport ; sh:conforms false ; sh:result [ a sh:ValidationResult ;
            sh:focusNode :a ; sh:value 1 ; sh:resultPath [ sh:inversePath :p ] ; sh:resultMessage 'm' ;
            sh:sourceConstraintComponent sh:MinCountConstraintComponent ; sh:sourceShape :S ;
            sh:resultSeverity sh:Warning ] ."""
    assert old in text
    graph = rdflib.Graph().parse(data=text.replace(old, new) if old else text)
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    return compared(graph, report)


def test_the_published_results_are_fresh(project: Path, shared: Path) -> None:
    """docs/shacl-conformance.md says what the suite says now."""
    command = [sys.executable, str(project / "tools" / "shacl_conformance.py"), "--check", str(shared)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
