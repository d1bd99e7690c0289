"""The pool of a server whose queries another engine evaluates.

For each query one process reads it (:mod:`cicakg.remote.transcriber`), the engine is asked over HTTP, and the
same process writes the answer anew. Before it is given away the engine is asked whether its data are still
those the answer was promised from.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from cicakg.errors import CicakgError
from cicakg.remote.addresses import EngineAddress
from cicakg.remote.engine import Engine, Given, encode_form
from cicakg.remote.faults import changed_error, incomplete_error, loading_error
from cicakg.remote.places import SPARE, Places
from cicakg.remote.questions import Question
from cicakg.remote.scribes import Scribe
from cicakg.remote.states import EngineState, look_at_status, read_again, read_state
from cicakg.sparql.formats import Format, ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.workers import Answer, PoolLoad, SnapshotInfo, WorkerError
from cicakg.workers.endings import stopping_error, timeout_error
from cicakg.workers.evaluation import choose_format
from cicakg.workers.files import result_file
from cicakg.workers.frames import Message

WATCHED_EVERY: Final = 2.0
"""Seconds between two looks whether the engine's data are still the same."""

_GRACE: Final = 2.0  # seconds after the deadline when an engine is to stop by itself, where it can be told
_PAUSE: Final = 1.0  # seconds before a process that did not start is tried again
_LOG: Final = logging.getLogger("cicakg.engine")


@dataclass(eq=False, slots=True)
class _Place:
    """A place: the process that reads and writes for whoever has it. ``is_sound`` says that it waits for
    orders, and is not in the middle of one.
    """

    scribe: Scribe
    is_sound: bool = True


class EngineView:
    """The engine as it was when it was looked at: a pool whose answers all come from that state of it, or
    are refused with ``engine-changed``.
    """

    def __init__(self, pool: EnginePool, state: EngineState) -> None:
        self._pool = pool
        self.state = state

    @property
    def info(self) -> SnapshotInfo:
        """What is known of the data; the fingerprint is empty where nobody vouches for them."""
        return self.state.info

    def load(self) -> PoolLoad:
        """How busy the pool is."""
        return self._pool.load()

    async def run(self, request: QueryRequest) -> Answer:
        """Answer *request* or raise :class:`CicakgError`; cancelling drops the engine's connection."""
        return await self._pool.run(request, self.state)


@dataclass(eq=False, slots=True)
class _Counts:
    starting: int = 0
    given_up: int = 0


class EnginePool:
    """*size* queries at a time to one engine, and a waiting line of *line* more."""

    def __init__(self, address: EngineAddress, size: int, line: int) -> None:
        self._engine = Engine(address)
        self._size = size
        self._places: Places[_Place] = Places(size, line)
        self._counts = _Counts()
        self._tasks: set[asyncio.Task[None]] = set()
        self._queries: set[asyncio.Task[Answer]] = set()
        self._is_closing = False

    @classmethod
    async def start(cls, address: EngineAddress, size: int, line: int = 64) -> tuple[EnginePool, EngineView]:
        """Return a pool and the engine as it is now; raises :class:`CicakgError` where it does not answer."""
        pool = cls(address, size, line)
        try:
            view = await pool.look()
            await pool._add_places(size + SPARE)
        except BaseException:
            await pool.close()
            raise
        return pool, view

    def load(self) -> PoolLoad:
        """Return how much there is to do at the moment."""
        return PoolLoad(
            idle=self._places.idle,
            busy=self._places.busy,
            starting=self._counts.starting,
            waiting=self._places.waiting,
            given_up=self._counts.given_up,
        )

    async def look(self, known: EngineState | None = None) -> EngineView:
        """Return the engine as it is now; *known* is how it was."""
        if known is None:
            return EngineView(self, await read_state(self._engine))
        return EngineView(self, await read_again(self._engine, known))

    async def watch(self, view: EngineView, changed: Callable[[EngineView], Awaitable[None]]) -> None:
        """Look at the engine again and again; tell *changed* of each new state of its data."""
        is_there = True
        while True:
            await asyncio.sleep(WATCHED_EVERY)
            try:
                found = await self.look(view.state)
            except CicakgError as error:
                if is_there:
                    _LOG.error("the engine cannot be looked at: %s", error.detail)
                is_there = False
                continue
            if not is_there:
                _LOG.info("the engine answers again")
            is_there = True
            if found.state != view.state:
                view = found
                await changed(view)

    async def run(self, request: QueryRequest, state: EngineState) -> Answer:
        """Answer *request* from the engine in *state*."""
        task = asyncio.ensure_future(self._run(request, state))
        self._queries.add(task)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # by close
                raise stopping_error() from None
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                (await task).close()
            raise
        finally:
            self._queries.discard(task)

    async def close(self) -> None:
        """Take no more queries, end those at work with ``server-stopping``, and end every process."""
        self._is_closing = True
        self._places.refuse_waiting(stopping_error())
        for query in self._queries:
            query.cancel()
        await asyncio.gather(*self._queries, return_exceptions=True)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for place in self._places.clear():
            await place.scribe.end()
        await self._engine.close()

    # One query

    async def _run(self, request: QueryRequest, state: EngineState) -> Answer:
        if self._is_closing:
            raise stopping_error()
        if state.is_loading:
            raise loading_error()
        place = await self._places.take(request.client, request.budget.seconds)
        try:
            async with asyncio.timeout(request.budget.seconds):
                return await self._answer(request, state, place)
        except TimeoutError:
            raise timeout_error(request.budget.seconds) from None
        finally:
            self._leave(request.client, place)

    async def _answer(self, request: QueryRequest, state: EngineState, place: _Place) -> Answer:
        file = result_file()
        try:
            async with _at_work(place):
                question = await place.scribe.question(request, state.holdings, file)
            chosen = _format(question, request, state)
            async with self._engine.ask(
                _form(question, request, state), question.kind, request.budget
            ) as given:
                order = _order(question, chosen, given, state)
                async with _at_work(place):
                    size = await place.scribe.transcribe(order, request.budget, given.pieces, file)
            await self._confirm(state)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return Answer(question.kind, chosen, size, file)

    async def _confirm(self, state: EngineState) -> None:
        """Make sure that the data did not change since *state* was read; where nobody vouches for them there
        is nothing to ask.
        """
        if state.status is None:
            return
        status, _ = await look_at_status(self._engine)
        if status != state.status:
            raise changed_error()

    # Places

    def _leave(self, client: str, place: _Place) -> None:
        if place.is_sound and place.scribe.is_alive and not self._is_closing:
            self._places.leave(client, place)
            return
        self._places.leave(client, None)
        self._counts.given_up += 1
        self._begin(self._replace(place))

    async def _replace(self, spent: _Place) -> None:
        await spent.scribe.end()
        while not self._is_closing:
            try:
                await self._add_place()
                break
            except (OSError, TimeoutError, WorkerError, CicakgError):
                _LOG.exception("a process that reads and writes answers did not start")
                await asyncio.sleep(_PAUSE)

    async def _add_places(self, number: int) -> None:
        """Start *number* processes at once; none is left behind where one does not start."""
        started = [self._add_place() for _ in range(number)]
        for found in await asyncio.gather(*started, return_exceptions=True):
            if isinstance(found, BaseException):
                raise found

    async def _add_place(self) -> None:
        self._counts.starting += 1
        try:
            place = _Place(await Scribe.start())
        finally:
            self._counts.starting -= 1
        self._places.add(place)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@asynccontextmanager
async def _at_work(place: _Place) -> AsyncIterator[None]:
    """Mark *place* as in the middle of an order. An order that was refused is over; one that was broken off
    by a deadline or the caller leaves the process where nobody knows.
    """
    place.is_sound = False
    try:
        yield
    except CicakgError:
        place.is_sound = True
        raise
    place.is_sound = True


def _format(question: Question, request: QueryRequest, state: EngineState) -> Format:
    """Return what the answer is to be written in; a graph that may be cut unseen is none."""
    if question.kind is ResultKind.GRAPH and state.limits.cuts_unseen:
        raise incomplete_error(
            "the engine is set to cut results (ResultSetMaxRows) and does not say when it has cut a graph"
        )
    return choose_format(question.kind, request.formats)


def _form(question: Question, request: QueryRequest, state: EngineState) -> bytes:
    named = question.named_graphs
    parts = [
        encode_form(
            question.text, question.default_graphs or (), () if isinstance(named, str) else named or ()
        )
    ]
    if isinstance(named, str):
        parts.append(state.names)
    if state.dialect.stop_after is not None and not state.limits.stops_itself:
        # Later than the deadline, so that nobody takes for an answer what Virtuoso has by then: it stops a
        # query that nobody waits for only when it has a row to send. A limit of its own is better, since
        # Virtuoso then says that there is no answer; told a time besides, it sends a part.
        seconds = request.budget.seconds + _GRACE
        parts.append(f"{state.dialect.stop_after}={math.ceil(seconds * 1000)}".encode("ascii"))
    return b"&".join(parts)


def _order(question: Question, chosen: Format, given: Given, state: EngineState) -> Message:
    cuts = [one for one in (given.head.cut_at, state.limits.cut_at) if one is not None]
    return {
        "kind": question.kind,
        "format": chosen.name,
        "cut_at": min(cuts, default=None),
        "dialect": state.dialect.name,
    }
