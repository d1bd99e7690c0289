"""Answers compressed on their way out, piece by piece, where that is worth it and the caller takes it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cicakg.errors import CicakgError
from cicakg.web.codings import Coding, Compressor, choose_coding
from cicakg.web.problems import problem_of, respond
from cicakg.web.rendering import Renderer

SMALLEST: Final = 1024
"""Bytes an answer must have to be compressed: below, headers and packets outweigh what is saved."""

_IN_THREAD: Final = 32 * 1024  # a larger piece would hold other clients up
_COMPRESSIBLE: Final = re.compile(
    r"text/|application/(?:[a-z.-]+\+)?(?:json|xml)\b|application/(?:n-triples|n-quads|trig|javascript)\b"
    r"|image/svg\+xml"
)


async def encode(coding: Coding, body: bytes) -> bytes:
    """Return *body* compressed; a large one in a thread, where the library lets others work meanwhile."""
    if len(body) < _IN_THREAD:
        return coding.encode(body)
    return await asyncio.to_thread(coding.encode, body)


@dataclass(frozen=True, slots=True)
class Compression:
    """The middleware. What the application has encoded by itself passes as it is; it finds the coding chosen
    under ``coding`` in the request's state, and under ``send_as_is`` a way past the middleware.
    """

    app: ASGIApp
    codings: tuple[Coding, ...]
    renderer: Renderer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose a coding and answer through the application inside."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        chosen = choose_coding(_joined(headers), self.codings)
        if chosen is None:
            await self._refuse(scope, receive, send)
            return
        coding = chosen if isinstance(chosen, Coding) else None
        scope["state"]["coding"] = coding
        scope["state"]["send_as_is"] = send
        outgoing = _Outgoing(send, coding, scope["state"]["is_head"])
        await self.app(scope, receive, outgoing.send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = CicakgError(
            "not-acceptable",
            "The request takes no content coding this server can write, and not the plain answer either.",
            f"Accept {' or '.join(one.name for one in self.codings)}, or leave identity;q=0 out.",
        )
        scope["state"]["record"].outcome = error.code
        problem = problem_of(error, scope["state"]["request_id"])
        if problem is None:
            raise error
        accept = Headers(scope=scope).get("accept")
        vary = {"Vary": "Accept, Accept-Encoding"}
        await respond(problem, accept, self.renderer, vary)(scope, receive, send)


def _joined(headers: Headers) -> str | None:
    values = headers.getlist("accept-encoding")
    return ",".join(values) if values else None


class _Outgoing:
    """One answer: its head is held back until the first piece says whether to compress."""

    def __init__(self, send: Send, coding: Coding | None, is_head: bool) -> None:
        self._send = send
        self._coding = coding
        self._is_head = is_head
        self._start: Message | None = None
        self._compressor: Compressor | None = None

    async def send(self, message: Message) -> None:
        """Take the next message of the application."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._send_first(start, message)
        elif self._compressor is not None:
            await self._send({**message, "body": await self._next(self._compressor, message)})
        else:
            await self._send(message)

    async def _send_first(self, start: Message, message: Message) -> None:
        headers = MutableHeaders(scope=start)
        if _is_compressible(start["status"], headers):
            _vary(headers)
            if self._coding is not None and _length(headers, message) >= SMALLEST:
                message = await self._begin(self._coding, headers, message)
        await self._send(start)
        await self._send(message)

    async def _begin(self, coding: Coding, headers: MutableHeaders, message: Message) -> Message:
        """Compress from here on; the length is known where this is all."""
        headers["Content-Encoding"] = coding.name
        _weaken(headers)
        self._compressor = coding.make()
        body = await self._next(self._compressor, message)
        if message.get("more_body", False) or (self._is_head and not message.get("body")):
            del headers["Content-Length"]
        else:
            headers["Content-Length"] = str(len(body))
        return {**message, "body": body}

    async def _next(self, compressor: Compressor, message: Message) -> bytes:
        piece = message.get("body", b"")
        work = compressor.compress if message.get("more_body", False) else partial(_finish, compressor)
        return work(piece) if len(piece) < _IN_THREAD else await asyncio.to_thread(work, piece)


def _finish(compressor: Compressor, last: bytes) -> bytes:
    return compressor.compress(last) + compressor.flush()


def _is_compressible(status: int, headers: MutableHeaders) -> bool:
    is_whole = status not in {204, 206, 304} and status >= 200
    may_change = "no-transform" not in headers.get("cache-control", "")
    is_plain = "content-encoding" not in headers
    return is_whole and is_plain and may_change and bool(_COMPRESSIBLE.match(headers.get("content-type", "")))


def _length(headers: MutableHeaders, first: Message) -> int:
    """Return how long the answer is, as far as it is known; what comes in pieces is long."""
    declared = headers.get("content-length")
    if declared is not None and declared.isascii() and declared.isdigit():
        return int(declared)
    return SMALLEST if first.get("more_body", False) else len(first.get("body", b""))


def _vary(headers: MutableHeaders) -> None:
    names = [name.strip() for name in headers.get("vary", "").split(",") if name.strip()]
    if "accept-encoding" not in {name.lower() for name in names}:
        headers["Vary"] = ", ".join([*names, "Accept-Encoding"])


def _weaken(headers: MutableHeaders) -> None:
    """A strong tag names the plain bytes (RFC 9110, section 8.8.3); these are others."""
    tag = headers.get("etag")
    if tag is not None and not tag.startswith("W/"):
        headers["ETag"] = f"W/{tag}"
