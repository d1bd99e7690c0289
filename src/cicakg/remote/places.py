"""Places for queries at a time, shared fairly: the rules of the built-in engine's pool."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import Final, Generic, TypeVar

from cicakg.errors import CicakgError
from cicakg.workers.endings import busy_error
from cicakg.workers.line import WaitingLine

SPARE: Final = 1
"""One more than the places, for a client that has none where others have all of them."""

_Place = TypeVar("_Place")


class Places(Generic[_Place]):
    """*size* places, and a waiting line of *line* for them. One place is one of the things :meth:`add`
    brings.
    """

    def __init__(self, size: int, line: int) -> None:
        self._size = size
        self._idle: deque[_Place] = deque()
        self._waiting: WaitingLine[_Place] = WaitingLine(line)
        self._held: Counter[str] = Counter()

    @property
    def idle(self) -> int:
        """Places nobody has."""
        return len(self._idle)

    @property
    def busy(self) -> int:
        """Places somebody has."""
        return self._held.total()

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return len(self._waiting)

    def add(self, place: _Place) -> None:
        """Bring a new place."""
        self._idle.append(place)
        self._serve_line()

    async def take(self, client: str, patience: float) -> _Place:
        """Return a place for *client*, after *patience* seconds in line at most; raises
        :class:`CicakgError` (``server-busy``) where there is none.
        """
        if self._idle and self._may_have(client):
            return self._give(client)
        turn = self._waiting.join(client)
        try:
            async with asyncio.timeout(patience):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.leave(client, turn.result())  # it came too late
            else:
                self._waiting.leave(client, turn)
            if isinstance(error, TimeoutError):
                raise busy_error() from None
            raise

    def leave(self, client: str, place: _Place | None) -> None:
        """Give a place back; ``None`` where it is spent."""
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        if place is not None:
            self._idle.append(place)
        self._serve_line()

    def refuse_waiting(self, error: CicakgError) -> None:
        """Send everyone in line away."""
        for turn in self._waiting.clear():
            if not turn.done():
                turn.set_exception(error)

    def clear(self) -> list[_Place]:
        """Take away the places nobody has."""
        idle = list(self._idle)
        self._idle.clear()
        return idle

    def _may_have(self, client: str) -> bool:
        busy = self.busy
        return busy < self._size or (busy < self._size + SPARE and not self._held[client])

    def _give(self, client: str) -> _Place:
        self._held[client] += 1
        return self._idle.popleft()

    def _serve_line(self) -> None:
        while self._idle and (found := self._waiting.next(self._may_have)) is not None:
            client, turn = found
            if not turn.done():
                turn.set_result(self._give(client))
