"""One query for the command line: the same limits and words as in the pool, without one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.store import Snapshot, open_file
from cicakg.workers import WorkerError, evaluation, run_once

Ask = Callable[..., QueryRequest]
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


@pytest.fixture
def snapshot(ring: Path) -> Snapshot:
    """The ring of the tests."""
    return open_file(ring)


def test_the_answer_is_complete(snapshot: Snapshot, ask: Ask) -> None:
    """Kind, format, size and content are those of the pool's answers."""
    answer = run_once(
        snapshot, ask("SELECT ?o { <http://example.org/n1> ?p ?o }", formats={ResultKind.SOLUTIONS: "csv"})
    )
    with answer.file as file:
        assert file.read() == b"o\r\nhttp://example.org/n8\r\n"
    assert (answer.kind, answer.format.name, answer.size) == (ResultKind.SOLUTIONS, "csv", 26)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}", "query-timeout"),
        (f"SELECT * {{ {CROSS} }}", "query-result-too-large"),
        (f"SELECT * {{ {CROSS} }} ORDER BY ?l", "query-memory"),
        (f"SELECT * {'{' * 2300}{'}' * 2300}", "query-crashed-engine"),
        ("SELECT * {", "query-syntax"),
        ("DROP ALL", "query-update-refused"),
        ("ASK { SERVICE <x:a> {} }", "query-service-refused"),
    ],
)
def test_errors_are_those_of_the_pool(
    snapshot: Snapshot,
    ask: Ask,
    query: str,
    code: str,
    descriptors: Callable[[], int],
    children: Callable[[], set[int]],
) -> None:
    """Every limit and refusal has the code it has over HTTP, and no process or descriptor stays."""
    held, born = descriptors(), children()
    budget = Budget(seconds=2.0, memory_bytes=64 * MEBIBYTE, result_bytes=MEBIBYTE)
    started = time.monotonic()
    with pytest.raises(CicakgError) as caught:
        run_once(snapshot, ask(query, budget))
    assert caught.value.code == code
    assert time.monotonic() - started < 30, "the budget is 2 seconds"
    assert descriptors() <= held
    assert children() == born


def test_a_fault_of_our_own_is_no_error_of_the_caller(
    snapshot: Snapshot, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in a worker comes back as one, with the worker's traceback."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(evaluation, "read_outline", broken)
    monkeypatch.setattr("cicakg.workers.once.warm_up", lambda _: None)
    with pytest.raises(WorkerError, match="ZeroDivisionError: a bug"):
        run_once(snapshot, ask("ASK {}"))


def test_no_process_draws_what_another_drew(snapshot: Snapshot, ask: Ask) -> None:
    """STRUUID gives a fresh UUID each time (SPARQL 1.1, section 17.4.2.14), whichever process evaluates it:
    they are forked from one, with its state of the random generator.
    """
    drawn = set()
    for _ in range(4):
        with run_once(
            snapshot, ask("SELECT (STRUUID() AS ?u) {}", formats={ResultKind.SOLUTIONS: "csv"})
        ).file as file:
            drawn.add(file.read())
    assert len(drawn) == 4
