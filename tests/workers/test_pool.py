"""The pool: places, waiting line, deadlines, and processes that end at the wrong moment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.store import open_file
from cicakg.workers import Answer, WorkerPool

Ask = Callable[..., QueryRequest]
Use = Callable[[Callable[[WorkerPool], Awaitable[None]]], None]
Code = Callable[[Awaitable[Answer]], Awaitable[str]]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LONG = Budget(seconds=20)


async def number(pool: WorkerPool, request: QueryRequest) -> int:
    """Return the one number a query yields."""
    answer = await pool.run(request)
    with answer.file as file:
        document: Any = json.load(file)
    return int(document["results"]["bindings"][0]["n"]["value"])


def processes(pid: int) -> list[int]:
    """Return the children of a process that still run, as the kernel lists them."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [int(one) for one in children if _is_running(int(one))]


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def zygote_of(pool: WorkerPool) -> int:
    """Return the number of the pool's zygote."""
    assert pool._link is not None
    return pool._link._process.pid


async def settle(is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def test_answers_of_each_kind(use_pool: Use, ask: Ask) -> None:
    """SELECT, ASK, CONSTRUCT and DESCRIBE come back whole, with their kind, format and size."""

    async def body(pool: WorkerPool) -> None:
        for query, kind in (
            ("SELECT * { ?s ?p ?o } LIMIT 3", ResultKind.SOLUTIONS),
            ("ASK {}", ResultKind.BOOLEAN),
            ("CONSTRUCT WHERE { ?s ?p ?o }", ResultKind.GRAPH),
            ("DESCRIBE <http://example.org/n1>", ResultKind.GRAPH),
        ):
            answer = await pool.run(ask(query))
            with answer.file as file:
                assert file.tell() == 0
                assert len(file.read()) == answer.size > 0
            assert answer.kind is kind
            assert kind in answer.format.kinds
        assert await number(pool, ask(COUNT)) == 2000

    use_pool(body)


def test_info_is_the_snapshots(use_pool: Use, ring: Path) -> None:
    """The front knows the fingerprint and the size of what the workers hold."""

    async def body(pool: WorkerPool) -> None:
        snapshot = open_file(ring)
        assert (pool.info.fingerprint, pool.info.quad_count) == (snapshot.fingerprint, 2000)

    use_pool(body)


def test_a_real_dataset_with_its_description(project: Path, ask: Ask) -> None:
    """A pool over the dataset's folder serves it, and hands the VoID description to the front."""

    async def main() -> None:
        pool = await WorkerPool.start(DatasetFolder(project), 1)
        try:
            assert await number(
                pool, ask("SELECT (COUNT(*) AS ?n) { GRAPH graph:void { ?s ?p ?o } }")
            ) == len(pool.info.void)
            assert len(pool.info.void) > 100
        finally:
            await pool.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * {", "query-syntax"),
        ("CLEAR ALL", "query-update-refused"),
        ("ASK { SERVICE <http://127.0.0.1/> {} }", "query-service-refused"),
    ],
)
def test_refusals_cost_no_worker(use_pool: Use, ask: Ask, code: Code, query: str, expected: str) -> None:
    """A query that is refused leaves the worker as it was."""

    async def body(pool: WorkerPool) -> None:
        await settle(lambda: len(pool._idle) == 3)
        before = set(pool._workers)
        assert await code(pool.run(ask(query))) == expected
        assert set(pool._workers) == before

    use_pool(body)


def test_not_acceptable(use_pool: Use, ask: Ask, code: Code) -> None:
    """A result whose kind nothing accepted can write is refused by what it turned out to be."""

    async def body(pool: WorkerPool) -> None:
        request = ask("ASK {}", formats={ResultKind.GRAPH: "turtle"})
        assert await code(pool.run(request)) == "query-not-acceptable"

    use_pool(body)


def test_deadline(use_pool: Use, ask: Ask, code: Code) -> None:
    """A query is stopped when its time is over, soon, and the next one is answered at once."""

    async def body(pool: WorkerPool) -> None:
        started = time.monotonic()
        assert await code(pool.run(ask(ENDLESS, Budget(seconds=0.5)))) == "query-timeout"
        assert time.monotonic() - started >= 0.5
        assert await number(pool, ask(COUNT)) == 2000

    use_pool(body)


def test_the_kernel_holds_the_deadline_too(use_pool: Use, ask: Ask, code: Code) -> None:
    """Where the front is late, the limit on CPU time ends the query with the same word."""

    async def body(pool: WorkerPool) -> None:
        request = ask(ENDLESS, Budget(seconds=0.2))
        await settle(lambda: len(pool._idle) == 3)
        running = asyncio.ensure_future(code(pool.run(request)))
        await settle(lambda: pool._busy == 1)
        pool._link.kill = lambda _: None  # type: ignore[method-assign, union-attr]
        busy = [one for one in pool._usable if one not in pool._idle]
        assert await running == "query-timeout"
        assert (await asyncio.wait_for(busy[0].ended, 10)).signal == signal.SIGXCPU

    use_pool(body)


def test_cancelling_kills_the_worker_and_frees_its_place(use_pool: Use, ask: Ask) -> None:
    """When a client goes away, its query ends with it, and others get the place."""

    async def body(pool: WorkerPool) -> None:
        tasks = [asyncio.ensure_future(pool.run(ask(ENDLESS, LONG))) for _ in range(2)]
        await settle(lambda: pool._busy == 2)
        await asyncio.sleep(0.1)
        busy = [one.pid for one in pool._usable if one not in pool._idle]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert pool._busy == 0
        assert await number(pool, ask(COUNT)) == 2000
        await settle(lambda: not any(_is_running(pid) for pid in busy))

    use_pool(body)


def test_waiting_line_is_bounded(use_pool: Use, ask: Ask, code: Code) -> None:
    """Beyond two at work and three in line the answer is ``server-busy``, at once; those in line get their
    turn.
    """

    async def body(pool: WorkerPool) -> None:
        working = [asyncio.ensure_future(pool.run(ask(ENDLESS, LONG))) for _ in range(2)]
        await settle(lambda: pool._busy == 2)
        in_line = [asyncio.ensure_future(number(pool, ask(COUNT, LONG))) for _ in range(3)]
        await settle(lambda: len(pool._waiting) == 3)
        started = time.monotonic()
        assert await code(pool.run(ask(COUNT))) == "server-busy"
        assert time.monotonic() - started < LONG.seconds / 2, "it did not wait for its turn"
        for task in working:
            task.cancel()
        assert await asyncio.gather(*in_line) == [2000] * 3
        await asyncio.gather(*working, return_exceptions=True)

    use_pool(body)


def test_nobody_waits_in_line_for_ever(use_pool: Use, ask: Ask, code: Code) -> None:
    """A query waits no longer than it may run, then hears that the server is busy; leaving the line costs
    no place.
    """

    async def body(pool: WorkerPool) -> None:
        working = [asyncio.ensure_future(pool.run(ask(ENDLESS, LONG))) for _ in range(2)]
        await settle(lambda: pool._busy == 2)
        gone = asyncio.ensure_future(pool.run(ask(COUNT, LONG)))
        assert await code(pool.run(ask(COUNT, Budget(seconds=0.2)))) == "server-busy"
        gone.cancel()
        for task in working:
            task.cancel()
        await asyncio.gather(gone, *working, return_exceptions=True)
        assert (pool._busy, len(pool._waiting)) == (0, 0)
        assert await asyncio.gather(*(number(pool, ask(COUNT, LONG)) for _ in range(4))) == [2000] * 4

    use_pool(body)


def test_a_worker_ended_from_outside(use_pool: Use, ask: Ask, code: Code) -> None:
    """A worker that the system takes away is an error for its query only."""

    async def body(pool: WorkerPool) -> None:
        running = asyncio.ensure_future(code(pool.run(ask(ENDLESS, LONG))))
        await settle(lambda: pool._busy == 1)
        await asyncio.sleep(0.1)
        (pid,) = [one.pid for one in pool._usable if one not in pool._idle]
        os.kill(pid, signal.SIGKILL)
        assert await running == "query-memory"
        assert await number(pool, ask(COUNT)) == 2000

    use_pool(body)


def test_an_idle_worker_ended_from_outside_is_replaced(use_pool: Use, ask: Ask) -> None:
    """The number of idle workers comes back by itself, and no query notices."""

    async def body(pool: WorkerPool) -> None:
        await settle(lambda: len(pool._idle) == 3)
        dead = [one.pid for one in pool._idle]
        for pid in dead:
            os.kill(pid, signal.SIGKILL)
        await settle(lambda: not set(dead) & set(pool._workers))
        await settle(lambda: len(pool._idle) == 3)
        assert await number(pool, ask(COUNT)) == 2000

    use_pool(body)


def test_the_zygote_ended_from_outside(use_pool: Use, ask: Ask, code: Code) -> None:
    """A pool whose zygote dies says that it is busy, starts another, and answers again; no old worker
    stays.
    """

    async def body(pool: WorkerPool) -> None:
        await settle(lambda: len(pool._idle) == 3)
        old = list(pool._workers)
        running = asyncio.ensure_future(code(pool.run(ask(ENDLESS, LONG))))
        await settle(lambda: pool._busy == 1)
        os.kill(zygote_of(pool), signal.SIGKILL)
        assert await running == "server-busy"
        assert await code(pool.run(ask(COUNT))) == "server-busy"
        await settle(lambda: pool._link is not None)
        assert await number(pool, ask(COUNT, LONG)) == 2000
        assert pool._busy == 0
        await settle(lambda: not any(_is_running(pid) for pid in old))

    use_pool(body)


def test_close_ends_everything(ring: Path, ask: Ask, code: Code, descriptors: Callable[[], int]) -> None:
    """Queries at work and in line hear that the server stops; no process and no descriptor is left."""

    async def main() -> None:
        await asyncio.sleep(0)
        held = descriptors()
        before = processes(os.getpid())
        pool = await WorkerPool.start(ring, 1)
        zygote = zygote_of(pool)
        first = asyncio.ensure_future(code(pool.run(ask(ENDLESS, LONG))))
        second = asyncio.ensure_future(code(pool.run(ask(COUNT, LONG))))
        await settle(lambda: len(processes(zygote)) == 2 and pool._busy == 1)
        workers = processes(zygote)
        await pool.close()
        assert {await first, await second} == {"server-stopping"}
        assert await code(pool.run(ask(COUNT))) == "server-stopping"
        assert processes(os.getpid()) == before
        assert not any(_is_running(pid) for pid in workers)
        assert descriptors() <= held

    asyncio.run(main())


def test_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    """A dataset with a fault does not start, and the fault is said as it is."""
    path = tmp_path / "broken.nq"
    path.write_text("this is no RDF", encoding="ascii")

    async def main() -> None:
        with pytest.raises(CicakgError, match=r"broken\.nq") as caught:
            await WorkerPool.start(path, 1)
        assert caught.value.code == "snapshot-unreadable"

    before = processes(os.getpid())
    asyncio.run(main())
    assert processes(os.getpid()) == before


def test_a_worker_that_kept_much_memory_is_replaced(use_pool: Use, ask: Ask) -> None:
    """Memory that a query leaves behind does not stay with the service."""

    async def body(pool: WorkerPool) -> None:
        await settle(lambda: len(pool._idle) == 3)
        before = set(pool._workers)
        values = " ".join(f"'{one:0200}'" for one in range(100_000))
        assert (
            await number(pool, ask(f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}", LONG))
            == 100_000
        )
        await settle(lambda: len(before - set(pool._workers)) == 1)

    use_pool(body)


def test_functions_that_ask_the_system(use_pool: Use, ask: Ask) -> None:
    """Time, randomness and digests work in a worker that can open nothing."""

    async def body(pool: WorkerPool) -> None:
        functions = ("NOW()", "RAND()", "UUID()", "STRUUID()", "SHA512('a')", "YEAR(NOW())", "UCASE('қ')")
        bound = " && ".join(f"BOUND(?x{one})" for one in range(len(functions)))
        binds = " ".join(f"BIND({text} AS ?x{one})" for one, text in enumerate(functions))
        answer = await pool.run(ask(f"ASK {{ {binds} FILTER({bound}) }}"))
        with answer.file as file:
            assert json.load(file)["boolean"] is True

    use_pool(body)


def test_queries_of_megabytes_and_of_any_script(use_pool: Use, ask: Ask) -> None:
    """A long query and one in Arabic and Cyrillic arrive as they were sent."""

    async def body(pool: WorkerPool) -> None:
        values = " ".join(f"<http://example.org/n{one}>" for one in range(2000)) * 20
        query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ VALUES ?s {{ {values} }} ?s ?p ?o }}"
        assert await number(pool, ask(query, LONG)) == 2000
        assert await number(pool, ask("SELECT (STRLEN('قمة Астана 😀') AS ?n) {}")) == 12

    use_pool(body)
