"""What memory `cicakg serve` takes: its front, the process that holds the data, and its workers, by the
number of triples.

    python benchmarks/footprint.py [TRIPLES …]

Prints MiB of proportional set size (PSS: a page shared by three processes counts a third for each, so the
figures add up) and resident set size (RSS: it counts whole for each) from /proc/PID/smaps_rollup. Linux only.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from workers import write_data

SIZES: Final = (10_000, 100_000, 1_000_000)
WORKERS: Final = 2
SMALL: Final = "SELECT * {{ <http://example.org/n{0}> ?p ?o }}"
SCAN: Final = "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(STR(?o) != '{0}') }} GROUP BY ?p"
ROUNDS: Final = 8  # enough for every worker to have had its turn
CONCURRENT: Final = 8
KIBIBYTE: Final = 1024


@dataclass(frozen=True)
class Footprint:
    """MiB of one or several processes."""

    pss: float
    rss: float

    def __add__(self, other: Footprint) -> Footprint:
        return Footprint(self.pss + other.pss, self.rss + other.rss)

    def __str__(self) -> str:
        return f"{self.pss:.0f} ({self.rss:.0f})"


def footprint(pid: int) -> Footprint:
    """Return what *pid* takes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kibibytes = {name: int(value.split()[0]) for name, value in (line.split(":", 1) for line in lines)}
    return Footprint(kibibytes["Pss"] / KIBIBYTE, kibibytes["Rss"] / KIBIBYTE)


def children(pid: int) -> list[int]:
    """Return the processes *pid* has started."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for path in found for one in path.read_text(encoding="ascii").split()]


def holder(front: int) -> int:
    """Return the process that holds the data of the server *front*."""
    return next(
        one
        for one in children(front)
        if b"cicakg.workers.zygote" in Path(f"/proc/{one}/cmdline").read_bytes()
    )


def table_row(name: str, front: int) -> str:
    """Return what the server with the first process *front* takes now, as a row."""
    zygote = holder(front)
    while len(children(zygote)) <= WORKERS:  # one is kept in reserve
        time.sleep(0.01)
    workers = [footprint(one) for one in children(zygote)]
    parts = [footprint(front), footprint(zygote), *workers]
    largest = max(workers, key=lambda one: one.pss)
    total = sum(parts, Footprint(0, 0))
    processes = 2 + len(workers)
    threads = sum(
        len(list(Path(f"/proc/{one}/task").iterdir())) for one in (front, zygote, *children(zygote))
    )
    cells = (name, str(parts[0]), str(parts[1]), str(largest), f"{total.pss:.0f}", f"{processes} ({threads})")
    return "| " + " | ".join(cells) + " |"


async def ask(address: str, query: str) -> None:
    """Ask *query* often and at the same time, each time with another value, so that every worker works."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for turn in range(ROUNDS):
            asked = (query.format(turn * CONCURRENT + one) for one in range(CONCURRENT))
            answers = await asyncio.gather(*(client.get("sparql", params={"query": one}) for one in asked))
            for answer in answers:
                answer.raise_for_status()


def wait_for_address(process: subprocess.Popen[str]) -> str:
    """Return where the server answers, once it does."""
    if process.stderr is None:
        raise ValueError("the server's words are not read")
    for line in process.stderr:
        if " statements at " in line:
            return line.split(" statements at ")[1].split(" ")[0]
    raise RuntimeError("the server did not start")


def measure(data: Path, triples: int) -> Iterator[str]:
    """Serve *data*; yield a row at rest, after small queries, and after queries that read everything."""
    command = [sys.executable, "-m", "cicakg", "serve", "--port", "0", "--data", str(data)]
    limits = ["--workers", str(WORKERS), "--timeout", "120", "--log-format", "none", "--cache-bytes", "0"]
    started = time.perf_counter()
    with subprocess.Popen([*command, *limits], stderr=subprocess.PIPE, text=True) as process:
        try:
            address = wait_for_address(process)
            seconds = time.perf_counter() - started
            yield table_row(f"{triples:,}, at rest (up after {seconds:.0f} s)", process.pid)
            asyncio.run(ask(address, SMALL))
            yield table_row(f"{triples:,}, after small queries", process.pid)
            asyncio.run(ask(address, SCAN))
            yield table_row(f"{triples:,}, after reading everything", process.pid)
        finally:
            process.terminate()


def main(arguments: Sequence[str]) -> None:
    """Measure the sizes given, or the usual ones."""
    print(f"PSS in MiB, RSS in brackets; --workers {WORKERS}, which are {WORKERS + 1} processes\n")
    print("| triples | front | holds the data | largest worker | all together (PSS) | processes (threads) |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for triples in [int(one) for one in arguments] or SIZES:
            data = Path(folder) / f"{triples}.nq"
            write_data(data, triples)
            for row in measure(data, triples):
                print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
