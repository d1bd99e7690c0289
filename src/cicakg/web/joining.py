"""The head of an answer and the first piece of its body in one write: one packet, and one wake-up of whoever
reads it, where uvicorn makes two.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


class JoinedWrites:
    """What a cycle writes to in place of its transport. What is held is sent with the next write, at the end
    of the answer (:meth:`flush`), or before the connection is closed.
    """

    def __init__(self, cycle: RequestResponseCycle, transport: asyncio.Transport) -> None:
        self._cycle = cycle
        self._transport = transport
        self._held = b""
        self._is_begun = False

    def write(self, data: bytes) -> None:
        """Send *data*, but hold the head of the answer; an interim answer (100) is none."""
        if self._cycle.response_started and not self._is_begun:
            self._is_begun = True
            self._held = data
            return
        held, self._held = self._held, b""
        self._transport.write(held + data if held else data)

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            self.write(b"")

    def close(self) -> None:
        """Send what is held, then close."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection is being closed."""
        return self._transport.is_closing()
