"""A load of every kind against ``cicakg serve`` while its processes are killed: is every answer right?

    python benchmarks/mixed_load.py MINUTES [--seed NUMBER]

Clients at several addresses ask small, middling and hostile queries, read slowly, hang up and send halves of
requests, while workers and the process with the data are killed (SIGKILL) and the data are read again
(SIGHUP). Each answer is compared with what an evaluation in this process found beforehand. Prints counts,
times of the clients that behave, and what the server holds at the end; leaves with 1 where an answer was
wrong, cut short or unexplained, or where the server keeps more memory or files than it may.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from hostile_queries import HOSTILE  # noqa: E402
from hostile_shapes import SHAPES  # noqa: E402
from mixed import clients, mishaps  # noqa: E402
from mixed.clients import Scene, repeat  # noqa: E402
from mixed.ledger import Ledger, percentile  # noqa: E402
from mixed.mishaps import Front, Pauses  # noqa: E402
from mixed.questions import Questions  # noqa: E402
from serving import RunningServer, start_server, stop_server  # noqa: E402

from cicakg.paths import find_dataset  # noqa: E402
from cicakg.store import open_snapshot  # noqa: E402

MIB: Final = 1024 * 1024
WORKERS: Final = 2
CACHE_BYTES: Final = 16 * MIB
MOST_GROWTH: Final = CACHE_BYTES + 48 * MIB
"""What the front may hold beyond what it held after the first tenth: its cache, and what Python's memory is
scattered by.
"""

MOST_FILES_LEFT: Final = 8
OPTIONS: Final = (
    *("--workers", str(WORKERS), "--queue", "32", "--timeout", "5", "--memory", "300", "--max-result", "8"),
    *("--cache-bytes", str(CACHE_BYTES), "--trusted-proxy", "127.0.0.1", "--log-format", "none"),
)
# What each client does, how many such clients there are, and the seconds between two of its steps.
CAST: Final = (
    (clients.ask_small, 4, 0.05),
    (clients.ask_middle, 1, 0.2),
    (clients.ask_again, 1, 0.2),
    (clients.read_slowly, 2, 0.5),
    (clients.ask_hostile, 3, 0.05),
    (clients.hang_up, 2, 0.1),
    (clients.send_half, 2, 0.1),
)
SMALL: Final = ("GET", "POST", "POST form", "ASK", "RDF", "page")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the front holds at one moment."""

    memory: int
    files: int


def main() -> None:
    """Run the load and report."""
    wanted = _arguments()
    questions = Questions(open_snapshot(find_dataset()), wanted.seed)
    server = start_server(*OPTIONS)
    ledger = Ledger()
    try:
        before, after = asyncio.run(_run(server, questions, ledger, wanted))
        left = Front(server.process.pid).workers()
    finally:
        code = stop_server(server)
    sys.exit(_report(ledger, before, after, len(left), code))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("minutes", type=float, help="how long")
    parser.add_argument("--seed", type=int, default=20231005, help="of the dice (default: %(default)s)")
    return parser.parse_args()


async def _run(
    server: RunningServer, questions: Questions, ledger: Ledger, wanted: argparse.Namespace
) -> tuple[Holdings, Holdings]:
    """Let all clients loose for so many minutes; return what the front held early and after the end."""
    seconds = wanted.minutes * 60
    dice = random.Random(wanted.seed)  # noqa: S311  # a load, no secret
    host, _, port = server.address.removeprefix("http://").rstrip("/").rpartition(":")
    is_over = asyncio.Event()
    scene = Scene(host, int(port), questions, ledger, {**HOSTILE, **SHAPES}, dice, is_over)
    front = Front(server.process.pid)
    files = front.descriptors()
    at_work = [asyncio.create_task(one) for one in _players(scene)]
    await asyncio.sleep(seconds / 10)
    before = Holdings(front.memory(), files)
    accidents = [asyncio.create_task(one) for one in _accidents(front, scene, seconds)]
    await asyncio.sleep(seconds * 9 / 10)
    for task in accidents:
        task.cancel()
    is_over.set()
    await asyncio.gather(*at_work)
    return before, await _settled(front, files)


def _players(scene: Scene) -> Iterator[Coroutine[Any, Any, None]]:
    for kind, (step, count, pause) in enumerate(CAST):
        for number in range(count):
            yield repeat(scene, step, f"198.51.{kind}.{number + 1}", pause)


def _accidents(front: Front, scene: Scene, seconds: float) -> Iterator[Coroutine[Any, Any, None]]:
    pauses = Pauses()
    yield mishaps.kill_workers(front, scene.ledger, scene.dice, min(pauses.worker, seconds / 10))
    yield mishaps.kill_zygotes(front, scene.ledger, scene.dice, min(pauses.zygote, seconds / 3))
    yield mishaps.ask_reloads(front, scene.ledger, scene.dice, min(pauses.reload, seconds / 4))


async def _settled(front: Front, files: int) -> Holdings:
    """Wait until connections are closed and workers forked again, then look."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        is_whole = len(front.zygotes()) == 1 and len(front.workers()) == WORKERS + 1
        if is_whole and front.descriptors() <= files + MOST_FILES_LEFT:
            break
    return Holdings(front.memory(), front.descriptors())


def _report(ledger: Ledger, before: Holdings, after: Holdings, workers: int, code: int) -> int:
    """Print what happened; return the exit code."""
    growth = after.memory - before.memory
    faults = list(ledger.wrong)
    if growth > MOST_GROWTH:
        faults.append(f"the front grew by {growth / MIB:.0f} MiB, and {MOST_GROWTH / MIB:.0f} is the most")
    if after.files > before.files + MOST_FILES_LEFT:
        faults.append(f"the front holds {after.files} files, and {before.files} at the beginning")
    if workers != WORKERS + 1:
        faults.append(f"there are {workers} query processes, and not {WORKERS + 1}")
    if code:
        faults.append(f"the server stopped with {code}")
    _print_answers(ledger)
    print(f"mishaps: {', '.join(f'{name} {count}' for name, count in sorted(ledger.mishaps.items()))}")
    print(f"front: {before.memory / MIB:.0f} MiB after the first tenth, {after.memory / MIB:.0f} at the end")
    print(f"files of the front: {before.files} at the beginning, {after.files} at the end; {workers} workers")
    for fault in faults[:20]:
        print(f"WRONG: {fault}")
    print(f"{len(faults)} faults" if faults else "every answer was right, or said why there was none")
    return 1 if faults else 0


def _print_answers(ledger: Ledger) -> None:
    print(f"{'kind':16}{'outcome':28}{'count':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for (kind, outcome), count in sorted(ledger.counts.items()):
        times = ledger.times.get(kind, []) if outcome == "200" else []
        print(f"{kind:16}{outcome:28}{count:8}{_milliseconds(times)}")
    small = [one for kind in SMALL for one in ledger.times.get(kind, [])]
    print(f"{'all small':16}{'200':28}{len(small):8}{_milliseconds(small)}")


def _milliseconds(times: list[float]) -> str:
    return f"{percentile(times, 0.5) * 1000:9.1f}{percentile(times, 0.99) * 1000:9.1f}" if times else ""


if __name__ == "__main__":
    main()
