"""``/sparql``: the SPARQL 1.1 Protocol as a plain ASGI application.

The request is read once (:mod:`cicakg.web.protocol`), the formats are chosen once
(:mod:`cicakg.web.negotiation`), a worker evaluates, and no status is sent before the answer is complete.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from pyoxigraph import RdfFormat, serialize
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cicakg.errors import CicakgError
from cicakg.metadata import service_description
from cicakg.sparql.formats import ResultKind, format_named
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.web.addresses import asked_address
from cicakg.web.answers import AnswerResponse
from cicakg.web.asking import run_while_connected
from cicakg.web.keeping import GivenAnswer, KeepingPool
from cicakg.web.negotiation import accepted_formats, is_page_preferred, named_formats
from cicakg.web.problems import problem_of, respond
from cicakg.web.protocol import (
    Parameters,
    has_dataset,
    lowered,
    read_address,
    read_graphs,
    read_post,
    the_query,
    update_refused,
)
from cicakg.web.records import record_of
from cicakg.web.rendering import Renderer
from cicakg.web.replays import Replays
from cicakg.web.site import Site
from cicakg.web.tags import answer_key, is_known, make_etag, tag_of

PATHS: Final = ("/sparql", "/sparql/")
METHODS: Final = "GET, HEAD, POST, OPTIONS"
VARY: Final = "Accept, Accept-Encoding"
_MOST_THROWN_AWAY: Final = 8  # times the most a body may have


@dataclass(frozen=True, slots=True)
class Shortcut:
    """The middleware that passes requests to *endpoint* at once: to look for their route among all others
    takes as long as to read the query.
    """

    app: ASGIApp
    endpoint: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the endpoint, or by the application inside."""
        is_query = scope["type"] == "http" and scope["path"] in PATHS and not scope.get("root_path")
        await (self.endpoint if is_query else self.app)(scope, receive, send)


@dataclass(frozen=True, slots=True)
class SparqlEndpoint:
    """The ASGI application. It holds no state of its own."""

    pool: KeepingPool
    site: Site
    renderer: Renderer
    replays: Replays | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        try:
            await self._answer(request, receive, send, scope)
        except CicakgError as error:
            problem = problem_of(error, scope["state"]["request_id"])
            if problem is None:
                raise
            record_of(scope).outcome = error.code
            accept = request.headers.get("accept")
            await respond(problem, accept, self.renderer, self._problem_headers(error, scope))(
                scope, receive, send
            )

    def _problem_headers(self, error: CicakgError, scope: Scope) -> dict[str, str]:
        headers = {"Vary": VARY}
        if error.code == "method-not-allowed":
            headers["Allow"] = METHODS
        if error.code in {"body-too-large", "body-too-slow"} and not self._is_worth_reading(error, scope):
            headers["Connection"] = "close"
        if error.code.startswith(("query-", "server-", "engine-", "service-")):
            headers |= _budget_headers(scope["state"].get("budget", self.site.budget))
        return headers

    def _is_worth_reading(self, error: CicakgError, scope: Scope) -> bool:
        """Say whether the rest of a body is read and thrown away. A connection that is closed before its
        client has sent everything is reset, and the client may never see the answer.
        """
        declared = Headers(scope=scope).get("content-length", "")
        is_known = declared.isascii() and declared.isdigit() and error.code == "body-too-large"
        return is_known and int(declared) <= _MOST_THROWN_AWAY * self.site.limits.body_bytes

    async def _answer(self, request: Request, receive: Receive, send: Send, scope: Scope) -> None:
        if request.method == "OPTIONS":
            await Response(status_code=204, headers={"Allow": METHODS})(scope, receive, send)
            return
        if request.method not in {"GET", "POST"}:
            raise CicakgError(
                "method-not-allowed",
                f"{request.method} is not a method of the SPARQL endpoint, which is read-only.",
                "Use GET, or POST with a query.",
            )
        parameters = read_address(scope["query_string"], self.site.limits)
        if request.method == "POST":
            parameters = await read_post(parameters, request.headers, receive, self.site.limits)
        elif (simple := self._without_evaluation(request, parameters)) is not None:
            await simple(scope, receive, send)
            return
        await self._evaluate(request, parameters, receive, send)

    def _without_evaluation(self, request: Request, parameters: Parameters) -> Response | None:
        """Return the answer to a GET that needs no worker: a browser goes to the page, no query gets the
        description.
        """
        if parameters.has("update"):
            raise update_refused()
        accept = request.headers.get("accept")
        if not parameters.has("format") and is_page_preferred(accept):
            query = request.scope["query_string"].decode("latin-1")
            place = f"{request.scope.get('root_path', '')}/query" + (f"?{query}" if query else "")
            return RedirectResponse(place, 303, {"Vary": VARY})
        if not parameters.has("query") and not has_dataset(parameters):
            lowered(self.site.budget, parameters.all("timeout"))  # what is wrong is wrong here too
            return self._describe_service(request, parameters)
        return None

    def _describe_service(self, request: Request, parameters: Parameters) -> Response:
        formats = _formats(parameters, request.headers.get("accept"))
        if ResultKind.GRAPH not in formats:
            raise CicakgError(
                "query-not-acceptable",
                "Without a query this address describes the service in RDF, "
                "and none of its formats is accepted.",
                "Accept text/turtle, or send a query.",
            )
        chosen = format_named(formats[ResultKind.GRAPH])
        if chosen is None or not isinstance(chosen.engine, RdfFormat):
            raise TypeError("a graph format is written by an RDF serialiser")
        address = asked_address(request, self.site.public_url)
        body = serialize(
            service_description(address, self.pool.info.void, bool(self.site.services)),
            format=chosen.engine,
            prefixes=dict(self.site.prefixes),
        )
        made_of = (self.pool.info.fingerprint, self.site.version, address, *self.site.services)
        tag = make_etag(*made_of, chosen.name)
        headers = {"ETag": tag, "Vary": VARY, "Cache-Control": "no-cache"}
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=chosen.content_type)

    async def _evaluate(self, request: Request, parameters: Parameters, receive: Receive, send: Send) -> None:
        asked = self._read_query(request, parameters)
        record = record_of(request.scope)
        record.query = asked.query
        request.scope["state"]["budget"] = asked.budget
        key = answer_key(asked, self.pool.info.fingerprint)
        headers = self._headers(key, asked.budget)
        if key and request.method == "GET" and is_known(request, headers["ETag"]):
            await Response(status_code=304, headers=headers)(request.scope, receive, send)
            return
        started = time.perf_counter()
        answer = self.pool.find(key, asked.budget) or await run_while_connected(self.pool, asked, receive)
        record.outcome, record.cache = "answered", answer.source
        headers["Server-Timing"] = f"query;dur={(time.perf_counter() - started) * 1000:.1f}"
        await self._give(answer, headers)(request.scope, receive, send)

    def _headers(self, key: str | None, budget: Budget) -> dict[str, str]:
        headers = {"Vary": VARY, **_budget_headers(budget)}
        if self.pool.info.fingerprint:
            headers["Cicakg-Snapshot"] = self.pool.info.fingerprint
        if key is None:
            return {**headers, "Cache-Control": "no-store"}
        return {**headers, "Cache-Control": "no-cache", "ETag": tag_of(key)}

    def _give(self, answer: GivenAnswer, headers: dict[str, str]) -> Response:
        headers["Cicakg-Cache"] = answer.source
        return AnswerResponse(answer, headers, self.pool.cache, self.replays)

    def _read_query(self, request: Request, parameters: Parameters) -> QueryRequest:
        query = the_query(parameters)
        formats = _formats(parameters, request.headers.get("accept"))
        if not formats:
            raise CicakgError(
                "query-not-acceptable",
                f"No result can be written as “{request.headers.get('accept')}” asks.",
                "Accept application/sparql-results+json for SELECT and ASK, "
                "text/turtle for CONSTRUCT and DESCRIBE, "
                "or use ?format= with json, xml, csv, tsv, turtle, ntriples, jsonld, rdfxml, trig or nquads.",
            )
        return QueryRequest(
            query,
            formats,
            read_graphs(parameters, "default-graph-uri"),
            read_graphs(parameters, "named-graph-uri"),
            lowered(self.site.budget, parameters.all("timeout")),
            asked_address(request, self.site.public_url),
            record_of(request.scope).client,
        )


def _formats(parameters: Parameters, accept: str | None) -> dict[ResultKind, str]:
    named = parameters.all("format")
    return named_formats(named) if any(named) else accepted_formats(accept)


def _budget_headers(budget: Budget) -> dict[str, str]:
    return {
        "Cicakg-Budget-Seconds": f"{budget.seconds:g}",
        "Cicakg-Budget-Memory-Bytes": str(budget.memory_bytes),
        "Cicakg-Budget-Result-Bytes": str(budget.result_bytes),
        "Cicakg-Budget-Rows": str(budget.result_rows),
    }
