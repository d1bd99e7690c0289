"""Style sheets and fonts: served from here, and kept by browsers as long as their address stays the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from cicakg.web.rendering import STATIC

# The build names each font by its content: noto-sans-latin-400.09aee8065d25.woff2.
_NAMED: Final = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


@dataclass(frozen=True, slots=True)
class Assets:
    """The application under ``/static``. ``digest`` is what pages put behind ``?`` in an asset's address."""

    files: StaticFiles
    digest: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file; only an address that changes with the file may be kept for ever."""
        is_named = _NAMED.search(scope["path"]) is not None
        is_current = scope.get("query_string", b"").decode("latin-1") == self.digest

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in {200, 304}:
                kept = _FOR_EVER if is_named or is_current else _ASK_AGAIN
                MutableHeaders(scope=message)["Cache-Control"] = kept
            await send(message)

        await self.files(scope, receive, send_on)


def make_assets(digest: str) -> Assets:
    """Return the assets of this package."""
    return Assets(StaticFiles(directory=STATIC), digest)
