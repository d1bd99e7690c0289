"""Data made up for the tests of the query processes, and pools over them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from snapshots import build_snapshot_at

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.workers import Answer, WorkerPool

SMALL = Budget(seconds=1.0, memory_bytes=200 * MEBIBYTE, result_bytes=2 * MEBIBYTE)

Ask: TypeAlias = Callable[..., QueryRequest]
Use: TypeAlias = Callable[[Callable[[WorkerPool], Awaitable[None]]], None]
Code: TypeAlias = Callable[[Awaitable[Answer]], Awaitable[str]]


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 nodes in a ring of steps of seven, spread over five graphs, as N-Quads."""
    path = tmp_path_factory.mktemp("data") / "ring.nq"
    lines = (
        f"<http://example.org/n{one}> <http://example.org/p> <http://example.org/n{(one * 7 + 1) % 2000}> "
        f"<http://example.org/g{one % 5}> .\n"
        for one in range(2000)
    )
    path.write_text("".join(lines), encoding="ascii")
    return path


@pytest.fixture(scope="session")
def built_ring(ring: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ring as a snapshot on disk; not to be changed."""
    return build_snapshot_at(tmp_path_factory.mktemp("built") / "ring", ring)


@pytest.fixture
def descriptors() -> Callable[[], int]:
    """Count the descriptors this process holds, those of other tests' rubbish left out."""

    def count() -> int:
        gc.collect()
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    return count


@pytest.fixture
def children() -> Callable[[], set[int]]:
    """List this process's children; a server of other tests may be among them."""

    def listed() -> set[int]:
        files = Path("/proc/self/task").glob("*/children")
        return {int(child) for file in files for child in file.read_text().split()}

    return listed


@pytest.fixture
def ask() -> Ask:
    """Make a request with a small budget that takes JSON and N-Triples."""
    formats = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}

    def make(
        query: str,
        budget: Budget = SMALL,
        default: tuple[str, ...] = (),
        named: tuple[str, ...] = (),
        formats: dict[ResultKind, str] = formats,
    ) -> QueryRequest:
        return QueryRequest(query, formats, default, named, budget)

    return make


@pytest.fixture
def use_pool(ring: Path) -> Use:
    """Run a coroutine with a pool of two places and a short waiting line, within a minute."""

    def run(body: Callable[[WorkerPool], Awaitable[None]]) -> None:
        async def main() -> None:
            pool = await WorkerPool.start(ring, 2, line=3)
            try:
                async with asyncio.timeout(60):
                    await body(pool)
            finally:
                await pool.close()

        asyncio.run(main())

    return run


@pytest.fixture
def code() -> Code:
    """Wait for an answer that has to be an error; return its code."""

    async def of(answer: Awaitable[Answer]) -> str:
        try:
            (await answer).close()
        except CicakgError as error:
            return error.code
        return "answered"

    return of
