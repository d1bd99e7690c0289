"""Queries that end, fill or freeze the engine, against one pool, while others ask small questions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from hostile_queries import HOSTILE

from cicakg.sparql.request import QueryRequest
from cicakg.workers import Answer, WorkerPool

Ask = Callable[..., QueryRequest]
Use = Callable[[Callable[[WorkerPool], Awaitable[None]]], None]
Code = Callable[[Awaitable[Answer]], Awaitable[str]]

SMALL: Final = "ASK { <http://example.org/n1> ?p ?o }"


async def _small_questions(pool: WorkerPool, ask: Ask, code: Code, stop: asyncio.Event) -> list[float]:
    """Ask one small question after the other; return how long each took."""
    times = []
    while not stop.is_set():
        started = time.monotonic()
        assert await code(pool.run(ask(SMALL))) == "answered"
        times.append(time.monotonic() - started)
        await asyncio.sleep(0.01)
    return times


def test_each_hostile_query_gets_its_word_and_hurts_nobody(
    use_pool: Use, ask: Ask, code: Code, descriptors: Callable[[], int]
) -> None:
    """Every hostile query ends with the code of the limit it met; small queries are answered meanwhile and
    afterwards.
    """

    async def body(pool: WorkerPool) -> None:
        await code(pool.run(ask(SMALL)))
        held = descriptors()
        stop = asyncio.Event()
        asking = asyncio.ensure_future(_small_questions(pool, ask, code, stop))
        for name, (query, expected) in HOSTILE.items():
            assert await code(pool.run(ask(query))) in expected, name
        stop.set()
        times = sorted(await asking)
        assert len(times) > 20
        assert times[len(times) // 2] < 0.5
        assert await code(pool.run(ask(SMALL))) == "answered"
        async with asyncio.timeout(10):
            while len(pool._idle) < 3 or len(pool._workers) > 3:
                await asyncio.sleep(0.01)
        assert pool._busy == 0
        assert descriptors() <= held + 2  # workers still being forked at the first count

    use_pool(body)


def test_hostile_queries_all_at_once(use_pool: Use, ask: Ask, code: Code) -> None:
    """More hostile queries than places: each ends with its word or hears that the server is busy, and then
    all is well.
    """

    async def body(pool: WorkerPool) -> None:
        names = [
            "nested groups",
            "CONCAT doubling",
            "cross product, counted",
            "cross product, written",
            "path stars",
        ]
        ended = await asyncio.gather(*(code(pool.run(ask(HOSTILE[name][0]))) for name in names))
        for name, one in zip(names, ended, strict=True):
            assert one in HOSTILE[name][1] | {"server-busy"}, name
        assert await code(pool.run(ask(SMALL))) == "answered"

    use_pool(body)
