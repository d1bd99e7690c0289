"""The front's end of the channel to one worker."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Final

from cicakg.workers import frames
from cicakg.workers.frames import Message

_CHUNK: Final = 64 * 1024


class Channel:
    """Sends a request and waits for its reply, one at a time, on a non-blocking socket.

    The event loop watches the socket from the first request to the end: to have it watched for each reply
    anew costs as much as a small query.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._loop = asyncio.get_running_loop()
        self._data = b""
        self.is_closed = False
        self._reply: asyncio.Future[None] | None = None
        self._loop.add_reader(end, self._read)

    async def ask(self, message: Message, descriptor: int) -> Message | None:
        """Send *message* with *descriptor* and return the reply; ``None`` where the worker ended."""
        data = frames.encode(message)
        with contextlib.suppress(OSError):  # an end of the worker is for the reading to notice
            sent = socket.send_fds(self._socket, [data], [descriptor])
            if sent < len(data):
                await self._loop.sock_sendall(self._socket, memoryview(data)[sent:])
        while (reply := frames.decode(self._data)) is None:
            if self.is_closed:
                return None
            self._reply = self._loop.create_future()
            try:
                await self._reply
            finally:
                self._reply = None
        self._data = b""
        return reply

    def close(self) -> None:
        """Watch no more and let the other end know."""
        self._stop()
        self._socket.close()

    def _read(self) -> None:
        try:
            more = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        self._data += more
        if not more:
            self._stop()
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(None)

    def _stop(self) -> None:
        self.is_closed = True
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
