"""Every rule on its failing and its passing case."""

from __future__ import annotations

import pytest
from shape_cases import CASES, ENGINES, case, rules, run_case

CODES = sorted(rules())


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("code", CODES)
def test_a_rule_fires_where_its_failing_case_is_marked_and_nowhere_else(code: str, engine: str) -> None:
    """A rule finds the fault it is there for, at the line to mend, and causes no second finding."""
    failing = case(code, "fail")
    assert run_case(failing, engine) == failing.marked()


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("code", CODES)
def test_nothing_fires_on_the_passing_case(code: str, engine: str) -> None:
    """Right data beside the fault a rule looks for is left alone, by that rule and by all others."""
    assert run_case(case(code, "pass"), engine) == []


@pytest.mark.parametrize("code", CODES)
def test_a_failing_case_marks_its_own_rule_only(code: str) -> None:
    """The bad line of a case says which rule it breaks, so that the expectation stands beside the fault."""
    assert {fired.code for fired in case(code, "fail").marked()} == {code}
    assert case(code, "pass").marked() == []


def test_there_is_a_case_for_every_rule_and_a_rule_for_every_case() -> None:
    """No rule goes untested and no case outlives its rule."""
    assert sorted(path.name for path in CASES.iterdir() if path.is_dir()) == CODES
