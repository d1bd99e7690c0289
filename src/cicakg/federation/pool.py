"""A pool whose queries may have SERVICE: the front makes the calls, a query process gets what came back.

A query is tried in a query process first, so that nothing is sent for one that would be refused. Every call
is made once, at the same time as the others, before the query is evaluated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from cicakg.errors import CicakgError
from cicakg.federation.calling import ByteAllowance, Call, Caller, CallError, Reply
from cicakg.sparql.outline import may_call_service
from cicakg.sparql.request import Federation, QueryRequest, ServiceAnswer
from cicakg.workers import Answer, SnapshotInfo
from cicakg.workers.endings import timeout_error
from cicakg.workers.messages import PoolLoad

_COLUMNS: Final = ("endpoint", "silent", "query", "line", "column")
_FIX: Final = "Ask it for less or later, or write SERVICE SILENT if the query makes sense without it."


class Evaluator(Protocol):
    """Evaluates queries elsewhere, as :class:`cicakg.workers.WorkerPool` does."""

    @property
    def info(self) -> SnapshotInfo:
        """The snapshot the answers come from."""

    def load(self) -> PoolLoad:
        """How busy it is."""

    async def run(self, request: QueryRequest) -> Answer:
        """Answer *request* or raise :class:`CicakgError`; cancelling stops the evaluation."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """One SERVICE clause as a query process found it; ``place`` says where, for a person."""

    call: Call
    is_silent: bool
    place: str


class FederatedPool:
    """A pool over *source* that carries out SERVICE with *caller*."""

    def __init__(self, source: Evaluator, caller: Caller) -> None:
        self._source = source
        self._caller = caller

    @property
    def info(self) -> SnapshotInfo:
        """The snapshot the answers come from."""
        return self._source.info

    def load(self) -> PoolLoad:
        """How busy the query processes are."""
        return self._source.load()

    async def run(self, request: QueryRequest) -> Answer:
        """Answer *request*; errors and cancelling as the source, and ``service-failed`` or
        ``service-timeout`` where an endpoint is at fault. The time of the query is counted over all of it.
        """
        if not may_call_service(request.query):
            return await self._source.run(request)
        clock = _Clock(request.budget.seconds)
        planned = await self._plan(request, clock)
        if not planned:
            return await self._run(request, clock)
        with self._caller.allowance() as bytes_left:
            answers = await self._fetch(planned, request, clock, bytes_left)
            return await self._run(replace(request, federation=Federation(answers)), clock)

    async def _run(self, request: QueryRequest, clock: _Clock) -> Answer:
        """Run *request* in the time that is left."""
        seconds = clock.left()
        try:
            return await self._source.run(replace(request, budget=replace(request.budget, seconds=seconds)))
        except CicakgError as error:
            if error.code == "query-timeout":
                raise timeout_error(request.budget.seconds) from error
            raise

    async def _plan(self, request: QueryRequest, clock: _Clock) -> list[_Planned]:
        """Have the query tried, and return the calls it makes, all of them allowed."""
        answer = await self._run(replace(request, federation=Federation()), clock)
        with answer.file as file:
            rows = parse_query_results(file, QueryResultsFormat.JSON)
            if not isinstance(rows, QuerySolutions):
                raise TypeError("a table of calls is a table")
            found = [{name: row[name].value for name in _COLUMNS} for row in rows]
        planned = [self._allowed(one) for one in found]
        most = self._caller.limits.calls
        if len({one.call for one in planned}) > most:
            raise CicakgError(
                "query-service-refused",
                f"The query would make more than the {most} calls to other servers that one may make.",
                "Ask in parts, or put what is asked of one endpoint into one SERVICE clause.",
            )
        return planned

    def _allowed(self, told: Mapping[str, str]) -> _Planned:
        place = f"line {told['line']}, column {told['column']}"
        endpoint = self._caller.allowed.find(told["endpoint"])
        if endpoint is None:
            allowed = ", ".join(f"<{one}>" for one in self._caller.allowed.prefixes)
            raise CicakgError(
                "query-service-refused",
                f"SERVICE <{told['endpoint']}> ({place}) is not what this server may call, "
                f"which is what begins with {allowed}.",
                "Ask the other server yourself, and bring its values in with VALUES.",
            )
        asked = f"{told['query']}\nLIMIT {self._caller.limits.rows + 1}"
        return _Planned(Call(endpoint, asked), told["silent"] == "True", place)

    async def _fetch(
        self,
        planned: Sequence[_Planned],
        request: QueryRequest,
        clock: _Clock,
        bytes_left: ByteAllowance,
    ) -> tuple[ServiceAnswer, ...]:
        """Make every call once and return what each clause gets."""
        deadline = clock.at(self._caller.limits.share_of_time)
        hushed = {one.call: True for one in planned}
        for one in planned:
            hushed[one.call] &= one.is_silent
        calls = {
            call: asyncio.ensure_future(self._call(call, is_silent, request.client, bytes_left, deadline))
            for call, is_silent in hushed.items()
        }
        try:
            await asyncio.wait(calls.values(), return_when=asyncio.FIRST_EXCEPTION)
            replies = {call: task.result() for call, task in calls.items() if task.done()}
        finally:
            for task in calls.values():
                task.cancel()
            await asyncio.gather(*calls.values(), return_exceptions=True)
        nodes = _nodes(request.base)
        return tuple(_answer(replies[one.call], f"{nodes}{n}-") for n, one in enumerate(planned))

    async def _call(
        self, call: Call, is_silent: bool, client: str, bytes_left: ByteAllowance, deadline: float
    ) -> Reply | None:
        try:
            return await self._caller.call(call, client, bytes_left, deadline)
        except CallError as error:
            if is_silent and not error.is_ours:
                return None
            raise CicakgError(error.code, f"The endpoint <{call.endpoint}> {error.reason}.", _FIX) from error


class _Clock:
    """The time of one query, over all that is done for it."""

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._start = self._loop.time()

    def left(self) -> float:
        """Return the seconds that are left; raises :class:`CicakgError` where none are."""
        left = self._start + self._seconds - self._loop.time()
        if left <= 0:
            raise timeout_error(self._seconds)
        return left

    def at(self, part: float) -> float:
        """Return when *part* of the time that is left will be over."""
        return self._loop.time() + part * self.left()


def _answer(reply: Reply | None, nodes: str) -> ServiceAnswer:
    return (
        ServiceAnswer(None, 0, nodes) if reply is None else ServiceAnswer(reply.body, reply.most_rows, nodes)
    )


def _nodes(base: str | None) -> str:
    """Return how the IRIs begin that stand for the blank nodes of one query's answers: at the address asked
    (RDF 1.1 Concepts, section 3.5), new each time.
    """
    asked = urlsplit(base or "")
    here = f"{asked.scheme}://{asked.netloc}/.well-known/genid/" if asked.netloc else "urn:uuid:"
    return f"{here}{uuid4()}#"
