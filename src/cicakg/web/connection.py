"""What uvicorn's HTTP parser has to be helped with, connection by connection.

``uvicorn.Server(configure_server(create_app(pool, site)))`` is the server as it is meant.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import uuid4

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from cicakg.web.clients import client_key
from cicakg.web.entrance import Entrance, most_connections
from cicakg.web.joining import JoinedWrites
from cicakg.web.problems import PROBLEM_PAGES, PROBLEMS
from cicakg.web.replays import LONGEST_HEAD, mark_head, replays_of

HEAD_SECONDS: Final = 20.0
"""Until the head of a request must be complete; a client that drips it byte by byte is closed."""

HEAD_BYTES: Final = 128 * 1024
"""What the head of a request may have; the parser itself knows no bound."""

FIELD_BYTES: Final = 32 * 1024
"""What its header fields may have: each of them is read for every request."""

READING_SECONDS: Final = 30.0
"""How long a client may take no byte of its answer; then it is closed, and the answer's memory is free."""

_REFUSALS: Final = {
    "bad-request": (
        "The request is not HTTP/1.1 with one Host, or its address is over 64 KiB.",
        "Send a long query by POST, as application/sparql-query.",
    ),
    "head-too-large": (
        f"The header fields of the request are over {FIELD_BYTES} bytes, or its head over {HEAD_BYTES}.",
        "Send fewer or shorter header fields, and a long query by POST, as application/sparql-query.",
    ),
}
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_BODY: Final = frozenset({b"content-length", b"transfer-encoding", b"expect"})
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_UPGRADE: Final = re.compile(rb"^upgrade[ \t]*:[^\n]*\n", re.IGNORECASE | re.MULTILINE)


class HttpConnection(HttpToolsProtocol):
    """An HTTP/1.1 connection that mends two things in the head of a request before uvicorn's parser sees it.

    Raw non-ASCII bytes in the address, which curl and others send as they are typed, and which every parser
    uvicorn has refuses, are percent-encoded (RFC 3987, section 3.1). An offer to change the protocol, which
    Java's client makes with every request and which a server may pass over (RFC 9110, section 7.8), is taken
    out: the parser would take the body for the other protocol. So heads are told from bodies, also where a
    client sends the next request in one piece with the end of a body, as happens when the answer came before
    the body was read. Only behind a chunked body, whose end the parser alone knows, a head in one piece with
    it is not mended.
    """

    def __init__(self, *args: Any, entrance: Entrance, **kwargs: Any) -> None:  # noqa: ANN401  # uvicorn's own
        super().__init__(*args, **kwargs)
        self._entrance = entrance
        self._running: RequestResponseCycle | None = None
        self._joined: JoinedWrites | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self.client_key = ""
        self._is_in_head = True
        self._head = bytearray()
        self._request_head = b""
        self._body_left: int | None = 0  # None: the parser alone knows where it ends
        self._unbounded = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the head of the first request."""
        super().connection_made(transport)
        self.client_key = client_key(self.client[0]) if self.client else ""
        self._entrance.enter(self)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting, and let the request at work know, also where others came behind it."""
        self._forget_deadline()
        self.resume_writing()
        self._entrance.leave(self)
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """Whether no request is at work."""
        return self.cycle is None or self.cycle.response_complete

    def turn_away(self) -> None:
        """Close at once, whatever is still to be sent."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """The client does not take its answer as fast as it could be sent."""
        super().pause_writing()
        self._stalled = self.loop.call_later(READING_SECONDS, self.turn_away)

    def resume_writing(self) -> None:
        """It took what was held back."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Hold a head back until it is whole; a body passes as it is."""
        while data and not self.transport.is_closing():
            data = self._take_head(data) if self._is_in_head else self._take_body(data)

    def _take_head(self, data: bytes) -> bytes:
        """Take what *data* holds of a head; return what comes after it."""
        self._unset_keepalive_if_required()
        if self._deadline is None:
            self._expect_head()
        seen = len(self._head)
        self._head += data if seen else data.lstrip(b"\r\n")
        if not self._head:
            return b""
        end = _END_OF_HEAD.search(self._head, max(0, seen - 3))
        if end is None and len(self._head) > HEAD_BYTES:
            self._refuse("head-too-large")
        # Who speaks TLS here starts with no letter and would wait for ever.
        elif end is not None or not self._head[:1].isalpha():
            return self._pass_on(end.end() if end else len(self._head))
        return b""

    def _pass_on(self, end: int) -> bytes:
        """Give the parser the first *end* bytes of what has come, mended; return the rest."""
        head, rest = bytes(self._head[:end]), bytes(self._head[end:])
        self._head.clear()
        if not rest and self._replay(head):
            return b""
        self._request_head = b"" if rest else head
        head = mend_head(head)
        self._is_in_head = False
        super().data_received(head)
        return rest

    def _replay(self, head: bytes) -> bool:
        """Answer at once where these bytes were answered before, nothing else is at work or on its way out,
        and the answer is still kept.
        """
        replays = replays_of(self.app)
        if not replays or not self.is_idle or self.transport.get_write_buffer_size():
            return False
        answer = replays.answer(head, self.client, self.server_state.default_headers)
        if answer is None:
            return False
        self._forget_deadline()
        self.transport.write(answer)
        self.on_response_complete()
        return True

    def _mark_head(self) -> None:
        """Let the application remember its answer for these bytes, where they are all of the request."""
        head, self._request_head = self._request_head, b""  # the next head may reach the parser by itself
        is_plain = _BODY.isdisjoint(name for name, _ in self.headers)
        stays = self.parser.get_http_version() == "1.1" and self.parser.should_keep_alive()
        if head.startswith(b"GET ") and len(head) <= LONGEST_HEAD and is_plain and stays:
            mark_head(cast("Scope", self.scope), head)

    def _take_body(self, data: bytes) -> bytes:
        """Give the parser what *data* holds of a body; return what comes after it."""
        here = self._body_left or len(data)
        if self._deadline is not None:  # a head the parser reads by itself
            self._unbounded += here
        if self._unbounded > HEAD_BYTES:
            self._refuse("head-too-large")
        else:
            super().data_received(data[:here])
        return data[here:]

    def on_message_begin(self) -> None:
        """The parser is in a head, maybe one that followed a chunked body at once."""
        self._is_in_head = False
        self._body_left = None
        self._unbounded = 0
        if self._deadline is None:
            self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there in time, and says how long the body is."""
        self._forget_deadline()
        lengths = [int(value) for name, value in self.headers if name == b"content-length"]
        self._body_left = lengths[0] if lengths else None
        fault = _fault_of(self.parser.get_http_version(), self.headers)
        if fault is not None:
            self._refuse(fault)
        elif not self.transport.is_closing():
            self._mark_head()
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count the body."""
        if self._body_left is not None:
            self._body_left -= len(body)
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The next bytes are another request."""
        if not self.transport.is_closing():
            super().on_message_complete()
        self._is_in_head = True

    def on_response_complete(self) -> None:
        """The connection waits for another request, or begins with the next of those it has."""
        if self._joined is not None:
            self._joined.flush()
        self._entrance.become_idle(self)
        super().on_response_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401  # uvicorn's own
        self._running = cycle
        self._joined = JoinedWrites(cycle, self.transport)
        cycle.transport = cast("asyncio.Transport", self._joined)
        super()._start_asgi_task(cycle, app)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn says it in its log
        """Answer what is no HTTP."""
        self._refuse("bad-request")

    def _refuse(self, code: str) -> None:
        """Answer what does not reach the application in the shape of every other fault, and close. Behind a
        request that is still at work it is closed without a word, which would be taken for that one's answer.
        """
        running = self._running
        is_own = running is self.cycle and not (running and running.response_started)
        if (self.is_idle or is_own) and not self.transport.is_closing():
            self.transport.write(_refusal(code))
        self.transport.close()

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def mend_head(head: bytes) -> bytes:
    """Return *head* with its address in ASCII and without an offer of another protocol."""
    line, end, fields = head.partition(b"\n")
    line = _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line)
    return line + end + _UPGRADE.sub(b"", fields)


def configure_server(app: ASGIApp, stop_seconds: float = 10) -> uvicorn.Config:
    """Return how uvicorn is to serve *app*; the caller brings the socket. Answers at work have
    *stop_seconds* to finish when it stops.

    Headers that a proxy sets count for nothing, not even from this machine: anyone may forge them, and an
    operator with a proxy says the public address instead.
    """
    return uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=cast("type[asyncio.Protocol]", partial(HttpConnection, entrance=Entrance(most_connections()))),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=math.ceil(stop_seconds),
    )


def _fault_of(version: str, fields: Sequence[tuple[bytes, bytes]]) -> str | None:
    """Return the code of what is wrong with a head the parser took: RFC 9112, sections 2.3 (version), 3.2
    (exactly one Host) and 6.1 (a transfer coding other than chunked cannot be read).
    """
    if sum(len(name) + len(value) for name, value in fields) > FIELD_BYTES:
        return "head-too-large"
    hosts = sum(name == b"host" for name, _ in fields)
    if version not in {"1.0", "1.1"} or hosts > 1 or (version == "1.1" and not hosts):
        return "bad-request"
    codings = [value.strip().lower() for name, value in fields if name == b"transfer-encoding"]
    return None if codings in ([], [b"chunked"]) else "bad-request"


def _refusal(code: str) -> bytes:
    kind = PROBLEMS[code]
    detail, fix = _REFUSALS[code]
    members = {
        "type": PROBLEM_PAGES + code,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": f"urn:uuid:{uuid4()}",
        "code": code,
        "fix": fix,
    }
    body = json.dumps(members).encode() + b"\n"
    head = (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\n"
        "content-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
