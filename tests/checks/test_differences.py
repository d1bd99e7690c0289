"""What changed from one check to the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from made_reports import FINDING, report_on

from cicakg.checks.differences import difference
from cicakg.model import Finding, Position, Wording

ROOT = Path("/nowhere")
SYNTAX = replace(FINDING, code="turtle-syntax", focus="", position=Position(3, 1))
TERM = replace(FINDING, code="unknown-term")
SPAN = replace(FINDING, code="span-edges", focus="http://e/s")


def known(*findings: Finding) -> dict[str, Finding]:
    """Return what is known after a report of *findings*."""
    return dict(difference({}, report_on(*findings), ROOT).known)


def test_gone_is_mended_and_what_was_not_there_is_new() -> None:
    """Findings are told apart by what they are about."""
    other = replace(FINDING, focus="http://e/other")
    found = difference(known(FINDING), report_on(other), ROOT)
    assert (found.new, found.mended, found.hidden) == (frozenset({other}), 1, 0)


def test_what_a_broken_file_hides_is_not_called_mended() -> None:
    """A file that cannot be read is not looked at further: its other findings may well be there still."""
    found = difference(known(FINDING, TERM, SPAN), report_on(SYNTAX), ROOT)
    assert (found.new, found.mended, found.hidden) == (frozenset({SYNTAX}), 0, 3)


def test_what_was_hidden_is_not_new_when_it_is_seen_again() -> None:
    """Once the file can be read again, only what was not known before it broke is new."""
    broken = difference(known(FINDING), report_on(SYNTAX), ROOT)
    found = difference(broken.known, report_on(FINDING), ROOT)
    assert (found.new, found.mended, found.hidden) == (frozenset(), 1, 0)


def test_the_levels_hide_in_their_order() -> None:
    """A misspelt term hides what shapes and texts say of its file, never the other way round."""
    assert difference(known(FINDING, SPAN), report_on(TERM), ROOT).hidden == 2
    assert difference(known(TERM, SPAN), report_on(FINDING), ROOT).hidden == 1
    assert difference(known(TERM, FINDING), report_on(SPAN), ROOT).hidden == 0


def test_where_the_shapes_were_not_run_nothing_of_theirs_is_mended() -> None:
    """A file that cannot be read keeps what needs all files from being checked, elsewhere too."""
    elsewhere = replace(SYNTAX, file=Path("/nowhere/b.ttl"))
    report = replace(report_on(elsewhere), notes=(Wording("report/note-mend"),))
    assert difference(known(FINDING), report, ROOT).hidden == 1
