"""The list of accepted findings."""

from __future__ import annotations

import pytest
from toy_repository import MS, Toy

LIST = "data/exceptions.toml"
ENTRY = f'[[accepted]]\ncode = "span-form"\nfile = "{MS}"\nreason = "kept for old links"\n'


@pytest.fixture
def faulty(toy: Toy) -> Toy:
    """The toy repository with one span whose number has a leading zero."""
    toy.replace("ms", "<#char=94,109>", "<#char=094,109>")
    assert [one.code for one in toy.findings()] == ["span-form"]
    return toy


def test_an_accepted_finding_is_not_reported_but_counted(faulty: Toy) -> None:
    """What is listed is accepted; the report says how many there are."""
    faulty.write(LIST, ENTRY)
    report = faulty.check()
    assert (report.findings, report.accepted_count) == ((), 1)


@pytest.mark.parametrize(("ending", "is_accepted"), [("", True), ("x", False)])
def test_a_focus_narrows_what_is_accepted(faulty: Toy, ending: str, is_accepted: bool) -> None:
    """With a focus only the finding about that node is accepted."""
    focus = faulty.findings()[0].focus + ending
    faulty.write(LIST, f'{ENTRY}focus = "{focus}"\n')
    assert ("span-form" not in {one.code for one in faulty.findings()}) is is_accepted


def test_an_exception_that_no_longer_fires_is_the_finding(toy: Toy) -> None:
    """An entry for a fault that is gone is at fault itself, at its heading."""
    toy.write(LIST, f"# known\n\n{ENTRY}")
    found = toy.findings()
    assert [(one.code, one.position.line) for one in found] == [("exception-unused", 3)]


def test_an_exception_is_not_called_unused_where_its_rule_was_not_run(toy: Toy) -> None:
    """Rules about texts do not run without texts, and the shapes not on what cannot be read."""
    toy.write(LIST, ENTRY.replace("span-form", "span-edges"))
    assert toy.findings() == []
    assert [one.code for one in toy.findings(has_texts=True)] == ["exception-unused"]
    toy.write(LIST, ENTRY)
    toy.replace("data/entities/people.ttl", "a cica:Person ;", "a cica:Person")
    assert [one.code for one in toy.findings()] == ["turtle-syntax"]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("x = [", 1, "not TOML"),
        (ENTRY.replace("reason", "because"), 1, "lacks reason"),
        (ENTRY + 'line = "3"\n', 1, "unknown key line"),
        (ENTRY + "focus = 3\n", 1, "not a text"),
        ("\n" + ENTRY.replace("span-form", "span-fom"), 2, "no rule called span-fom"),
        ("accepted = [1]", 1, "table"),
        ("accepted = 1", 1, "table"),
    ],
)
def test_an_entry_that_cannot_be_read_is_a_finding(toy: Toy, text: str, line: int, word: str) -> None:
    """A malformed list says what is wrong with it, and where."""
    toy.write(LIST, text)
    found = toy.findings()
    assert [(one.code, one.position.line) for one in found] == [("exception-form", line)]
    assert word in found[0].message
