"""What ``cicakg serve --engine`` serves: the data another engine holds, one state of them after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Final

from fastapi import FastAPI

from cicakg.cli.server import Serving, site_of
from cicakg.errors import CicakgError
from cicakg.remote.addresses import EngineAddress
from cicakg.remote.pool import EnginePool, EngineView
from cicakg.web.app import create_app
from cicakg.web.switchboard import Switchboard

_LOG: Final = logging.getLogger("cicakg.engine")


class EngineSnapshots:
    """The engine at *address*, looked at again and again: where its data change, the next request is answered
    by an application over the new ones, and one that has begun ends on the old ones or with
    ``engine-changed``.
    """

    pool: EngineView
    _board: Switchboard

    def __init__(self, serving: Serving, address: EngineAddress) -> None:
        self._serving = serving
        self._address = address
        self._engine: EnginePool | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> Switchboard:
        """Look at the engine; raises :class:`CicakgError` where it does not answer."""
        serving = self._serving
        self._engine, self.pool = await EnginePool.start(self._address, serving.workers, serving.line)
        self._board = Switchboard(await self._application(self.pool))
        self._begin(self._engine.watch(self.pool, self._serve))
        return self._board

    def ask_reload(self) -> None:
        """Read what is in the dataset's folder (texts, examples) again, and look at the engine."""
        if self._engine is not None:
            self._begin(self._reload(self._engine))

    async def close(self) -> None:
        """Take no more queries; those at work hear that the server stops."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._engine is not None:
            await self._engine.close()

    async def _reload(self, engine: EnginePool) -> None:
        result = "failed"
        with suppress(asyncio.CancelledError):
            try:
                await self._serve(await engine.look())
                result = "ok"
            except (CicakgError, OSError) as error:
                _LOG.error("nothing was read again: %s", error)
            self._serving.upkeep.metrics.reloads[result] += 1

    async def _serve(self, view: EngineView) -> None:
        """Let the next request be answered from *view*."""
        self._board.switch(await self._application(view))
        self.pool = view
        if view.state.is_loading:
            _LOG.warning("data are being put into the engine; until that is done no query is answered")
        else:
            _LOG.info(
                "now serving snapshot %s of the engine", view.info.fingerprint or "(nobody vouches for)"
            )

    async def _application(self, view: EngineView) -> FastAPI:
        return await asyncio.to_thread(self._make_app, view)

    def _make_app(self, view: EngineView) -> FastAPI:
        return create_app(view, site_of(self._serving), self._serving.upkeep)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
