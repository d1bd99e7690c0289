"""``cicakg load``: put the dataset into another SPARQL engine."""

from __future__ import annotations

import os
from pathlib import Path

import click
import httpx
from rich.console import Console

from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode
from cicakg.remote.addresses import EngineAddress, check_address, read_credentials
from cicakg.remote.loading import Loaded, QueryEndpoint, make_shipment
from cicakg.remote.loading import load as load_shipment
from cicakg.remote.writers import GraphStoreWriter, GraphWriter, UpdateWriter, make_http
from cicakg.store import dataset_quads


@click.command(short_help="Put the dataset into another SPARQL engine.")
@click.option("--engine", "address", metavar="URL", required=True, help="The engine's SPARQL query endpoint.")
@click.option(
    "--graph-store",
    metavar="URL",
    help="Where it takes the SPARQL 1.1 Graph Store Protocol. Known by itself for Virtuoso and Oxigraph.",
)
@click.option(
    "--update-url",
    metavar="URL",
    help="Where it takes SPARQL 1.1 Update; used where it has no Graph Store Protocol.",
)
@click.option(
    "--auth-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with USER:PASSWORD for the engine. Default: the environment variable CICAKG_ENGINE_AUTH.",
)
@click.option("--again", is_flag=True, help="Load even where the engine says it holds this dataset already.")
@click.pass_context
def load(
    ctx: click.Context,
    address: str,
    graph_store: str | None,
    update_url: str | None,
    auth_file: Path | None,
    *,
    again: bool,
) -> int:
    """Make the engine at URL hold the dataset, for cicakg serve --engine URL.

    It can be run again at any time; one that was broken off is mended by the next. Until it is done no
    server answers from these data.
    """
    settings: Settings = ctx.obj
    for one in (graph_store, update_url):
        if one is not None:
            check_address(one)
    engine = EngineAddress(address, read_credentials(os.environ, auth_file))
    shipment = make_shipment(dataset_quads(settings.folder()))
    console = Console(stderr=True)
    with make_http(engine.credentials) as http, console.status("asking the engine") as shown:
        endpoint = QueryEndpoint(http, engine.query)
        writer = _writer(http, endpoint, engine.query, graph_store, update_url)
        loaded = load_shipment(shipment, endpoint, writer, shown.update, again=again)
    _say(loaded, engine.query)
    return ExitCode.CLEAN


def _writer(
    http: httpx.Client, endpoint: QueryEndpoint, query: str, graph_store: str | None, update: str | None
) -> GraphWriter:
    if graph_store is not None:
        return GraphStoreWriter(http, graph_store)
    if update is not None:
        return UpdateWriter(http, update)
    known = endpoint.dialect().graph_store_address(query)
    if known is None:
        raise CicakgError(
            "load-address-unknown",
            f"It is not known where the engine at {query} takes data.",
            "Say it with --graph-store URL (Graph Store Protocol) or --update-url URL (SPARQL Update).",
        )
    return GraphStoreWriter(http, known)


def _say(loaded: Loaded, address: str) -> None:
    if not loaded.written:
        click.echo(f"cicakg: {address} holds this dataset already (--again loads it all the same).", err=True)
        return
    removed = f", {loaded.removed} old ones removed" if loaded.removed else ""
    click.echo(
        f"cicakg: {loaded.quad_count} statements in {address}, {loaded.written} graphs written{removed}.",
        err=True,
    )
