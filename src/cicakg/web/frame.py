"""Around every answer: a request id, the headers all answers share, HEAD, a record for log and figures, and
a net for our own faults.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cicakg.web.clients import client_address, client_key
from cicakg.web.problems import internal_problem, respond
from cicakg.web.protocol import ClientGone
from cicakg.web.records import Record, record_of
from cicakg.web.rendering import Renderer
from cicakg.web.upkeep import Upkeep

RawHeader: TypeAlias = tuple[bytes, bytes]


def _raw(headers: Mapping[str, str]) -> tuple[RawHeader, ...]:
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())


CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_EXPOSED: Final = (
    "Allow, Cicakg-Budget-Memory-Bytes, Cicakg-Budget-Result-Bytes, Cicakg-Budget-Rows, "
    "Cicakg-Budget-Seconds, Cicakg-Cache, Cicakg-Snapshot, Content-Language, Content-Length, ETag, Link, "
    "Location, Retry-After, Server-Timing, Vary, X-Request-Id"
)
# Public data, read-only; the one cookie there is holds a language. So any page may read it, but never
# together with Access-Control-Allow-Credentials.
_COMMON: Final = _raw(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": _EXPOSED,
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
)
_PREFLIGHT: Final = _raw(
    {
        "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
)
_LOG: Final = logging.getLogger("cicakg.web")


@dataclass(frozen=True, slots=True)
class Frame:
    """The middleware all requests pass."""

    app: ASGIApp
    renderer: Renderer
    upkeep: Upkeep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the application inside."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        record = self._record(scope)
        try:
            await self._answer(_inner(scope, record), receive, _Exchange(send, record))
        finally:
            record.milliseconds = (time.perf_counter() - started) * 1000
            self.upkeep.note(record)

    def _record(self, scope: Scope) -> Record:
        address = client_address(scope, self.upkeep.proxies)
        return Record(str(uuid4()), scope["method"], scope["path"], address, client_key(address))

    async def _answer(self, inner: Scope, receive: Receive, exchange: _Exchange) -> None:
        record = record_of(inner)
        try:
            await self.app(inner, receive, exchange.send)
        except ClientGone:
            record.outcome = "client-gone"
        except Exception:
            record.outcome = "internal"
            _LOG.exception("request %s failed: %s %s", record.request_id, record.method, record.path)
            if record.status is not None:
                raise
            problem = internal_problem(record.request_id)
            accept = Headers(scope=inner).get("accept")
            await respond(problem, accept, self.renderer)(inner, receive, exchange.send)


def _inner(scope: Scope, record: Record) -> Scope:
    """HEAD runs as GET inside; only the body stays behind."""
    is_head = record.method == "HEAD"
    own = {"request_id": record.request_id, "is_head": is_head, "record": record}
    state = {**scope.get("state", {}), **own}
    return {**scope, "method": "GET" if is_head else record.method, "state": state}


class _Exchange:
    """One answer on its way out."""

    def __init__(self, send: Send, record: Record) -> None:
        self._send = send
        self._record = record

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._record.status = message["status"]
            message = {**message, "headers": self._headers(list(message.get("headers", ())))}
        elif message["type"] == "http.response.body":
            if self._record.method == "HEAD":
                message = {**message, "body": b""}
            self._record.size += len(message.get("body", b""))
        await self._send(message)

    def _headers(self, headers: list[RawHeader]) -> list[RawHeader]:
        common = with_common(headers, _PREFLIGHT if self._record.method == "OPTIONS" else ())
        return [*common, (b"x-request-id", self._record.request_id.encode("ascii"))]


def with_common(headers: list[RawHeader], more: tuple[RawHeader, ...] = ()) -> list[RawHeader]:
    """Return *headers* with those all answers share and with *more*, where they say nothing else."""
    given = {name.lower() for name, _ in headers}
    return [*headers, *(one for one in (*_COMMON, *more) if one[0] not in given)]
