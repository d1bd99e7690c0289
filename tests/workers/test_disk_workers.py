"""Query processes over a snapshot on disk: each opens it for itself, and the rest is as in memory."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store
from snapshots import build_snapshot_at, load_into_many_tables, opened_on_disk, run_program

from cicakg.errors import CicakgError
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.store import SnapshotFolder, integrity
from cicakg.workers import Answer, WorkerPool, run_once

Ask = Callable[..., QueryRequest]
Code = Callable[[Awaitable[Answer]], Awaitable[str]]

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EVERYTHING = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?g ?s ?p ?o"


def use(folder: Path, body: Callable[[WorkerPool], Awaitable[None]], hold: str = "disk") -> None:
    """Run *body* with a pool of two places over the snapshot in *folder*."""

    async def main() -> None:
        pool = await WorkerPool.start(SnapshotFolder(folder, hold), 2)  # type: ignore[arg-type]
        try:
            async with asyncio.timeout(100):
                await body(pool)
        finally:
            await pool.close()

    asyncio.run(main())


async def number(pool: WorkerPool, request: QueryRequest) -> int:
    """Return the one number a query yields."""
    answer = await pool.run(request)
    with answer.file as file:
        document: Any = json.load(file)
    return int(document["results"]["bindings"][0]["n"]["value"])


def zygote_of(pool: WorkerPool) -> int:
    """Return the number of the pool's zygote."""
    assert pool._link is not None
    return pool._link._process.pid


def open_files(pid: int) -> list[str]:
    """Return what the descriptors of a process lead to."""
    return [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]


def threads(pid: int) -> int:
    """Return how many threads a process has."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


async def settle(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("hold", ["memory", "disk"])
def test_the_process_that_forks_has_one_thread_and_no_store(built_ring: Path, ask: Ask, hold: str) -> None:
    """The engine's threads would not survive a fork: the zygote never opens the store, and a worker does."""

    async def body(pool: WorkerPool) -> None:
        assert pool.info.held == hold
        assert await number(pool, ask(COUNT)) == 2000
        zygote = zygote_of(pool)
        assert threads(zygote) == 1
        assert not [one for one in open_files(zygote) if "/store" in one]
        tables = [[one for one in open_files(pid) if one.endswith(".sst")] for pid in pool._workers]
        assert all(bool(held) == (hold == "disk") for held in tables)

    use(built_ring, body, hold)


def test_a_killed_worker_is_replaced(built_ring: Path, ask: Ask) -> None:
    """Idle or at work, killed from outside or for its deadline: another one opens the store and answers."""

    async def body(pool: WorkerPool) -> None:
        for _ in range(2):
            before = set(pool._workers)
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            await settle(lambda before=before: not before & set(pool._workers))  # type: ignore[misc]
            assert await number(pool, ask(COUNT)) == 2000
        for _ in range(3):
            with pytest.raises(CicakgError) as caught:
                await pool.run(ask(ENDLESS, Budget(seconds=0.3)))
            assert caught.value.code == "query-timeout"
        counts = await asyncio.gather(*(number(pool, ask(COUNT)) for _ in range(6)))
        assert counts == [2000] * 6

    use(built_ring, body)


def test_a_replaced_snapshot_stays_for_its_workers(built_ring: Path, tmp_path: Path, ask: Ask) -> None:
    """A worker forked after another snapshot took the place still opens the old one: answers of one pool
    belong to one snapshot.
    """
    folder = Path(shutil.copytree(built_ring, tmp_path / "snapshot"))
    other = tmp_path / "other.nt"
    other.write_text("<urn:s> <urn:p> <urn:o> .\n")

    async def body(pool: WorkerPool) -> None:
        await asyncio.to_thread(build_snapshot_at, folder, other)
        before = set(pool._workers)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await settle(lambda: not before & set(pool._workers))
        assert await number(pool, ask(COUNT)) == 2000
        use_new = await WorkerPool.start(SnapshotFolder(folder, "disk"), 1)
        try:
            assert await number(use_new, ask(COUNT)) == 1
            assert use_new.info.fingerprint != pool.info.fingerprint
        finally:
            await use_new.close()

    use(folder, body)


def test_the_engines_own_memory_counts_for_no_query(built_ring: Path, ask: Ask) -> None:
    """What the engine keeps of the blocks it read spends no query's budget, and costs no worker its place."""
    small = Budget(seconds=20, memory_bytes=16 * MEBIBYTE)

    async def body(pool: WorkerPool) -> None:
        for query in (EVERYTHING, COUNT) * 10:
            (await pool.run(ask(query, small))).close()
        assert pool.load().given_up == 0

    use(built_ring, body)


def test_memory_has_its_limit(built_ring: Path, ask: Ask, code: Code) -> None:
    """A query that doubles a string for ever ends for its memory, as it does with data in memory."""
    steps = "".join(f"BIND(CONCAT(?x{one}, ?x{one}) AS ?x{one + 1}) " for one in range(40))
    query = f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('abcdefgh' AS ?x0) {steps} }}"

    async def body(pool: WorkerPool) -> None:
        assert await code(pool.run(ask(query, Budget(20, 100 * MEBIBYTE)))) == "query-memory"
        assert await number(pool, ask(COUNT)) == 2000

    use(built_ring, body)


def test_a_store_that_cannot_be_opened_is_told_at_the_start(
    built_ring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool starts only when a worker could open the data; what is wrong comes to whoever starts it."""
    folder = Path(shutil.copytree(built_ring, tmp_path / "snapshot"))
    monkeypatch.setattr(integrity, "_SMALL", 0)
    for table in (folder / "store").glob("*.sst"):
        data = bytearray(table.read_bytes())
        data[-1] ^= 0x55
        table.write_bytes(data)
    with pytest.raises(CicakgError) as caught:
        use(folder, lambda _: asyncio.sleep(0))
    assert caught.value.code == "snapshot-damaged"


# Writes the manifest of a snapshot whose store was replaced.
DESCRIBE = """
import sys
from dataclasses import replace
from pathlib import Path
from cicakg.store.integrity import file_records
from cicakg.store.manifest import encode, read_manifest
from cicakg.store.opening import find_openers
folder, data = Path(sys.argv[1]), Path(sys.argv[2])
openers = find_openers(folder / "store", data.read_bytes().splitlines())
files = {name: one for name, one in file_records(folder).items()}
(folder / "manifest.json").write_bytes(encode(replace(read_manifest(folder), files=files, openers=openers)))
"""


@pytest.fixture
def many_tables(ring: Path, built_ring: Path, tmp_path: Path) -> Path:
    """The ring as a snapshot with more tables than the engine opens by itself, as a large one has."""
    folder = Path(shutil.copytree(built_ring, tmp_path / "many"))
    load_into_many_tables(ring, folder / "store")
    for name in ("LOCK", "LOG"):
        (folder / "store" / name).unlink()
    run_program(DESCRIBE, folder, ring)
    return folder


def test_more_tables_than_the_engine_opens(many_tables: Path, built_ring: Path, ask: Ask) -> None:
    """With more tables than the engine opens by itself a confined worker still reads them all: its answers
    are those of a worker whose engine opened all.
    """
    budget = Budget(seconds=30, result_bytes=64 * MEBIBYTE)
    with opened_on_disk(many_tables) as many, opened_on_disk(built_ring) as few:
        assert many.manifest.openers.lookups
        assert not few.manifest.openers.lookups
        for query in (EVERYTHING, COUNT, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"):
            rows = []
            for snapshot in (many, few):
                with run_once(snapshot, ask(query, budget)).file as file:
                    rows.append(sorted(map(str, json.loads(file.read())["results"]["bindings"])))
            assert rows[0] == rows[1]
            assert rows[0]


def test_a_closed_table_would_be_noticed(
    many_tables: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above rules out does happen where tables are left closed: a confined worker cannot open
    them, and the query fails.
    """
    monkeypatch.setattr("cicakg.store.disk.open_tables", lambda path, _: Store.read_only(str(path)))
    with opened_on_disk(many_tables) as snapshot, pytest.raises(CicakgError) as caught:
        run_once(snapshot, ask(EVERYTHING)).close()
    assert caught.value.code in {"snapshot-damaged", "query-memory", "query-timeout"}


def test_too_few_files_may_be_open(many_tables: Path) -> None:
    """Where the tables cannot all be open, the data are refused with what to do."""
    program = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))
from cicakg.errors import CicakgError
from cicakg.sparql.request import QueryRequest
from cicakg.store import SnapshotFolder, open_snapshot_folder
from cicakg.workers import run_once
try:
    run_once(open_snapshot_folder(SnapshotFolder(Path(sys.argv[1]), "disk")), QueryRequest("ASK {}", {}))
except CicakgError as error:
    print(error)
"""
    said = run_program(program, many_tables)
    assert "cannot all be open at a time. Allow more open files (`ulimit -n`)." in said
