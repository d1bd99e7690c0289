"""``cicakg serve``: the SPARQL endpoint and the pages."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from cicakg.cli.engines import EngineSnapshots
from cicakg.cli.server import Serving, run_server
from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode
from cicakg.federation import read_allowed
from cicakg.paths import DatasetFolder
from cicakg.remote.addresses import EngineAddress, read_credentials
from cicakg.sparql.request import MEBIBYTE, Budget
from cicakg.store import Hold, SnapshotFolder
from cicakg.store.disk import MOST_IN_MEMORY
from cicakg.web.clients import read_proxies
from cicakg.web.keeping import DEFAULT_BYTES, ResultCache
from cicakg.web.outgoing import Outgoing
from cicakg.web.request_log import LogFormat, LogSink, RequestLog
from cicakg.web.upkeep import Upkeep

_LARGEST_SENT: Final = 4  # answers of the largest size that are being sent at a time


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
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=Budget().result_rows,
    show_default=True,
    help="Rows one answer may have: solutions, or the triples of a graph.",
)
@click.option(
    "--queue",
    type=click.IntRange(min=0),
    default=64,
    show_default=True,
    help="Queries that may wait for a query process; beyond it the answer is 503.",
)
@click.option(
    "--cache-bytes",
    type=click.IntRange(min=0),
    default=DEFAULT_BYTES,
    show_default=True,
    help="Bytes of answers kept to be given again; 0 keeps none.",
)
@click.option(
    "--stop-within",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    help="Seconds that answers at work get to finish when the server is stopped.",
)
@click.option(
    "--trusted-proxy",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy, or a network of them, whose X-Forwarded-For says who asks; may be repeated.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json", "none"]),
    default="text",
    show_default=True,
    help="How the line of each request is written to standard error.",
)
@click.option("--log-queries", is_flag=True, help="Write the text of queries into the log.")
@click.option("--log-clients", is_flag=True, help="Write the addresses of clients into the log.")
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An RDF file (N-Quads, TriG, Turtle, …) to serve as it stands instead of the dataset.",
)
@click.option(
    "--snapshot",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder that cicakg build made, to serve instead of the dataset.",
)
@click.option(
    "--hold",
    type=click.Choice(["auto", "memory", "disk"]),
    default="auto",
    show_default=True,
    help=f"Where the data of a snapshot are held; auto: in memory up to {MOST_IN_MEMORY:,} statements.",
)
@click.option(
    "--allow-service",
    multiple=True,
    metavar="PREFIX",
    help="Let SERVICE call what is at and below this address; may be repeated. Without it, it is refused.",
)
@click.option(
    "--engine",
    metavar="URL",
    help="Let the SPARQL engine at this query endpoint hold the data and evaluate (see cicakg load).",
)
@click.option(
    "--auth-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with USER:PASSWORD for the engine. Default: the environment variable CICAKG_ENGINE_AUTH.",
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
    max_rows: int,
    queue: int,
    cache_bytes: int,
    stop_within: float,
    trusted_proxy: tuple[str, ...],
    log_format: LogFormat,
    log_queries: bool,
    log_clients: bool,
    data: Path | None,
    snapshot: Path | None,
    hold: Hold,
    allow_service: tuple[str, ...],
    engine: str | None,
    auth_file: Path | None,
    public_url: str | None,
) -> int:
    """Serve the dataset at http://HOST:PORT/ until Ctrl-C or SIGTERM; SIGHUP reads it again."""
    settings: Settings = ctx.obj
    upkeep = Upkeep(
        cache=ResultCache(cache_bytes, Outgoing(_LARGEST_SENT * max_result * MEBIBYTE)),
        log=RequestLog(LogSink(sys.stderr.fileno()), log_format, log_queries, log_clients),
        proxies=read_proxies(trusted_proxy),
    )
    serving = Serving(
        source=_source(settings, data, snapshot, hold),
        workers=workers,
        line=queue,
        budget=Budget(timeout, memory * MEBIBYTE, max_result * MEBIBYTE, max_rows),
        public_url=public_url,
        stop_seconds=stop_within,
        upkeep=upkeep,
        services=read_allowed(allow_service),
    )
    snapshots = None
    if engine is None and auth_file is not None:
        raise click.UsageError("--auth-file is for --engine.")
    if engine is not None:
        if data is not None or snapshot is not None or allow_service:
            raise click.UsageError("--engine goes without --data, --snapshot and --allow-service.")
        address = EngineAddress(engine, read_credentials(os.environ, auth_file))
        snapshots = EngineSnapshots(serving, address)
    with bind(host, port) as listening, asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(run_server(serving, listening, snapshots))
    return ExitCode.CLEAN


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes uvloop's event loop, ``None`` for Python's own where uvloop is not installed."""
    try:
        import uvloop  # noqa: PLC0415 - it is not everywhere
    except ImportError:
        return None
    return uvloop.new_event_loop


def _source(
    settings: Settings, data: Path | None, snapshot: Path | None, hold: Hold
) -> DatasetFolder | SnapshotFolder | Path:
    """Return what is to be served."""
    if snapshot is None:
        return data or settings.folder()
    if data is not None:
        raise click.UsageError("--snapshot goes without --data: give that to cicakg build.")
    return SnapshotFolder(snapshot, hold)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket at *host* and *port*, not listening yet: who asks before there is an answer is refused
    at once, and a proxy goes elsewhere. An address that cannot be had is a :class:`CicakgError`.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as fault:
        raise CicakgError(
            "address-unavailable",
            f"The server cannot listen at {host} port {port}: {fault.strerror or fault}.",
            "Stop what uses that address, or choose another with --host and --port (make serve PORT=8001).",
        ) from fault
    return listening
