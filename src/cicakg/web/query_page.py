"""The query page: a form, the result as a table with labels, and the fault at its place with the query
kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind, formats_of
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.web.asking import PAGE_FORMATS, Term, read_boolean, read_rows, read_triples, run_while_connected
from cicakg.web.pools import PoolAnswer
from cicakg.web.problems import Problem, problem_of
from cicakg.web.protocol import Parameters, lowered, read_address, read_graphs, the_query
from cicakg.web.records import record_of
from cicakg.web.terms import TermView
from cicakg.web.visits import Parts, Visit, open_visit

ROWS_SHOWN: Final = 1000
# A page is to stay small; a cell takes about 150 bytes of it.
_CELLS_SHOWN: Final = 1200
# What the server process itself reads of a result to make a page; downloads have the whole budget.
_PAGE_BYTES: Final = 16 * MEBIBYTE
_KEPT: Final = ("default-graph-uri", "named-graph-uri", "timeout", "lang")


@dataclass(frozen=True, slots=True)
class Download:
    """The same result in a file format."""

    name: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class Result:
    """A result as the page shows it; ``is_cut`` says that only the first rows are shown."""

    kind: ResultKind
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Term | None]]
    is_cut: bool
    boolean: bool | None
    size: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class QueryPage:
    """The handler of ``/query``."""

    parts: Parts

    async def show(self, request: Request) -> Response:
        """The query form; with ?query=… also its result, as a table with labels beside the IRIs."""
        visit = open_visit(self.parts, request)
        asked = read_address(request.scope["query_string"], self.parts.site.limits)
        try:
            lowered(self.parts.site.budget, asked.all("timeout"))
            if not (asked.first("query") or "").strip():
                return self._page(visit, asked, None, None, [], 200)
            result = await self._run(visit, asked)
        except CicakgError as error:
            problem = problem_of(error, request.scope["state"]["request_id"])
            if problem is None:
                raise
            record_of(request.scope).outcome = error.code
            # A page, as a browser, always gets its formats: only the size of what is shown may stand in the
            # way.
            status = 200 if error.code == "query-result-too-large" else problem.kind.status
            return self._page(visit, asked, None, problem, [], status)
        return self._page(visit, asked, result, None, await self._cells(visit, result), 200)

    async def _run(self, visit: Visit, asked: Parameters) -> Result:
        budget = lowered(self.parts.site.budget, asked.all("timeout"))
        request = QueryRequest(
            the_query(asked),
            PAGE_FORMATS,
            read_graphs(asked, "default-graph-uri"),
            read_graphs(asked, "named-graph-uri"),
            replace(budget, result_bytes=min(_PAGE_BYTES, budget.result_bytes)),
            f"{visit.origin}/sparql",
            visit.client,
        )
        record_of(visit.request.scope).query = request.query
        started = time.perf_counter()
        answer = await run_while_connected(self.parts.pool, request, visit.request.receive)
        try:
            record_of(visit.request.scope).outcome = "answered"
            record_of(visit.request.scope).cache = answer.source
            return read_result(answer, (time.perf_counter() - started) * 1000)
        finally:
            answer.file.close()

    async def _cells(self, visit: Visit, result: Result) -> list[list[TermView | None]]:
        names = await visit.names(cell for row in result.rows for cell in row if cell is not None)
        return [[None if cell is None else names.view(cell) for cell in row] for row in result.rows]

    def _page(  # the page has these parts
        self,
        visit: Visit,
        asked: Parameters,
        result: Result | None,
        problem: Problem | None,
        cells: Sequence[Sequence[TermView | None]],
        status: int,
    ) -> Response:
        return visit.passing_page(
            "query.html",
            status,
            query=asked.first("query") or "",
            kept=[(name, value) for name, value in asked.pairs if name in _KEPT and value],
            result=result,
            cells=cells,
            problem=problem,
            downloads=_downloads(asked, result, visit.root) if result else [],
            budget=_stated(self.parts.site.budget, asked),
            examples=self.parts.site.examples[:8],
        )


def _stated(budget: Budget, asked: Parameters) -> Budget:
    try:
        return lowered(budget, asked.all("timeout"))
    except CicakgError:
        return budget


def _downloads(asked: Parameters, result: Result, root: str) -> list[Download]:
    kept = [(name, value) for name, value in asked.pairs if name in {"query", *_KEPT} - {"lang"}]
    return [
        Download(one.name, one.media_type, f"{root}/sparql?{urlencode([*kept, ('format', one.name)])}")
        for one in formats_of(result.kind)
    ]


def read_result(answer: PoolAnswer, milliseconds: float) -> Result:
    """Read the first rows of *answer*; the rest stays unread."""
    if answer.kind is ResultKind.BOOLEAN:
        return Result(answer.kind, (), (), False, read_boolean(answer), answer.size, milliseconds)
    columns, rows = _table(answer)
    shown = list(islice(rows, min(ROWS_SHOWN, max(1, _CELLS_SHOWN // max(1, len(columns))))))
    is_cut = next(iter(rows), None) is not None
    return Result(answer.kind, columns, shown, is_cut, None, answer.size, milliseconds)


def _table(answer: PoolAnswer) -> tuple[tuple[str, ...], chain[Sequence[Term | None]]]:
    if answer.kind is ResultKind.GRAPH:
        triples = ((one.subject, one.predicate, one.object) for one in read_triples(answer))
        return ("subject", "predicate", "object"), chain(triples)
    names, rows = read_rows(answer)
    return names, chain([row.get(name) for name in names] for row in rows)
