"""What the web tests play with: a pool that evaluates nothing, a client without a network, a real server."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from cicakg.sparql.formats import ResultKind, format_named
from cicakg.sparql.request import QueryRequest
from cicakg.web.app import create_app
from cicakg.web.connection import configure_server
from cicakg.web.site import Site
from cicakg.web.upkeep import Upkeep
from cicakg.workers.messages import Answer, PoolLoad, SnapshotInfo
from cicakg.workers.pool import WorkerPool


@dataclass
class PlayedPool:
    """A pool that evaluates nothing: it keeps what it was asked and answers what the test says."""

    kind: ResultKind = ResultKind.BOOLEAN
    body: bytes = b'{"head":{},"boolean":true}'
    error: Exception | None = None
    waits: bool = False
    asked: list[QueryRequest] = field(default_factory=list)
    cancelled: int = 0
    info: SnapshotInfo = field(default_factory=lambda: SnapshotInfo("f" * 64, 42))

    def load(self) -> PoolLoad:
        """Nobody is busy."""
        return PoolLoad(idle=1)

    async def run(self, request: QueryRequest) -> Answer:
        """Answer as the test says."""
        self.asked.append(request)
        if self.waits:
            await self._wait()
        if self.error is not None:
            raise self.error
        written = format_named(request.formats[self.kind])
        assert written is not None
        return Answer(self.kind, written, len(self.body), io.BytesIO(self.body))

    async def _wait(self) -> None:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


@dataclass(frozen=True)
class AppClient:
    """Asks an application directly, without a network. It follows no redirect and sends no Accept of its
    own.
    """

    app: FastAPI

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        """Send one request and return its answer."""
        return asyncio.run(self._request(method, path, headers, content))

    def get(self, path: str, **headers: str) -> httpx.Response:
        """GET *path*; ``accept_language="ar"`` is the header ``Accept-Language: ar``."""
        return self.request("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, content: bytes, content_type: str | None, **headers: str) -> httpx.Response:
        """POST *content* to *path*."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request(
            "POST", path, sent | ({"content-type": content_type} if content_type else {}), content
        )

    async def _request(
        self, method: str, path: str, headers: Mapping[str, str] | None, content: bytes | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://toy.test") as client:
            client.headers.pop("accept")
            return await client.request(method, path, headers=headers, content=content)


class Live:
    """The real application under uvicorn over real workers, in a thread of its own."""

    def __init__(self, data: Path, site: Site, upkeep: Upkeep | None = None) -> None:
        self._data = data
        self._site = site
        self._upkeep = upkeep or Upkeep()
        self._ready = threading.Event()
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.port = 0

    @property
    def address(self) -> str:
        """The address of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Return when the server answers."""
        self._thread.start()
        assert self._ready.wait(60), "the server did not start"

    def stop(self) -> None:
        """Stop the server and its workers."""
        assert self._server is not None
        self._server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive(), "the server did not stop"

    async def _serve(self) -> None:
        pool = await WorkerPool.start(self._data, 2)
        try:
            config = configure_server(create_app(pool, self._site, self._upkeep))
            self._server = uvicorn.Server(config)
            announcing = asyncio.create_task(self._announce(self._server))
            await self._server.serve()
            await announcing
        finally:
            await pool.close()

    async def _announce(self, server: uvicorn.Server) -> None:
        while not server.started:
            await asyncio.sleep(0.01)
        self.port = server.servers[0].sockets[0].getsockname()[1]
        self._ready.set()


ServeData = Callable[[Path], Live]
