"""What a snapshot on disk costs: to build, to open, to ask, in memory; beside the same data in memory.

    python benchmarks/snapshot.py [--folder DIR] [TRIPLES …]

Builds with ``cicakg build`` and asks through query processes. Data above a million triples are not read into
memory as well. Files that were just written are in the system's cache: a first start after a reboot waits for
the disk. Compare the rows of one run, not numbers between machines.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.store import Hold, SnapshotFolder
from cicakg.store.manifest import read_manifest
from cicakg.workers import WorkerPool

SIZES: Final = (100_000, 500_000, 5_000_000)
MOST_IN_MEMORY: Final = 1_000_000
WORKERS: Final = 2
ROUNDS: Final = 50
MEBIBYTE: Final = 1024**2
FORMATS: Final = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}
PATIENT: Final = Budget(seconds=300)
E: Final = "http://example.org/"
FIRST: Final = f"SELECT * {{ <{E}n1> ?p ?o }}"
QUERIES: Final = {
    "one node": FIRST,
    "join of two": f"SELECT * {{ <{E}n1> ?p ?o . ?o ?q ?r }}",
    "1,000 rows": "SELECT * { ?s ?p ?o } LIMIT 1000",
    "a kind by label": f'SELECT ?s {{ ?s a <{E}Kind3> ; <{E}label> ?l FILTER(STRSTARTS(?l, "Аты 12")) }}',
    "count everything": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
}


def write_data(path: Path, triples: int) -> None:
    """Write N-Quads of *triples* quads: nodes with a type, a label in Kazakh, a date, a text and four links,
    in graphs of a hundred nodes.
    """
    nodes = max(1, triples // 8)
    with path.open("w", encoding="utf-8") as file:
        for node in range(nodes):
            lines = (f"<{E}n{node}> {rest} <{E}g{node // 100}> .\n" for rest in _statements(node, nodes))
            file.writelines(lines)


def _statements(node: int, nodes: int) -> Iterable[str]:
    yield f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{E}Kind{node % 20}>"
    yield f'<{E}label> "Аты {node}"@kk'
    yield f'<{E}date> "20{node % 30:02}-0{1 + node % 9}-1{node % 9}"^^<http://www.w3.org/2001/XMLSchema#date>'
    yield f'<{E}text> "A sentence about number {node}, as long as one in an article is, more or less."@en'
    for step in (7, 11, 13, 17):
        yield f"<{E}link{step}> <{E}n{(node * step + 1) % nodes}>"


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds of memory, in MiB: pages of its own, and its share of those it has with others."""

    private: float
    proportional: float

    @classmethod
    def of(cls, pid: int) -> Memory:
        """Read what the kernel says of *pid* (Linux)."""
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        sizes = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}
        private = sizes["Private_Clean"] + sizes["Private_Dirty"]
        return cls(private / 1024, sizes["Pss"] / 1024)


def build(data: Path, out: Path) -> None:
    """Build with the command and print what it took."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "cicakg", "build", "--data", str(data), "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("cicakg build failed")
    manifest = read_manifest(out)
    print(
        f"built in {time.perf_counter() - started:.0f} s ({used.ru_utime + used.ru_stime:.0f} s of CPU), "
        f"{used.ru_maxrss / 1024:,.0f} MiB at most; {data.stat().st_size / MEBIBYTE:,.0f} MiB of N-Quads, "
        f"{manifest.size / MEBIBYTE:,.0f} MiB in {len(manifest.files)} files, "
        f"{len(manifest.openers.lookups)} look-ups and {len(manifest.openers.runs)} walks to open them"
    )


async def ask(pool: WorkerPool, query: str) -> float:
    """Return the milliseconds until the answer to *query* is there."""
    started = time.perf_counter()
    (await pool.run(QueryRequest(query, FORMATS, budget=PATIENT))).close()
    return (time.perf_counter() - started) * 1000


async def replacement_time(pool: WorkerPool) -> float:
    """Return the milliseconds from the end of every worker, spare ones too, to an answer of a new one."""
    times = []
    for _ in range(5):
        spent = set(workers_of(pool))
        for pid in spent:
            os.kill(pid, signal.SIGKILL)
        started = time.perf_counter()
        while not await _is_answered(pool, spent):
            await asyncio.sleep(0.001)
        times.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(1)  # until all are there again
    return statistics.median(times)


async def _is_answered(pool: WorkerPool, spent: set[int]) -> bool:
    if spent & set(workers_of(pool)):
        return False  # nobody has noticed yet
    try:
        await ask(pool, FIRST)
    except CicakgError:
        return False
    return True


def workers_of(pool: WorkerPool) -> list[int]:
    """Return the process numbers of the workers that live."""
    return sorted(pool._workers)  # noqa: SLF001  # a benchmark looks where users do not


def memory_line(pool: WorkerPool) -> str:
    """Say what each worker holds."""
    held = [Memory.of(pid) for pid in workers_of(pool)]
    private = ", ".join(f"{one.private:.0f}" for one in held)
    return f"{private} MiB of its own; all together {sum(one.proportional for one in held):.0f} MiB"


async def measure(folder: Path, hold: Hold) -> None:
    """Open, ask, look at the memory, kill; print it."""
    started = time.perf_counter()
    pool = await WorkerPool.start(SnapshotFolder(folder, hold), WORKERS)
    ready = time.perf_counter() - started
    await ask(pool, FIRST)
    print(f"\n{hold}: open after {ready:.2f} s, first answer after {time.perf_counter() - started:.2f} s")
    try:
        await asyncio.gather(*(ask(pool, FIRST) for _ in range(WORKERS)))
        print(f"  each worker at its start: {memory_line(pool)}")
        for name, query in QUERIES.items():
            rounds = ROUNDS if name != "count everything" else 3
            first = await ask(pool, query)
            times = [await ask(pool, query) for _ in range(rounds)]
            print(f"  {name}: {first:.2f} ms at first, then {statistics.median(times):.2f} ms")
        print(f"  each worker afterwards: {memory_line(pool)}")
        print(f"  all killed, the first answer of a new one after {await replacement_time(pool):.0f} ms")
    finally:
        await pool.close()


def main() -> None:
    """Measure the sizes given, or the usual ones."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="Where there is room; default: a temporary folder.")
    parser.add_argument("triples", type=int, nargs="*", default=SIZES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        for triples in arguments.triples:
            data, out = Path(name) / "data.nq", Path(name) / "snapshot"
            write_data(data, triples)
            print(f"\n{triples:,} triples", flush=True)
            build(data, out)
            asyncio.run(measure(out, "disk"))
            if triples <= MOST_IN_MEMORY:
                asyncio.run(measure(out, "memory"))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
