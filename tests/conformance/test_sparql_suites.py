"""The W3C's SPARQL suites, run against ``cicakg serve`` over HTTP."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from w3c_sparql.comparison import Match
from w3c_sparql.known import KNOWN_FAILURES
from w3c_sparql.manifests import SUITES
from w3c_sparql.outcomes import Outcome
from w3c_sparql.runs import SUITE_10, SUITE_11, Results, run_all

pytestmark = pytest.mark.xdist_group("sparql-suites")
BOTH = pytest.mark.parametrize("suite", [SUITE_11, SUITE_10])


@pytest.fixture(scope="module")
def results(shared: Path) -> Results:
    """What the suites say, all run once."""
    return run_all((shared / SUITES).resolve())


def _said(outcomes: list[Outcome]) -> str:
    return "\n".join(f"{one.case.name}: {'; '.join(one.faults)[:500]}" for one in outcomes)


def test_all_of_the_suites_is_run(results: Results) -> None:
    """Every entry of every manifest is somewhere: the 630 and 482 that the suites list. The 18 for
    http-rdf-update are deprecated by the suite itself, and its Graph Store tests replace them.
    """
    counted = len(results.of(SUITE_11)) + len(results.protocol) + len(results.description)
    refused = len(results.updates) + len(results.federation)
    assert (len(results.of(SUITE_11)), len(results.protocol), len(results.description)) == (338, 34, 3)
    assert counted + refused + len(results.entailment) + 18 == 630
    assert len(results.of(SUITE_10)) == 482


@BOTH
def test_the_suite_passes_but_for_the_known_failures(results: Results, suite: str) -> None:
    """A test that fails and is not known, or is known and passes, is told by name."""
    failed = [one for one in results.of(suite) if not one.is_passed]
    assert {one.case.name for one in failed} == set(KNOWN_FAILURES[suite]), _said(failed)


@BOTH
def test_every_known_failure_is_the_engines(results: Results, suite: str) -> None:
    """pyoxigraph, asked by itself, fails the same test with the same answer: no fault of ours hides in the
    table.
    """
    known = [one for one in results.of(suite) if one.case.name in KNOWN_FAILURES[suite]]
    assert [one.case.name for one in known if one.engine is not Match.NONE or not one.is_same] == []


@BOTH
def test_server_and_engine_answer_alike(results: Results, suite: str) -> None:
    """Whatever the engine answers by itself comes over HTTP in each format; only what is mended on the way
    differs.
    """
    mended = {"expr-builtin/case-insensitive-booleans"}
    assert {one.case.name for one in results.of(suite) if not one.is_same} <= mended


def test_the_floor(results: Results) -> None:
    """At most 12 of the 338 tests of SPARQL 1.1 fail: what a server on this engine can do."""
    assert len(results.failed(SUITE_11)) <= 12


def test_the_protocol(results: Results) -> None:
    """27 tests pass; the 7 that write are refused with 403 and a sentence."""
    assert {one.name: fault for one, fault in results.protocol.items() if fault} == {}
    assert sum(one.writes for one in results.protocol) == 7


def test_the_service_description(results: Results) -> None:
    """It is RDF, names the address it was asked at, and uses its vocabulary as it is meant."""
    assert set(results.description.values()) == {""}


def test_what_writes_is_refused(results: Results) -> None:
    """No update and no Graph Store request gets through, whatever way it comes; each is told why."""
    assert {one.name: fault for one, fault in results.updates.items() if fault} == {}
    assert {one.name: fault for one, fault in results.store.items() if fault} == {}


def test_federation_is_refused(results: Results) -> None:
    """A query with SERVICE is SPARQL, so it is refused with 403 and not with 400."""
    assert {one.name: fault for one, fault in results.federation.items() if fault} == {}


def test_the_published_results_are_fresh(results: Results, project: Path) -> None:
    """docs/sparql-conformance.md says what the suites say now."""
    text = (project / "docs" / "sparql-conformance.md").read_text(encoding="utf-8")
    assert text == _tool(project).page(results), "run tools/sparql_conformance.py"


def _tool(project: Path) -> ModuleType:
    path = project / "tools" / "sparql_conformance.py"
    spec = importlib.util.spec_from_file_location("sparql_conformance", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
