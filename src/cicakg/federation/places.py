"""Places for calls, so that this server is no means to flood another: so many at once, in turn by client."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cicakg.errors import CicakgError
from cicakg.workers.line import WaitingLine


class CallPlaces:
    """At most *most* calls at once, and one more for a client that has none; *line* may wait."""

    def __init__(self, most: int, line: int) -> None:
        self._most = most
        self._held: Counter[str] = Counter()
        self._line: WaitingLine[None] = WaitingLine(line)

    @property
    def held(self) -> int:
        """How many calls are being made."""
        return self._held.total()

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """Hold a place for a call of *client*; raises :class:`CicakgError` (``server-busy``) where not even
        the line has one.
        """
        if self._may_have(client):
            self._held[client] += 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._leave(client)

    def _may_have(self, client: str) -> bool:
        return self.held < self._most or (self.held == self._most and not self._held[client])

    async def _wait(self, client: str) -> None:
        try:
            turn = self._line.join(client)
        except CicakgError as error:
            raise _busy() from error
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._leave(client)  # it came too late
            else:
                self._line.leave(client, turn)
            raise
        except CicakgError as error:
            raise _busy() from error

    def _leave(self, client: str) -> None:
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        while (found := self._line.next(self._may_have)) is not None:
            after, turn = found
            if not turn.done():
                self._held[after] += 1
                turn.set_result(None)


def full_error() -> CicakgError:
    """Queries hold as much of other servers' answers as they may."""
    return CicakgError(
        "server-busy",
        "Queries at work hold as many bytes of other servers' answers as may be held at once.",
        "Ask again in a few seconds.",
    )


def _busy() -> CicakgError:
    return CicakgError(
        "server-busy",
        "As many calls to other servers are being made as may be at once, and the line for more is full.",
        "Ask again in a few seconds.",
    )
