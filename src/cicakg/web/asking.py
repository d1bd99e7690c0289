"""Asking the query workers, for the endpoint and for the pages; a caller who hangs up stops the query."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from starlette.types import Receive

from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.web.keeping import GivenAnswer, KeepingPool
from cicakg.web.pools import PoolAnswer
from cicakg.web.protocol import ClientGone

_BEFORE_LOOKING: Final = 0.01  # seconds
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Row: TypeAlias = Mapping[str, Term]

# What the pages read: formats that keep every term as it is.
PAGE_FORMATS = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}


async def run_while_connected(pool: KeepingPool, request: QueryRequest, receive: Receive) -> GivenAnswer:
    """Run *request* and stop it when the caller hangs up first; then raise :class:`ClientGone`.

    Most answers are there before it is worth a task of its own to look whether the caller still is.
    """
    watch = _Watch(receive)
    looking = asyncio.get_running_loop().call_later(_BEFORE_LOOKING, watch.start)
    try:
        return await pool.run(request)
    except asyncio.CancelledError:
        if watch.has_cancelled():
            raise ClientGone from None
        raise
    finally:
        looking.cancel()
        watch.stop()


class _Watch:
    """Cancels the task it is made in when the caller has hung up."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._work = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._is_gone = False

    def start(self) -> None:
        """Look from now on."""
        self._watching = asyncio.ensure_future(self._wait_for_disconnect())

    def stop(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()

    def has_cancelled(self) -> bool:
        """Say whether the work was cancelled because the caller is gone, and by nobody else."""
        return self._is_gone and self._work is not None and self._work.uncancel() == 0

    async def _wait_for_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self._work is not None:
            self._is_gone = True
            self._work.cancel()


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks on behalf of one page request of *client*."""

    pool: KeepingPool
    budget: Budget
    receive: Receive
    client: str

    async def answer(self, query: str) -> PoolAnswer:
        """Return the answer to *query* in the formats the pages read; the caller closes it."""
        asked = QueryRequest(query, PAGE_FORMATS, budget=self.budget, client=self.client)
        return await run_while_connected(self.pool, asked, self.receive)

    async def rows(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT *query*."""
        answer = await self.answer(query)
        try:
            return list(read_rows(answer)[1])
        finally:
            answer.file.close()

    async def triples(self, query: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT *query*, each once."""
        answer = await self.answer(query)
        try:
            return list(dict.fromkeys(read_triples(answer)))
        finally:
            answer.file.close()

    async def is_true(self, query: str) -> bool:
        """Return the answer to an ASK *query*."""
        answer = await self.answer(query)
        try:
            return read_boolean(answer)
        finally:
            answer.file.close()


def read_rows(answer: PoolAnswer) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Return the variables and, one by one, the solutions of *answer*; unbound variables are absent from a
    row.
    """
    parsed = parse_query_results(answer.file, QueryResultsFormat.JSON)
    if not isinstance(parsed, QuerySolutions):
        raise TypeError("the answer holds no solutions")
    names = tuple(variable.value for variable in parsed.variables)
    return names, ({n: s[n] for n in names if s[n] is not None} for s in parsed)


def read_boolean(answer: PoolAnswer) -> bool:
    """Return the boolean of *answer*."""
    parsed = parse_query_results(answer.file, QueryResultsFormat.JSON)
    if not isinstance(parsed, QueryBoolean):
        raise TypeError("the answer is no boolean")
    return bool(parsed)


def read_triples(answer: PoolAnswer) -> Iterator[Triple]:
    """Return the triples of *answer* one by one."""
    return (quad.triple for quad in parse(answer.file, RdfFormat.N_TRIPLES))
