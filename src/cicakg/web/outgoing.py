"""Large answers on their way out: how many bytes of them there may be while their readers take their time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cicakg.errors import CicakgError
from cicakg.sparql.request import MEBIBYTE

LARGE: Final = MEBIBYTE // 4
"""Bytes up to which an answer is not counted: a connection holds about as much by itself."""

DEFAULT_BYTES: Final = 1024 * MEBIBYTE
_SHARE_OF_ONE: Final = 2  # one client has at most this part of the bytes


class Outgoing:
    """Counts the bytes of large answers that are being sent, *most* in all, half of it to one client.

    An answer stays in memory until its reader has taken it, and a reader may be slow on purpose. An answer
    that alone is larger than the share of a client is let through while that client has no other.
    """

    def __init__(self, most: int = DEFAULT_BYTES) -> None:
        self.most = most
        self._held: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """The bytes being sent."""
        return self._held.total()

    @contextmanager
    def hold(self, client: str, size: int) -> Iterator[None]:
        """Count *size* bytes for *client* while they are sent; raises :class:`CicakgError` where these are
        too many.
        """
        counted = size if size > LARGE else 0
        if counted and self._is_full(client, counted):
            raise CicakgError(
                "server-busy",
                "Too many large answers are still being read.",
                "Read those you asked for, then ask again; or ask for less.",
            )
        self._held[client] += counted
        try:
            yield
        finally:
            self._held[client] -= counted
            if not self._held[client]:
                del self._held[client]

    def _is_full(self, client: str, size: int) -> bool:
        own = self._held[client]
        is_over_share = own > 0 and own + size > self.most // _SHARE_OF_ONE
        others = self.size - own
        return is_over_share or (others > 0 and others + own + size > self.most)
