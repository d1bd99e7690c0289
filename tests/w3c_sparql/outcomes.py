"""Running the tests: how the server does on each, and the engine asked by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import httpx

from w3c_sparql.answers import Answer, Cells, Table, cells_of, read_csv, read_expected
from w3c_sparql.asking import FORM, GRAPHS, QUERY, ROWS, UPDATE, Client, Engine
from w3c_sparql.comparison import Match, compare
from w3c_sparql.manifests import Case, Kind

PROBLEM: Final = "application/problem+json"
_JSON: Final = "application/sparql-results+json"
_CSV: Final = "text/csv"
_ORDERED: Final = re.compile(r"ORDER\s+BY[^{}]*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Refusal:
    """What came instead of an answer."""

    said: str


@dataclass(frozen=True)
class Outcome:
    """How one test went.

    ``match`` is the worst of all formats; ``faults`` says what was wrong, format by format; ``engine`` is
    the engine's own match; ``is_same`` says that server and engine answered alike.
    """

    case: Case
    match: Match
    faults: tuple[str, ...]
    engine: Match
    is_same: bool

    @property
    def is_passed(self) -> bool:
        """Whether every answer was the one expected."""
        return self.match is not Match.NONE and not self.faults


def run_case(case: Case, client: Client, engine: Engine) -> Outcome:
    """Run one query test of any kind."""
    if case.kind in {Kind.POSITIVE, Kind.NEGATIVE}:
        return _run_syntax(case, client, engine)
    return _run_evaluation(case, client, engine)


def _run_syntax(case: Case, client: Client, engine: Engine) -> Outcome:
    """A query that is SPARQL is answered, one that is none is refused with 400 and a problem document."""
    answer = client.ask(case, "*/*")
    is_refused = answer.status_code == 400
    fault = _refusal_fault(answer) if case.kind is Kind.NEGATIVE else _answer_fault(answer)
    is_taken = _takes(engine, case)
    fits = is_taken is (case.kind is Kind.POSITIVE)
    return Outcome(
        case,
        Match.NONE if fault else Match.TERMS,
        (fault,) if fault else (),
        Match.TERMS if fits else Match.NONE,
        is_same=is_taken is not is_refused,
    )


def _takes(engine: Engine, case: Case) -> bool:
    try:
        engine.answer(case)
    except SyntaxError:
        return False
    except RuntimeError:  # it is SPARQL, but for instance of a function the engine does not have
        return True
    return True


def _answer_fault(answer: httpx.Response) -> str:
    """Return what is wrong with the answer to a query that is SPARQL. The suite has functions nobody knows:
    to say so, with another status than that of a fault of syntax, is to have taken the query.
    """
    if answer.status_code == 422:
        return _refusal_fault(answer, 422, "query-unsupported")
    return "" if answer.status_code == 200 else f"{answer.status_code}: {answer.text}"


def _refusal_fault(answer: httpx.Response, status: int = 400, code: str = "query-syntax") -> str:
    """Return what is wrong with a refusal: its status, its type, its code, or that it says nothing."""
    if (answer.status_code, answer.headers["content-type"]) != (status, PROBLEM):
        return f"{answer.status_code} {answer.headers['content-type']} instead of {status} {PROBLEM}"
    said = answer.json()
    is_whole = said["code"] == code and said["detail"] and said["fix"]
    return "" if is_whole else f"the refusal says {said}"


def _run_evaluation(case: Case, client: Client, engine: Engine) -> Outcome:
    """Every format is asked for. CSV does not say what its characters stand for, so where a test does not
    come with CSV of its own it has to say what JSON said.
    """
    expected = _expected(case)
    answers = {one: _ask(case, client, one, read) for one, read in _formats(expected).items()}
    said = answers.get(_JSON)
    fits = {
        one: _fit(case, said if one == _CSV and isinstance(said, Table) else expected, found)
        for one, found in answers.items()
    }
    own = _engine_answer(case, engine)
    return Outcome(
        case,
        min(fits.values()),
        tuple(f"{one}: {answers[one]}" for one, match in fits.items() if match is Match.NONE),
        _fit(case, expected, own),
        is_same=all(_fit(case, own, one) for one in answers.values()),
    )


def _ask(case: Case, client: Client, media_type: str, read: Callable[[bytes], Answer]) -> Answer | Refusal:
    """Return the answer, or what came instead of it."""
    response = client.ask(case, media_type)
    if response.status_code != 200:
        return Refusal(f"{response.status_code}: {response.text}")
    said = response.headers["content-type"]
    is_meant = said == f"{media_type}; charset=utf-8"
    return read(response.content) if is_meant else Refusal(f"it came as {said}")


def _expected(case: Case) -> Answer:
    assert case.result is not None, f"{case.name} expects nothing"
    return read_expected(case.result, f"http://{case.host}/{case.result.name}")


def _engine_answer(case: Case, engine: Engine) -> Answer | Refusal:
    try:
        return engine.answer(case)
    except (SyntaxError, RuntimeError) as error:
        return Refusal(str(error))


def _formats(expected: Answer) -> Mapping[str, Callable[[bytes], Answer]]:
    if isinstance(expected, frozenset):
        return GRAPHS
    if isinstance(expected, bool):
        return dict(list(ROWS.items())[:2])
    return {_CSV: read_csv} if isinstance(expected, Cells) else ROWS


def _fit(case: Case, expected: Answer | Refusal, found: Answer | Refusal) -> Match:
    """Compare an answer with the expected one, which is brought to CSV where the other is."""
    if isinstance(expected, Refusal) or isinstance(found, Refusal):
        return Match.TERMS if type(expected) is type(found) else Match.NONE
    if isinstance(found, Table) and isinstance(expected, Cells):
        found = cells_of(found)
    if isinstance(found, Cells):
        expected = cells_of(expected) if isinstance(expected, Table) else expected
        # The order of columns is the query's, and "*" has none.
        if isinstance(expected, Cells) and set(expected.variables) == set(found.variables):
            found = found.arranged(expected.variables)
    is_ordered = _ORDERED.search(case.text) is not None
    return compare(expected, found, is_ordered=is_ordered, is_lax=case.is_lax)


def update_fault(case: Case, client: Client) -> str:
    """Return what is wrong with the refusals of an update: as a body, in a form, and in a query's place,
    where one that is no SPARQL at all may be called just that.
    """
    text = case.query.read_bytes()
    form = urlencode({"update": text}).encode()
    answers = (client.send(UPDATE, text), client.send(FORM, form), client.send(QUERY, text))
    faults = [_refusal_fault(one, 403, "query-update-refused") for one in answers]
    if not _refusal_fault(answers[2]):
        faults.pop()
    return "; ".join(one for one in faults if one)


def service_fault(case: Case, client: Client) -> str:
    """Return what is wrong with the refusal of a query that asks another server."""
    return _refusal_fault(client.ask(case, "*/*"), 403, "query-service-refused")
