"""How many connections there may be, and whose goes when there are too many."""

from __future__ import annotations

import resource
from typing import Final, Protocol

_MOST: Final = 8192
_OWN_FILES: Final = 256  # what workers, queries at work and the log may hold
_FILES_EACH: Final = 2  # a connection, and the file its answer may stand in


class Guest(Protocol):
    """A connection as the entrance sees it."""

    @property
    def client_key(self) -> str:
        """Whose it is, as the waiting line counts clients."""

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a request."""

    def turn_away(self) -> None:
        """Close it at once; it leaves thereafter."""


class Entrance:
    """Counts the connections of each client, *most* in all.

    Who comes when that many are there takes the place of the client with most of them: of its connection
    that has been idle for the longest, else of its oldest. A client that is that one itself loses an idle
    connection of its own, or is not let in.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._guests: dict[str, dict[Guest, None]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def enter(self, guest: Guest) -> None:
        """Let *guest* in, or turn it away."""
        if self._count >= self.most:
            self._make_room(guest)
        self._guests.setdefault(guest.client_key, {})[guest] = None
        self._count += 1

    def leave(self, guest: Guest) -> None:
        """Forget *guest*; one that left already is forgotten."""
        own = self._guests.get(guest.client_key, {})
        if guest not in own:
            return
        del own[guest]
        self._count -= 1
        if not own:
            del self._guests[guest.client_key]

    def become_idle(self, guest: Guest) -> None:
        """Put *guest* behind those of its client that have been idle for longer."""
        own = self._guests.get(guest.client_key, {})
        if guest in own:
            del own[guest]
            own[guest] = None

    def _make_room(self, guest: Guest) -> None:
        largest = max(self._guests, key=lambda client: len(self._guests[client]))
        theirs = self._guests[largest]
        is_larger = len(theirs) > len(self._guests.get(guest.client_key, ())) + 1
        idle = next((one for one in theirs if one.is_idle), None)
        spent = idle if idle is not None or not is_larger else next(iter(theirs))
        if spent is None:
            guest.turn_away()
        else:
            spent.turn_away()
            self.leave(spent)


def most_connections() -> int:
    """How many connections the open files this process may have allow."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(16, min(_MOST, (allowed - _OWN_FILES) // _FILES_EACH))


def raise_file_limit() -> None:
    """Let this process open as many files as it may allow itself; the usual start is far below."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OWN_FILES + _FILES_EACH * _MOST
    if soft != resource.RLIM_INFINITY and soft < wanted:
        high = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, high), hard))
