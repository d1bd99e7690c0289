"""What uvicorn's HTTP parser has to be helped with, connection by connection.

``uvicorn.Server(configure_server(create_app(pool, site)))`` is the server as it is meant.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cicakg.web.problems import PROBLEM_PAGES, PROBLEMS

HEAD_SECONDS: Final = 20.0
"""Until the head of a request must be complete; a client that drips it byte by byte is closed."""

HEAD_BYTES: Final = 128 * 1024
"""What the head of a request may have; the parser itself knows no bound."""

_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # uvicorn's own arguments
        super().__init__(*args, **kwargs)
        self._is_in_head = True
        self._head = bytearray()
        self._body_left: int | None = 0  # None: the parser alone knows where it ends
        self._unbounded = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the head of the first request."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._forget_deadline()
        super().connection_lost(exc)

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
            self.send_400_response("The head of the request is too large.")
        # Who speaks TLS here starts with no letter and would wait for ever.
        elif end is not None or not self._head[:1].isalpha():
            return self._pass_on(end.end() if end else len(self._head))
        return b""

    def _pass_on(self, end: int) -> bytes:
        """Give the parser the first *end* bytes of what has come, mended; return the rest."""
        head, rest = mend_head(bytes(self._head[:end])), bytes(self._head[end:])
        self._head.clear()
        self._is_in_head = False
        super().data_received(head)
        return rest

    def _take_body(self, data: bytes) -> bytes:
        """Give the parser what *data* holds of a body; return what comes after it."""
        here = self._body_left or len(data)
        if self._deadline is not None:  # a head the parser reads by itself
            self._unbounded += here
        if self._unbounded > HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")
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
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count the body."""
        if self._body_left is not None:
            self._body_left -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The next bytes are another request."""
        super().on_message_complete()
        self._is_in_head = True

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn says it in its log
        """Answer what is no HTTP in the shape of every other fault."""
        body = _problem_body()
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
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
        http=HttpConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=math.ceil(stop_seconds),
    )


def _problem_body() -> bytes:
    kind = PROBLEMS["bad-request"]
    members = {
        "type": PROBLEM_PAGES + "bad-request",
        "title": kind.title,
        "status": kind.status,
        "detail": "The request is not HTTP/1.1, or its address is over 64 KiB or its head over 128 KiB.",
        "code": "bad-request",
        "fix": "Send a long query by POST, as application/sparql-query.",
    }
    return json.dumps(members).encode() + b"\n"
