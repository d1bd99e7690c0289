"""One address, one snapshot after the other: each request belongs wholly to the application it began with."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(eq=False, slots=True)
class Generation:
    """An application over one snapshot, and how many requests it is at work on."""

    app: ASGIApp
    users: int = 0
    unused: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self.users += 1
        self.unused.clear()
        try:
            await self.app(scope, receive, send)
        finally:
            self.users -= 1
            if not self.users:
                self.unused.set()

    async def wait_until_unused(self, seconds: float) -> bool:
        """Wait until no request is at work, *seconds* at most; say whether that is so."""
        if self.users:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.unused.wait(), seconds)
        return not self.users


class Switchboard:
    """The ASGI application that passes each request to the current generation."""

    def __init__(self, app: ASGIApp) -> None:
        self._current = Generation(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, from its beginning to its end by one application."""
        await self._current.answer(scope, receive, send)

    @property
    def state(self) -> object:
        """What the current application keeps (Starlette's ``state``), ``None`` where it has none."""
        return getattr(self._current.app, "state", None)

    def switch(self, app: ASGIApp) -> Generation:
        """Let *app* answer from the next request on; return what answered before, to be closed when it is
        unused.
        """
        spent, self._current = self._current, Generation(app)
        return spent
