"""What uvicorn's HTTP parser has to be helped with, connection by connection.

``uvicorn.Server(configure_server(create_app(pool, site)))`` is the server as it is meant.
"""

from __future__ import annotations

import asyncio
import json
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
    out: the parser would take the body for the other protocol. Of requests sent in one go, without waiting
    for answers, only the first is mended.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # uvicorn's own arguments
        super().__init__(*args, **kwargs)
        self._is_in_head = True
        self._head = bytearray()
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
        """Hold the head back until it is whole; a body passes as it is."""
        if not self._is_in_head:
            super().data_received(data)
            return
        self._unset_keepalive_if_required()
        if self._deadline is None:
            self._expect_head()
        seen = len(self._head)
        self._head += data if seen else data.lstrip(b"\r\n")
        if not self._head:
            return
        end = _END_OF_HEAD.search(self._head, max(0, seen - 3))
        if end is None and len(self._head) > HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")
        # Who speaks TLS here starts with no letter and would wait for ever.
        elif end is not None or not self._head[:1].isalpha():
            self._pass_on(end.end() if end else 0)

    def _pass_on(self, end: int) -> None:
        """Give the parser what has come, its first *end* bytes mended."""
        head, rest = mend_head(bytes(self._head[:end])), bytes(self._head[end:])
        self._head.clear()
        self._is_in_head = False
        super().data_received(head + rest)

    def on_headers_complete(self) -> None:
        """The head is there in time."""
        self._forget_deadline()
        super().on_headers_complete()

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


def configure_server(app: ASGIApp) -> uvicorn.Config:
    """Return how uvicorn is to serve *app*; the caller brings the socket.

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
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
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
