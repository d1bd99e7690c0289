"""``cicakg check --watch``: when it checks, what it shows, and what does not end it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import FILE, FINDING, report_of, report_on

from cicakg.checks.differences import Difference
from cicakg.checks.renderers import View
from cicakg.checks.report import Report
from cicakg.cli.watching import Screen, changes_in_words, watch, watched_files
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder

FOLDER = DatasetFolder(Path("/nowhere"))
SAVED = frozenset({FILE})


class Written:
    """A screen that keeps what is written on it, and how often it was emptied."""

    def __init__(self, is_terminal: bool = False, height: int = 40) -> None:
        self.lines: list[str] = []
        self.clears = 0
        clear = self._clear if is_terminal else None
        self.screen = Screen(View(Path("/")), self._echo, clear, lambda: height, lambda: "12:00:00")

    def _echo(self, line: str) -> None:
        self.lines += line.split("\n")

    def _clear(self) -> None:
        self.clears += 1
        self.lines.clear()


def outcomes(*values: Report | Exception | KeyboardInterrupt) -> Callable[[], Report]:
    """Return a check that has one of *values* as its outcome after the other."""
    left = iter(values)

    def check() -> Report:
        value = next(left)
        if isinstance(value, Report):
            return value
        raise value

    return check


CLEAN = replace(report_on(), files=())
FAULTY = report_of()


def test_each_save_is_one_check_and_says_what_it_changed() -> None:
    """Elsewhere than on a terminal the reports stand below each other, each with the save and the news."""
    written = Written()
    watch(outcomes(CLEAN, FAULTY, CLEAN), [SAVED, SAVED], written.screen, FOLDER)
    status = [line for line in written.lines if line.startswith("12:00:00")]
    assert status == [
        "12:00:00 checked. Watching; Ctrl-C ends.",
        "12:00:00 a.ttl saved: 1 new. Watching; Ctrl-C ends.",
        "12:00:00 a.ttl saved: 1 mended. Watching; Ctrl-C ends.",
    ]
    assert written.lines.count("nowhere/a.ttl:1:8: new violation some-rule It is wrong.") == 1


def test_a_finding_that_only_moved_is_neither_new_nor_mended() -> None:
    """A finding is known by its rule, file, node and message: lines above it may come and go."""
    moved = report_on(replace(FINDING, position=replace(FINDING.position, line=7)))
    written = Written()
    watch(outcomes(FAULTY, moved), [SAVED], written.screen, FOLDER)
    assert written.lines[-1] == "12:00:00 a.ttl saved: nothing changed. Watching; Ctrl-C ends."


def test_a_terminal_shows_the_last_report_only() -> None:
    """It is emptied before each report, and what is new stands first."""
    second = replace(FINDING, code="other-rule", file=Path("/nowhere/z.ttl"), focus="http://e/z")
    written = Written(is_terminal=True)
    watch(outcomes(FAULTY, report_on(FINDING, second)), [SAVED], written.screen, FOLDER)
    assert written.clears == 2
    heads = [line for line in written.lines if line.startswith("nowhere/")]
    assert [line.split(":")[0] for line in heads] == ["nowhere/z.ttl", "nowhere/a.ttl"]
    assert " new violation other-rule " in heads[0]


def test_what_does_not_fit_the_terminal_is_counted() -> None:
    """The summary is never pushed out of the window; how many findings are left out is said."""
    many = [replace(FINDING, focus=f"http://e/{number}") for number in range(8)]
    written = Written(is_terminal=True, height=16)
    watch(outcomes(report_on(*many)), [], written.screen, FOLDER)
    shown = [line for line in written.lines if line.startswith("nowhere/")]
    assert len(written.lines) <= 16
    assert 0 < len(shown) < 8
    assert f"… and {8 - len(shown)} more findings; the command without --watch shows all." in written.lines


def test_an_error_is_shown_and_the_watch_goes_on() -> None:
    """A check that cannot be carried out (a file gone, shapes too slow) is no end; the next counts again."""
    timeout = CicakgError("check-timeout", "It took too long.", "Allow more time.")
    gone = FileNotFoundError(2, "No such file or directory", "b.ttl")
    written = Written()
    watch(outcomes(FAULTY, timeout, gone, CLEAN), [SAVED] * 3, written.screen, FOLDER)
    assert "It took too long." in written.lines
    assert "b.ttl could not be read: No such file or directory." in written.lines
    assert written.lines[-1] == "12:00:00 a.ttl saved: 1 mended. Watching; Ctrl-C ends."


def test_a_wrong_command_is_refused_at_once() -> None:
    """Where the first check shows that a path or a revision does not exist, nothing is watched."""
    fault = CicakgError("file-not-found", "x.ttl does not exist.", "See.")
    with pytest.raises(CicakgError):
        watch(outcomes(fault), [SAVED], Written().screen, FOLDER)
    later = Written()
    watch(outcomes(CLEAN, fault), [SAVED], later.screen, FOLDER)
    assert "x.ttl does not exist." in later.lines


def test_ctrl_c_ends_the_watch() -> None:
    """While it waits, or in the middle of a check, Ctrl-C is the end and no error."""

    def interrupted() -> Iterator[frozenset[Path]]:
        raise KeyboardInterrupt
        yield SAVED

    watch(outcomes(CLEAN), interrupted(), Written().screen, FOLDER)
    watch(outcomes(CLEAN, KeyboardInterrupt()), [SAVED], Written().screen, FOLDER)


def test_a_save_during_a_check_is_another_check() -> None:
    """A check is not broken off: what is saved meanwhile is waiting when it is done."""
    waiting: list[frozenset[Path]] = [SAVED]
    checks = []

    def check() -> Report:
        checks.append(len(waiting))
        if len(checks) == 2:
            waiting.append(SAVED)
        return CLEAN

    def saves() -> Iterator[frozenset[Path]]:
        while waiting:
            yield waiting.pop(0)

    watch(check, saves(), Written().screen, FOLDER)
    assert checks == [1, 0, 0]


def test_the_words_for_a_change() -> None:
    """Only what is not nothing is said."""
    change, view = Difference(frozenset({FINDING}), 2, 3, {}), View(Path("/"))
    assert changes_in_words(change, view) == "2 mended, 1 new, 3 not looked at for now"
    assert changes_in_words(Difference(frozenset(), 0, 0, {}), view) == "nothing changed"


def test_a_change_is_told_in_the_language_of_the_report() -> None:
    """Whoever reads the findings in Russian reads there, too, what a save has changed."""
    told = changes_in_words(Difference(frozenset({FINDING}), 2, 0, {}), View(Path("/"), language="ru"))
    assert "2" in told
    assert not any("a" <= letter <= "z" for letter in told)


def test_what_is_watched(tmp_path: Path) -> None:
    """Turtle files and the list of exceptions, in the dataset's folders and those given; none hidden."""
    inside, outside = tmp_path / "set", tmp_path / "elsewhere"
    (inside / "data" / "articles").mkdir(parents=True)
    outside.mkdir()
    one, other = outside / "one.ttl", outside / "other.ttl"
    watched = watched_files(DatasetFolder(inside), [inside / "data" / "articles", one], texts=None)
    assert watched.folders == tuple(inside / name for name in ("data", "ontology", "shapes"))
    for path in ("data/articles/a.ttl", "data/exceptions.toml", "shapes/x.ttl", "ontology/cica.ttl"):
        assert watched.matches(inside / path), path
    for path in (
        "data/articles/.a.ttl",
        "data/articles/a.ttl~",
        "data/articles/4913",
        "queries/q.ttl",
        "a.ttl",
    ):
        assert not watched.matches(inside / path), path
    assert watched.matches(one)
    assert not watched.matches(other)
    with_texts = watched_files(DatasetFolder(inside), [], texts=outside)
    assert with_texts.matches(outside / "000.txt")
    assert not watched.matches(outside / "000.txt")
