"""The log: one line a request, nothing of it forged, nothing private unasked, and never in the way."""

from __future__ import annotations

import json
import logging
import os
import select
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from web_playing import AppClient, PlayedPool

from cicakg.errors import CicakgError
from cicakg.web.app import create_app
from cicakg.web.request_log import LogFormat, LogSink, RequestLog, ServerLogHandler
from cicakg.web.site import Site
from cicakg.web.upkeep import Upkeep

ASK = "/sparql?query=ASK%7B%7D"
EVIL = '/id/a%0D%0A{"status":1}%1B[31m%E2%80%AE%00'


class Pipe:
    """A pipe with its reading end, not blocking."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)

    def lines(self) -> list[str]:
        """Return what was written."""
        try:
            return os.read(self.reading, 1 << 20).decode().splitlines()
        except BlockingIOError:
            return []


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe for one test."""
    one = Pipe()
    yield one
    os.close(one.reading)
    os.close(one.writing)


@pytest.fixture
def logged(site: Site, pool: PlayedPool, pipe: Pipe) -> Callable[..., AppClient]:
    """Make a client of an application that logs into the pipe."""

    def make(written: LogFormat = "json", has_queries: bool = False, has_clients: bool = False) -> AppClient:
        log = RequestLog(LogSink(pipe.writing), written, has_queries, has_clients)
        return AppClient(create_app(pool, site, Upkeep(log=log)))

    return make


def test_a_line_says_what_happened(logged: Callable[..., AppClient], pipe: Pipe, pool: PlayedPool) -> None:
    """Time, id, method, path, route, status, milliseconds, bytes, outcome, cache; the id is the answer's."""
    client = logged()
    answers = [client.get(ASK), client.get(ASK), client.request("HEAD", ASK), client.get("/nothing")]
    pool.error = CicakgError("query-timeout", "It took too long.", "Ask for less.")
    answers.append(client.get("/sparql?query=ASK%7B%7B%7D%7D"))
    lines = [json.loads(line) for line in pipe.lines()]
    assert [line["id"] for line in lines] == [one.headers["x-request-id"] for one in answers]
    assert [line["status"] for line in lines] == [200, 200, 200, 404, 504]
    assert [line["cache"] for line in lines] == ["miss", "hit", "hit", None, None]
    assert [line["bytes"] for line in lines] == [len(one.content) for one in answers]
    outcomes = ["answered", "answered", "answered", "not-found", "query-timeout"]
    assert [line["outcome"] for line in lines] == outcomes
    assert [line["budget"] for line in lines] == [None, None, None, None, "seconds"]
    assert (lines[2]["method"], lines[3]["path"], lines[3]["route"]) == ("HEAD", "/nothing", "other")
    assert all(line["ms"] >= 0 and datetime.fromisoformat(line["time"]).tzinfo for line in lines)


def test_nothing_private_unasked(logged: Callable[..., AppClient], pipe: Pipe) -> None:
    """Neither the query nor the address it stands in nor the client is in a line; each can be asked for."""
    private = "/sparql?query=ASK%7B%3Curn%3Aprivate%3E%20%3Fp%20%3Fo%7D"
    for written in ("json", "text"):
        logged(written).get(private)
        (line,) = pipe.lines()
        assert "private" not in line
        assert "127.0.0.1" not in line
        logged(written, has_queries=True, has_clients=True).get(private)
        (line,) = pipe.lines()
        assert "urn:private" in line
        assert "127.0.0.1" in line


@pytest.mark.parametrize("written", ["json", "text"])
def test_no_line_is_forged(logged: Callable[..., AppClient], pipe: Pipe, written: LogFormat) -> None:
    """Line breaks, escapes and marks of direction that a caller sends stay in their field, escaped."""
    client = logged(written, has_queries=True)
    client.get(EVIL)
    client.request("GET", "/sparql?query=ASK%7B%7D%0A%23%1B%E2%80%AE%0D%0A%7B%22status%22:1%7D")
    lines = pipe.lines()
    assert len(lines) == 2
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
    if written == "json":
        first, second = map(json.loads, lines)
        assert first["path"] == '/id/a\r\n{"status":1}\x1b[31m\u202e\x00'
        assert second["query"].endswith('{"status":1}')
        assert (first["status"], second["status"]) == (404, 200)


def test_long_queries_are_cut_and_the_line_stays_whole(logged: Callable[..., AppClient], pipe: Pipe) -> None:
    """A line fits into what a pipe takes in one go, whatever is asked; what is cut ends in a mark."""
    query = "ASK{}#" + "😀" * 50_000
    logged(has_queries=True).post("/sparql", query.encode(), "application/sparql-query")
    (line,) = pipe.lines()
    assert len(line) < select.PIPE_BUF
    assert json.loads(line)["query"].endswith("…")


@pytest.mark.parametrize("written", ["json", "text"])
def test_a_log_nobody_reads_holds_nobody_up(
    logged: Callable[..., AppClient], pipe: Pipe, written: LogFormat
) -> None:
    """When the pipe is full its lines are dropped and counted; requests are answered, and read again the
    log goes on.
    """
    client = logged(written)
    filler = LogSink(pipe.writing)
    while not filler.dropped:
        filler.write("x" * 4000)
    assert client.get(ASK).status_code == 200
    metrics = client.get("/metrics").text
    assert "cicakg_log_lines_dropped_total 1\n" in metrics
    pipe.lines()
    client.get("/health")
    assert "/health" in pipe.lines()[-1]


def test_a_reader_that_is_gone(site: Site, pool: PlayedPool) -> None:
    """A closed pipe is no fault of a request."""
    reading, writing = os.pipe()
    os.close(reading)
    sink = LogSink(writing)
    assert AppClient(create_app(pool, site, Upkeep(log=RequestLog(sink)))).get(ASK).status_code == 200
    assert sink.dropped == 1
    os.close(writing)


@pytest.mark.parametrize("written", ["json", "text"])
def test_faults_are_in_the_same_log(pipe: Pipe, written: LogFormat) -> None:
    """What goes wrong inside is one message, in JSON one line, and cannot look like another line."""
    handler = ServerLogHandler(LogSink(pipe.writing), written)
    try:
        raise ValueError("bad\n2026-01-01T00:00:00.000Z GET /forged 200")
    except ValueError as error:
        fault = (ValueError, error, error.__traceback__)
        handler.emit(logging.LogRecord("cicakg", logging.ERROR, "", 0, "a\r\nb %s", ("\x1b",), fault))
    lines = pipe.lines()
    if written == "json":
        (line,) = map(json.loads, lines)
        assert (line["level"], line["message"]) == ("ERROR", "a\r\nb \x1b")
        assert "ValueError" in line["trace"]
    else:
        assert [line for line in lines[1:] if not line.startswith("    ")] == []
        assert lines[0].isprintable()
