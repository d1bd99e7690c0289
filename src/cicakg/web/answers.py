"""A complete answer on its way to the client: from memory at once, from its file a piece at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cicakg.web.codings import Coding
from cicakg.web.compression import SMALLEST, encode
from cicakg.web.keeping import GivenAnswer, Kept, ResultCache
from cicakg.web.records import record_of
from cicakg.web.replays import Replays

_CHUNK: Final = 256 * 1024


class AnswerResponse(Response):
    """Sends the answer of a query and closes it. The length is known, since the answer is complete.

    An answer that is kept is compressed once and kept so in *cache*; all others are left to
    :class:`cicakg.web.compression.Compression`.
    """

    def __init__(
        self,
        answer: GivenAnswer,
        headers: Mapping[str, str],
        cache: ResultCache,
        replays: Replays | None = None,
    ) -> None:
        super().__init__(
            headers={
                **headers,
                "Content-Length": str(answer.size),
                "Content-Type": answer.format.content_type,
            }
        )
        self._answer = answer
        self._cache = cache
        self._replays = replays

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        """Send headers and body; of a HEAD request the headers only."""
        try:
            with self._cache.outgoing.hold(record_of(scope).client, self._answer.size):
                await self._send(scope, send)
            self._remember(scope)
        finally:
            self._answer.file.close()

    def _remember(self, scope: Scope) -> None:
        """Let the same request be answered at once next time, if this one could be from what is kept."""
        kept, coding = self._answer.kept, self.headers.get("Content-Encoding", "")
        record = record_of(scope)
        is_again = self._answer.source == "hit" and record.method == "GET"
        if self._replays is not None and kept is not None and is_again:
            self._replays.remember(scope, record, kept.key, coding, self.raw_headers, len(kept.body))

    async def _send(self, scope: Scope, send: Send) -> None:
        is_head, coding, kept = scope["state"]["is_head"], scope["state"]["coding"], self._answer.kept
        if kept is not None and coding is not None and len(kept.body) >= SMALLEST:
            await self._send_encoded(send, kept, coding, is_head)
            return
        if coding is None or self._answer.size < SMALLEST:
            send = scope["state"].get("send_as_is", send)  # nothing is to be compressed, and Vary is there
        await self._send_start(send)
        await self._send_body(send, 0 if is_head else self._answer.size)

    async def _send_start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})

    async def _send_encoded(self, send: Send, kept: Kept, coding: Coding, is_head: bool) -> None:
        body = kept.encoded.get(coding.name)
        if body is None:
            body = await encode(coding, kept.body)
            self._cache.add_encoded(kept, coding.name, body)
        self.headers["Content-Encoding"] = coding.name
        self.headers["Content-Length"] = str(len(body))
        await self._send_start(send)
        rest = memoryview(b"" if is_head else body)
        while len(rest) > _CHUNK:  # what is handed over at once is copied for each slow reader
            await send({"type": "http.response.body", "body": bytes(rest[:_CHUNK]), "more_body": True})
            rest = rest[_CHUNK:]
        await send({"type": "http.response.body", "body": bytes(rest), "more_body": False})

    async def _send_body(self, send: Send, left: int) -> None:
        file = self._answer.file
        while left > _CHUNK:
            # A large answer may come from a disk; reading it must not hold up the other clients.
            piece = await asyncio.to_thread(file.read, _CHUNK)
            if not piece:
                raise EOFError("the answer's file is shorter than the pool said")
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send(
            {"type": "http.response.body", "body": file.read(left) if left else b"", "more_body": False}
        )
