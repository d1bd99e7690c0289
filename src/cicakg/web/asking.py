"""Asking the query workers, for the endpoint and for the pages; a caller who hangs up stops the query."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

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

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Row: TypeAlias = Mapping[str, Term]

# What the pages read: formats that keep every term as it is.
PAGE_FORMATS = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}


async def run_while_connected(pool: KeepingPool, request: QueryRequest, receive: Receive) -> GivenAnswer:
    """Run *request* and stop it when the caller hangs up first; then raise :class:`ClientGone`."""
    work = asyncio.ensure_future(pool.run(request))
    watch = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise ClientGone
    finally:
        watch.cancel()
        if not work.done():
            await _abandon(work)


async def _abandon(work: asyncio.Future[GivenAnswer]) -> None:
    """Cancel *work* and wait until the worker is gone; an answer that came at the last moment is closed."""
    work.cancel()
    with suppress(asyncio.CancelledError, Exception):
        (await work).file.close()


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


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
