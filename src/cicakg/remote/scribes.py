"""The front's end of the processes that read and write for it (:mod:`cicakg.remote.transcriber`)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import BinaryIO, Final

from cicakg.errors import CicakgError
from cicakg.remote.holdings import Holdings
from cicakg.remote.questions import Question
from cicakg.remote.transcriber import ABORT, PIECE
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.workers import WorkerError, frames
from cicakg.workers.endings import Ending, ending_error
from cicakg.workers.frames import Message
from cicakg.workers.messages import request_message

_PATIENCE: Final = 60.0  # seconds a process gets to start
_WORD_OF_END: Final = 2.0


class ScribeEndedError(Exception):
    """The process ended before it had replied."""


class Scribe:
    """One such process. It does one thing at a time; one that was stopped in the middle has to be ended."""

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket) -> None:
        self._process = process
        self._channel = channel
        self._knows: Holdings | None = None

    @classmethod
    async def start(cls) -> Scribe:
        """Start a process and wait until it is ready."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        scribe = cls(_start(theirs), ours)
        try:
            async with asyncio.timeout(_PATIENCE):
                await scribe._receive()
        except BaseException as error:
            await scribe.end()
            if isinstance(error, ScribeEndedError):
                raise WorkerError("A process that reads and writes answers ended as it started.") from error
            raise
        return scribe

    async def question(self, request: QueryRequest, holdings: Holdings | None, file: BinaryIO) -> Question:
        """Return what to ask an engine for *request*, whose answer is to go to *file*; errors as
        :func:`cicakg.remote.questions.make_question`.
        """
        message: Message = {"do": "question", "request": request_message(request)}
        if holdings != self._knows:
            told = None if holdings is None else (sorted(holdings.graphs), sorted(holdings.sharing))
            message["holdings"] = told
        await self._send(frames.encode(message), [file.fileno()])
        reply = _believed(await self._reply(request.budget))
        self._knows = holdings
        return _question(reply)

    async def transcribe(
        self, order: Message, budget: Budget, pieces: AsyncIterator[bytes], file: BinaryIO
    ) -> int:
        """Have the engine's answer in *pieces* written to *file* as *order* says; return the size.

        Raises :class:`CicakgError` where it is not whole or too large, and what *pieces* raises.
        """
        message = {"do": "transcribe", "budget": _figures(budget), **order}
        await self._send(frames.encode(message), [file.fileno()])
        reply = asyncio.ensure_future(self._reply(budget))
        try:
            await self._feed(pieces, reply)
            size: int = _believed(await reply)["size"]
            return size
        finally:
            if not reply.done():
                reply.cancel()
                with contextlib.suppress(asyncio.CancelledError, CicakgError):
                    await reply

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    async def end(self) -> None:
        """End the process whatever it is doing, and wait for that."""
        self._channel.close()
        self._process.kill()
        await self._ending()

    # The channel

    async def _feed(self, pieces: AsyncIterator[bytes], reply: asyncio.Future[Message]) -> None:
        """Pass *pieces* on as they come, until there are no more or the process has said enough."""
        try:
            while (piece := await _next_or(pieces, reply)) is not None:
                await self._send(PIECE.pack(len(piece)) + piece)
        except CicakgError:
            await self._send(PIECE.pack(ABORT))
            await reply
            raise
        await self._send(PIECE.pack(ABORT if reply.done() else 0))

    async def _reply(self, budget: Budget) -> Message:
        try:
            return await self._receive()
        except ScribeEndedError:
            raise ending_error(await self._ending(), budget) from None

    async def _send(self, data: bytes, descriptors: list[int] | None = None) -> None:
        """Send *data*; an end of the process meanwhile is for the reading to notice."""
        with contextlib.suppress(OSError):
            sent = socket.send_fds(self._channel, [data], descriptors) if descriptors else 0
            await asyncio.get_running_loop().sock_sendall(self._channel, memoryview(data)[sent:])

    async def _receive(self) -> Message:
        loop = asyncio.get_running_loop()
        data = b""
        while (reply := frames.decode(data)) is None:
            try:
                more = await loop.sock_recv(self._channel, 64 * 1024)
            except OSError:
                more = b""
            if not more:
                raise ScribeEndedError
            data += more
        return reply

    async def _ending(self) -> Ending:
        """Return how the process ended, as far as it does so soon."""
        deadline = asyncio.get_running_loop().time() + _WORD_OF_END
        while (status := self._process.poll()) is None:
            if asyncio.get_running_loop().time() > deadline:
                return Ending()
            await asyncio.sleep(0.005)
        return Ending(signal=signal.Signals(-status)) if status < 0 else Ending(status=status)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    return await anext(pieces, None)


async def _next_or(pieces: AsyncIterator[bytes], reply: asyncio.Future[Message]) -> bytes | None:
    """Return the next piece; ``None`` at the end, and where *reply* comes first."""
    step = asyncio.ensure_future(_next(pieces))
    try:
        await asyncio.wait((step, reply), return_when=asyncio.FIRST_COMPLETED)
        return None if reply.done() else step.result()
    finally:
        if not step.done():
            step.cancel()
            with contextlib.suppress(asyncio.CancelledError, CicakgError):
                await step


def _start(theirs: socket.socket) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: Ctrl-C at the terminal is for the front."""
    descriptor = theirs.fileno()
    with theirs:
        return subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-P", "-m", "cicakg.remote.transcriber", str(descriptor)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[descriptor],
            start_new_session=True,
            env=os.environ | {"RUST_BACKTRACE": "0"},
        )


def _figures(budget: Budget) -> tuple[float, int, int, int]:
    return budget.seconds, budget.memory_bytes, budget.result_bytes, budget.result_rows


def _believed(reply: Message) -> Message:
    if "code" in reply:
        raise CicakgError(reply["code"], reply["detail"], reply["fix"])
    if "fault" in reply or "given_up" in reply:
        raise WorkerError(reply.get("fault", "A transcription was given up."))
    return reply


def _question(reply: Message) -> Question:
    default, named = reply["default_graphs"], reply["named_graphs"]
    return Question(
        reply["text"],
        ResultKind(reply["kind"]),
        None if default is None else tuple(default),
        tuple(named) if isinstance(named, list) else named,
    )
