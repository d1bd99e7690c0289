"""``cicakg serve``: the SPARQL endpoint and the pages."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import click
import uvicorn

from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode
from cicakg.paths import DatasetFolder
from cicakg.sparql.request import MEBIBYTE, Budget
from cicakg.web.app import create_app
from cicakg.web.connection import configure_server
from cicakg.web.site import Site, read_site
from cicakg.workers import WorkerPool

_BACKLOG: Final = 512
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Serving:
    """What ``cicakg serve`` was asked to do."""

    folder: DatasetFolder
    host: str
    port: int
    workers: int
    budget: Budget
    public_url: str | None


@click.command(short_help="Serve the graph: SPARQL endpoint and pages.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=max(2, os.cpu_count() or 2),
    show_default="one a core, at least 2",
    help="Query processes.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds one query may take.",
)
@click.option(
    "--memory", type=click.IntRange(min=16), default=1024, show_default=True, help="MiB one query may use."
)
@click.option(
    "--max-result",
    type=click.IntRange(min=1),
    default=256,
    show_default=True,
    help="MiB one answer may have.",
)
@click.option("--public-url", metavar="URL", help="The address users see, where a proxy stands in front.")
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int,
    workers: int,
    timeout: float,
    memory: int,
    max_result: int,
    public_url: str | None,
) -> int:
    """Serve the dataset at http://HOST:PORT/ until Ctrl-C or SIGTERM."""
    settings: Settings = ctx.obj
    budget = Budget(timeout, memory * MEBIBYTE, max_result * MEBIBYTE)
    serving = Serving(settings.folder(), host, port, workers, budget, public_url)
    listening = listen(host, port)
    with listening:
        asyncio.run(run_server(serving, listening))
    return ExitCode.CLEAN


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host* and *port*; an address that cannot be had is a
    :class:`CicakgError`.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as fault:
        raise CicakgError(
            "address-unavailable",
            f"The server cannot listen at {host} port {port}: {fault.strerror or fault}.",
            "Stop what uses that address, or choose another with --host and --port (make serve PORT=8001).",
        ) from fault
    return listening


async def run_server(serving: Serving, listening: socket.socket) -> None:
    """Start the query workers and answer HTTP on *listening* until a signal comes; then stop the workers."""
    click.echo("cicakg: reading the dataset …", err=True)
    pool = await WorkerPool.start(serving.folder, serving.workers)
    try:
        site = read_site(serving.folder, serving.budget, serving.public_url)
        await _answer(pool, site, listening)
    finally:
        await pool.close()


async def _answer(pool: WorkerPool, site: Site, listening: socket.socket) -> None:
    config = configure_server(create_app(pool, site))
    server = QuietlyStoppingServer(config)
    click.echo(f"cicakg: {pool.info.quad_count} statements at {_address(listening)} (Ctrl-C stops)", err=True)
    await server.serve(sockets=[listening])


class QuietlyStoppingServer(uvicorn.Server):
    """uvicorn, but a signal only stops it: uvicorn's own way raises the signal again once it has stopped,
    which would end the process before the query workers are.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on SIGINT and SIGTERM; at once on a second one."""
        loop = asyncio.get_running_loop()
        for one in _STOPPING:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in _STOPPING:
                loop.remove_signal_handler(one)


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
