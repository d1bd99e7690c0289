"""What a query process costs: a query asked in line against the same through the pool, and how soon a
killed worker is replaced.

    python benchmarks/workers.py [TRIPLES …]

Prints milliseconds and ratios of one run. Compare ratios between runs, not milliseconds between machines.
"""

from __future__ import annotations

import asyncio
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import QueryResultsFormat, QueryTriples

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.store import Snapshot, open_file
from cicakg.workers import WorkerPool
from cicakg.workers.evaluation import ResultFile, evaluate
from cicakg.workers.files import result_file

SIZES: Final = (10_000, 100_000)
ROUNDS: Final = 300
FORMATS: Final = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}
QUERIES: Final = {
    "tiny (ASK)": "ASK { <http://example.org/n1> ?p ?o }",
    "join of two": "SELECT * { <http://example.org/n1> ?p ?o . ?o ?q ?r }",
    "1,000 rows": "SELECT * { ?s ?p ?o } LIMIT 1000",
    "group by": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
}
ENDLESS: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def write_data(path: Path, triples: int) -> None:
    """Write a graph of *triples* triples with eight predicates in a hundred named graphs."""
    nodes = max(1, triples // 8)
    with path.open("w", encoding="ascii") as file:
        for one in range(triples):
            subject, target = one % nodes, (one * 7 + 1) % nodes
            file.write(
                f"<http://example.org/n{subject}> <http://example.org/p{one // nodes}> "
                f"<http://example.org/n{target}> <http://example.org/g{one % 100}> .\n"
            )


def in_line(snapshot: Snapshot, request: QueryRequest) -> None:
    """Evaluate in this process, as a server without isolation would."""
    with result_file() as file:
        evaluate(snapshot.store, request, ResultFile(file.fileno(), request.budget.result_bytes))


def engine_only(snapshot: Snapshot, query: str) -> None:
    """Let the engine answer, without anything of ours."""
    results = snapshot.store.query(query)
    if not isinstance(results, QueryTriples):
        results.serialize(io.BytesIO(), format=QueryResultsFormat.JSON)


async def through_pool(pool: WorkerPool, request: QueryRequest) -> None:
    """Evaluate in a worker."""
    (await pool.run(request)).close()


def median_of(ask: Callable[[], object], rounds: int) -> float:
    """Return the median time of *ask* in milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        ask()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def median_of_async(ask: Callable[[], Awaitable[object]], rounds: int) -> float:
    """Return the median time of *ask* in milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        await ask()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def replacement_time(pool: WorkerPool) -> float:
    """Return the milliseconds from the end of two queries that cost their workers to the answers of two
    others.

    One of the two is answered by the spare worker, so the later answer is a fresh one's.
    """
    times = []
    small = QueryRequest(QUERIES["tiny (ASK)"], FORMATS)
    endless = QueryRequest(ENDLESS, FORMATS, budget=Budget(seconds=0.3))
    for _ in range(5):
        await asyncio.gather(*(_expect_timeout(pool, endless) for _ in range(2)))
        started = time.perf_counter()
        await asyncio.gather(*(through_pool(pool, small) for _ in range(2)))
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def _expect_timeout(pool: WorkerPool, request: QueryRequest) -> None:
    try:
        await pool.run(request)
    except CicakgError as error:
        if error.code != "query-timeout":
            raise


async def measure(path: Path, triples: int) -> None:
    """Measure one size and print a table."""
    snapshot = open_file(path)
    started = time.perf_counter()
    pool = await WorkerPool.start(path, 2)
    ready = time.perf_counter() - started
    print(f"\n{triples:,} triples (pool ready after {ready:.2f} s)\n")
    print("| query | engine alone | in line | through the pool | ratio pool : in line | hop |")
    print("|---|---|---|---|---|---|")
    try:
        for name, query in QUERIES.items():
            request = QueryRequest(query, FORMATS)
            rounds = ROUNDS if name != "group by" else ROUNDS // 10
            alone = median_of(partial(engine_only, snapshot, query), rounds)
            line = median_of(partial(in_line, snapshot, request), rounds)
            hop = await median_of_async(partial(through_pool, pool, request), rounds)
            cells = (
                f"{alone:.3f} ms",
                f"{line:.3f} ms",
                f"{hop:.3f} ms",
                f"{hop / line:.2f}",
                f"{hop - line:+.3f} ms",
            )
            print("|", " | ".join((name, *cells)), "|")
        print(f"\nboth workers killed, both places answering again: {await replacement_time(pool):.1f} ms")
    finally:
        await pool.close()


def main() -> None:
    """Measure the sizes given, or the usual ones."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        for triples in sizes:
            path = Path(folder) / f"{triples}.nq"
            write_data(path, triples)
            asyncio.run(measure(path, triples))


if __name__ == "__main__":
    main()
