"""Channels to workers, and workers that something else than the pool ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

from cicakg.sparql.request import QueryRequest
from cicakg.workers import WorkerPool, frames
from cicakg.workers.channel import Channel

Ask: TypeAlias = Callable[..., QueryRequest]
Use: TypeAlias = Callable[[Callable[[WorkerPool], Awaitable[None]]], None]
_ASK = "ASK { <http://example.org/n1> ?p ?o }"


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


def _workers(pool: WorkerPool) -> list[int]:
    """Return the workers of *pool*, and of no other that other tests may have: its zygote's children."""
    assert pool._link is not None
    return _children(pool._link._process.pid)


def test_killed_workers_are_given_no_query_and_replaced(use_pool: Use, ask: Ask) -> None:
    """Where all idle workers are killed from outside, the next queries wait for fresh ones."""

    async def body(pool: WorkerPool) -> None:
        (await pool.run(ask(_ASK))).close()
        await asyncio.sleep(1.2)  # they have lived long enough to be replaced at once
        victims = _workers(pool)
        for one in victims:
            os.kill(one, signal.SIGKILL)
        while set(victims) & set(_workers(pool)):
            await asyncio.sleep(0.01)
        for _ in range(4):
            (await pool.run(ask(_ASK))).close()
        while len(_workers(pool)) < len(victims):
            await asyncio.sleep(0.01)

    use_pool(body)


def test_reply_in_pieces_is_put_together() -> None:
    """A reply is read to its end, however it arrives, and the next one does not begin with its rest."""

    async def main() -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        channel = Channel(ours)
        with theirs, Path(os.devnull).open("rb") as null:
            for number in range(3):
                asking = asyncio.ensure_future(channel.ask({"number": number}, null.fileno()))
                await asyncio.sleep(0)
                received = frames.receive(theirs)
                assert received is not None
                frames.close_all(received[1])
                for byte in frames.encode({"seen": received[0]["number"], "text": "х" * 20}):
                    theirs.send(bytes((byte,)))
                    await asyncio.sleep(0)
                assert await asking == {"seen": number, "text": "х" * 20}
        channel.close()

    asyncio.run(main())


def test_end_of_the_other_side_is_no_reply() -> None:
    """A worker that ends before or while it is asked gives nothing; the channel is closed then."""

    async def main() -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        channel = Channel(ours)
        with Path(os.devnull).open("rb") as null:
            asking = asyncio.ensure_future(channel.ask({}, null.fileno()))
            await asyncio.sleep(0)
            theirs.sendall(b"\0\0")
            theirs.close()
            assert await asking is None
            assert channel.is_closed
            assert await channel.ask({}, null.fileno()) is None
        channel.close()

    asyncio.run(main())
