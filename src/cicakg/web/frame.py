"""Around every answer: a request id, the headers all answers share, HEAD, and a net for our own faults."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cicakg.web.problems import internal_problem, respond
from cicakg.web.protocol import ClientGone
from cicakg.web.rendering import Renderer

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_EXPOSED: Final = (
    "Allow, Cicakg-Budget-Memory-Bytes, Cicakg-Budget-Result-Bytes, Cicakg-Budget-Seconds, "
    "Content-Language, Content-Length, ETag, Link, Location, Retry-After, Server-Timing, Vary, X-Request-Id"
)
# Public data, read-only, no cookies: any page may read it. Never together with Access-Control-Allow-
# Credentials.
_COMMON: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": _EXPOSED,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_LOG: Final = logging.getLogger("cicakg.web")


@dataclass(frozen=True, slots=True)
class Frame:
    """The middleware all requests pass."""

    app: ASGIApp
    renderer: Renderer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the application inside."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        inner, exchange = _prepare(scope, send)
        try:
            await self.app(inner, receive, exchange.send)
        except ClientGone:
            _LOG.info("the client of request %s went away", exchange.request_id)
        except Exception:
            _LOG.exception("request %s failed: %s %s", exchange.request_id, scope["method"], scope["path"])
            if exchange.has_started:
                raise
            problem = internal_problem(exchange.request_id)
            accept = Headers(scope=scope).get("accept")
            await respond(problem, accept, self.renderer)(inner, receive, exchange.send)


def _prepare(scope: Scope, send: Send) -> tuple[Scope, _Exchange]:
    """HEAD runs as GET inside; only the body stays behind."""
    is_head = scope["method"] == "HEAD"
    request_id = str(uuid4())
    state = {**scope.get("state", {}), "request_id": request_id, "is_head": is_head}
    inner = {**scope, "method": "GET" if is_head else scope["method"], "state": state}
    return inner, _Exchange(send, request_id, scope["method"])


class _Exchange:
    """One answer on its way out."""

    def __init__(self, send: Send, request_id: str, method: str) -> None:
        self._send = send
        self.request_id = request_id
        self._method = method
        self.has_started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            self._add_headers(MutableHeaders(scope=message))
        elif self._method == "HEAD" and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        common = {
            **_COMMON,
            **(_PREFLIGHT if self._method == "OPTIONS" else {}),
            "X-Request-Id": self.request_id,
        }
        for name, value in common.items():
            headers.setdefault(name, value)
