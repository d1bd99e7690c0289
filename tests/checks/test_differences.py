"""What changed from one check to the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import FINDING, report_on

from cicakg.checks.differences import difference
from cicakg.checks.report import Report
from cicakg.checks.shadows import Level, Shadow
from cicakg.model import Finding, Position

ROOT = Path("/nowhere")
SYNTAX = replace(FINDING, code="turtle-syntax", focus="", position=Position(3, 1))
TERM = replace(FINDING, code="unknown-term")
SPAN = replace(FINDING, code="span-edges")
TWO = replace(FINDING, code="some-rule-of-the-corpus")
ELSEWHERE = replace(FINDING, focus="http://e/other")


def known(*findings: Finding) -> dict[str, Finding]:
    """Return what is known after a report of *findings*."""
    return dict(difference({}, report_on(*findings), ROOT).known)


def broken(level: Level, finding: Finding) -> Report:
    """Return a report of one violation of *level*, with what it hides."""
    shadow = Shadow()
    shadow.add(level, finding)
    return replace(report_on(finding), shadow=shadow, corpus_codes=frozenset({TWO.code}))


def test_gone_is_mended_and_what_was_not_there_is_new() -> None:
    """Findings are told apart by what they are about."""
    other = replace(FINDING, focus="http://e/other")
    found = difference(known(FINDING), report_on(other), ROOT)
    assert (found.new, found.mended, found.hidden) == (frozenset({other}), 1, 0)


def test_what_a_broken_file_hides_is_not_called_mended() -> None:
    """A file that cannot be read is not looked at further: its other findings may well be there still."""
    found = difference(known(FINDING, TERM, SPAN), broken(Level.READING, SYNTAX), ROOT)
    assert (found.new, found.mended, found.hidden) == (frozenset({SYNTAX}), 0, 3)


def test_what_was_hidden_is_not_new_when_it_is_seen_again() -> None:
    """Once the file can be read again, only what was not known before it broke is new."""
    unread = difference(known(FINDING), broken(Level.READING, SYNTAX), ROOT)
    found = difference(unread.known, report_on(FINDING), ROOT)
    assert (found.new, found.mended, found.hidden) == (frozenset(), 1, 0)


@pytest.mark.parametrize(
    ("level", "fault", "hidden"),
    [
        (Level.FILE, TERM, {FINDING, TWO, SPAN}),
        (Level.ARTICLE, FINDING, {TWO, SPAN}),
        (Level.CORPUS, TWO, {SPAN}),
        (Level.TEXT, SPAN, set()),
    ],
)
def test_the_levels_hide_in_their_order(level: Level, fault: Finding, hidden: set[Finding]) -> None:
    """A violation hides what later levels say of its node, never the other way round."""
    before = {TERM, FINDING, TWO, SPAN, ELSEWHERE} - {fault}
    found = difference(known(*before), broken(level, fault), ROOT)
    assert found.hidden == len(hidden)
    assert found.mended == len(before - hidden)


def test_where_the_shapes_were_not_run_nothing_of_theirs_is_mended() -> None:
    """A file that cannot be read keeps what needs all files from being checked, elsewhere too."""
    elsewhere = replace(SYNTAX, file=Path("/nowhere/b.ttl"))
    report = replace(report_on(elsewhere), is_cut=True)
    assert difference(known(FINDING), report, ROOT).hidden == 1
