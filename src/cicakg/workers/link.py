"""The front's end of a zygote: starts the process, gives it orders, hears of workers that start and end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import RdfFormat, parse

from cicakg.errors import CicakgError
from cicakg.workers import frames
from cicakg.workers.channel import Channel
from cicakg.workers.endings import Ending
from cicakg.workers.frames import FrameReader, Message
from cicakg.workers.messages import SnapshotInfo, WorkerError

_PATIENCE: Final = 5.0  # seconds a zygote gets to end by itself


@dataclass(eq=False, slots=True)
class Worker:
    """A worker as the front knows it: its number, the channel to it, when it came (by the loop's clock), and
    how it ended, once it has.
    """

    pid: int
    channel: Channel
    born: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    ended: asyncio.Future[Ending] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def end(self, ending: Ending) -> None:
        """Say how the process ended; the first word counts."""
        if not self.ended.done():
            self.ended.set_result(ending)


@dataclass(frozen=True, slots=True)
class Listeners:
    """Whom the link tells: of a new worker, of one that ended, of one that could not be forked, of the
    zygote's end.
    """

    started: Callable[[Worker], None]
    ended: Callable[[int, Ending], None]
    not_forked: Callable[[], None]
    lost: Callable[[], None]


class ZygoteLink:
    """One zygote process and the channel to it."""

    def __init__(self, source: Sequence[str], listeners: Listeners) -> None:
        self._listeners = listeners
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[SnapshotInfo] = self._loop.create_future()
        self._channel, theirs = socket.socketpair()
        self._channel.setblocking(False)
        self._process = _start(theirs, source)
        self._reader = FrameReader(self._channel)
        self._unsent = bytearray()
        self._loop.add_reader(self._channel, self._read)

    async def ready(self) -> SnapshotInfo:
        """Wait for the snapshot; raises :class:`CicakgError` where the zygote could not open it."""
        return await self._ready

    def fork(self) -> None:
        """Ask for one more worker."""
        self._send({"do": "fork"})

    def kill(self, worker: Worker) -> None:
        """End a worker whatever it is doing."""
        self._send({"do": "kill", "pid": worker.pid})

    async def close(self) -> None:
        """End the zygote, and with it every worker, and wait for that."""
        self._close_channel()
        deadline = self._loop.time() + _PATIENCE
        while self._process.poll() is None:
            if self._loop.time() > deadline:
                self._process.kill()
            await asyncio.sleep(0.005)

    def _send(self, order: Message) -> None:
        if self._channel.fileno() < 0:
            return
        self._unsent += frames.encode(order)
        self._flush()

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            while self._unsent:
                del self._unsent[: self._channel.send(self._unsent)]
        if self._unsent:
            self._loop.add_writer(self._channel, self._flush)
        else:
            self._loop.remove_writer(self._channel)

    def _read(self) -> None:
        for message in self._reader.read():
            self._hear(message)
        if self._reader.is_closed:
            self._close_channel()
            if not self._ready.done():
                self._ready.set_exception(WorkerError("The process that was to open the snapshot ended."))
            self._listeners.lost()

    def _hear(self, message: Message) -> None:
        match message["event"]:
            case "ready":
                self._ready.set_result(_info(message))
            case "failed":
                self._ready.set_exception(_failure(message))
            case "worker":
                channel = socket.socket(fileno=self._reader.descriptors.pop(0))
                channel.setblocking(False)
                self._listeners.started(Worker(message["pid"], Channel(channel)))
            case "ended":
                self._listeners.ended(message["pid"], Ending(message["signal"], message["status"]))
            case "not-forked":
                self._listeners.not_forked()

    def _close_channel(self) -> None:
        if self._channel.fileno() >= 0:
            self._loop.remove_reader(self._channel)
            self._loop.remove_writer(self._channel)
            self._channel.close()
            frames.close_all(self._reader.descriptors)
            self._reader.descriptors.clear()


def _start(theirs: socket.socket, source: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a zygote over *source*, its arguments, in a session of its own: Ctrl-C at the terminal is for
    the front, which ends it in order.
    """
    descriptor = theirs.fileno()
    command = [sys.executable, "-P", "-m", "cicakg.workers.zygote", str(descriptor), *source]
    with theirs:
        return subprocess.Popen(  # noqa: S603  # our own module; the path is an argument, not a command
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[descriptor],
            start_new_session=True,
            env=os.environ | {"RUST_BACKTRACE": "0"},
        )


def _info(message: Message) -> SnapshotInfo:
    void = parse(message["void"], format=RdfFormat.N_TRIPLES)
    triples = tuple(quad.triple for quad in void)
    return SnapshotInfo(message["fingerprint"], message["quad_count"], triples, message["held"])


def _failure(message: Message) -> Exception:
    if "code" in message:
        return CicakgError(message["code"], message["detail"], message["fix"])
    return WorkerError(message["fault"])
