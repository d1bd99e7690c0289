"""Whatever an engine says that is not the whole answer: an error with a code, and never a part of it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator

import pytest
from engine_playing import OpenPool, PlayedEngine, asked, error_of, played, spoken, with_pool

from cicakg.errors import CicakgError
from cicakg.remote.addresses import EngineAddress
from cicakg.remote.pool import EnginePool, EngineView
from cicakg.remote.transcription import Transcription, transcribe
from cicakg.sparql.formats import FORMATS, ResultKind
from cicakg.sparql.request import Budget
from cicakg.web.problems import PROBLEMS
from cicakg.workers.evaluation import ResultFile
from cicakg.workers.files import result_file

ROWS = [{"s": {"type": "uri", "value": f"http://example.org/{number}"}} for number in range(5)]
TABLE = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": ROWS}}).encode()
TRIPLES = b"<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n" * 3
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
NT = "application/n-triples"
HTML = b"<!DOCTYPE html><html><body>Error</body></html>"

# One for each way of lying: what is asked, what comes, the code it becomes.
LIES = {
    "a table that breaks off, as Oxigraph's at its time limit": (
        SELECT,
        spoken(TABLE[:-20] + b"The SPARQL operation has been cancelled"),
        "engine-incomplete",
    ),
    "a graph with a message in it, as Oxigraph's at its time limit": (
        CONSTRUCT,
        spoken(TRIPLES + b"The SPARQL operation has been cancelled", NT),
        "engine-incomplete",
    ),
    "a graph that ends inside a triple": (CONSTRUCT, spoken(TRIPLES[:-9], NT), "engine-incomplete"),
    "a body shorter than its length": (SELECT, spoken(TABLE, length=len(TABLE) + 1), "engine-incomplete"),
    "a graph shorter than its length, at the end of a line": (
        CONSTRUCT,
        spoken(TRIPLES, NT, length=len(TRIPLES) + 100),
        "engine-incomplete",
    ),
    "chunks without the last one": (
        CONSTRUCT,
        b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(TRIPLES):x}\r\n".encode()
        + TRIPLES
        + b"\r\n",
        "engine-incomplete",
    ),
    "a graph whose end is the end of the connection": (
        CONSTRUCT,
        b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\nConnection: close\r\n\r\n" + TRIPLES,
        "engine-incomplete",
    ),
    "partial results, as Virtuoso's at a time limit": (
        SELECT,
        spoken(TABLE, headers=("X-SQL-State: S1TAT", "X-SQL-Message: RC...: Returning incomplete results")),
        "engine-incomplete",
    ),
    "as many rows as Virtuoso gives at most": (
        SELECT,
        spoken(TABLE, headers=("X-SPARQL-MaxRows: 5",)),
        "engine-incomplete",
    ),
    "true that breaks off": ("ASK {}", spoken(b'{"head":{},"boolean":true'), "engine-incomplete"),
    "true with more behind it": ("ASK {}", spoken(b'{"head":{},"boolean":true} Error'), "engine-incomplete"),
    "a table where true or false is asked": ("ASK {}", spoken(TABLE), "engine-incomplete"),
    "true where a table is asked": (SELECT, spoken(b'{"head":{},"boolean":true}'), "engine-incomplete"),
    "nothing": (SELECT, spoken(b""), "engine-incomplete"),
    "a page with an error and status 200": (SELECT, spoken(HTML, "text/html"), "engine-error"),
    "a page that says it is JSON": (SELECT, spoken(HTML), "engine-incomplete"),
    "an error as text and status 200": (CONSTRUCT, spoken(b"Error", "text/plain"), "engine-error"),
    "an error as text that says it is a graph": (CONSTRUCT, spoken(b"Error", NT), "engine-incomplete"),
    "XML, whose end its reader does not see": (
        SELECT,
        spoken(b"<sparql/>", "application/sparql-results+xml"),
        "engine-error",
    ),
    "a coding nobody asked for": (SELECT, spoken(TABLE, headers=("Content-Encoding: gzip",)), "engine-error"),
    "no HTTP": (SELECT, b"SSH-2.0-OpenSSH_9.2\r\n", "engine-unreachable"),
    "a redirection": (SELECT, spoken(b"", status="302 Found", headers=("Location: /",)), "engine-error"),
    "its time limit, as Virtuoso says it": (
        SELECT,
        spoken(b"Virtuoso S1T00 Error SR171: Transaction timed out\n", "text/plain", "500 Error"),
        "query-timeout",
    ),
    "that it does not understand": (
        SELECT,
        spoken(b"Virtuoso 37000 Error SP031", "text/plain", "400 Bad Request"),
        "query-unsupported",
    ),
    "that it failed": (SELECT, spoken(HTML, "text/html", "500 Internal Server Error"), "engine-error"),
    "that it wants to know who asks": (SELECT, spoken(b"", status="401 Unauthorized"), "engine-error"),
    "that it is busy": (SELECT, spoken(b"", status="503 Service Unavailable"), "engine-unreachable"),
}


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[PlayedEngine, OpenPool]]:
    """An engine that says what it is told to, and a pool over it."""
    with played(spoken(TABLE)) as (address, engine):
        pool = OpenPool(address)
        yield engine, pool
        pool.close()


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_is_passed_on(stage: tuple[PlayedEngine, OpenPool], lie: str) -> None:
    """What is not the whole answer becomes an error the server has a status for."""
    query, said, code = LIES[lie]
    engine, pool = stage
    engine.say(said)
    error = pool.error(asked(query))
    assert error.code == code, error
    assert error.code in PROBLEMS
    assert error.fix
    assert engine.heard, "the engine was asked"


@pytest.mark.parametrize(
    ("query", "said", "expected"),
    [
        (SELECT, spoken(TABLE), b'"s":'),
        (SELECT, spoken(TABLE, headers=("X-SPARQL-MaxRows: 6",)), b'"s":'),
        (SELECT, spoken(TABLE, "application/json; charset=utf-8"), b'"s":'),
        (CONSTRUCT, spoken(TRIPLES, NT), b" .\n"),
        (CONSTRUCT, spoken(b"# Empty NT\n", NT), b""),
        ("ASK {}", spoken(b'{ "head": {"link": []}, "boolean": false}'), b"false"),
    ],
)
def test_the_truth_is_passed_on(
    stage: tuple[PlayedEngine, OpenPool], query: str, said: bytes, expected: bytes
) -> None:
    """The same answers whole are taken, so the lies above are refused for what is wrong with them."""
    engine, pool = stage
    engine.say(said)
    answer = pool.answer(asked(query))
    assert (expected in answer) if expected else (answer == b"")


def test_no_beginning_of_a_table_is_one() -> None:
    """Wherever a table breaks off, its reader says that it is not whole."""
    order = Transcription(ResultKind.SOLUTIONS, FORMATS[0], 100)
    said = []

    with result_file() as file:
        for end in range(len(TABLE) + 1):
            try:
                transcribe(io.BytesIO(TABLE[:end]), order, ResultFile(file.fileno(), 1 << 20))
                said.append("whole")
            except CicakgError as error:
                said.append(error.code)
    assert said == ["engine-incomplete"] * len(TABLE) + ["whole"]


@pytest.mark.parametrize(
    ("budget", "code"),
    [
        (Budget(result_rows=4), "query-too-many-rows"),
        (Budget(result_bytes=100), "query-result-too-large"),
    ],
)
def test_budgets_hold_for_an_engine(budget: Budget, code: str) -> None:
    """Rows and bytes are counted in what the front gives away, whatever the engine sends."""
    with played(spoken(TABLE)) as (address, _):
        assert error_of(address, asked(SELECT, budget)).code == code


def test_an_endless_answer_ends() -> None:
    """An engine that sends blanks for ever is left when it has sent a multiple of what an answer may have."""
    with played(spoken(b" " * 4_000_000, length=1 << 40)) as (address, _):
        error = error_of(address, asked(SELECT, Budget(result_bytes=100_000)))
    assert error.code == "query-result-too-large"


def test_rows_are_counted_where_the_budget_is_less_than_the_cut() -> None:
    """Over the caller's own budget of rows it is that budget that is told, not the engine's limit."""
    with played(spoken(TABLE, headers=("X-SPARQL-MaxRows: 5",))) as (address, _):
        assert error_of(address, asked(SELECT, Budget(result_rows=3))).code == "query-too-many-rows"


def test_the_deadline_leaves_the_engine() -> None:
    """An engine that says nothing is left at the deadline, by dropping the connection."""
    with played(b"") as (address, engine):
        assert error_of(address, asked(SELECT, Budget(seconds=0.5))).code == "query-timeout"
        assert engine.gone.wait(20)


def test_a_caller_who_leaves_frees_the_place() -> None:
    """Cancelling drops the engine's connection, and the one place is there for the next query."""

    def speech(form: dict[str, list[str]]) -> bytes:
        return b"" if "?slow" in form["query"][0] else spoken(TABLE)

    with played(speech) as (address, engine):

        async def body(_: EnginePool, view: EngineView) -> None:
            slow = asyncio.ensure_future(view.run(asked("SELECT ?slow WHERE { ?slow ?p ?o }")))
            while not engine.heard:
                await asyncio.sleep(0.01)
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            assert await asyncio.to_thread(engine.gone.wait, 20)
            (await view.run(asked(SELECT))).close()
            assert view.load().busy == 0

        with_pool(address, body)


def test_the_line_is_bounded() -> None:
    """Beyond the places and the waiting line a query is refused at once."""
    with played(b"") as (address, _):

        async def body(_: EnginePool, view: EngineView) -> None:
            budget = Budget(seconds=20)
            queries = [asyncio.ensure_future(view.run(asked(SELECT, budget))) for _ in range(4)]
            await asyncio.sleep(0)
            with pytest.raises(CicakgError) as caught:
                await view.run(asked(SELECT, budget))
            assert caught.value.code == "server-busy"
            for one in queries:
                one.cancel()
            await asyncio.gather(*queries, return_exceptions=True)

        with_pool(address, body)


def test_closing_ends_queries_with_a_word() -> None:
    """A server that stops tells those who wait that it does."""
    with played(b"") as (address, engine):

        async def body(pool: EnginePool, view: EngineView) -> None:
            query = asyncio.ensure_future(view.run(asked(SELECT)))
            while not engine.heard:
                await asyncio.sleep(0.01)
            await pool.close()
            with pytest.raises(CicakgError) as caught:
                await query
            assert caught.value.code == "server-stopping"

        with_pool(address, body)


def test_nobody_there_at_the_start() -> None:
    """An engine that is not there is an error that says so, before anything is served."""
    error = error_of(EngineAddress("http://127.0.0.1:9/query"), asked(SELECT))
    assert error.code == "engine-unreachable"


def test_a_process_that_a_query_ends_is_replaced() -> None:
    """A query that overflows the stack of its reader is told, never reaches the engine, and the next one is
    answered.
    """
    with played(spoken(TABLE)) as (address, engine):

        async def body(_: EnginePool, view: EngineView) -> None:
            with pytest.raises(CicakgError) as caught:
                await view.run(asked("SELECT * WHERE " + "{" * 20_000 + "}" * 20_000))
            assert caught.value.code == "query-crashed-engine"
            assert engine.heard == []
            (await view.run(asked(SELECT))).close()

        with_pool(address, body)
