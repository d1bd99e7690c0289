"""The error table: one shape for every fault, on every address."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from starlette.routing import Route
from web_playing import AppClient, PlayedPool

from cicakg.errors import CicakgError
from cicakg.web.problems import PROBLEMS

ASK = "/sparql?query=ASK%7B%7D"
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "fix"}
DOCUMENTED = re.compile(r"`((?:query|server)-[a-z-]+)`")


def test_every_documented_code_of_the_workers_has_a_status(project: Path) -> None:
    """docs/architecture.md lists the codes that come out of a query; each has a line in the table."""
    text = (project / "docs" / "architecture.md").read_text()
    codes = set(DOCUMENTED.findall(text[text.index("carries out of a query") :]))
    assert len(codes) >= 10
    assert codes <= set(PROBLEMS)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("query-syntax", 400),
        ("query-service-refused", 403),
        ("query-update-refused", 403),
        ("query-not-acceptable", 406),
        ("query-unsupported", 422),
        ("query-timeout", 504),
        ("query-memory", 507),
        ("query-result-too-large", 507),
        ("query-crashed-engine", 500),
        ("server-busy", 503),
        ("server-stopping", 503),
    ],
)
def test_fault_of_a_query_has_its_status(client: AppClient, pool: PlayedPool, code: str, status: int) -> None:
    """SPARQL 1.1 Protocol, 2.1.7: 400 for what is no query, another 4xx or 5xx for a refusal."""
    pool.error = CicakgError(code, "What is wrong.", "What to do.")
    answer = client.get(ASK)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) == MEMBERS
    assert (problem["code"], problem["detail"], problem["fix"]) == (code, "What is wrong.", "What to do.")
    assert problem["type"].endswith("#" + code)
    assert ("retry-after" in answer.headers) is (status == 503)


def test_fault_in_plain_text_for_those_who_take_only_text(client: AppClient, pool: PlayedPool) -> None:
    """The same sentences reach a client that cannot read JSON."""
    pool.error = CicakgError("query-syntax", "Line 1 is wrong.", "Mend line 1.")
    answer = client.get(ASK, accept="text/plain, text/csv")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Line 1 is wrong." in answer.text
    assert "Mend line 1." in answer.text


def test_fault_as_a_page_for_a_browser_is_escaped(client: AppClient) -> None:
    """A browser gets a page, and nothing of the request runs in it."""
    answer = client.get("/id/%3Cscript%3Ealert(1)", accept="text/html,*/*;q=0.8")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("fault", [RuntimeError("secret"), CicakgError("no-such-code", "secret", "secret")])
def test_our_own_fault_is_logged_and_tells_nothing(
    client: AppClient, pool: PlayedPool, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    """A fault that is not the caller's is a 500 with an identifier; the log has the traceback under it."""
    pool.error = fault
    with caplog.at_level(logging.ERROR, "cicakg.web"):
        answer = client.get(ASK)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    identifier = answer.json()["instance"].removeprefix("urn:uuid:")
    assert identifier == answer.headers["x-request-id"]
    record = next(one for one in caplog.records if identifier in one.getMessage())
    assert record.exc_info is not None


def test_our_own_fault_on_a_page_has_the_same_shape(client: AppClient, pool: PlayedPool) -> None:
    """Pages fall into the same net."""
    pool.error = RuntimeError("secret")
    answer = client.get("/id/x", accept="text/turtle")
    assert (answer.status_code, set(answer.json())) == (500, MEMBERS)
    assert "secret" not in answer.text


def _paths(app: FastAPI) -> list[str]:
    """Every path of the application, its parameters filled in."""
    paths = [route.path for route in app.router.routes if isinstance(route, Route)]
    assert len(paths) >= 15
    return [re.sub(r"\{[a-z]+\}", "x", path) for path in paths]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_wrong_method_is_a_problem_on_every_route(client: AppClient, method: str) -> None:
    """A 405 anywhere is a problem document with Allow."""
    for path in _paths(client.app):
        if path.startswith("/sparql") and method == "POST":
            continue
        answer = client.request(method, path)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 405, "method-not-allowed")
        assert "GET" in answer.headers["allow"]


def test_options_is_answered_on_every_route(client: AppClient) -> None:
    """OPTIONS anywhere says which methods there are."""
    for path in _paths(client.app):
        answer = client.request("OPTIONS", path)
        assert (path, answer.status_code) == (path, 204)
        assert "GET" in answer.headers["allow"]
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/id",
        "/id/",
        "/id/a/b",
        "/sparql/x",
        "/static/nothing.css",
        "/static/../app.py",
        "/query/999-none",
    ],
)
def test_unknown_address_is_a_problem(client: AppClient, path: str) -> None:
    """A 404 anywhere is a problem document."""
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert set(answer.json()) == MEMBERS


def test_problem_types_are_documented_on_a_page(client: AppClient) -> None:
    """The type of each problem leads to its line on /docs."""
    page = client.get("/docs", accept="text/html").text
    for code in PROBLEMS:
        assert f'id="{code}"' in page
    answer = client.get("/nothing").json()
    assert urlsplit(answer["type"]).path == "/cicakg/docs"


def test_unknown_language_is_refused(client: AppClient) -> None:
    """?lang= with what is no tag says so."""
    answer = client.get("/queries?lang=nonsense-tag-x", accept="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-parameter")


def test_every_code_is_documented_with_its_status(project: Path) -> None:
    """docs/api.md lists each code beside its status; a new code fails here until it is described."""
    lines = (project / "docs" / "api.md").read_text().splitlines()
    for code, kind in PROBLEMS.items():
        rows = [line for line in lines if line.startswith("|") and f"`{code}`" in line]
        assert any(str(kind.status) in row for row in rows), code
