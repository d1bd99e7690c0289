"""Answers kept to be given again: a result cache bounded in bytes, in front of the query workers.

An answer is named by the snapshot's fingerprint, the query in its normal text, its graphs, base and formats
(:func:`cicakg.web.tags.answer_key`); the snapshot never changes, so what was kept never goes stale. Kept are
complete answers only. Equal questions asked at the same time are evaluated once.
"""

from __future__ import annotations

import asyncio
import io
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from cicakg.errors import CicakgError
from cicakg.sparql.formats import Format, ResultKind
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.web.outgoing import Outgoing
from cicakg.web.pools import PoolAnswer, PoolInfo, PoolLoad, QueryPool
from cicakg.web.tags import answer_key

DEFAULT_BYTES: Final = 64 * MEBIBYTE
_LARGEST: Final = 8 * MEBIBYTE  # reading more into memory at once would hold other clients up
_SHARE_OF_ONE: Final = 4  # no answer takes more than this part of the cache
_OVERHEAD: Final = 1024  # what an entry costs beside its bytes


@dataclass(eq=False, slots=True)
class Kept:
    """One answer in memory; ``encoded`` holds it once more for each content coding that was asked for."""

    key: str
    kind: ResultKind
    format: Format
    body: bytes
    encoded: dict[str, bytes] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        """The bytes it takes."""
        return _OVERHEAD + len(self.body) + sum(map(len, self.encoded.values()))


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer on its way out. ``source`` says where it came from: ``hit`` (kept), ``miss`` (evaluated, now
    kept if it was not too large), ``shared`` (evaluated for another who asked the same), ``off`` (never
    kept). ``kept`` is the answer in memory, ``None`` where it stands in its file only.
    """

    kind: ResultKind
    format: Format
    size: int
    file: BinaryIO
    source: str
    kept: Kept | None = None


class ResultCache:
    """Complete answers by key, at most *most* bytes of them; the one not asked for the longest goes first.

    Beside them, in ``outgoing``, the bytes of the answers that are being sent.
    """

    def __init__(self, most: int = DEFAULT_BYTES, outgoing: Outgoing | None = None) -> None:
        self.most = most
        self.outgoing = outgoing or Outgoing()
        self.size = 0
        self.hits = 0
        self.misses = 0
        self.evictions = 0
        self._entries: OrderedDict[str, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def largest(self) -> int:
        """How large an answer may be to be kept."""
        return min(_LARGEST, self.most // _SHARE_OF_ONE - _OVERHEAD)

    def find(self, key: str) -> Kept | None:
        """Return what is kept under *key*."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def keep(self, entry: Kept) -> None:
        """Keep *entry*, in the place of one with the same key."""
        self._drop(entry.key)
        self._entries[entry.key] = entry
        self.size += entry.cost
        self._shrink()

    def add_encoded(self, entry: Kept, coding: str, body: bytes) -> None:
        """Keep *entry* in a content coding too, if it is still here."""
        if self._entries.get(entry.key) is entry and coding not in entry.encoded:
            entry.encoded[coding] = body
            self.size += len(body)
            self._shrink()

    def _shrink(self) -> None:
        while self.size > self.most:
            self.evictions += 1
            self._drop(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        gone = self._entries.pop(key, None)
        self.size -= gone.cost if gone is not None else 0


@dataclass(eq=False, slots=True)
class _Flight:
    """One evaluation and how many wait for it. Its answer is in memory, or in a file that one can have."""

    task: asyncio.Task[Kept | PoolAnswer]
    waiting: int = 0
    is_taken: bool = False

    async def abandon(self) -> None:
        """Nobody waits any more: stop the evaluation, close what it may have brought."""
        self.task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            found = await self.task
            if not isinstance(found, Kept) and not self.is_taken:
                found.file.close()


class KeepingPool:
    """A pool that looks into *cache* before it asks *source*."""

    def __init__(self, source: QueryPool, cache: ResultCache) -> None:
        self.source = source
        self.cache = cache
        self._flights: dict[tuple[str, Budget], _Flight] = {}

    @property
    def info(self) -> PoolInfo:
        """The snapshot the answers come from."""
        return self.source.info

    def load(self) -> PoolLoad:
        """How busy the workers are."""
        return self.source.load()

    def find(self, key: str | None, budget: Budget) -> GivenAnswer | None:
        """Return the kept answer with *key*, where it is within *budget*."""
        kept = self.cache.find(key) if key is not None else None
        if kept is None or len(kept.body) > budget.result_bytes:
            return None
        self.cache.hits += 1
        return _given(kept, "hit")

    async def run(self, request: QueryRequest) -> GivenAnswer:
        """Answer *request* from what is kept or by a worker; errors and cancelling as the workers' pool."""
        key = answer_key(request, self.info.fingerprint) if self.cache.most else None
        if key is None:
            return _passed(await self.source.run(request), "off")
        return self.find(key, request.budget) or await self._share(request, key)

    async def _share(self, request: QueryRequest, key: str) -> GivenAnswer:
        """Wait for the one evaluation of *request*, started here or by another who asked the same."""
        flight = self._flights.get((key, request.budget))
        is_first = flight is None
        if flight is None:
            self.cache.misses += 1
            flight = _Flight(asyncio.ensure_future(self._evaluate(request, key)))
            self._flights[key, request.budget] = flight
        flight.waiting += 1
        try:
            found = await asyncio.shield(flight.task)
            return self._take(flight, found, is_first) or _passed(await self.source.run(request), "miss")
        except CicakgError as error:
            if is_first or not error.code.startswith("server-"):
                raise
            # The line was full for the other one, which says nothing of this client's turn.
            return _passed(await self.source.run(request), "miss")
        finally:
            await self._leave(flight, (key, request.budget))

    async def _leave(self, flight: _Flight, place: tuple[str, Budget]) -> None:
        flight.waiting -= 1
        if self._flights.get(place) is flight and (flight.task.done() or not flight.waiting):
            del self._flights[place]
        if not flight.waiting:
            await flight.abandon()

    def _take(self, flight: _Flight, found: Kept | PoolAnswer, is_first: bool) -> GivenAnswer | None:
        source = "miss" if is_first else "shared"
        if isinstance(found, Kept):
            return _given(found, source)
        if flight.is_taken:
            return None
        flight.is_taken = True
        return _passed(found, source)

    async def _evaluate(self, request: QueryRequest, key: str) -> Kept | PoolAnswer:
        fingerprint = self.info.fingerprint
        answer = await self.source.run(request)
        if answer.size > self.cache.largest or self.info.fingerprint != fingerprint:
            return answer
        with answer.file as file:
            kept = Kept(key, answer.kind, answer.format, file.read())
        if len(kept.body) != answer.size:
            raise EOFError("the answer's file is not as long as the pool said")
        self.cache.keep(kept)
        return kept


def _given(kept: Kept, source: str) -> GivenAnswer:
    return GivenAnswer(kept.kind, kept.format, len(kept.body), io.BytesIO(kept.body), source, kept)


def _passed(answer: PoolAnswer, source: str) -> GivenAnswer:
    return GivenAnswer(answer.kind, answer.format, answer.size, answer.file, source)
