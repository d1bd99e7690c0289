"""The server that ``cicakg serve`` runs: what its signals do, and one snapshot after the other."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import sys
import termios
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

import click
import uvicorn
from fastapi import FastAPI

from cicakg.cli.soundness import SoundnessWatch
from cicakg.errors import CicakgError
from cicakg.federation import AllowList, Caller, FederatedPool
from cicakg.paths import DatasetFolder
from cicakg.sparql.request import Budget
from cicakg.store import SnapshotFolder
from cicakg.store.manifest import read_manifest
from cicakg.web.app import create_app
from cicakg.web.connection import configure_server
from cicakg.web.entrance import raise_file_limit
from cicakg.web.pools import QueryPool
from cicakg.web.request_log import ServerLogHandler
from cicakg.web.site import Site, bare_site, read_site
from cicakg.web.switchboard import Generation, Switchboard
from cicakg.web.upkeep import Upkeep
from cicakg.workers import SnapshotInfo, WorkerError, WorkerPool

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)
_BACKLOG: Final = 512
_LAST_WORDS: Final = 5  # seconds to send the refusals, when the time to finish is over
_LOG: Final = logging.getLogger("cicakg.server")


@dataclass(frozen=True, slots=True)
class Serving:
    """What ``cicakg serve`` was asked to do. ``line`` is how many queries may wait, ``stop_seconds`` what
    answers at work get to finish when the server stops, ``services`` what SERVICE may call.
    """

    source: DatasetFolder | SnapshotFolder | Path
    workers: int
    line: int
    budget: Budget
    public_url: str | None
    stop_seconds: float
    upkeep: Upkeep
    services: AllowList = field(default_factory=AllowList)


class Served(Protocol):
    """What is served: it opens, is read again where somebody asks for that, and closes."""

    @property
    def pool(self) -> QueryPool:
        """What answers queries at the moment."""

    async def open(self) -> Switchboard:
        """Begin; raises :class:`CicakgError` where that cannot be."""

    def ask_reload(self) -> None:
        """Read the data again in the background."""

    async def close(self) -> None:
        """End; queries at work hear that the server stops."""


async def run_server(serving: Serving, listening: socket.socket, snapshots: Served | None = None) -> None:
    """Open *snapshots* (by default those of the built-in engine) and answer HTTP on *listening* until a
    signal comes; then close them.
    """
    click.echo("cicakg: reading the dataset …", err=True)
    raise_file_limit()
    snapshots = snapshots or Snapshots(serving)
    with _logging(serving.upkeep):
        try:
            await _answer(serving, snapshots, await snapshots.open(), listening)
        finally:
            await snapshots.close()


async def _answer(serving: Serving, snapshots: Served, app: Switchboard, listening: socket.socket) -> None:
    config = configure_server(app, serving.stop_seconds + _LAST_WORDS)
    server = SignalledServer(config, snapshots.ask_reload, snapshots.close, serving.stop_seconds)
    listening.listen(_BACKLOG)
    where, count = _address(listening), snapshots.pool.info.quad_count
    click.echo(f"cicakg: {count} statements at {where} (Ctrl-C stops, SIGHUP reads again)", err=True)
    await server.serve(sockets=[listening])


class Snapshots:
    """The snapshot that is served and its query processes, and how another one takes its place."""

    pool: WorkerPool
    _board: Switchboard

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._is_wanted = False
        self._reloading: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._watch = SoundnessWatch(serving.upkeep)
        self._caller: Caller | None = None
        if serving.services.prefixes:
            self._caller = Caller(serving.services, outcomes=serving.upkeep.metrics.service_calls)

    async def open(self) -> Switchboard:
        """Read the first snapshot; raises :class:`CicakgError` where that cannot be."""
        self.pool, app = await self._read()
        self._board = Switchboard(app)
        await self._watch.begin(self._serving.source, self.pool.info)
        return self._board

    def ask_reload(self) -> None:
        """Read the data again in the background; asked once more meanwhile, it is done once more after."""
        self._is_wanted = True
        if self._reloading is None or self._reloading.done():
            self._reloading = asyncio.get_running_loop().create_task(self._reload_as_wanted())

    async def close(self) -> None:
        """End every query process; queries at work hear that the server stops."""
        await self._watch.close()
        if self._caller is not None:
            self._caller.close()
        if self._reloading is not None:
            self._reloading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reloading
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if hasattr(self, "pool"):
            await self.pool.close()

    async def _reload_as_wanted(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            result = "failed"
            try:
                await self._reload()
                result = "ok"
            except (CicakgError, WorkerError, OSError) as error:
                _LOG.error("the new data cannot be served, the old snapshot stays: %s", error)
            self._serving.upkeep.metrics.reloads[result] += 1

    async def _reload(self) -> None:
        _LOG.info("reading the data again")
        pool, app = await self._read()
        spent, self.pool = self.pool, pool
        generation = self._board.switch(app)
        await self._watch.begin(self._serving.source, pool.info)
        _LOG.info("now serving snapshot %s with %d statements", pool.info.fingerprint, pool.info.quad_count)
        task = asyncio.get_running_loop().create_task(self._retire(generation, spent))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _retire(self, generation: Generation, pool: WorkerPool) -> None:
        """Let *generation* finish what it began, then end its query processes."""
        try:
            # A page asks several questions, each of which may wait in line and run for the whole budget.
            await generation.wait_until_unused(10 * self._serving.budget.seconds)
        finally:
            await pool.close()

    async def _read(self) -> tuple[WorkerPool, FastAPI]:
        """Start a pool over the data as they are now, and the application over it."""
        serving = self._serving
        pool = await WorkerPool.start(serving.source, serving.workers, serving.line)
        try:
            return pool, await asyncio.to_thread(self._make_app, pool)
        except BaseException:
            await pool.close()
            raise

    def _make_app(self, pool: WorkerPool) -> FastAPI:
        shown = site_of(self._serving)
        _require_unchanged(self._serving.source, pool.info)
        site = replace(shown, services=tuple(map(str, self._serving.services.prefixes)))
        source = pool if self._caller is None else FederatedPool(pool, self._caller)
        return create_app(source, site, self._serving.upkeep)


def _require_unchanged(source: object, info: SnapshotInfo) -> None:
    """Raise :class:`CicakgError` where another snapshot took the place of the one the workers opened."""
    if isinstance(source, SnapshotFolder) and read_manifest(source.root).fingerprint != info.fingerprint:
        raise CicakgError(
            "snapshot-unreadable",
            f"The snapshot {source.root} was replaced while it was being opened.",
            "Open it again.",
        )


def site_of(serving: Serving) -> Site:
    """Return what a server shows beside its data."""
    source = serving.source
    folder = source.dataset if isinstance(source, SnapshotFolder) else source
    if isinstance(folder, DatasetFolder):
        return read_site(folder, serving.budget, serving.public_url)
    return bare_site(serving.budget, serving.public_url)


class SignalledServer(uvicorn.Server):
    """uvicorn, but its signals stop it in order or have the data read again: uvicorn's own way raises a
    signal once more when it has stopped, which would end the process before the query workers are.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        reload: Callable[[], None],
        end_queries: Callable[[], Awaitable[None]],
        stop_seconds: float,
    ) -> None:
        super().__init__(config)
        self._reload = reload
        self._end_queries = end_queries
        self._stop_seconds = stop_seconds

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on SIGINT and SIGTERM, at once on a second SIGINT; read again on SIGHUP."""
        loop = asyncio.get_running_loop()
        for one in _STOPPING:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        try:
            yield
        finally:
            for one in (*_STOPPING, signal.SIGHUP):
                loop.remove_signal_handler(one)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections and let answers at work finish; when their time is over, their queries
        end with an error, which is sent.
        """
        ending = asyncio.ensure_future(self._end_late_queries())
        try:
            await super().shutdown(sockets)
        finally:
            ending.cancel()
            with suppress(asyncio.CancelledError):
                await ending

    async def _end_late_queries(self) -> None:
        await asyncio.sleep(self._stop_seconds)
        await self._end_queries()

    def _hang_up(self) -> None:
        """SIGHUP from an operator asks for a reload; from a terminal that was closed it means to stop."""
        if has_lost_terminal():
            self.handle_exit(signal.SIGHUP, None)
        else:
            self._reload()


def has_lost_terminal() -> bool:
    """Say whether this process had a terminal and it is gone: asked for, it fails with EIO (termios(4))."""
    for stream in (sys.stdin, sys.stderr):
        try:
            termios.tcgetattr(stream.fileno())
        except (termios.error, OSError, ValueError) as error:
            if error.args[:1] == (errno.EIO,):
                return True
    return False


@contextmanager
def _logging(upkeep: Upkeep) -> Iterator[None]:
    """Have what the parts of the server log written where and as its requests are."""
    sink, root, own = upkeep.log.sink, logging.getLogger(), logging.getLogger("cicakg")
    if sink is None:
        yield
        return
    handler = ServerLogHandler(sink, upkeep.log.format)
    level = own.level
    root.addHandler(handler)
    own.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        own.setLevel(level)


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
