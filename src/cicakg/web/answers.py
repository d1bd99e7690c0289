"""A complete answer on its way from its file to the client, a piece at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cicakg.web.pools import PoolAnswer

_CHUNK: Final = 256 * 1024


class AnswerResponse(Response):
    """Sends the answer of a query and closes it. The length is known, since the answer is complete."""

    def __init__(self, answer: PoolAnswer, headers: Mapping[str, str]) -> None:
        super().__init__(
            headers={
                **headers,
                "Content-Length": str(answer.size),
                "Content-Type": answer.format.content_type,
            }
        )
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        """Send headers and body; of a HEAD request the headers only."""
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            await self._send_body(send, 0 if scope["state"]["is_head"] else self._answer.size)
        finally:
            self._answer.file.close()

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
