"""What isolation costs: the hop to a worker, and how soon a query is answered after workers were killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import statistics
import time
from functools import partial
from pathlib import Path
from typing import Final

from workers import FORMATS, in_line, median_of, median_of_async, through_pool

from cicakg.errors import CicakgError
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.store import open_file
from cicakg.workers import WorkerPool
from endpoints.figures import Replacing
from endpoints.load import LoadError, Target, ask
from endpoints.material import Material
from endpoints.processes import family, free_port, running, wait_for
from endpoints.questions import QUESTIONS
from endpoints.servers import CICAKG, Cicakg

_ENDLESS: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?a != ?d) }"
_ROUNDS: Final = 500
_TRIALS: Final = 7
_PAUSE: Final = 0.5  # seconds in which the pool comes to rest between two trials


def measure_replacing(material: Material, folder: Path) -> Replacing:
    """Measure on *material*; everything in milliseconds, medians."""
    inline, pooled, late = asyncio.run(_measure_pool(material))
    one, every = _measure_kills(material, folder)
    return Replacing(inline, pooled, one, every, late)


async def _measure_pool(material: Material) -> tuple[float, float, float]:
    request = QueryRequest(QUESTIONS[0].text, FORMATS)
    snapshot = open_file(material.named)
    inline = median_of(partial(in_line, snapshot, request), _ROUNDS)
    del snapshot
    pool = await WorkerPool.start(material.named, 2)
    try:
        await median_of_async(partial(through_pool, pool, request), 20)
        pooled = await median_of_async(partial(through_pool, pool, request), _ROUNDS)
        return inline, pooled, await _time_after_deadlines(pool, request)
    finally:
        await pool.close()


async def _time_after_deadlines(pool: WorkerPool, request: QueryRequest) -> float:
    """Let two queries that would not end hold all places until their deadline; return how long two others
    then wait. The spare worker answers one of them, so the later answer is a fresh one's.
    """
    times = []
    endless = QueryRequest(_ENDLESS, FORMATS, budget=Budget(seconds=0.3))
    for _ in range(_TRIALS):
        await asyncio.gather(*(_expect_timeout(pool, endless) for _ in range(2)))
        started = time.perf_counter()
        await asyncio.gather(*(through_pool(pool, request) for _ in range(2)))
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def _expect_timeout(pool: WorkerPool, request: QueryRequest) -> None:
    try:
        await through_pool(pool, request)
    except CicakgError as error:
        if error.code != "query-timeout":
            raise


def _measure_kills(material: Material, folder: Path) -> tuple[float, float]:
    """Kill one worker of a server, and all of them, and ask at once; again and again until it answers."""
    port, server = free_port(), Cicakg(CICAKG, 0)
    target = Target(f"http://127.0.0.1:{port}", [QUESTIONS[0].path(server.endpoint)], QUESTIONS[0].accept)
    with running(server.command(material, folder, port), folder / "kills.log", target) as (pid, _):
        wait_for(lambda: bool(_workers(pid)), 60)
        count = len(_workers(pid))
        one = [_time_after_kill(pid, 1, count, target) for _ in range(_TRIALS)]
        every = [_time_after_kill(pid, count, count, target) for _ in range(_TRIALS)]
    return statistics.median(one), statistics.median(every)


def _time_after_kill(pid: int, killed: int, count: int, target: Target) -> float:
    wait_for(lambda: len(_workers(pid)) >= count, 60)
    time.sleep(_PAUSE)
    for _ in range(3):
        ask(target, 30)
    victims = _workers(pid)[:killed]
    started = time.perf_counter()
    for one in victims:
        os.kill(one, signal.SIGKILL)
    while True:
        with contextlib.suppress(LoadError):
            ask(target, 30)
            return (time.perf_counter() - started) * 1000


def _workers(pid: int) -> tuple[int, ...]:
    """Return the workers of the server *pid*: the children of its only child."""
    return family(pid)[2:]
