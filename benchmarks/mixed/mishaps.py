"""What goes wrong on purpose: workers and the process with the data are killed, the data are read again."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mixed.ledger import Ledger

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Front:
    """The process that answers HTTP, seen from outside."""

    pid: int

    def memory(self) -> int:
        """The bytes it holds in memory."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE

    def descriptors(self) -> int:
        """How many files and sockets it has open."""
        return sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())

    def zygotes(self) -> list[int]:
        """The processes that hold the data; two while they are read again."""
        return list(_children(self.pid))

    def workers(self) -> list[int]:
        """The query processes."""
        return [worker for zygote in self.zygotes() for worker in _children(zygote)]


def _children(pid: int) -> Iterator[int]:
    with suppress(OSError):  # it ended meanwhile
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            yield from map(int, file.read_text().split())


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds between two mishaps of a kind."""

    worker: float = 2.0
    zygote: float = 45.0
    reload: float = 20.0


async def kill_workers(front: Front, ledger: Ledger, dice: random.Random, pause: float) -> None:
    """Kill a worker, whatever it does, again and again."""
    while True:
        await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
        workers = front.workers()
        if workers:
            _kill(dice.choice(workers), ledger, "worker killed")


async def kill_zygotes(front: Front, ledger: Ledger, dice: random.Random, pause: float) -> None:
    """Kill the process with the data now and then."""
    while True:
        await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
        zygotes = front.zygotes()
        if zygotes:
            _kill(dice.choice(zygotes), ledger, "zygote killed")


async def ask_reloads(front: Front, ledger: Ledger, dice: random.Random, pause: float) -> None:
    """Have the data read again now and then."""
    while True:
        await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
        ledger.happened("reload")
        os.kill(front.pid, signal.SIGHUP)


def _kill(pid: int, ledger: Ledger, mishap: str) -> None:
    """Note it before and after: a query may end in between."""
    ledger.happened(mishap)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
