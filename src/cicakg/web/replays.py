"""Answers given again to the same bytes: a request that was answered from the result cache is recognised by
its whole head, and neither read nor negotiated again.

Nothing is decided here. What the endpoint decided for these bytes holds as long as the snapshot does, to
which a :class:`Replays` belongs, and as long as the answer is kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.types import Scope

from cicakg.web.clients import client_address, client_key
from cicakg.web.frame import RawHeader, with_common
from cicakg.web.keeping import Kept
from cicakg.web.records import Record
from cicakg.web.upkeep import Upkeep

LONGEST_HEAD: Final = 4096
"""Bytes of a head that is remembered."""

LARGEST_BODY: Final = 32 * 1024
"""Bytes of an answer that is given again at once; a larger one goes the way that watches slow readers."""

_MOST: Final = 1024
_NAME: Final = "cicakg.head"


@dataclass(frozen=True, slots=True)
class Replay:
    """What was answered to a head: the headers that are the same each time, and what the log says of it."""

    key: str
    coding: str
    start: bytes
    path: str
    query: str
    headers: Sequence[RawHeader]

    def body_of(self, kept: Kept) -> bytes | None:
        """Return the answer as it was sent, ``None`` where it is not kept in that coding any more."""
        return kept.encoded.get(self.coding) if self.coding else kept.body


class Replays:
    """Replays by head, for one snapshot."""

    def __init__(self, upkeep: Upkeep) -> None:
        self._upkeep = upkeep
        self._known: OrderedDict[bytes, Replay] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def remember(
        self, scope: Scope, record: Record, key: str, coding: str, headers: Iterable[RawHeader], size: int
    ) -> None:
        """Remember what the request *scope* was answered: the answer kept under *key*, in *coding*, with
        *headers*.
        """
        head = head_of(scope)
        if head is None or size > LARGEST_BODY or head in self._known:
            return
        sent = [one for one in with_common(list(headers)) if one[0] != b"content-length"]
        start = b"".join(b"%b: %b\r\n" % one for one in sent)
        self._known[head] = Replay(key, coding, start, record.path, record.query, tuple(scope["headers"]))
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def answer(
        self, head: bytes, client: tuple[str, int] | None, headers: Iterable[RawHeader]
    ) -> bytes | None:
        """Return the whole answer to *head* that *client* sent, with *headers* of the server's own before the
        others; ``None`` where it is not known. Counts and logs the request as any other.
        """
        known = self._known.get(head)
        if known is None:
            return None
        started = time.perf_counter()
        kept = self._upkeep.cache.find(known.key)
        body = known.body_of(kept) if kept is not None else None
        if body is None:
            del self._known[head]
            return None
        self._known.move_to_end(head)
        self._upkeep.cache.hits += 1
        request_id = str(uuid4())
        first = b"".join(b"%b: %b\r\n" % one for one in headers)
        answer = b"HTTP/1.1 200 OK\r\n%b%bcontent-length: %d\r\nx-request-id: %b\r\n\r\n%b" % (
            first,
            known.start,
            len(body),
            request_id.encode("ascii"),
            body,
        )
        self._note(known, request_id, client, len(body), started)
        return answer

    def _note(
        self, known: Replay, request_id: str, client: tuple[str, int] | None, size: int, started: float
    ) -> None:
        scope = {"client": client, "headers": known.headers}
        address = client_address(scope, self._upkeep.proxies)
        record = Record(request_id, "GET", known.path, address, client_key(address), 200, size)
        record.outcome, record.cache, record.query = "answered", "hit", known.query
        record.milliseconds = (time.perf_counter() - started) * 1000
        self._upkeep.note(record)


def mark_head(scope: Scope, head: bytes) -> None:
    """Let the application know the bytes *scope* was read from; they are all there is of the request."""
    scope["extensions"] = {_NAME: {"head": head}}


def head_of(scope: Scope) -> bytes | None:
    """Return the bytes *scope* was read from, where the connection says that they are all of the request."""
    found = scope.get("extensions", {}).get(_NAME)
    return found["head"] if found else None


def replays_of(app: object) -> Replays | None:
    """Return the replays of *app*, an application of :func:`cicakg.web.app.create_app` or a switchboard."""
    found = getattr(getattr(app, "state", None), "replays", None)
    return found if isinstance(found, Replays) else None
