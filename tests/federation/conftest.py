"""What the tests of SERVICE share: a pool over a little data that may call what a test allows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import httpcore
import pytest

from cicakg.errors import CicakgError
from cicakg.federation import Caller, CallLimits, FederatedPool, read_allowed
from cicakg.federation.network import Resolve
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.workers import WorkerPool

FORMATS = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}
BUDGET = Budget(seconds=20.0, memory_bytes=400 * MEBIBYTE, result_bytes=32 * MEBIBYTE)

Answers: TypeAlias = Callable[..., list[bytes | CicakgError]]
Body: TypeAlias = Callable[..., bytes]
Failure: TypeAlias = Callable[..., CicakgError]


def request_for(query: str, seconds: float = 20.0, client: str = "") -> QueryRequest:
    """Return a request of one client of ``http://here.example/sparql``."""
    budget = Budget(seconds, BUDGET.memory_bytes, BUDGET.result_bytes)
    return QueryRequest(query, FORMATS, budget=budget, base="http://here.example/sparql", client=client)


@pytest.fixture(scope="session")
def local_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nodes with names, one of them with a friend, in one graph."""
    path = tmp_path_factory.mktemp("federation") / "local.nq"
    e = "http://example.org/"
    path.write_text(
        f'<{e}a> <{e}name> "A" <{e}g> .\n<{e}b> <{e}name> "B" <{e}g> .\n<{e}c> <{e}name> "C" <{e}g> .\n'
        f"<{e}a> <{e}knows> <{e}b> <{e}g> .\n",
        encoding="ascii",
    )
    return path


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.Runner]:
    """One event loop, for the query processes live longer than one test."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def workers(loop: asyncio.Runner, local_data: Path) -> Iterator[WorkerPool]:
    """Query processes over the local data."""
    pool = loop.run(WorkerPool.start(local_data, 2))
    yield pool
    loop.run(pool.close())


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Ports of loopback by the public address that leads there; no other address is connected to."""
    places: dict[str, int] = {}
    plain = httpcore.AnyIOBackend.connect_tcp

    async def connect(
        self: httpcore.AnyIOBackend,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: object = None,
    ) -> httpcore.AsyncNetworkStream:
        if host not in places:
            raise httpcore.ConnectError("no route")
        return await plain(self, "127.0.0.1", places[host], timeout)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    return places


@pytest.fixture
def answers(loop: asyncio.Runner, workers: WorkerPool) -> Answers:
    """Ask several queries at once, with what is allowed; return answers and refusals."""

    def ask(
        *queries: str | QueryRequest,
        allow: Sequence[str],
        resolve: Resolve | None = None,
        limits: CallLimits | None = None,
        caller: Caller | None = None,
        is_last: bool = True,
    ) -> list[bytes | CicakgError]:
        async def run() -> list[bytes | CicakgError]:
            used = caller or Caller(read_allowed(allow), limits, resolve)
            pool = FederatedPool(workers, used)

            async def one(query: str | QueryRequest) -> bytes | CicakgError:
                asked = request_for(query) if isinstance(query, str) else query
                try:
                    answer = await pool.run(asked)
                except CicakgError as error:
                    return error
                with answer.file as file:
                    return file.read()

            try:
                async with asyncio.timeout(60):
                    return await asyncio.gather(*map(one, queries))
            finally:
                if is_last:
                    used.close()

        return loop.run(run())

    return ask


@pytest.fixture
def body(answers: Answers) -> Body:
    """Ask one query and return its answer."""

    def ask(query: str | QueryRequest, *allow: str, **options: object) -> bytes:
        (found,) = answers(query, allow=allow, **options)
        if isinstance(found, CicakgError):
            raise found
        return found

    return ask


@pytest.fixture
def failure(answers: Answers) -> Failure:
    """Ask one query and return why it has no answer."""

    def ask(query: str | QueryRequest, *allow: str, **options: object) -> CicakgError:
        (found,) = answers(query, allow=allow, **options)
        assert isinstance(found, CicakgError), found
        return found

    return ask
