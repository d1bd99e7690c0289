"""The waiting line for places: bounded, and fair between clients.

Clients take turns, however many questions each has in line. A full line is shared out too: who comes for a
first place in it takes that of the client who has most of it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from cicakg.workers.endings import busy_error

_Place = TypeVar("_Place")


class WaitingLine(Generic[_Place]):
    """Those who wait for a place, by client. *most* is how many may wait in all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turns: OrderedDict[str, deque[asyncio.Future[_Place]]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def join(self, client: str) -> asyncio.Future[_Place]:
        """Return a turn at the end of *client*'s own row; raises :class:`CicakgError` where there is no
        room.
        """
        if self._length >= self._most:
            self._make_room(client)
        turn: asyncio.Future[_Place] = asyncio.get_running_loop().create_future()
        self._turns.setdefault(client, deque()).append(turn)
        self._length += 1
        return turn

    def leave(self, client: str, turn: asyncio.Future[_Place]) -> None:
        """Give up a turn; one that was given or refused already is not in line any more."""
        row = self._turns.get(client)
        if row is None or turn not in row:
            return
        row.remove(turn)
        self._forget(client)

    def next(self, may: Callable[[str], bool]) -> tuple[str, asyncio.Future[_Place]] | None:
        """Take the next turn out of line, of a client that *may* have a place now; that client comes last
        thereafter.
        """
        client = next((one for one in self._turns if may(one)), None)
        if client is None:
            return None
        turn = self._turns[client].popleft()
        self._turns.move_to_end(client)
        self._forget(client)
        return client, turn

    def clear(self) -> Iterator[asyncio.Future[_Place]]:
        """Empty the line; yield every turn that was in it."""
        rows = list(self._turns.values())
        self._turns.clear()
        self._length = 0
        for row in rows:
            yield from row

    def _forget(self, client: str) -> None:
        self._length -= 1
        if not self._turns[client]:
            del self._turns[client]

    def _make_room(self, client: str) -> None:
        """Send away the last turn of the client with the longest row, where that one is longer than
        *client*'s would be.
        """
        longest = max(self._turns, key=lambda one: len(self._turns[one]), default=None)
        if longest is None or len(self._turns[longest]) <= len(self._turns.get(client, ())) + 1:
            raise busy_error()
        turn = self._turns[longest].pop()
        self._forget(longest)
        if not turn.done():
            turn.set_exception(busy_error())
